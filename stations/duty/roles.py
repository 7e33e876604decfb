"""Roles, the actions each may take, and areas of duty.

A user has duties; each is one role over one area (the province, a city, a county or a station). ``ROLES_FOR`` says
which roles may take an action. An action on a record is allowed if one of the actor's duties has such a role and
its area contains the record's. Pages never decide this; they call ``require``. Users are in
``stations.accounts.accounts``, signing in is in ``stations.accounts.sign_ins``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from geo.province import province_in_use
from stations.errors import NotAllowed
from stations.language import N_, Bilingual, LabelledEnum, Listed, Worded
from stations.places.area_names import area_name

KEY_ACTOR = "key:"
"""What the name of an actor by key begins with, before the prefix of the key; no user name has a colon."""


class Role(LabelledEnum):
    """The role of a user."""

    PROVINCE = "province", N_("Province administrator")
    CITY = "city", N_("City administrator")
    COUNTY = "county", N_("County administrator")
    STATION = "station", N_("Quality steward")
    AUDITOR = "auditor", N_("Auditor")
    PLANNER = "planner", N_("Planner")


class AreaKind(StrEnum):
    """The level of an area of duty, from wide to narrow."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    STATION = "station"


class Action(StrEnum):
    """An action that an actor can request."""

    SEE_REQUESTS = "see_requests"
    ANSWER_REQUESTS = "answer_requests"
    TRANSFER_REQUESTS = "transfer_requests"
    URGE = "urge"
    SEE_PERSONAL_DATA = "see_personal_data"
    PROPOSE_STATIONS = "propose_stations"
    EDIT_STATIONS = "edit_stations"
    CONFIRM_STATIONS = "confirm_stations"
    REVIEW_PROPOSALS = "review_proposals"
    IMPORT_STATIONS = "import_stations"
    PLAN_STATIONS = "plan_stations"
    SAVE_SCENARIOS = "save_scenarios"
    EDIT_CENTRES = "edit_centres"
    EDIT_INSTITUTIONS = "edit_institutions"
    EDIT_TARGETS = "edit_targets"
    EDIT_CHAINS = "edit_chains"
    LINK_CHAINS = "link_chains"
    IMPORT_FIGURES = "import_figures"
    SET_WEIGHTS = "set_weights"
    SEND_BULLETIN = "send_bulletin"
    SEE_ALERTS = "see_alerts"
    ACKNOWLEDGE_ALERTS = "acknowledge_alerts"
    EDIT_ALERT_RULES = "edit_alert_rules"
    EDIT_ALERT_CONTACTS = "edit_alert_contacts"
    EDIT_ACCOUNTS = "edit_accounts"
    SEE_AUDIT = "see_audit"
    SEE_OPERATIONS = "see_operations"
    SEE_NOTICES = "see_notices"
    RETRY_NOTICES = "retry_notices"
    EDIT_TEMPLATES = "edit_templates"
    EDIT_ESCALATION = "edit_escalation"
    SEE_EVALUATION = "see_evaluation"
    RECORD_VISITS = "record_visits"
    EDIT_KEYS = "edit_keys"


_ANSWERING = frozenset({Role.PROVINCE, Role.CITY, Role.COUNTY, Role.STATION})

ROLES_FOR: dict[Action, frozenset[Role]] = {
    Action.SEE_REQUESTS: _ANSWERING | {Role.AUDITOR},
    Action.ANSWER_REQUESTS: _ANSWERING,
    Action.TRANSFER_REQUESTS: _ANSWERING,
    Action.URGE: frozenset({Role.PROVINCE, Role.CITY, Role.COUNTY}),
    Action.SEE_PERSONAL_DATA: _ANSWERING,
    Action.PROPOSE_STATIONS: _ANSWERING,
    Action.EDIT_STATIONS: frozenset({Role.PROVINCE}),
    Action.CONFIRM_STATIONS: _ANSWERING,
    Action.REVIEW_PROPOSALS: frozenset({Role.PROVINCE, Role.CITY}),
    Action.IMPORT_STATIONS: frozenset({Role.PROVINCE}),
    Action.PLAN_STATIONS: frozenset({Role.PROVINCE, Role.PLANNER}),
    Action.SAVE_SCENARIOS: frozenset({Role.PROVINCE, Role.CITY, Role.COUNTY, Role.PLANNER}),
    Action.EDIT_CENTRES: frozenset({Role.PROVINCE}),
    Action.EDIT_INSTITUTIONS: frozenset({Role.PROVINCE, Role.CITY, Role.COUNTY}),
    Action.EDIT_TARGETS: frozenset({Role.PROVINCE}),
    Action.EDIT_CHAINS: frozenset({Role.PROVINCE}),
    Action.LINK_CHAINS: frozenset({Role.PROVINCE, Role.CITY, Role.COUNTY}),
    Action.IMPORT_FIGURES: frozenset({Role.PROVINCE, Role.PLANNER}),
    Action.SET_WEIGHTS: frozenset({Role.PROVINCE}),
    Action.SEND_BULLETIN: frozenset({Role.PROVINCE}),
    Action.SEE_ALERTS: frozenset({Role.PROVINCE, Role.CITY, Role.COUNTY, Role.AUDITOR}),
    Action.ACKNOWLEDGE_ALERTS: frozenset({Role.PROVINCE, Role.CITY, Role.COUNTY}),
    Action.EDIT_ALERT_RULES: frozenset({Role.PROVINCE}),
    Action.EDIT_ALERT_CONTACTS: frozenset({Role.PROVINCE, Role.CITY, Role.COUNTY}),
    Action.EDIT_ACCOUNTS: frozenset({Role.PROVINCE, Role.CITY, Role.COUNTY}),
    Action.SEE_AUDIT: frozenset({Role.PROVINCE, Role.AUDITOR}),
    Action.SEE_OPERATIONS: frozenset({Role.PROVINCE}),
    Action.SEE_NOTICES: frozenset({Role.PROVINCE, Role.AUDITOR}),
    Action.RETRY_NOTICES: frozenset({Role.PROVINCE}),
    Action.EDIT_TEMPLATES: frozenset({Role.PROVINCE}),
    Action.EDIT_ESCALATION: frozenset({Role.PROVINCE}),
    Action.SEE_EVALUATION: frozenset(Role),
    Action.RECORD_VISITS: _ANSWERING,
    Action.EDIT_KEYS: frozenset({Role.PROVINCE, Role.CITY, Role.COUNTY}),
}

ALLOWED: dict[Role, frozenset[Action]] = {
    role: frozenset(action for action, roles in ROLES_FOR.items() if role in roles) for role in Role
}
"""The same rule by role."""

AREA_OF_ROLE: dict[Role, frozenset[AreaKind]] = {
    Role.PROVINCE: frozenset({AreaKind.PROVINCE}),
    Role.CITY: frozenset({AreaKind.CITY}),
    Role.COUNTY: frozenset({AreaKind.COUNTY}),
    Role.STATION: frozenset({AreaKind.STATION}),
    Role.AUDITOR: frozenset(AreaKind),
    Role.PLANNER: frozenset({AreaKind.PROVINCE, AreaKind.CITY}),
}

ADMINISTERS: dict[Role, frozenset[Role]] = {
    Role.PROVINCE: frozenset(Role),
    Role.CITY: frozenset({Role.COUNTY, Role.STATION}),
    Role.COUNTY: frozenset({Role.STATION}),
}
"""The roles whose accounts a role may edit, within its area: never a role above its own."""


@dataclass(frozen=True)
class Area:
    """The area of a record, from wide to narrow; None where unknown or not applicable.

    A record of the whole province, such as its targets, is in ``whole_province()``.
    """

    province: str
    city: str | None = None
    county: str | None = None
    station: str | None = None
    sample: bool = False

    @classmethod
    def of_codes(
        cls, city: str, county: str | None = None, station: str | None = None, *, sample: bool = False
    ) -> Area:
        """Return the area of a record from the adcodes of its city and county and the code of its station.

        The province follows from the first two digits of ``city`` (GB/T 2260).
        """
        return cls(province=f"{city[:2]}0000", city=city, county=county, station=station, sample=sample)


def whole_province(*, sample: bool = False) -> Area:
    """Return the area of what concerns the whole province in use, such as its targets."""
    return Area(province_in_use().adcode, sample=sample)


@dataclass(frozen=True)
class Responsibility:
    """A duty for the rules of access: a role over an area.

    ``granted``: the actions that it allows, where they are not those of the role: of a key that another system holds.
    """

    role: Role
    area_kind: AreaKind
    area_code: str
    granted: frozenset[Action] | None = None

    @property
    def actions(self) -> frozenset[Action]:
        """The actions that it allows within its area."""
        return ALLOWED[self.role] if self.granted is None else self.granted

    def holds(self, area: Area) -> bool:
        """Whether the area of this duty contains ``area``."""
        return bool(getattr(area, self.area_kind) == self.area_code)


@dataclass(frozen=True)
class Actor:
    """The person who acts, or the system of another office by its key. ``sample``: can access only sample records."""

    username: str
    name: str
    sample: bool
    duties: Sequence[Responsibility]

    def duties_for(self, action: Action) -> list[Responsibility]:
        """Return the actor's duties that allow the action, in any area."""
        return [duty for duty in self.duties if action in duty.actions]

    def may_somewhere(self, action: Action) -> bool:
        """Whether any of the actor's duties allows the action, in any area."""
        return bool(self.duties_for(action))

    def may(self, action: Action, area: Area) -> bool:
        """Whether one of the actor's duties allows the action in that area."""
        if self.sample and not area.sample:
            return False
        return any(duty.holds(area) for duty in self.duties_for(action))

    def may_administer(self, role: Role, area: Area) -> bool:
        """Whether the actor may give or take that role over that area."""
        if self.sample and not area.sample:
            return False
        return any(
            duty.holds(area) and role in ADMINISTERS[duty.role] for duty in self.duties_for(Action.EDIT_ACCOUNTS)
        )


def names_of_roles(action: Action) -> Listed:
    """Return the names of the roles that may take the action, as messages."""
    return Listed(role.label for role in Role if role in ROLES_FOR[action])


def outside_duty(action: Action, area: Area | None = None) -> NotAllowed:
    """Return the refusal of an action, naming the roles that may take it.

    ``area``: of the record, if the action is on one. The refusal then names the area and the roles there that may
    act.
    """
    who = _who_there(action, area) if area else ()
    if area is None or not who:
        told = N_("This is outside your duty. For it, each in the own area: {roles}")
        return NotAllowed(told, roles=names_of_roles(action))
    told = N_("This is outside your duty: it lies in {area}. Who can do it: {roles}")
    return NotAllowed(told, area=where(area), roles=Listed(who))


def _who_there(action: Action, area: Area) -> list[Worded]:
    """Return the roles that may take the action, each with the area of theirs that contains ``area``; empty for the
    province as a whole.
    """
    if (area.city, area.county, area.station) == (None, None, None):
        return []
    found = []
    for role in (role for role in Role if role in ROLES_FOR[action]):
        name = Worded(role.label)
        if len(AREA_OF_ROLE[role]) > 1:  # the area may be of any of several kinds
            found.append(name)
            continue
        (kind,) = AREA_OF_ROLE[role]
        code = getattr(area, kind)
        if code:
            told = code if kind is AreaKind.STATION else area_name(code)
            found.append(Worded(N_("{role} · {area}"), {"role": name, "area": told}))
    return found


def where(area: Area) -> Bilingual | Worded:
    """Return an area in words: a station with its county, else the county, the city or the province."""
    named = area_name(area.county or area.city or area.province)
    return Worded(N_("{station} ({county})"), {"station": area.station, "county": named}) if area.station else named


def signed_in(actor: Actor | None) -> Actor:
    """Return the actor.

    Raises:
        NotAllowed: nobody is signed in.
    """
    if actor is None:
        raise NotAllowed(N_("Sign in first"))
    return actor


def require(actor: Actor | None, action: Action, area: Area) -> Actor:
    """Return the actor if the action is allowed there.

    Raises:
        NotAllowed: nobody is signed in, no duty of the actor allows the action there, or a sample user requests a
            real record.
    """
    actor = signed_in(actor)
    if actor.may(action, area):
        return actor
    if actor.sample and not area.sample and any(duty.holds(area) for duty in actor.duties_for(action)):
        raise NotAllowed(N_("An invented person reaches sample records only"))
    raise outside_duty(action, area)
