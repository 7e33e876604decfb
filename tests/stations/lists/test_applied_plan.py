"""A plan is made before anything is locked, and made again under the lock only if something has changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.accounts.account_editing import Contact, set_contact
from stations.accounts.accounts import User
from stations.database import reading, transaction
from stations.duty.roles import Actor, Role
from stations.errors import Conflict, NotAllowed
from stations.imports.applied_plan import RegistryMoved
from stations.lists import applying
from stations.lists.list_plan import plan_list
from stations.lists.registers import REGISTERS
from stations.registry.centre import Centre
from tests.conftest import NOW
from tests.stations.account_factories import account
from tests.stations.lists.test_list_round_trip import planned
from tests.stations.registry_factories import CITY, KUNSHAN, PROVINCE

CENTRES, ACCOUNTS = REGISTERS["centres"], REGISTERS["accounts"]
CENTRE = "名称,级别,类别,市,规划日期\n江苏省纳米材料产品质量检验中心,省级,质检中心,苏州市,2024-03\n".encode()
PERSON = "用户名,姓名,角色,管辖地区\nneu,新人,县级管理员,昆山市\n".encode()


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the registers for which a plan is made while it is applied."""
    made: list[str] = []

    def plan_again(session: Session, actor: Actor, register: object, *rest: object, **more: object) -> object:
        made.append(getattr(register, "name", ""))
        return plan_list(session, actor, register, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(applying, "plan_list", plan_again)
    return made


def a_word_of_a_centre(session: Session) -> None:
    session.scalars(select(Centre)).first().host = "某院"


def an_accounts_telephone(session: Session) -> None:
    version = session.scalars(select(User).where(User.username == "li")).one().version
    set_contact(session, PROVINCE, "li", Contact("13800001111"), version=version, now=NOW)



@pytest.mark.parametrize(
    ("name", "content", "change", "again"),
    [
        ("centres", CENTRE, None, []),
        ("accounts", PERSON, None, []),
        ("centres", CENTRE, a_word_of_a_centre, ["centres"]),
        ("accounts", PERSON, an_accounts_telephone, ["accounts"]),
    ],
)
@pytest.mark.one_database
def test_a_list_is_planned_again_only_if_something_has_changed(
    reference_engine: Engine,
    plans: list[str],
    name: str,
    content: bytes,
    change: Callable[[Session], None] | None,
    again: list[str],
) -> None:
    account(reference_engine, "li", Role.COUNTY, KUNSHAN)
    register = REGISTERS[name]
    with reading(reference_engine) as session:
        plan = planned(session, PROVINCE, register, content)
    if change:
        with transaction(reference_engine) as session:
            change(session)
    with transaction(reference_engine) as session:
        done = applying.apply_list(session, PROVINCE, register, plan, doubtful=True, now=NOW)
    assert (done.added, plans) == (1, again)


@pytest.mark.one_database
def test_a_plan_that_would_be_different_now_writes_nothing(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        plan = planned(session, PROVINCE, ACCOUNTS, PERSON)
    account(reference_engine, "neu", Role.COUNTY, KUNSHAN)
    with pytest.raises(RegistryMoved), transaction(reference_engine) as session:
        applying.apply_list(session, PROVINCE, ACCOUNTS, plan, doubtful=False, now=NOW)


@pytest.mark.one_database
def test_a_plan_of_another_person_or_day_is_made_again(reference_engine: Engine, plans: list[str]) -> None:
    with reading(reference_engine) as session:
        plan = planned(session, PROVINCE, CENTRES, CENTRE)
    with pytest.raises((Conflict, NotAllowed)), transaction(reference_engine) as session:
        applying.apply_list(session, CITY, CENTRES, plan, doubtful=True, now=NOW)
    plans.clear()
    with transaction(reference_engine) as session:
        applying.apply_list(session, PROVINCE, CENTRES, plan, doubtful=True, now=NOW + timedelta(days=1))
    assert plans == ["centres"]
