"""The state of a registry record as immutable values, for comparing, storing and restoring.

A state has one field for each thing that people edit. ``record_rows`` reads it from the database and writes it back;
``record_json`` defines its form in the change history and in proposals. If there is no record (before it was added,
after it was merged away) the state is ``None`` and each field reads as empty: no text, no place, no chains, no
services, no history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, NamedTuple, TypeVar

from stations.language import N_
from stations.partial_date import PartialDate
from stations.registry.centre import CentreKind, CentreLevel, Stage
from stations.registry.dated_stage import known_from
from stations.registry.record_kind import RecordKind
from stations.registry.stage_fields import PART_OF_FIELD
from stations.registry.station import Status
from stations.registry.unread import Unread


class Place(NamedTuple):
    """A place in WGS-84 degrees."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Offer:
    """A service, or a group of services, that a station offers.

    ``since``: the first day; ``until``: the first day on which it is no longer offered; None if unknown.
    """

    service_code: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry of a dated history.

    ``dated``: when the status or stage was reached. ``as_of``: otherwise, the date of the source that reports it.
    """

    stage: Status | Stage
    dated: PartialDate | None = None
    as_of: PartialDate | None = None
    reason: str | None = None
    source: str | None = None

    @property
    def known_from(self) -> date | None:
        """The day from which the entry is known to apply; None if it has no date."""
        return known_from(self.dated, self.as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationState:
    """The state of a station.

    ``services``: sorted by code. ``chains``: sorted codes. ``history``: in order of time. ``hours``: in OpenStreetMap's
    ``opening_hours`` form. ``unread``: what could not be read, at most one entry for a field, sorted by field.
    """

    name: str
    name_en: str | None = None
    brand: str | None = None
    host: str | None = None
    address: str
    city_adcode: str
    county_adcode: str | None = None
    hours: str | None = None
    phone: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    source: str
    place: Place | None = None
    chains: tuple[str, ...] = ()
    services: tuple[Offer, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreState:
    """The state of a centre. ``chains``: sorted codes. ``history``: in order of time. ``unread``: as of a station."""

    name: str
    name_en: str | None = None
    level: CentreLevel
    kind: CentreKind
    host: str | None = None
    address: str | None = None
    city_adcode: str
    county_adcode: str | None = None
    source: str
    place: Place | None = None
    chains: tuple[str, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    unread: tuple[Unread, ...] = ()


RecordState = StationState | CentreState
State = TypeVar("State", bound=StationState | CentreState)
FieldValue = (
    str
    | CentreLevel
    | CentreKind
    | Place
    | tuple[str, ...]
    | tuple[Offer, ...]
    | tuple[HistoryEntry, ...]
    | tuple[Unread, ...]
    | None
)

FIELD_NAMES: dict[str, str] = {
    "code": N_("Record code"),
    "name": N_("Name"),
    "name_en": N_("Name in English"),
    "brand": N_("Brand"),
    "level": N_("Level"),
    "kind": N_("Kind"),
    "host": N_("Host institution"),
    "address": N_("Address"),
    "city_adcode": N_("City"),
    "county_adcode": N_("County, city or district"),
    "place": N_("Coordinates (WGS-84)"),
    "hours": N_("Opening hours"),
    "phone": N_("Telephone"),
    "contact_name": N_("Contact person"),
    "contact_phone": N_("Telephone of the contact person"),
    "services": N_("Services"),
    "chains": N_("Industrial chains"),
    "source": N_("Source"),
    "history": N_("History of status"),
    "unread": N_("Not understood, in the office’s words"),
}
"""The title of each field of a record, in the order in which changes are shown."""

UNREAD_IN_HISTORY = frozenset({"status", "opened", "since", "reason"})
"""The fields of a list of stations whose unread words are put right in the dated history."""

PERSONAL_FIELDS = frozenset({"contact_name", "contact_phone"})
"""The fields that are personal data."""

STATE_TYPES: dict[RecordKind, type[StationState] | type[CentreState]] = {
    RecordKind.STATION: StationState,
    RecordKind.CENTRE: CentreState,
}
FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind)) for kind in STATE_TYPES.values()
}
"""The fields of each type of state, in the order in which a record is shown."""

_CHANGES: dict[type, tuple[str, ...]] = {
    kind: tuple(field for field in FIELD_NAMES if field in known) for kind, known in FIELDS.items()
}
_LISTS = frozenset({"chains", "services", "history", "unread"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """The value of a field before and after a change."""

    before: FieldValue
    after: FieldValue


FieldChanges = Mapping[str, FieldChange]


def empty_value(field: str) -> FieldValue:
    """Return the value that a field has when there is no record."""
    return () if field in _LISTS else None


def state_of_a_station(state: RecordState) -> StationState:
    """Return the state of a record that is known to be a station.

    Raises:
        TypeError: it is a centre's.
    """
    if not isinstance(state, StationState):
        raise TypeError(f"“{state.name}” is not a station")
    return state


def value_of(state: RecordState | None, field: str) -> FieldValue:
    """Return the value of a field."""
    return empty_value(field) if state is None else getattr(state, field)


def values_of(state: RecordState) -> dict[str, FieldValue]:
    """Return every field with its value, in the order in which a record is shown."""
    return {field: getattr(state, field) for field in FIELDS[type(state)]}


def with_values(state: State, values: Mapping[str, Any]) -> State:
    """Return the state with some fields' values replaced. Each value has the type of its field, not checked here."""
    return replace(state, **values)


def differences(before: RecordState | None, after: RecordState | None) -> dict[str, FieldChange]:
    """Return the fields that differ between two states of one record, in the order of ``FIELD_NAMES``."""
    one = after if before is None else before
    if one is None:
        return {}
    pairs = ((field, value_of(before, field), value_of(after, field)) for field in _CHANGES[type(one)])
    return {field: FieldChange(was, now) for field, was, now in pairs if was != now}


def without_settled(before: RecordState, after: State) -> State:
    """Return ``after`` without the unread words that the change between the two states settles: those of a field that
    differs; of the dated history, those of what its last entry, or its opening, now says.
    """
    kept = tuple(one for one in after.unread if not _settles(one.field, before, after))
    return after if len(kept) == len(after.unread) else with_values(after, {"unread": kept})


def _settles(unread_field: str, before: RecordState, after: RecordState) -> bool:
    if unread_field == "code":
        return False
    if unread_field in PART_OF_FIELD:
        stage, part = PART_OF_FIELD[unread_field]
        return before.history != after.history and any(
            entry.stage is stage and getattr(entry, part) for entry in after.history
        )
    if unread_field not in UNREAD_IN_HISTORY | {"stage"}:
        field = "county_adcode" if unread_field == "county" else unread_field
        return value_of(before, field) != value_of(after, field)
    if before.history == after.history or not after.history:
        return False
    match unread_field:
        case "opened":  # the planned date stays until the station opens
            return any(entry.stage is Status.ACTIVE and entry.dated for entry in after.history)
        case "since":
            return after.history[-1].dated is not None
        case "reason":
            return bool(after.history[-1].reason)
        case _:
            return True


def sharing(state: StationState, like: StationState) -> StationState:
    """Return an equal state that reuses the values of ``like`` where they are equal, to save memory.

    If all values are equal, return ``like`` itself.
    """
    if state == like:
        return like
    same = {field: old for field, old in values_of(like).items() if getattr(state, field) == old}
    return with_values(state, same)
