"""The state of all stations, read in a few queries, for comparing with an imported list of up to 50,000 stations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from stations.catalogue.chain import station_chain
from stations.registry.merged_code import MergedCode
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import SHAPES
from stations.registry.record_state import HistoryEntry, Offer, Place, StationState
from stations.registry.station import Station, StationService, StationStatus, StationUnread
from stations.registry.unread import Unread

_TEXTS = SHAPES[RecordKind.STATION].plain
# Texts that many stations have in common.
_SHARED = ("brand", "host", "city_adcode", "county_adcode", "hours", "source", "contact_name", "contact_phone")


@dataclass(frozen=True, slots=True)
class Standing:
    """A station as stored in the registry."""

    id: int
    code: str
    version: int
    state: StationState


def standing_stations(session: Session, *, sample: bool) -> dict[str, Standing]:
    """Return every station by code, with the state that ``state_of`` gives.

    ``sample``: whether to return only sample stations or only the others.
    """
    table = Station.__table__
    plain = [table.c[field] for field in _TEXTS]
    mine = select(table.c.id).where(table.c.sample.is_(sample))
    offer, link, entry = StationService.__table__.c, station_chain.c, StationStatus.__table__.c
    offers = _by_station(
        session,
        select(offer.station_id, offer.service_code, offer.since, offer.until)
        .where(offer.station_id.in_(mine))
        .order_by(offer.station_id, offer.service_code),
        lambda rows: tuple(sorted((Offer(*row) for row in rows), key=attrgetter("service_code"))),
    )
    chains = _by_station(
        session,
        select(link.station_id, link.chain_code)
        .where(link.station_id.in_(mine))
        .order_by(link.station_id, link.chain_code),
        lambda rows: tuple(chain for (chain,) in rows),
    )
    history = _by_station(
        session,
        select(entry.station_id, entry.status, entry.dated, entry.as_of, entry.reason, entry.source)
        .where(entry.station_id.in_(mine))
        .order_by(entry.station_id, entry.position),
        lambda rows: tuple(HistoryEntry(*row) for row in rows),
    )
    words = StationUnread.__table__.c
    unread = _by_station(
        session,
        select(words.station_id, words.field, words.words)
        .where(words.station_id.in_(mine))
        .order_by(words.station_id, words.field),
        lambda rows: tuple(sorted(Unread(*row) for row in rows)),
    )
    rows = session.execute(
        select(table.c.id, table.c.code, table.c.version, table.c.lon, table.c.lat, *plain)
        .where(table.c.sample.is_(sample))
        .order_by(table.c.code)
    )
    alike: dict[str | None, str | None] = {}

    def state(key: int, lon: float | None, lat: float | None, values: Sequence[str | None]) -> StationState:
        texts: dict[str, Any] = dict(zip(_TEXTS, values, strict=True))
        for field in _SHARED:
            texts[field] = alike.setdefault(texts[field], texts[field])
        return StationState(
            **texts,
            place=None if lon is None or lat is None else Place(lon, lat),
            chains=chains.get(key, ()),
            services=offers.get(key, ()),
            history=history.get(key, ()),
            unread=unread.get(key, ()),
        )

    return {
        code: Standing(key, code, version, state(key, lon, lat, values))
        for key, code, version, lon, lat, *values in rows
    }


def _by_station(
    session: Session, statement: Select[*tuple[Any, ...]], made: Callable[[list[tuple[Any, ...]]], Any]
) -> dict[int, Any]:
    """Return ``made(rows)`` for each station id. Stations with equal rows share one object, to save memory."""
    alike: dict[tuple[Any, ...], Any] = {}
    found = {}
    for station, rows in groupby(session.execute(statement), key=itemgetter(0)):
        told = tuple(tuple(row)[1:] for row in rows)
        if told not in alike:
            alike[told] = made(list(told))
        found[station] = alike[told]
    return found


def codes_taken(session: Session, *, sample: bool) -> dict[str, str | None]:
    """Return the codes that no new station of this kind (sample or not) can have.

    The value is the code of the record that replaced it, or None if it was not merged away.
    """
    others = session.scalars(select(Station.code).where(Station.sample.is_not(sample)))
    merged = select(MergedCode.code, MergedCode.survivor).where(MergedCode.kind == RecordKind.STATION)
    return dict.fromkeys(others) | {code: survivor for code, survivor in session.execute(merged)}
