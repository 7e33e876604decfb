"""Administrators edit the accounts in their area; nobody can exceed their own duty."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.accounts.account_editing import (
    AccountForm,
    Contact,
    create_account,
    give_duty,
    issue_setup_code,
    list_accounts,
    may_edit_account,
    open_account,
    rename_account,
    set_active,
    set_contact,
    sign_out_account,
    take_duty,
)
from stations.accounts.accounts import Duty, User, area_of, new_user
from stations.accounts.duty_choices import areas_to_give, counties_of_duty, roles_to_give
from stations.accounts.operator_actions import unlock_as_operator
from stations.accounts.own_account import set_first_password
from stations.accounts.sign_in_guard import (
    GUESSES_OF_ONE_NAME,
    SHUT_OUT_FOR,
    Guesser,
    is_shut_out,
    note_failure,
    shut_out_until,
)
from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.duty.duty_areas import lies_in
from stations.duty.roles import ADMINISTERS, AREA_OF_ROLE, Actor, Area, AreaKind, Responsibility, Role
from stations.errors import Conflict, DomainError, InvalidForm, InvalidInput, NotAllowed, NotFound
from tests.conftest import NOW
from tests.stations.account_factories import PASSWORD, account, try_password, who
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, actor_with

PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")
SUZHOU = actor_with(Role.CITY, AreaKind.CITY, "320500")
NANJING = actor_with(Role.CITY, AreaKind.CITY, "320100")
KUNSHAN_OFFICE = actor_with(Role.COUNTY, AreaKind.COUNTY, KUNSHAN)
TAICANG_OFFICE = actor_with(Role.COUNTY, AreaKind.COUNTY, "320585")


@pytest.fixture
def station(reference_engine: Engine) -> str:
    """Add a station in Kunshan and an account of every relevant role and area; return the station's code."""
    with transaction(reference_engine) as session:
        code = add_station(session, KUNSHAN).code
        other = add_station(session, "320102").code
        people = {
            "province": (Role.PROVINCE, AreaKind.PROVINCE, "320000"),
            "suzhou": (Role.CITY, AreaKind.CITY, "320500"),
            "kunshan": (Role.COUNTY, AreaKind.COUNTY, KUNSHAN),
            "kunshan-steward": (Role.STATION, AreaKind.STATION, code),
            "kunshan-auditor": (Role.AUDITOR, AreaKind.COUNTY, KUNSHAN),
            "nanjing-steward": (Role.STATION, AreaKind.STATION, other),
        }
        for username, (role, kind, area) in people.items():
            session.add(new_user(username, f"{username}的人", role, kind, area, sample=False, now=NOW))
        session.add(User(username="nobody", name="无职责", sample=False, created_at=NOW, updated_at=NOW))
        session.add(new_user("sample-x", "示例", Role.COUNTY, AreaKind.COUNTY, KUNSHAN, sample=True, now=NOW))
    return code


def seen(engine: Engine, actor: Actor, **asked: object) -> set[str]:
    with reading(engine) as session:
        return {user.username for user in list_accounts(session, actor, **{"samples": False} | asked)}


def editable(engine: Engine, actor: Actor) -> set[str]:
    with reading(engine) as session:
        return {
            user.username
            for user in list_accounts(session, actor, samples=True)
            if may_edit_account(session, actor, user)
        }


def test_each_sees_the_accounts_that_are_below_and_inside(reference_engine: Engine, station: str) -> None:
    everybody = {"province", "suzhou", "kunshan", "kunshan-steward", "kunshan-auditor", "nanjing-steward", "nobody"}
    assert seen(reference_engine, PROVINCE) == everybody
    assert seen(reference_engine, PROVINCE, samples=True) == everybody | {"sample-x"}
    assert seen(reference_engine, SUZHOU) == {"kunshan", "kunshan-steward"}
    assert seen(reference_engine, KUNSHAN_OFFICE) == {"kunshan-steward"}
    assert seen(reference_engine, TAICANG_OFFICE) == set()
    assert editable(reference_engine, SUZHOU) == {"kunshan", "kunshan-steward", "sample-x"}
    with reading(reference_engine) as session, pytest.raises(NotFound):
        open_account(session, SUZHOU, "nanjing-steward")
    for role, kind, area in (
        (Role.STATION, AreaKind.STATION, station),
        (Role.AUDITOR, AreaKind.PROVINCE, "320000"),
        (Role.PLANNER, AreaKind.PROVINCE, "320000"),
    ):
        with pytest.raises(NotAllowed):
            seen(reference_engine, actor_with(role, kind, area))


def test_the_list_is_searched_and_turned_page_by_page(reference_engine: Engine, station: str) -> None:
    assert seen(reference_engine, PROVINCE, text="STEWARD") == {"kunshan-steward", "nanjing-steward"}
    assert seen(reference_engine, PROVINCE, text="无职") == {"nobody"}
    assert seen(reference_engine, PROVINCE, text="%") == set()
    assert seen(reference_engine, PROVINCE, role=Role.AUDITOR) == {"kunshan-auditor"}
    assert seen(reference_engine, PROVINCE, active=False) == set()
    pages, after = [], ""
    while True:
        with reading(reference_engine) as session:
            page = [user.username for user in list_accounts(session, PROVINCE, samples=True, after=after, limit=3)]
        if not page:
            break
        pages += page
        after = page[-1]
    assert pages == sorted(pages) and len(pages) == 8


@pytest.mark.parametrize(("giver", "role", "kind"), list(product(Role, Role, AreaKind)))
def test_a_duty_is_given_inside_the_own_area_and_never_above_the_own_role(
    giver: Role, role: Role, kind: AreaKind
) -> None:
    places = {
        AreaKind.PROVINCE: Area("320000"),
        AreaKind.CITY: Area("320000", "320500"),
        AreaKind.COUNTY: Area("320000", "320500", "320583"),
        AreaKind.STATION: Area("320000", "320500", "320583", "S-1"),
    }
    widths = list(AreaKind)
    for own_kind in AREA_OF_ROLE[giver]:
        own_code = getattr(places[own_kind], own_kind)
        actor = actor_with(giver, own_kind, own_code)
        inside = widths.index(own_kind) <= widths.index(kind)
        assert actor.may_administer(role, places[kind]) == (inside and role in ADMINISTERS.get(giver, ()))
        assert not actor.may_administer(role, Area("330000", "330100", "330102", "S-2"))
        assert not actor_with(giver, own_kind, own_code, sample=True).may_administer(role, places[kind])
    # The order of roles: outside the province level, people can grant only roles below their own.
    ladder = [Role.PROVINCE, Role.CITY, Role.COUNTY, Role.STATION]
    if giver is not Role.PROVINCE and role in ADMINISTERS.get(giver, ()):
        assert ladder.index(role) > ladder.index(giver)


def test_a_new_account_sets_its_password_with_the_code_and_signs_in(reference_engine: Engine, station: str) -> None:
    with transaction(reference_engine) as session:
        user, code = create_account(session, KUNSHAN_OFFICE, AccountForm("zhao", "赵管家", "station", station), now=NOW)
        assert user.password_hash is None
    assert try_password(reference_engine, "zhao", "") is None
    assert set_first_password(reference_engine, "zhao", code, PASSWORD, PASSWORD, NOW)
    actor = who(reference_engine, try_password(reference_engine, "zhao", PASSWORD))
    assert actor.duties == (Responsibility(Role.STATION, AreaKind.STATION, station),)
    with reading(reference_engine) as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "add_user")).one()
        everything = [str(vars(one)) for one in session.scalars(sa.select(AuditEntry))]
    assert (entry.actor, entry.subject, entry.detail) == ("steward", "zhao", {"role": "station", "area": station})
    assert not any(secret in told for told in everything for secret in (code, PASSWORD))


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (AccountForm("", "", "", ""), ["username", "name", "role"]),
        (AccountForm("a b", "李", "county", "999999"), ["username", "area"]),
        (AccountForm("KUNSHAN", "李", "county", ""), ["username", "area"]),
        (AccountForm("new", "李", "county", "320500"), ["area"]),
        (AccountForm("new", "李", "king", KUNSHAN), ["role"]),
    ],
)
def test_a_form_tells_all_that_is_wrong_and_writes_nothing(
    reference_engine: Engine, station: str, form: AccountForm, fields: list[str]
) -> None:
    with pytest.raises(InvalidForm) as refused, transaction(reference_engine) as session:
        create_account(session, PROVINCE, form, now=NOW)
    assert [problem.field for problem in refused.value.problems] == fields
    assert "new" not in seen(reference_engine, PROVINCE)


def attempts(session: Session, actor: Actor | None, username: str, version: int, area: str) -> list[object]:
    """Return every way to change an account."""
    common = {"version": version, "now": NOW}
    duty = session.scalar(sa.select(Duty.id).join(Duty.user).where(User.username == username)) or 0
    return [
        lambda: rename_account(session, actor, username, "别名", **common),
        lambda: give_duty(session, actor, username, "station", area, **common),
        lambda: take_duty(session, actor, username, duty, **common),
        lambda: set_active(session, actor, username, False, **common),
        lambda: issue_setup_code(session, actor, username, **common),
    ]


@pytest.mark.parametrize(
    ("actor", "username", "error"),
    [
        (None, "kunshan", NotAllowed),
        (NANJING, "kunshan", NotFound),
        (KUNSHAN_OFFICE, "kunshan", NotFound),
        (KUNSHAN_OFFICE, "suzhou", NotFound),
        (SUZHOU, "province", NotFound),
        (SUZHOU, "nobody", NotFound),
        (SUZHOU, "kunshan-auditor", NotFound),
        (actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000"), "kunshan", NotAllowed),
        (actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000", sample=True), "sample-x", NotAllowed),
        (Actor("suzhou", "本人", False, SUZHOU.duties), "suzhou", NotFound),
        (Actor("province", "本人", False, PROVINCE.duties), "province", NotAllowed),
    ],
)
def test_every_change_is_refused_to_who_may_not(
    reference_engine: Engine, station: str, actor: Actor | None, username: str, error: type[DomainError]
) -> None:
    for number in range(5):
        with pytest.raises(error), transaction(reference_engine) as session:
            attempts(session, actor, username, 1, station)[number]()


def test_an_account_with_one_duty_above_is_seen_but_not_changed(reference_engine: Engine, station: str) -> None:
    with transaction(reference_engine) as session:
        user = session.scalars(sa.select(User).where(User.username == "kunshan-steward")).one()
        user.duties.append(Duty(role=Role.CITY, area_kind=AreaKind.CITY, area_code="320500"))
    assert seen(reference_engine, KUNSHAN_OFFICE) == {"kunshan-steward"}
    assert editable(reference_engine, KUNSHAN_OFFICE) == set()
    for number in range(5):
        with pytest.raises(NotAllowed), transaction(reference_engine) as session:
            attempts(session, KUNSHAN_OFFICE, "kunshan-steward", 1, station)[number]()


def test_who_saw_an_old_version_is_told(reference_engine: Engine, station: str) -> None:
    for number in range(5):
        with pytest.raises(Conflict, match="meanwhile"), transaction(reference_engine) as session:
            attempts(session, PROVINCE, "kunshan", 0, station)[number]()


def test_a_city_cannot_give_what_is_not_its_own(reference_engine: Engine, station: str) -> None:
    for role, area in (("province", "320000"), ("city", "320500"), ("county", "320102"), ("auditor", KUNSHAN)):
        with pytest.raises(NotAllowed), transaction(reference_engine) as session:
            give_duty(session, SUZHOU, "kunshan", role, area, version=1, now=NOW)
        with pytest.raises(NotAllowed), transaction(reference_engine) as session:
            create_account(session, SUZHOU, AccountForm("new", "新", role, area), now=NOW)


def test_duties_come_and_go_and_each_is_written_down(reference_engine: Engine, station: str) -> None:
    with transaction(reference_engine) as session:
        user = give_duty(session, SUZHOU, "kunshan", "county", "320585", version=1, now=NOW)
        again = give_duty(session, SUZHOU, "kunshan", "county", "320585", version=2, now=NOW)
        assert (user.version, again.version, len(again.duties)) == (2, 2, 2)
    with transaction(reference_engine) as session:
        user = open_account(session, SUZHOU, "kunshan")
        take_duty(session, SUZHOU, "kunshan", user.duties[0].id, version=2, now=NOW)
        with pytest.raises(NotFound):
            take_duty(session, SUZHOU, "kunshan", 0, version=3, now=NOW)
    with transaction(reference_engine) as session:
        user = open_account(session, SUZHOU, "kunshan")
        assert [(duty.role, duty.area_code) for duty in user.duties] == [(Role.COUNTY, "320585")]
        sample = add_station(session, KUNSHAN, sample=True).code
        with pytest.raises(InvalidInput, match="sample station"):
            give_duty(session, SUZHOU, "kunshan", "station", sample, version=3, now=NOW)
    with reading(reference_engine) as session:
        done = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
        assert [(entry.action, entry.detail["area"]) for entry in done] == [
            ("give_duty", "320585"),
            ("take_duty", KUNSHAN),
        ]


def test_an_account_put_out_of_use_is_signed_out_at_once_and_can_come_back(reference_engine: Engine) -> None:
    account(reference_engine)
    token = try_password(reference_engine, "wang", PASSWORD)
    with transaction(reference_engine) as session:
        set_active(session, SUZHOU, "wang", False, version=1, now=NOW)
    assert who(reference_engine, token) is None
    assert try_password(reference_engine, "wang", PASSWORD) is None
    with transaction(reference_engine) as session:
        set_active(session, SUZHOU, "wang", True, version=2, now=NOW)
    assert who(reference_engine, token) is None
    assert try_password(reference_engine, "wang", PASSWORD)


def test_an_administrator_signs_an_account_out_everywhere_and_it_can_come_back(reference_engine: Engine) -> None:
    account(reference_engine)
    account(reference_engine, "above", Role.CITY, "320500")
    tokens = [try_password(reference_engine, "wang", PASSWORD) for _ in range(2)]
    above = who(reference_engine, try_password(reference_engine, "above", PASSWORD))
    with transaction(reference_engine) as session:
        assert sign_out_account(session, above, "wang", version=1, now=NOW) == 2
    assert [who(reference_engine, token) for token in tokens] == [None, None]
    with pytest.raises(NotFound), transaction(reference_engine) as session:
        sign_out_account(session, above, "above", version=1, now=NOW)
    assert try_password(reference_engine, "wang", PASSWORD)


def test_what_can_be_chosen_is_what_may_be_given(reference_engine: Engine, station: str) -> None:
    with reading(reference_engine) as session:
        assert roles_to_give(PROVINCE) == list(Role)
        assert roles_to_give(SUZHOU) == [Role.COUNTY, Role.STATION]
        assert roles_to_give(actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000")) == []
        assert [one.code for one in areas_to_give(session, PROVINCE, Role.PROVINCE)] == ["320000"]
        assert len(areas_to_give(session, PROVINCE, Role.CITY)) == 13
        assert len(areas_to_give(session, PROVINCE, Role.AUDITOR)) == 1 + 13 + 95
        counties = [one.code for one in areas_to_give(session, SUZHOU, Role.COUNTY)]
        assert KUNSHAN in counties and all(code.startswith("3205") for code in counties)
        assert [one.code for one in counties_of_duty(session, KUNSHAN_OFFICE)] == [KUNSHAN]
        assert station in [
            one.code for one in areas_to_give(session, KUNSHAN_OFFICE, Role.STATION, county_adcode=KUNSHAN)
        ]
        assert areas_to_give(session, KUNSHAN_OFFICE, Role.STATION, county_adcode="320585") == []


def test_the_rule_in_sql_is_the_rule_in_python(reference_engine: Engine, station: str) -> None:
    holders = [
        PROVINCE,
        SUZHOU,
        NANJING,
        KUNSHAN_OFFICE,
        TAICANG_OFFICE,
        actor_with(Role.STATION, AreaKind.STATION, station),
    ]
    with reading(reference_engine) as session:
        duties = list(session.scalars(sa.select(Duty)))
        for holder in holders:
            held = holder.duties[0]
            in_sql = set(session.scalars(sa.select(Duty.id).where(lies_in(held, Duty.area_columns()))))
            in_python = {duty.id for duty in duties if held.holds(area_of(session, duty.area_kind, duty.area_code))}
            assert in_sql == in_python


def test_who_was_shut_out_is_heard_at_once_after_unlocking(reference_engine: Engine) -> None:
    """By password, one-time code and second factor alike; failures with other names are not forgotten."""
    own = (
        Guesser.at("10.0.0.1", "kunshan"),
        Guesser.of_one_time_code("10.0.0.2", "kunshan"),
        Guesser.of_second_factor("10.0.0.3", "kunshan"),
    )
    other = Guesser.at("10.0.0.1", "suzhou")
    with transaction(reference_engine) as session:
        assert shut_out_until(session, "kunshan", NOW) is None
        for minute in range(GUESSES_OF_ONE_NAME):
            for guesser in (*own, other):
                note_failure(session, guesser, NOW + timedelta(minutes=minute))
        later = NOW + timedelta(minutes=5)
        assert shut_out_until(session, "kunshan", later) == NOW + SHUT_OUT_FOR
        assert shut_out_until(session, "kunshan", NOW + SHUT_OUT_FOR) is None
        assert all(is_shut_out(session, guesser, later) for guesser in (*own, other))
        session.add(new_user("kunshan", "李", Role.COUNTY, AreaKind.COUNTY, KUNSHAN, sample=False, now=NOW))
        session.flush()
        unlock_as_operator(session, "kunshan", now=later)
        assert not any(is_shut_out(session, guesser, later) for guesser in own)
        assert is_shut_out(session, other, later)


def test_an_account_says_where_the_person_works(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        form = AccountForm(
            "worker", "李", "county", KUNSHAN, Contact("13800001111", "", " 昆山市市场监督管理局 ", "质量科")
        )
        user, _code = create_account(session, SUZHOU, form, now=NOW)
        session.flush()
        assert (user.unit, user.department) == ("昆山市市场监督管理局", "质量科")
        with pytest.raises(InvalidForm) as problem:
            set_contact(session, SUZHOU, "worker", Contact(unit="长" * 121), version=user.version, now=NOW)
        assert [one.field for one in problem.value.problems] == ["unit"]
        changed = set_contact(session, SUZHOU, "worker", Contact(unit="昆山局"), version=user.version, now=NOW)
        assert (changed.phone, changed.unit, changed.department) == (None, "昆山局", None)
