"""Conversion of a record's state from database rows, and back into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from stations.registry.centre import Centre, CentreStage, CentreUnread, Stage
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import CentreState, HistoryEntry, Offer, Place, RecordState, StationState
from stations.registry.record_terms import Terms
from stations.registry.station import Station, StationService, StationStatus, StationUnread, Status
from stations.registry.unread import put_unread, unread_of

Record = Station | Centre
Entry = StationStatus | CentreStage
OneEntry = TypeVar("OneEntry", StationStatus, CentreStage)


@dataclass(frozen=True)
class Shape:
    """How a kind of record is stored.

    ``model``: its table. ``plain``: its plain columns. ``entry``: the table of its dated history, with ``stage``, the
    column of the status or stage, and ``stages``, its possible values. ``unread``: the table of what could not be read.
    """

    model: type[Record]
    plain: tuple[str, ...]
    entry: type[Entry]
    stage: str
    stages: type[Status] | type[Stage]
    unread: type[StationUnread] | type[CentreUnread]


SHAPES: dict[RecordKind, Shape] = {
    RecordKind.STATION: Shape(
        Station,
        (
            "name",
            "name_en",
            "brand",
            "host",
            "address",
            "city_adcode",
            "county_adcode",
            "hours",
            "phone",
            "contact_name",
            "contact_phone",
            "source",
        ),
        StationStatus,
        "status",
        Status,
        StationUnread,
    ),
    RecordKind.CENTRE: Shape(
        Centre,
        ("name", "name_en", "level", "kind", "host", "address", "city_adcode", "county_adcode", "source"),
        CentreStage,
        "stage",
        Stage,
        CentreUnread,
    ),
}


def kind_of(record: Record) -> RecordKind:
    """Return the kind of a record."""
    return RecordKind.STATION if isinstance(record, Station) else RecordKind.CENTRE


def state_of(record: Record) -> RecordState:
    """Return the state of a record of either kind."""
    return state_of_station(record) if isinstance(record, Station) else state_of_centre(record)


def state_of_station(station: Station) -> StationState:
    """Return the state of a station."""
    return StationState(
        name=station.name,
        name_en=station.name_en,
        brand=station.brand,
        host=station.host,
        address=station.address,
        city_adcode=station.city_adcode,
        county_adcode=station.county_adcode,
        hours=station.hours,
        phone=station.phone,
        contact_name=station.contact_name,
        contact_phone=station.contact_phone,
        source=station.source,
        place=_place(station),
        chains=_chains(station),
        services=tuple(
            Offer(offer.service_code, offer.since, offer.until)
            for offer in sorted(station.offers, key=lambda offer: offer.service_code)
        ),
        history=_history(station),
        unread=unread_of(station.unread),
    )


def state_of_centre(centre: Centre) -> CentreState:
    """Return the state of a centre."""
    return CentreState(
        name=centre.name,
        name_en=centre.name_en,
        level=centre.level,
        kind=centre.kind,
        host=centre.host,
        address=centre.address,
        city_adcode=centre.city_adcode,
        county_adcode=centre.county_adcode,
        source=centre.source,
        place=_place(centre),
        chains=_chains(centre),
        history=_history(centre),
        unread=unread_of(centre.unread),
    )


def put_state(record: Record, state: RecordState, terms: Terms, *, by: str, now: datetime) -> None:
    """Write ``state`` to the record, changing only fields that differ.

    New or changed entries of the history are recorded as by ``by`` at ``now``. Runs no query itself: ``terms`` contains
    the cities, counties and chains that the state names.
    """
    shape = SHAPES[kind_of(record)]
    for field in shape.plain:
        value = getattr(state, field)
        if getattr(record, field) != value:
            setattr(record, field, value)
    record.city = terms.cities[state.city_adcode]
    record.county = terms.counties[state.county_adcode] if state.county_adcode else None
    _put_place(record, state.place)
    if _chains(record) != state.chains:
        record.chains = [terms.chains[code] for code in state.chains]
    if isinstance(record, Station) and isinstance(state, StationState):
        _put_services(record, state.services)
    if isinstance(record, Station):
        put_unread(record.unread, StationUnread, state.unread)
        _put_history(record.history, StationStatus, shape.stage, state.history, by, now)
    else:
        put_unread(record.unread, CentreUnread, state.unread)
        _put_history(record.history, CentreStage, shape.stage, state.history, by, now)


def _place(record: Record) -> Place | None:
    return None if record.lon is None or record.lat is None else Place(record.lon, record.lat)


def _chains(record: Record) -> tuple[str, ...]:
    return tuple(sorted(chain.code for chain in record.chains))


def _history(record: Record) -> tuple[HistoryEntry, ...]:
    entries: Sequence[Entry] = record.history
    return tuple(_entry(entry) for entry in sorted(entries, key=lambda entry: entry.position))


def _entry(entry: Entry) -> HistoryEntry:
    stage = entry.status if isinstance(entry, StationStatus) else entry.stage
    return HistoryEntry(stage, entry.dated, entry.as_of, entry.reason, entry.source)


def _put_place(record: Record, place: Place | None) -> None:
    if place is None:
        record.lon = record.lat = None
        if isinstance(record, Station):
            record.located_adcode = None
    elif (record.lon, record.lat) != place:
        if isinstance(record, Station):
            record.place_at(*place)
        else:
            record.lon, record.lat = place


def _put_services(station: Station, services: Sequence[Offer]) -> None:
    standing = {offer.service_code: offer for offer in station.offers}
    wanted = {offer.service_code for offer in services}
    for code, ended in standing.items():
        if code not in wanted:
            station.offers.remove(ended)
    for offer in services:
        held = standing.get(offer.service_code)
        if held is None:
            station.offers.append(StationService(service_code=offer.service_code, since=offer.since, until=offer.until))
        else:
            held.since, held.until = offer.since, offer.until


def _put_history(
    history: list[OneEntry],
    made: type[OneEntry],
    stage: str,
    entries: Sequence[HistoryEntry],
    by: str,
    now: datetime,
) -> None:
    standing = sorted(history, key=lambda entry: entry.position)
    for entry in standing[len(entries) :]:
        history.remove(entry)
    for position, wanted in enumerate(entries):
        if position < len(standing):
            entry = standing[position]
            if _entry(entry) == wanted:
                continue
        else:
            entry = made(position=position)
            history.append(entry)
        setattr(entry, stage, wanted.stage)
        entry.dated, entry.as_of = wanted.dated, wanted.as_of
        entry.reason, entry.source = wanted.reason, wanted.source
        entry.recorded_by, entry.recorded_at = by, now
