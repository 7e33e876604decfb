"""The stations in columns: what is asked about all of them at once is answered by arrays instead of objects.

Days are proleptic Gregorian ordinals (``date.toordinal``), coordinates WGS-84 degrees. A ``row`` is the place of a
station in the columns, which are sorted by code.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, String, func, select, type_coerce
from sqlalchemy.orm import Session

from stations.catalogue.chain import station_chain
from stations.catalogue.service import Service
from stations.partial_date import PartialDate
from stations.registry.station import Station, StationService, StationStatus, Status

Ints = NDArray[np.int64]
Days = NDArray[np.int32]
Bools = NDArray[np.bool_]

STATUSES = tuple(Status)
NO_COUNTY = 0
ALWAYS, NEVER = 0, date.max.toordinal()
"""The first and last day of a period that is open at that end."""
_ACTIVE = STATUSES.index(Status.ACTIVE)
_BETWEEN = ","
"""Between the codes of services in one text; no code has one."""


@dataclass(frozen=True, eq=False)
class _Stations:
    """One value for each station. ``county``: its adcode as a number; ``NO_COUNTY`` where the source names none.

    ``lon``, ``lat``: NaN where no source is more exact than the county. ``located``: the adcode of the county that
    contains them.
    """

    id: Ints
    code: NDArray[np.str_]
    name: NDArray[np.object_]
    name_en: NDArray[np.object_]
    sample: Bools
    county: Days
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    located: Days
    hours: NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class _Entries:
    """One value for each entry of a dated history. ``dated``: the partial date as it is stored, or None."""

    station: Ints
    day: Days
    position: Days
    status: NDArray[np.int8]
    dated: NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class _Offers:
    """One value for each offer: from ``since``, before ``until``. ``service``: its place in ``services``."""

    station: Ints
    service: NDArray[np.int16]
    since: Days
    until: Days


@dataclass(frozen=True, eq=False)
class _Chains:
    """One value for each industrial chain of a station."""

    station: Ints
    chain: NDArray[np.str_]


_Columns = TypeVar("_Columns", _Stations, _Entries, _Offers, _Chains)


@dataclass(frozen=True, eq=False)
class StationColumns:
    """All stations, sample stations among them. ``services``: the codes of the catalogue, sorted."""

    services: tuple[str, ...]
    stations: _Stations
    entries: _Entries
    offers: _Offers
    chains: _Chains

    def __len__(self) -> int:
        """The number of stations."""
        return len(self.stations.id)

    @cached_property
    def _by_id(self) -> Ints:
        return np.argsort(self.stations.id)

    def rows_of(self, ids: Ints) -> Ints:
        """Return the rows of stations by their identities, which must be known."""
        return self._by_id[np.searchsorted(self.stations.id, ids, sorter=self._by_id)]

    @cached_property
    def _by_county(self) -> tuple[Ints, Days]:
        order = np.argsort(self.stations.county, kind="stable")
        return order, self.stations.county[order]

    def rows_in(self, county: int) -> Ints:
        """Return the rows of the stations of a county, by its adcode as a number."""
        order, counties = self._by_county
        first, after = np.searchsorted(counties, [county, county + 1])
        return order[first:after]

    @cached_property
    def entry_row(self) -> Ints:
        """The row of each entry; entries are sorted by it, then by day and position."""
        return self.rows_of(self.entries.station)

    @cached_property
    def offer_row(self) -> Ints:
        """The row of each offer."""
        return self.rows_of(self.offers.station)

    @cached_property
    def _first_entries(self) -> tuple[Ints, Ints]:
        """Rows that have entries, and the index of the first of each."""
        rows, first = np.unique(self.entry_row, return_index=True)
        return rows, first

    def entries_until(self, day: int) -> tuple[Ints, Ints]:
        """Return the rows whose status is known on a day, and the index of the entry that gives it."""
        rows, first = self._first_entries
        if not len(rows):
            return rows, first
        begun = np.add.reduceat(self.entries.day <= day, first, dtype=np.int64)
        known = begun > 0
        return rows[known], (first + begun - 1)[known]

    def entries_of(self, row: int) -> slice:
        """Return the entries of one station, oldest first."""
        first, after = np.searchsorted(self.entry_row, [row, row + 1])
        return slice(int(first), int(after))

    def active_periods(self) -> tuple[Ints, Ints, Ints]:
        """Return the periods in which stations are active: rows, first days, and the first days after (``NEVER`` if
        there is no known end), sorted by row and day.
        """
        rows, days = self.entry_row, self.entries.day.astype(np.int64)
        same = np.append(rows[1:] == rows[:-1], False) if len(rows) else np.empty(0, dtype=bool)
        ends = np.where(same, np.append(days[1:], NEVER), NEVER) if len(rows) else days
        kept = (self.entries.status == _ACTIVE) & (days < ends)
        return rows[kept], days[kept], ends[kept]

    def active_on(self, day: int, *, samples: bool) -> Bools:
        """Return for each row whether the station is active on a day; sample stations only with ``samples``."""
        rows, entries = self.entries_until(day)
        active = np.zeros(len(self), dtype=bool)
        active[rows] = self.entries.status[entries] == _ACTIVE
        return active if samples else active & ~self.stations.sample

    @cached_property
    def _offers_by_service(self) -> dict[str, Ints]:
        order = np.argsort(self.offers.service, kind="stable")
        first = np.searchsorted(self.offers.service[order], np.arange(1, len(self.services)))
        return dict(zip(self.services, np.split(order, first), strict=True)) if self.services else {}

    def offers_of(self, services: Collection[str], day: int | None = None) -> Ints:
        """Return the indices of the offers of any of these services; with ``day``, those that hold on it."""
        parts = [self._offers_by_service[one] for one in services if one in self._offers_by_service]
        found = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
        if day is None:
            return found
        return found[(self.offers.since[found] <= day) & (self.offers.until[found] > day)]

    @cached_property
    def _offers_by_row(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.offer_row, kind="stable")
        return order, np.searchsorted(self.offer_row[order], np.arange(len(self) + 1))

    def offers_of_row(self, row: int) -> Ints:
        """Return the indices of the offers of one station."""
        order, first = self._offers_by_row
        return order[first[row] : first[row + 1]]

    def offered(self, row: int, day: int) -> frozenset[str]:
        """Return the codes of the services that one station offers on a day."""
        offers = self.offers_of_row(row)
        held = offers[(self.offers.since[offers] <= day) & (self.offers.until[offers] > day)]
        return frozenset(self.services[place] for place in self.offers.service[held].tolist())

    def offering(self, services: Collection[str], day: int) -> Bools:
        """Return for each row whether the station offers one of these services on a day."""
        offering = np.zeros(len(self), dtype=bool)
        offering[self.offer_row[self.offers_of(services, day)]] = True
        return offering

    def serving(self, chains: Collection[str]) -> Bools:
        """Return for each row whether the station serves one of these industrial chains."""
        serving = np.zeros(len(self), dtype=bool)
        serving[self.rows_of(self.chains.station[np.isin(self.chains.chain, list(chains))])] = True
        return serving

    def replaced(self, ids: Collection[int], changed: StationColumns) -> StationColumns:
        """Return the columns with what is on file of some stations replaced; one that ``changed`` lacks is gone.

        Both must know the same catalogue.
        """
        gone = np.fromiter(ids, dtype=np.int64, count=len(ids))
        return StationColumns(
            services=self.services,
            stations=_sorted_stations(_joined(_without(self.stations, "id", gone), changed.stations)),
            entries=_joined(_without(self.entries, "station", gone), changed.entries),
            offers=_joined(_without(self.offers, "station", gone), changed.offers),
            chains=_joined(_without(self.chains, "station", gone), changed.chains),
        )._with_entries_in_order()

    def _with_entries_in_order(self) -> StationColumns:
        rows = self.rows_of(self.entries.station)
        order = np.lexsort((self.entries.position, self.entries.day, rows))
        return replace(self, entries=_taken(self.entries, order))


def read_columns(session: Session, ids: Collection[int] | None = None) -> StationColumns:
    """Return the columns of all stations on file, or of those with these identities."""

    def rows(statement: Select[*tuple[Any, ...]], owner: Any) -> list[Sequence[Any]]:
        asked = statement if ids is None else statement.where(owner.in_(ids))
        return list(zip(*session.execute(asked), strict=True))

    stations = rows(
        select(
            Station.id,
            Station.code,
            Station.name,
            Station.name_en,
            Station.sample,
            Station.county_adcode,
            Station.lon,
            Station.lat,
            Station.located_adcode,
            Station.hours,
        ),
        Station.id,
    ) or [()] * len(fields(_Stations))
    entries = rows(
        select(
            StationStatus.station_id,
            type_coerce(StationStatus.known_from, String),
            StationStatus.position,
            type_coerce(StationStatus.status, String),
            type_coerce(StationStatus.dated, String),
        ),
        StationStatus.station_id,
    ) or [()] * len(fields(_Entries))
    # Most offers of a station have the same period, so they come as one row.
    offers = rows(
        select(
            StationService.station_id,
            func.aggregate_strings(StationService.service_code, _BETWEEN),
            type_coerce(StationService.since, String),
            type_coerce(StationService.until, String),
        ).group_by(StationService.station_id, StationService.since, StationService.until),
        StationService.station_id,
    ) or [()] * len(fields(_Offers))
    chains = rows(
        select(station_chain.c.station_id, station_chain.c.chain_code), station_chain.c.station_id
    ) or [()] * len(fields(_Chains))
    services = tuple(sorted(session.scalars(select(Service.code))))
    service = {code: place for place, code in enumerate(services)}
    codes = [text.split(_BETWEEN) for text in offers[1]]
    each = np.fromiter(map(len, codes), dtype=np.int64, count=len(codes))
    status = {status.value: place for place, status in enumerate(STATUSES)}
    return StationColumns(
        services=services,
        stations=_sorted_stations(
            _Stations(
                id=np.array(stations[0], dtype=np.int64),
                code=_texts(stations[1]),
                name=_objects(stations[2]),
                name_en=_objects(stations[3]),
                sample=np.array(stations[4], dtype=bool),
                county=np.array([int(one or NO_COUNTY) for one in stations[5]], dtype=np.int32),
                lon=np.array(stations[6], dtype=float),
                lat=np.array(stations[7], dtype=float),
                located=np.array([int(one or NO_COUNTY) for one in stations[8]], dtype=np.int32),
                hours=_objects(stations[9]),
            )
        ),
        entries=_Entries(
            station=np.array(entries[0], dtype=np.int64),
            day=_ordinals(entries[1], ALWAYS),
            position=np.array(entries[2], dtype=np.int32),
            status=np.array([status[one] for one in entries[3]], dtype=np.int8),
            dated=_objects(entries[4]),
        ),
        offers=_Offers(
            station=np.repeat(np.array(offers[0], dtype=np.int64), each),
            service=np.array([service[code] for some in codes for code in some], dtype=np.int16),
            since=np.repeat(_ordinals(offers[2], ALWAYS), each),
            until=np.repeat(_ordinals(offers[3], NEVER), each),
        ),
        chains=_Chains(np.array(chains[0], dtype=np.int64), _texts(chains[1])),
    )._with_entries_in_order()


def county_code(county: int) -> str | None:
    """Return the adcode of a county as it stands in the columns; None for ``NO_COUNTY``."""
    return None if county == NO_COUNTY else str(county)


def began_on(dated: str | None) -> date | None:
    """Return the first day that a stored partial date can mean; None if there is none."""
    return PartialDate.parse(dated).earliest if dated else None


_EPOCH = date(1970, 1, 1).toordinal()


def _ordinals(days: Sequence[Any], otherwise: int) -> Days:
    """Convert days as the database gives them: dates, or texts such as 2025-06-30; ``otherwise`` stands for None."""
    moments = np.array(days, dtype="datetime64[D]")
    ordinals = moments.astype(np.int64) + _EPOCH
    ordinals[np.isnat(moments)] = otherwise
    return ordinals.astype(np.int32)


def _texts(values: Sequence[str]) -> NDArray[np.str_]:
    return np.array(values, dtype=np.str_)


def _objects(values: Sequence[Any]) -> NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _taken(columns: _Columns, rows: Any) -> _Columns:
    return type(columns)(*(getattr(columns, field.name)[rows] for field in fields(columns)))


def _without(columns: _Columns, key: str, gone: Ints) -> _Columns:
    return _taken(columns, ~np.isin(getattr(columns, key), gone))


def _joined(one: _Columns, other: _Columns) -> _Columns:
    pairs = ((getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    return type(one)(*(np.concatenate(pair) for pair in pairs))


def _sorted_stations(stations: _Stations) -> _Stations:
    return _taken(stations, np.argsort(stations.code, kind="stable"))
