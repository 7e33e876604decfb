"""Coverage of the counties by service stations on a date.

The rule (policy clause 二十四: 服务站点实现县（市、区）全覆盖): a county is *covered* on a date if at least one
station in it is active on that date; it is *fully served* if its active stations together offer all four elements
of quality infrastructure; a covered county that is not fully served is *thin*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from stations.catalogue.service import ELEMENTS
from stations.language import N_, LabelledEnum
from stations.places.counties import County
from stations.registry.registry_snapshot import Snapshot, registry_snapshot
from stations.registry.station import Station, StationStatus, Status
from stations.registry.station_columns import NO_COUNTY

RULE = N_(
    "A county is covered on a date when at least one station in it is active on that date; "
    "fully served when its active stations together offer all four elements "
    "(metrology, standards, testing, certification and accreditation); otherwise thin."
)


class CoverageStatus(LabelledEnum):
    """The status of a county by the rule of this module."""

    UNCOVERED = "uncovered", N_("Uncovered")
    THIN = "thin", N_("Thin")
    FULLY_SERVED = "fully_served", N_("Fully served")


@dataclass(frozen=True)
class CountyCoverage:
    """The coverage of a county on a date.

    ``stations``: active ones, of which ``sample_stations`` are samples. ``elements``: the elements they offer
    together, in catalogue order.
    """

    county: County
    status: CoverageStatus
    stations: int
    sample_stations: int
    elements: tuple[str, ...]

    @property
    def covered(self) -> bool:
        """Whether at least one station in the county is active."""
        return self.status is not CoverageStatus.UNCOVERED


@dataclass(frozen=True)
class CityCoverage:
    """The numbers of counties of a city."""

    adcode: str
    name: str
    name_en: str
    total: int
    covered: int
    fully_served: int


@dataclass(frozen=True)
class Coverage:
    """The coverage of every county on ``as_of``, sorted by adcode.

    ``without_county``: active stations whose source does not name the county; they cover none. ``samples``: whether
    sample stations are included.
    """

    as_of: date
    samples: bool
    counties: tuple[CountyCoverage, ...]
    without_county: int

    @property
    def total(self) -> int:
        """The number of counties."""
        return len(self.counties)

    @property
    def covered(self) -> int:
        """The number of covered counties."""
        return sum(county.covered for county in self.counties)

    @property
    def fully_served(self) -> int:
        """The number of fully served counties."""
        return sum(county.status is CoverageStatus.FULLY_SERVED for county in self.counties)

    @property
    def uncovered(self) -> tuple[CountyCoverage, ...]:
        """The counties that are not covered."""
        return tuple(county for county in self.counties if not county.covered)

    @property
    def sample_stations(self) -> int:
        """The number of active sample stations in the counties."""
        return sum(county.sample_stations for county in self.counties)

    @property
    def covered_by_samples_only(self) -> int:
        """The number of covered counties that only sample stations cover."""
        return sum(county.covered and county.stations == county.sample_stations for county in self.counties)

    def by_city(self) -> list[CityCoverage]:
        """Return the numbers by city, sorted by adcode."""
        cities: dict[str, list[CountyCoverage]] = {}
        for row in self.counties:
            cities.setdefault(row.county.city_adcode, []).append(row)
        return [
            CityCoverage(
                adcode=adcode,
                name=rows[0].county.city.name,
                name_en=rows[0].county.city.name_en,
                total=len(rows),
                covered=sum(row.covered for row in rows),
                fully_served=sum(row.status is CoverageStatus.FULLY_SERVED for row in rows),
            )
            for adcode, rows in sorted(cities.items())
        ]


def coverage_on(session: Session, as_of: date, *, samples: bool) -> Coverage:
    """Return the coverage of every county on ``as_of``; sample stations count only with ``samples``."""
    snapshot = registry_snapshot(session)
    return snapshot.remembered(("coverage", as_of, samples), lambda: _coverage(snapshot, as_of, samples))


def _coverage(snapshot: Snapshot, as_of: date, samples: bool) -> Coverage:
    columns, day = snapshot.columns, as_of.toordinal()
    place, none = snapshot.county_places, len(snapshot.counties)
    active = columns.active_on(day, samples=samples)
    counts = np.bincount(place[active], minlength=none + 1)
    invented = np.bincount(place[active & columns.stations.sample], minlength=none + 1)
    offered = np.zeros((len(snapshot.elements), none + 1), dtype=bool)
    for number, element in enumerate(snapshot.elements):
        rows = columns.offer_row[columns.offers_of(element.services, day)]
        offered[number, place[rows[active[rows]]]] = True
    codes = [element.code for element in snapshot.elements]
    return Coverage(
        as_of=as_of,
        samples=samples,
        counties=tuple(
            _county_coverage(county, stations, of_them, set(compress(codes, elements)))
            for county, stations, of_them, elements in zip(
                snapshot.counties, counts[:-1].tolist(), invented[:-1].tolist(), offered.T[:-1].tolist(), strict=True
            )
        ),
        without_county=int(counts[-1]),
    )


def active_without_county(session: Session, as_of: date, *, samples: bool) -> list[Station]:
    """Return the stations active on ``as_of`` whose source does not name their county, sorted by code."""
    columns = registry_snapshot(session).columns
    found = columns.active_on(as_of.toordinal(), samples=samples) & (columns.stations.county == NO_COUNTY)
    statement = select(Station).where(Station.id.in_(columns.stations.id[found].tolist()))
    return list(session.scalars(statement.options(selectinload(Station.city)).order_by(Station.code)))


def covered_on_each(session: Session, days: Sequence[date], *, samples: bool) -> list[dict[str, bool]]:
    """Return for each of ``days`` the covered counties, as adcode → whether only sample stations cover it.

    ``days`` must be in order. The history is read once, however many days there are.
    """
    statement = (
        select(Station.id, Station.county_adcode, Station.sample, StationStatus.known_from, StationStatus.status)
        .join(StationStatus, StationStatus.station_id == Station.id)
        .where(Station.county_adcode.is_not(None))
        .order_by(StationStatus.known_from, StationStatus.position)
    )
    if not samples:
        statement = statement.where(Station.sample.is_(False))
    changes = session.execute(statement).all()
    active: dict[str, dict[int, bool]] = {}
    answers, next_change = [], 0
    for day in days:
        while next_change < len(changes) and changes[next_change].known_from <= day:
            station, adcode, invented, _known_from, status = changes[next_change]
            inside = active.setdefault(adcode or "", {})
            if status is Status.ACTIVE:
                inside[station] = invented
            else:
                inside.pop(station, None)
            next_change += 1
        answers.append({adcode: all(inside.values()) for adcode, inside in active.items() if inside})
    return answers


def _county_coverage(county: County, stations: int, invented: int, elements: set[str]) -> CountyCoverage:
    return CountyCoverage(
        county=county,
        status=coverage_status(stations, elements),
        stations=stations,
        sample_stations=invented,
        elements=tuple(element for element in ELEMENTS if element in elements),
    )


def coverage_status(active_stations: int, elements: set[str]) -> CoverageStatus:
    """Return the status of a county by the rule of this module."""
    if not active_stations:
        return CoverageStatus.UNCOVERED
    return CoverageStatus.FULLY_SERVED if elements >= set(ELEMENTS) else CoverageStatus.THIN
