from __future__ import annotations

from itertools import product

import pytest

from stations.duty.roles import (
    ALLOWED,
    ROLES_FOR,
    Action,
    Actor,
    Area,
    AreaKind,
    Role,
    outside_duty,
    require,
    whole_province,
)
from stations.errors import NotAllowed
from stations.language import Language
from tests.stations.request_factories import actor_with

# Every pair of an area of duty and a place: does one contain the other?
OWN = Area("320000", "320500", "320583", "S-3205-001")
PLACES = {
    "own station": OWN,
    "other station of the county": Area("320000", "320500", "320583", "S-3205-002"),
    "other county of the city": Area("320000", "320500", "320585", "S-3205-003"),
    "other city": Area("320000", "320100", "320102", "S-3201-001"),
    "county not known": Area("320000", "320500", None, "S-3205-004"),
    "other province": Area("330000", "330100", "330102", "S-3301-001"),
}
DUTY_AREAS = {
    AreaKind.PROVINCE: "320000",
    AreaKind.CITY: "320500",
    AreaKind.COUNTY: "320583",
    AreaKind.STATION: "S-3205-001",
}
HELD = {
    AreaKind.PROVINCE: set(PLACES) - {"other province"},
    AreaKind.CITY: set(PLACES) - {"other province", "other city"},
    AreaKind.COUNTY: {"own station", "other station of the county"},
    AreaKind.STATION: {"own station"},
}
# Written independently of the program's table, so that an error in either shows: a new action needs its line here.
P, C, D, S, A, N = Role.PROVINCE, Role.CITY, Role.COUNTY, Role.STATION, Role.AUDITOR, Role.PLANNER
MAY: dict[Action, set[Role]] = {
    Action.SEE_REQUESTS: {P, C, D, S, A},
    Action.ANSWER_REQUESTS: {P, C, D, S},
    Action.TRANSFER_REQUESTS: {P, C, D, S},
    Action.URGE: {P, C, D},
    Action.SEE_PERSONAL_DATA: {P, C, D, S},
    Action.PROPOSE_STATIONS: {P, C, D, S},
    Action.EDIT_STATIONS: {P},
    Action.CONFIRM_STATIONS: {P, C, D, S},
    Action.REVIEW_PROPOSALS: {P, C},
    Action.IMPORT_STATIONS: {P},
    Action.PLAN_STATIONS: {P, N},
    Action.SAVE_SCENARIOS: {P, C, D, N},
    Action.EDIT_CENTRES: {P},
    Action.EDIT_INSTITUTIONS: {P, C, D},
    Action.EDIT_TARGETS: {P},
    Action.EDIT_CHAINS: {P},
    Action.LINK_CHAINS: {P, C, D},
    Action.IMPORT_FIGURES: {P, N},
    Action.SET_WEIGHTS: {P},
    Action.SEND_BULLETIN: {P},
    Action.SEE_ALERTS: {P, C, D, A},
    Action.ACKNOWLEDGE_ALERTS: {P, C, D},
    Action.EDIT_ALERT_RULES: {P},
    Action.EDIT_ALERT_CONTACTS: {P, C, D},
    Action.EDIT_ACCOUNTS: {P, C, D},
    Action.SEE_AUDIT: {P, A},
    Action.SEE_NOTICES: {P, A},
    Action.RETRY_NOTICES: {P},
    Action.EDIT_TEMPLATES: {P},
    Action.EDIT_ESCALATION: {P},
    Action.SEE_EVALUATION: {P, C, D, S, A, N},
    Action.RECORD_VISITS: {P, C, D, S},
    Action.SEE_OPERATIONS: {P},
    Action.EDIT_KEYS: {P, C, D},
}


@pytest.mark.parametrize("action", list(Action))
def test_every_action_has_a_rule_in_the_program_and_one_here(action: Action) -> None:
    assert ROLES_FOR[action] and ROLES_FOR[action] == MAY[action]


def test_the_rules_name_no_action_and_no_role_that_is_not_there() -> None:
    assert set(ROLES_FOR) == set(MAY) == set(Action)
    assert set(ALLOWED) == set(Role)


@pytest.mark.parametrize(("role", "kind", "action"), list(product(Role, AreaKind, Action)))
def test_every_role_does_in_its_area_what_it_may_and_nothing_elsewhere(
    role: Role, kind: AreaKind, action: Action
) -> None:
    actor = actor_with(role, kind, DUTY_AREAS[kind])
    assert actor.may_somewhere(action) == (role in MAY[action])
    for name, area in PLACES.items():
        allowed = role in MAY[action] and name in HELD[kind]
        assert actor.may(action, area) == allowed, name
        if allowed:
            assert require(actor, action, area) is actor
        else:
            with pytest.raises(NotAllowed, match="outside your duty") as refused:
                require(actor, action, area)
            # The message names those who could do it there; without a county no county office can.
            told = {(one.params.get("role", one)).message for one in refused.value.params["roles"]}
            able = {one for one in Role if action in ALLOWED[one]}
            if name == "county not known":
                able -= {Role.COUNTY}
            assert told == {one.label for one in able}


def told_in(code: str, area: Area, action: Action = Action.ANSWER_REQUESTS) -> str:
    refused = outside_duty(action, area)
    return Language(code).translate(refused.message, **refused.params)


def test_a_refusal_says_where_the_record_lies_and_who_can_do_it_there() -> None:
    assert told_in("en", OWN) == (
        "This is outside your duty: it lies in S-3205-001 (Kunshan City, Suzhou). Who can do it: "
        "Province administrator · Jiangsu, City administrator · Suzhou, "
        "County administrator · Kunshan City, Suzhou, Quality steward · S-3205-001"
    )
    assert told_in("zh_CN", OWN) == (
        "这不在您的职责范围内：它属于S-3205-001（苏州市昆山市）。可由以下人员办理："
        "省级管理员 · 江苏省、市级管理员 · 苏州市、县级管理员 · 苏州市昆山市、质量管家 · S-3205-001"
    )
    assert told_in("en", Area("320000", "320500"), Action.SEE_AUDIT) == (
        "This is outside your duty: it lies in Suzhou. Who can do it: Province administrator · Jiangsu, Auditor"
    )
    # Objects of the whole province, or without a known place.
    assert told_in("en", whole_province()).endswith(": " + ", ".join(role.label for role in (P, C, D, S)))
    assert "330102" in told_in("en", Area("330000", "330100", "330102"))


def test_an_invented_person_is_told_that_a_real_record_is_out_of_reach() -> None:
    actor = actor_with(Role.COUNTY, AreaKind.COUNTY, "320583", sample=True)
    with pytest.raises(NotAllowed, match="sample records only"):
        require(actor, Action.ANSWER_REQUESTS, OWN)


@pytest.mark.parametrize("action", list(Action))
def test_nobody_does_nothing(action: Action) -> None:
    with pytest.raises(NotAllowed, match="Sign in first"):
        require(None, action, OWN)
    assert not Actor("a", "b", False, ()).may(action, OWN)


@pytest.mark.parametrize("role", list(Role))
def test_an_invented_user_reaches_invented_records_only(role: Role) -> None:
    actor = actor_with(role, AreaKind.PROVINCE, "320000", sample=True)
    sample = Area("320000", "320500", "320583", "S-3205-001", sample=True)
    for action in Action:
        assert not actor.may(action, OWN)
        assert actor.may(action, sample) == (role in MAY[action])
