"""What all stations of the registry hold, read in a few statements: to compare a list of fifty thousand with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.catalogue.chain import station_chain
from stations.registry.merged_code import MergedCode
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import SHAPES, State
from stations.registry.station import Station, StationService, StationStatus

_SHAPE = SHAPES[RecordKind.STATION]


@dataclass(frozen=True, slots=True)
class Standing:
    """A station as it stands: ``state`` as in ``record_state``."""

    id: int
    code: str
    version: int
    state: State


def standing_stations(session: Session, *, sample: bool) -> dict[str, Standing]:
    """Every station by code; only invented ones, or only the others. Equal to ``state_of`` of each."""
    table = Station.__table__
    plain = [table.c[field] for field in _SHAPE.plain]
    mine = select(table.c.id).where(table.c.sample.is_(sample))
    offers: dict[int, dict[str, dict[str, str | None]]] = defaultdict(dict)
    offer = StationService.__table__.c
    for station, service, since, until in session.execute(
        select(offer.station_id, offer.service_code, offer.since, offer.until)
        .where(offer.station_id.in_(mine))
        .order_by(offer.station_id, offer.service_code)
    ):
        offers[station][service] = {"since": _iso(since), "until": _iso(until)}
    chains: dict[int, list[str]] = defaultdict(list)
    for station, chain in session.execute(
        select(station_chain.c.station_id, station_chain.c.chain_code)
        .where(station_chain.c.station_id.in_(mine))
        .order_by(station_chain.c.station_id, station_chain.c.chain_code)
    ):
        chains[station].append(chain)
    history: dict[int, list[dict[str, Any]]] = defaultdict(list)
    entry = StationStatus.__table__.c
    for station, status, dated, as_of, reason, source in session.execute(
        select(entry.station_id, entry.status, entry.dated, entry.as_of, entry.reason, entry.source)
        .where(entry.station_id.in_(mine))
        .order_by(entry.station_id, entry.position)
    ):
        history[station].append(
            {
                "status": status.value,
                "dated": str(dated) if dated else None,
                "as_of": str(as_of) if as_of else None,
                "reason": reason,
                "source": source,
            }
        )
    rows = session.execute(
        select(table.c.id, table.c.code, table.c.version, table.c.lon, table.c.lat, *plain)
        .where(table.c.sample.is_(sample))
        .order_by(table.c.code)
    )
    shared: dict[str, Any] = {}  # many stations offer the same since the same month: one object for all

    def one(value: Any) -> Any:
        return shared.setdefault(str(value), value)

    return {
        code: Standing(
            key,
            code,
            version,
            dict(zip(_SHAPE.plain, values, strict=True))
            | {
                "place": None if lon is None else [lon, lat],
                "chains": one(chains.pop(key, [])),
                "services": one(dict(sorted(offers.pop(key, {}).items()))),
                "history": one(history.pop(key, [])),
            },
        )
        for key, code, version, lon, lat, *values in rows
    }


def codes_taken(session: Session, *, sample: bool) -> dict[str, str | None]:
    """Codes that no new station of those can have, and for one merged away the code that took its place."""
    others = session.scalars(select(Station.code).where(Station.sample.is_not(sample)))
    merged = select(MergedCode.code, MergedCode.survivor).where(MergedCode.kind == RecordKind.STATION)
    return dict.fromkeys(others) | {code: survivor for code, survivor in session.execute(merged)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
