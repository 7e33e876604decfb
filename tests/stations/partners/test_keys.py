"""Keys are made within an administrator's duty, shown once, checked, slowed down when guessed, and withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from stations.accounts.sign_in_guard import GUESSES_OF_ONE_NAME, SHUT_OUT_FOR
from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.duty.roles import Action, Actor
from stations.errors import Conflict, InvalidForm, NotAllowed, NotFound
from stations.partners.interface_key import InterfaceKey, KeyInUse
from stations.partners.key_administration import LONGEST, KeyForm, list_keys, make_key, open_key, withdraw_key
from stations.partners.key_check import NOTED_EVERY, KeyRefused, TooManyGuesses, check_key
from stations.partners.scopes import Scope
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station
from tests.stations.registry_factories import CITY, COUNTY, KUNSHAN, PROVINCE, SUZHOU

FORM = KeyForm("suzhou-zhi", "苏州质量服务平台", "苏州市市场监督管理局 信息处", SUZHOU, ["registers:read"], TODAY)
HERE = "10.1.2.3"


def made(engine: Engine, actor: Actor = PROVINCE, **changes: object) -> tuple[str, str]:
    with transaction(engine) as session:
        key, shown = make_key(session, actor, replace(FORM, **changes), now=NOW)
    return key.prefix, shown


def check(engine: Engine, presented: str, after: timedelta = timedelta(), address: str = HERE) -> KeyInUse:
    return check_key(engine, presented, address, NOW + after)


def test_a_key_acts_in_its_area_as_its_scopes_allow_and_is_stored_as_a_hash(reference_engine: Engine) -> None:
    prefix, shown = made(reference_engine, scopes=["requests:handle", "stations:write"])
    key = check(reference_engine, shown)
    assert (key.prefix, key.actor.username) == (prefix, f"key:{prefix}")
    with transaction(reference_engine) as session:
        own, other = add_station(session, KUNSHAN).area, add_station(session, "320102").area
    assert key.actor.may(Action.ANSWER_REQUESTS, own) and not key.actor.may(Action.ANSWER_REQUESTS, other)
    assert key.actor.may(Action.EDIT_STATIONS, own) and not key.actor.may(Action.SEE_PERSONAL_DATA, own)
    assert not key.actor.may_somewhere(Action.EDIT_ACCOUNTS) and not key.actor.may_somewhere(Action.SAVE_SCENARIOS)
    assert key.require(Scope.WRITE_STATIONS) is key.actor
    with pytest.raises(NotAllowed, match="registers:read"):
        key.require(Scope.READ_REGISTERS)
    with reading(reference_engine) as session:
        stored = session.scalars(select(InterfaceKey)).one()
        told = [str((one.subject, one.detail)) for one in session.scalars(select(AuditEntry))]
    secret = shown.rsplit("_", 1)[1]
    assert secret not in str(vars(stored)) and not any(secret in one for one in told)
    assert any(prefix in one for one in told) and shown not in repr(key)


def test_nobody_gives_by_a_key_what_is_outside_the_own_duty(reference_engine: Engine) -> None:
    made(reference_engine, CITY, scopes=["requests:handle", "personal:read"])
    made(reference_engine, COUNTY, area=KUNSHAN)
    for actor, changes in (
        (CITY, {"area": "320000"}),
        (CITY, {"area": "南京市"}),
        (CITY, {"scopes": ["stations:write"]}),  # only the province edits stations
        (COUNTY, {}),
        (replace(PROVINCE, sample=True), {}),
    ):
        with pytest.raises(NotAllowed):
            made(reference_engine, actor, **changes)
    with reading(reference_engine) as session:
        assert [key.area_code for key in list_keys(session, CITY, samples=True)] == [KUNSHAN, SUZHOU]
        assert [key.area_code for key in list_keys(session, COUNTY, samples=True)] == [KUNSHAN]
        city_key = list_keys(session, CITY, samples=True)[1]
        with pytest.raises(NotFound):
            open_key(session, COUNTY, city_key.prefix)


@pytest.mark.one_database
def test_every_wrong_field_is_named_and_nothing_is_made(reference_engine: Engine) -> None:
    wrong = {"system": "Zhi Jian!", "name": "", "area": "上海市", "scopes": ["stations:delete"]}
    wrong |= {"expires_on": TODAY + LONGEST + timedelta(days=1), "per_minute": 0}
    with pytest.raises(InvalidForm) as refused:
        made(reference_engine, **wrong)
    assert {one.field for one in refused.value.problems} == set(wrong)
    with reading(reference_engine) as session:
        assert list_keys(session, PROVINCE, samples=True) == []


@pytest.mark.one_database
@pytest.mark.parametrize("area", ["苏州市", "Suzhou", "320500", "３２０５００"])
def test_an_area_is_read_as_everywhere(reference_engine: Engine, area: str) -> None:
    prefix, _ = made(reference_engine, area=area)
    with reading(reference_engine) as session:
        assert open_key(session, CITY, prefix).area_code == SUZHOU


def test_a_withdrawn_or_expired_key_opens_nothing(reference_engine: Engine) -> None:
    prefix, shown = made(reference_engine)
    assert check(reference_engine, shown).expires_on == TODAY
    with pytest.raises(KeyRefused, match="expired on"):
        check(reference_engine, shown, timedelta(days=1))
    with transaction(reference_engine) as session:
        withdraw_key(session, CITY, prefix, version=1, now=NOW)
    with pytest.raises(KeyRefused, match="withdrawn"):
        check(reference_engine, shown)
    with pytest.raises(Conflict), transaction(reference_engine) as session:
        withdraw_key(session, CITY, prefix, version=2, now=NOW)
    with reading(reference_engine) as session:
        actions = list(session.scalars(select(AuditEntry.action).where(AuditEntry.subject == prefix)))
    assert actions == ["make_key", "withdraw_key"]


def test_guesses_are_slowed_down_and_the_right_key_is_heard_from_there(reference_engine: Engine) -> None:
    _, shown = made(reference_engine)
    wrong = shown[:-1] + ("0" if shown[-1] != "0" else "1")
    for presented in ("", "nqi_", "nqi_0000000O_" + "0" * 32, wrong, shown.lower())[:GUESSES_OF_ONE_NAME]:
        with pytest.raises(KeyRefused, match="not a valid key"):
            check(reference_engine, presented)
    with pytest.raises(TooManyGuesses):
        check(reference_engine, wrong)
    assert check(reference_engine, shown)
    with pytest.raises(KeyRefused, match="not a valid key"):
        check(reference_engine, wrong, address="10.9.9.9")
    with pytest.raises(KeyRefused, match="not a valid key"):
        check(reference_engine, wrong, SHUT_OUT_FOR)


@pytest.mark.one_database
def test_the_last_use_is_noted_at_most_once_a_minute(reference_engine: Engine) -> None:
    prefix, shown = made(reference_engine)
    for after in (timedelta(), NOTED_EVERY / 2, NOTED_EVERY):
        check(reference_engine, shown, after)
        with reading(reference_engine) as session:
            used = open_key(session, PROVINCE, prefix).last_used_at
        assert used == (NOW if after < NOTED_EVERY else NOW + NOTED_EVERY)
