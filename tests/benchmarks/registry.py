"""The registry of the whole country: nearest stations, counties of points, coverage.

``python -m tests.benchmarks.registry``: 2,875 counties and 100,000 stations (``tests.benchmarks.national_network``) on
SQLite, beside scikit-learn's ``BallTree``, ``geopandas.sjoin``, and pandas on the same database. Both sides must give
the same answers. Processor time, so that a busy machine does not blur it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import geopandas
import numpy as np
import pandas as pd
from sklearn.neighbors import BallTree
from sqlalchemy import Engine, select

from geo.counties import county_layer
from stations.coverage.county_coverage import CoverageStatus, coverage_on
from stations.coverage.through_time import coverage_history, month_end
from stations.database import open_engine, reading, transaction
from stations.registry.nearest_stations import candidates
from stations.registry.registry_snapshot import registry_snapshot
from stations.registry.station import Station
from tests.benchmarks.measured import Measured, keep, least
from tests.benchmarks.national_network import make_national_network

DAY = date(2026, 11, 24)
SERVICES = ("metrology.calibration",)
QUESTIONS, POINTS, MONTHS = 10_000, 200_000, 72


def _points(count: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(5)
    west, south, east, north = county_layer().total_bounds
    return chance.uniform(west, east, count), chance.uniform(south, north, count)


def nearest(engine: Engine) -> Iterator[Measured]:
    """The nearest five of those that offer a service, for many points at once."""
    from stations.catalogue.service import get_services

    lons, lats = _points(QUESTIONS)
    with reading(engine) as session:
        wanted = get_services(session, SERVICES)
        found = candidates(session, DAY, samples=False, wanted=wanted)
        found.index.query_many(lons[:1], lats[:1], 5)  # the tree is built once for each revision
        tree = BallTree(np.radians(np.column_stack([found.lats, found.lons])), metric="haversine")
        ours, (places, _) = least(
            3, lambda: candidates(session, DAY, samples=False, wanted=wanted).index.query_many(lons, lats, 5)
        )
        peer, (_, theirs) = least(3, lambda: tree.query(np.radians(np.column_stack([lats, lons])), k=5))
    assert np.array_equal(places, theirs)
    yield Measured(
        f"nearest 5 of {len(found.rows):,} that offer a service, {QUESTIONS:,} questions",
        "scikit-learn BallTree",
        ours,
        peer,
        1 / 5,
    )


def counties_of_points() -> Iterator[Measured]:
    """The county of one point and of many."""
    layer = county_layer()
    lons, lats = _points(POINTS)
    layer.locate(lons[0], lats[0])
    singles = []
    for lon, lat in zip(lons[:3000], lats[:3000], strict=True):
        began = perf_counter()
        layer.locate(lon, lat)
        singles.append(perf_counter() - began)
    yield Measured("county of a point, 99th percentile", "", float(np.quantile(singles, 0.99)), None, 0.001)
    frame = layer.frame
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lons, lats), crs=frame.crs)
    ours, found = least(2, lambda: layer.locate_many(lons, lats))
    peer, joined = least(2, lambda: geopandas.sjoin(points, frame, how="left", predicate="intersects"))
    first = joined[~joined.index.duplicated()]["adcode"]
    assert [one or None for one in found] == [one if isinstance(one, str) else None for one in first]
    yield Measured(f"counties of {POINTS:,} points", "geopandas.sjoin", ours, peer, 1.0)


class InPandas:
    """Coverage as pandas counts it from the same tables."""

    def __init__(self, engine: Engine) -> None:
        with engine.connect() as connection:
            self.stations = pd.read_sql("SELECT id, county_adcode FROM station WHERE NOT sample", connection)
            self.entries = pd.read_sql(
                "SELECT station_id, position, known_from, status FROM station_status",
                connection,
                parse_dates=["known_from"],
            )
            self.offers = pd.read_sql(
                "SELECT station_id, service_code, since, until FROM station_service",
                connection,
                parse_dates=["since", "until"],
            )
            self.counties = pd.read_sql("SELECT adcode FROM county", connection)
            elements = pd.read_sql("SELECT code, parent_code, element FROM service", connection)
        groups = elements.assign(group=elements.parent_code.fillna(elements.code))
        leading = groups[groups.parent_code.isna() & groups.element.astype(bool)].code
        kept = groups[groups.group.isin(leading) & groups.element.astype(bool)]
        self.element_of = kept.set_index("code").group
        self.wanted = len(leading)

    def covered(self, day: date) -> tuple[int, int]:
        """Return the numbers of covered and of fully served counties on a day."""
        at = pd.Timestamp(day)
        known = self.entries[self.entries.known_from.isna() | (self.entries.known_from <= at)]
        known = known.sort_values(["station_id", "known_from", "position"], na_position="first")
        last = known.groupby("station_id").tail(1)
        active = self.stations.merge(last[last.status == "active"], left_on="id", right_on="station_id")
        offers = self.offers[self.offers.station_id.isin(active.id)]
        offers = offers[(offers.since.isna() | (offers.since <= at)) & (offers.until.isna() | (offers.until > at))]
        offers = offers.assign(element=offers.service_code.map(self.element_of)).dropna(subset=["element"])
        by_county = offers.merge(active, on="station_id").groupby("county_adcode").element.nunique()
        return int(active.county_adcode.nunique()), int((by_county == self.wanted).sum())


def coverage(engine: Engine) -> Iterator[Measured]:
    """The coverage of a date, after a change, and asked again; the curve of six years."""

    def ours(day: date) -> Any:
        with reading(engine) as session:
            return coverage_on(session, day, samples=False)

    cold, _ = least(1, lambda: ours(DAY))
    days = iter(DAY - timedelta(days=one) for one in range(1, 20))
    warm, told = least(5, lambda: ours(next(days)))
    peer, frames = least(1, lambda: InPandas(engine))
    counted, numbers = least(1, lambda: frames.covered(told.as_of))
    assert numbers == (told.covered, sum(one.status is CoverageStatus.FULLY_SERVED for one in told.counties)), numbers
    yield Measured("coverage of a date, 2,875 counties, 100,000 stations", "pandas", warm, peer + counted, 1 / 5)
    yield Measured("the first coverage of all, the registry read", "pandas", cold, peer + counted, 1.0)
    again, _ = least(5, lambda: ours(told.as_of))
    yield Measured("coverage of a date asked before", "", again, None, 0.001)
    changed = []
    for nth in range(3):
        with transaction(engine) as session:
            session.scalars(select(Station).where(Station.code == f"N-{nth * 30_000:06d}")).one().name += "x"
        changed.append(least(1, lambda: ours(DAY))[0])
    yield Measured("coverage after one station changed", "all read anew", min(changed), cold, 1 / 20)

    months = [month_end(date(2021 + one // 12, one % 12 + 1, 1)) for one in range(MONTHS)]

    def curve() -> Any:
        with reading(engine) as session:
            return coverage_history(session, samples=False).curve(months[0], months[-1])

    with transaction(engine) as session:  # so that the history is counted too
        session.scalars(select(Station).where(Station.code == "N-000001")).one().name += "x"
    with reading(engine) as session:
        registry_snapshot(session)
    drawn, points = least(1, curve)
    by_pandas, theirs = least(1, lambda: [frames.covered(day) for day in months])
    assert [(one.covered, one.fully_served) for one in points] == theirs
    yield Measured(f"coverage curve of {MONTHS} months, 100,000 stations", "pandas", drawn, by_pandas, 1 / 10)


def main() -> int:
    """Measure all; 1 where a reach is missed."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'national.sqlite3'}")
        make_national_network(engine)
        return int(not keep([*coverage(engine), *nearest(engine), *counties_of_points()]))


if __name__ == "__main__":
    sys.exit(main())
