"""A record of the registry as plain data: what each field holds, to compare, to keep and to put back.

The state of a station or a centre is a dictionary that JSON can hold, one key for each field that
people edit:

- texts as they are, ``None`` where empty; ``level`` and ``kind`` of a centre by their values;
- ``city_adcode``, ``county_adcode``; ``place``: ``[lon, lat]`` in WGS-84 degrees or ``None``;
- ``services`` (stations): service code → ``{"since": ISO date or None, "until": …}``;
- ``chains``: codes in order;
- ``history``: the dated entries in order, each ``{"status" or "stage", "dated", "as_of", "reason",
  "source"}``, dates as ISO 8601 reduced precision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.catalogue.chain import IndustrialChain
from stations.catalogue.service import Service
from stations.language import N_
from stations.partial_date import PartialDate
from stations.places.counties import City, County
from stations.registry.centre import Centre, CentreKind, CentreLevel, CentreStage, Stage
from stations.registry.record_kind import RecordKind
from stations.registry.station import Station, StationService, StationStatus, Status

State = dict[str, Any]
Record = Station | Centre
Entry = StationStatus | CentreStage


@dataclass(frozen=True)
class Shape:
    """How a kind of record is stored: its table, its plain fields, and the dated history it has."""

    model: type[Record]
    plain: tuple[str, ...]
    entry: type[Entry]
    stage: str
    stages: type[StrEnum]


SHAPES: dict[RecordKind, Shape] = {
    RecordKind.STATION: Shape(
        Station,
        (
            "name",
            "name_en",
            "brand",
            "address",
            "city_adcode",
            "county_adcode",
            "hours",
            "phone",
            "source",
        ),
        StationStatus,
        "status",
        Status,
    ),
    RecordKind.CENTRE: Shape(
        Centre,
        ("name", "name_en", "level", "kind", "host", "address", "city_adcode", "county_adcode", "source"),
        CentreStage,
        "stage",
        Stage,
    ),
}

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
    "services": N_("Services"),
    "chains": N_("Industrial chains"),
    "source": N_("Source"),
    "history": N_("History of status"),
}
"""What each field of a state is called, in the order it is told."""

_ENUMS: dict[str, type[StrEnum]] = {"level": CentreLevel, "kind": CentreKind}


@dataclass(frozen=True)
class Terms:
    """What a record can name, loaded once: for one form or for fifty thousand rows."""

    cities: dict[str, City]
    counties: dict[str, County]
    services: dict[str, Service]
    chains: dict[str, IndustrialChain]

    @classmethod
    def load(cls, session: Session) -> Terms:
        """All of them, by code."""
        return cls(
            {one.adcode: one for one in session.scalars(select(City).order_by(City.adcode))},
            {one.adcode: one for one in session.scalars(select(County).order_by(County.adcode))},
            {one.code: one for one in session.scalars(select(Service).order_by(Service.position))},
            {one.code: one for one in session.scalars(select(IndustrialChain).order_by(IndustrialChain.code))},
        )


def kind_of(record: Record) -> RecordKind:
    """Which kind a record is."""
    return RecordKind.STATION if isinstance(record, Station) else RecordKind.CENTRE


def state_of(record: Record) -> State:
    """The record as plain data."""
    shape = SHAPES[kind_of(record)]
    state: State = {field: getattr(record, field) for field in shape.plain}
    state |= {field: state[field].value for field in _ENUMS if field in state}
    state["place"] = None if record.lon is None else [record.lon, record.lat]
    state["chains"] = sorted(chain.code for chain in record.chains)
    if isinstance(record, Station):
        state["services"] = {
            offer.service_code: {"since": _iso(offer.since), "until": _iso(offer.until)}
            for offer in sorted(record.offers, key=lambda offer: offer.service_code)
        }
    state["history"] = [
        _entry_state(entry, shape.stage) for entry in sorted(record.history, key=lambda entry: entry.position)
    ]
    return state


def put_state(record: Record, state: State, terms: Terms, *, by: str, now: datetime) -> None:
    """Make the record hold what ``state`` says; fields that stand as they are are left alone.

    Entries of the history that are new or changed are recorded by ``by`` at ``now``. Asks the
    database nothing: ``terms`` holds what is needed.
    """
    kind = kind_of(record)
    shape = SHAPES[kind]
    for field in shape.plain:
        value = _ENUMS[field](state[field]) if field in _ENUMS else state[field]
        if getattr(record, field) != value:
            setattr(record, field, value)
    record.city = terms.cities[state["city_adcode"]]
    record.county = terms.counties[state["county_adcode"]] if state["county_adcode"] else None
    _put_place(record, state["place"])
    if sorted(chain.code for chain in record.chains) != list(state["chains"]):
        record.chains = [terms.chains[code] for code in state["chains"]]
    if isinstance(record, Station):
        _put_services(record, state["services"])
    _put_history(record, shape, state["history"], by, now)


def empty_state(kind: RecordKind) -> State:
    """The state before there was a record: every field empty."""
    shape = SHAPES[kind]
    state: State = dict.fromkeys(shape.plain) | {"place": None, "chains": [], "history": []}
    return state | {"services": {}} if kind is RecordKind.STATION else state


def differences(before: State, after: State) -> dict[str, dict[str, Any]]:
    """The fields that differ, each ``{"before": …, "after": …}``, in the order they are told."""
    return {
        field: {"before": before.get(field), "after": after.get(field)}
        for field in FIELD_NAMES
        if (field in before or field in after) and before.get(field) != after.get(field)
    }


def _put_place(record: Record, place: list[float] | None) -> None:
    if place is None:
        record.lon = record.lat = None
        if isinstance(record, Station):
            record.located_adcode = None
    elif [record.lon, record.lat] != place:
        if isinstance(record, Station):
            record.place_at(*place)
        else:
            record.lon, record.lat = place


def _put_services(station: Station, services: dict[str, dict[str, str | None]]) -> None:
    standing = {offer.service_code: offer for offer in station.offers}
    for code, offer in standing.items():
        if code not in services:
            station.offers.remove(offer)
    for code, span in services.items():
        since, until = _day(span["since"]), _day(span["until"])
        if code not in standing:
            station.offers.append(StationService(service_code=code, since=since, until=until))
        else:
            standing[code].since, standing[code].until = since, until


def _put_history(record: Record, shape: Shape, entries: list[State], by: str, now: datetime) -> None:
    standing = sorted(record.history, key=lambda entry: entry.position)
    for entry in standing[len(entries) :]:
        record.history.remove(entry)
    for position, wanted in enumerate(entries):
        if position < len(standing):
            entry = standing[position]
            if _entry_state(entry, shape.stage) == wanted:
                continue
        else:
            entry = shape.entry(position=position)
            record.history.append(entry)
        setattr(entry, shape.stage, shape.stages(wanted[shape.stage]))
        entry.dated, entry.as_of = _partial(wanted["dated"]), _partial(wanted["as_of"])
        entry.reason, entry.source = wanted["reason"], wanted["source"]
        entry.recorded_by, entry.recorded_at = by, now


def _entry_state(entry: Entry, stage: str) -> State:
    return {
        stage: getattr(entry, stage).value,
        "dated": str(entry.dated) if entry.dated else None,
        "as_of": str(entry.as_of) if entry.as_of else None,
        "reason": entry.reason,
        "source": entry.source,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _partial(text: str | None) -> PartialDate | None:
    return PartialDate.parse(text) if text else None
