"""The state of an institution as immutable values, for comparing it with a list and for writing it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from stations.registry.institutions import (
    Institution,
    InstitutionKind,
    InstitutionUnread,
    ScopeEntry,
    ScopeEntryUnread,
    StationInstitution,
)
from stations.registry.unread import Unread, put_unread, unread_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeLine:
    """One line of a scope; the fields are those of ``ScopeEntry``. ``unread``: what could not be read of it."""

    service_code: str
    subject_zh: str
    subject_en: str | None = None
    range: str | None = None
    accuracy: str | None = None
    standard: str | None = None
    limitation: str | None = None
    cma_number: str | None = None
    cnas_number: str | None = None
    authorization_number: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class StationLink:
    """A station that the institution works for.

    ``since``: the first day; ``until``: the first day on which it no longer does; None if unknown.
    """

    station: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionState:
    """The state of an institution.

    ``centre``: the code of its record as a centre, if ``kind`` says that it is one. ``scope``: in the order of the
    certificates. ``stations``: sorted by the station's code. ``unread``: what could not be read, beyond the scope.
    """

    name: str
    name_en: str | None = None
    kind: InstitutionKind
    centre: str | None = None
    credit_code: str | None = None
    city_adcode: str | None = None
    county_adcode: str | None = None
    address: str | None = None
    phone: str | None = None
    source: str = ""
    scope: tuple[ScopeLine, ...] = ()
    stations: tuple[StationLink, ...] = ()
    unread: tuple[Unread, ...] = ()


_OF_LINE = tuple(field.name for field in fields(ScopeLine) if field.name != "unread")
_PLAIN = ("name", "name_en", "kind", "credit_code", "city_adcode", "county_adcode", "address", "phone", "source")


def state_of_institution(institution: Institution) -> InstitutionState:
    """Return the state of an institution."""
    return InstitutionState(
        **{field: getattr(institution, field) for field in _PLAIN},
        centre=institution.centre.code if institution.centre else None,
        scope=tuple(_line(entry) for entry in sorted(institution.scope, key=lambda entry: entry.position)),
        stations=tuple(
            StationLink(link.station.code, link.since, link.until)
            for link in sorted(institution.stations, key=lambda link: link.station.code)
        ),
        unread=unread_of(institution.unread),
    )


def put_institution_state(
    institution: Institution, state: InstitutionState, *, stations: Mapping[str, int], centres: Mapping[str, int]
) -> None:
    """Write ``state`` to the institution, changing only what differs. Runs no query itself.

    ``stations``, ``centres``: the ids of those that the state names, by code.
    """
    for field in _PLAIN:
        if getattr(institution, field) != getattr(state, field):
            setattr(institution, field, getattr(state, field))
    centre_id = centres[state.centre] if state.centre else None
    if institution.centre_id != centre_id:
        institution.centre_id = centre_id
    _put_scope(institution, state.scope)
    put_unread(institution.unread, InstitutionUnread, state.unread)
    held = {link.station_id: link for link in institution.stations}
    wanted = {stations[link.station]: link for link in state.stations}
    for station_id, link in held.items():
        if station_id not in wanted:
            institution.stations.remove(link)
    for station_id, told in wanted.items():
        if station_id in held:
            held[station_id].since, held[station_id].until = told.since, told.until
        else:
            institution.stations.append(StationInstitution(station_id=station_id, since=told.since, until=told.until))


def _put_scope(institution: Institution, scope: tuple[ScopeLine, ...]) -> None:
    held = sorted(institution.scope, key=lambda entry: entry.position)
    for surplus in held[len(scope) :]:
        institution.scope.remove(surplus)
    for position, line in enumerate(scope):
        if position < len(held):
            entry = held[position]
            if _line(entry) == line and entry.position == position:
                continue
        else:
            entry = ScopeEntry()
            institution.scope.append(entry)
        entry.position = position
        for field in _OF_LINE:
            setattr(entry, field, getattr(line, field))
        put_unread(entry.unread, ScopeEntryUnread, line.unread)


def _line(entry: ScopeEntry) -> ScopeLine:
    return ScopeLine(**{field: getattr(entry, field) for field in _OF_LINE}, unread=unread_of(entry.unread))
