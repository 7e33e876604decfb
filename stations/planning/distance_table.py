"""Imported tables of distances: minutes or kilometres from each origin to each destination, with year and source."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import JSON, Boolean, CheckConstraint, Integer, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from geo.distance import EARTH_RADIUS_M
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base, Versioned, choice
from stations.duty.roles import Actor
from stations.entered_text import narrow, says_nothing
from stations.errors import InvalidInput, NotFound, Problems
from stations.language import N_, Worded
from stations.personal_data import PersonalData
from stations.planning.importing import FIRST_YEAR, LAST_YEAR, read_description, require_importer
from stations.planning.table_place import PlaceReader, TablePlace, places_now
from stations.planning.travel_measure import Degrees, GapReason, Travel, TravelUnit
from stations.readers.numbers import read_amount
from stations.tables.table_file import TableRow, read_table
from stations.tables.workbook_grids import Limits

LIMITS = Limits(bytes=20_000_000, unpacked=300_000_000, rows=300_000)
COLUMNS = {
    "origin": ("origin", "from", "起点", "出发地", "始发地", "出发点", "起始地", "O"),
    "destination": ("destination", "to", "终点", "目的地", "到达地", "到达点", "D"),
    "minutes": ("minutes", "min", "分钟", "时间", "用时", "行车时间", "时长", "通行时间", "耗时"),
    "km": ("km", "kilometres", "kilometers", "公里", "千米", "距离", "里程", "路程"),
}
LABELS = {"origin": N_("Origin"), "destination": N_("Destination"), "minutes": N_("Minutes"), "km": N_("Kilometres")}
_PER = {TravelUnit.SECONDS: 60.0, TravelUnit.METRES: 1000.0}
_UNIT_OF = {"minutes": TravelUnit.SECONDS, "km": TravelUnit.METRES}
NO_TABLE = N_("There is no imported table of distances {code}")
SAME_PLACE_M = 50.0
"""A place of a question is that of the table within so many metres."""
ABOUT = {
    TravelUnit.SECONDS: N_("Minutes by the table “{name}” ({year}). Source: {source}"),
    TravelUnit.METRES: N_("Kilometres by the table “{name}” ({year}). Source: {source}"),
}


class DistanceTable(Base, Versioned):
    """An imported table of distances. ``code``: capital letters, digits and hyphens, such as ``DRIVE-2025``.

    ``places``: as ``TablePlace`` writes them. ``ways``: numbers of origin and destination in ``places``, and the way in
    ``unit``, as numpy arrays: there are as many as pairs of places, and they are only ever read together.
    """

    __tablename__ = "distance_table"
    in_caches = True
    personal_data = PersonalData(columns=("imported_by",))
    __table_args__ = (CheckConstraint(f"year BETWEEN {FIRST_YEAR} AND {LAST_YEAR}", name="year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    unit: Mapped[TravelUnit] = mapped_column(choice(TravelUnit, "unit"))
    year: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(300))
    pairs: Mapped[int] = mapped_column(Integer)
    places: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    ways: Mapped[bytes] = mapped_column(LargeBinary)
    imported_by: Mapped[str] = mapped_column(String(80))
    sample: Mapped[bool] = mapped_column(Boolean)


@dataclass(frozen=True)
class TableTravel(Travel):
    """The ways of a table. ``lons``, ``lats``: of its places now; the rest as in ``DistanceTable.ways``."""

    lons: Degrees
    lats: Degrees
    origins: NDArray[np.int32]
    destinations: NDArray[np.int32]
    ways: NDArray[np.float64]

    def matrix(self, lons: Degrees, lats: Degrees, to_lons: Degrees, to_lats: Degrees) -> NDArray[np.float64]:
        """Return the ways of the table; 0 from a place to itself, infinite for a pair that the table does not have."""
        count = len(self.lons)
        table = np.full((count + 1, count + 1), np.inf)  # the last row and column: places that it does not name
        np.minimum.at(table, (self.origins, self.destinations), self.ways)
        table[np.arange(count), np.arange(count)] = np.minimum(table.diagonal()[:count], 0.0)
        return np.asarray(table[np.ix_(self._places(lons, lats), self._places(to_lons, to_lats))])

    def gaps(self, lons: Degrees, lats: Degrees) -> dict[int, GapReason]:
        """Return the places that the table does not name."""
        places = self._places(lons, lats)
        return {int(one): GapReason.NOT_LISTED for one in np.flatnonzero(places == len(self.lons))}

    def _places(self, lons: Degrees, lats: Degrees) -> NDArray[np.intp]:
        """Return the number of each place in the table; one past the last where it is not named."""
        from scipy.spatial import cKDTree  # takes long to import, and whoever only lists tables needs none of it

        chord = 2 * np.sin(SAME_PLACE_M / EARTH_RADIUS_M / 2)
        _far, found = cKDTree(_vectors(self.lons, self.lats)).query(_vectors(lons, lats), distance_upper_bound=chord)
        return np.asarray(found)


def _vectors(lons: Degrees, lats: Degrees) -> NDArray[np.float64]:
    lon, lat = np.radians(lons), np.radians(lats)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def list_tables(session: Session, *, samples: bool) -> list[DistanceTable]:
    """Return every imported table, sorted by code, without its ways; sample tables only with ``samples``."""
    statement = select(DistanceTable).options(defer(DistanceTable.ways)).order_by(DistanceTable.code)
    return list(session.scalars(statement if samples else statement.where(DistanceTable.sample.is_(False))))


def get_table(session: Session, code: str) -> DistanceTable:
    """Return the table with this code.

    Raises:
        NotFound: there is none.
    """
    table = session.scalar(select(DistanceTable).where(DistanceTable.code == code))
    if table is None:
        raise NotFound(NO_TABLE, code=code)
    return table


def table_travel(session: Session, code: str) -> TableTravel:
    """Return the measure of the table with this code.

    Raises:
        NotFound: there is none.
    """
    table = get_table(session, code)
    places = places_now(session, [TablePlace(**one) for one in table.places])
    ways = np.load(io.BytesIO(table.ways), allow_pickle=False)
    about = Worded(ABOUT[table.unit], {"name": table.name, "year": table.year, "source": table.source})
    lons, lats = np.array([(one.lon, one.lat) for one in places]).T
    return TableTravel(
        table.code,
        table.unit,
        f"{table.version} {[(one.lon, one.lat) for one in places]}",
        about,
        lons,
        lats,
        ways["origins"],
        ways["destinations"],
        ways["ways"].astype(float),
    )


def read_distances(content: bytes) -> list[TableRow]:
    """Return the rows of a CSV or Excel file with columns for origin, destination, and minutes or kilometres. Done
    before the transaction begins, as for figures.

    Raises:
        InvalidInput: the file can't be read, or has neither or both of minutes and kilometres.
        InvalidForm: rows have more cells than the headings.
    """
    ends = ("origin", "destination")
    rows = read_table(content, COLUMNS, ends, LABELS, LIMITS)
    said = [name for name in _UNIT_OF if rows and name in rows[0].cells]
    if rows and len(said) != 1:
        raise InvalidInput(
            "file",
            N_("The table needs one column beside origin and destination, headed minutes (分钟) or km (公里)")
            if not said
            else N_("The table has minutes and kilometres; leave the column that counts and take out the other"),
        )
    return rows


def import_distances(
    session: Session,
    actor: Actor | None,
    rows: Sequence[TableRow],
    *,
    code: str,
    name: str,
    year: int,
    source: str,
    crs: str = "wgs84",
    file: str = "",
    now: datetime,
) -> DistanceTable:
    """Import the table in the rows of a file (``read_distances``). A table with the same code is replaced as a whole.

    ``crs``: the coordinate system of places written as coordinates. ``file``: the file's name, for the log. A way that
    is not known (–, …) is left out.

    Raises:
        NotAllowed: the actor may not import figures.
        InvalidForm: one problem for each wrong field and row; nothing is imported.
    """
    actor, problems = require_importer(actor), Problems()
    texts = read_description(
        problems,
        {"code": code, "name": name, "source": source},
        year,
        no_code=N_("Write capital letters, digits and hyphens, beginning with a letter: DRIVE-2025"),
        no_year=N_("{year} is no year that distances are from"),
    )
    reader = PlaceReader(session, crs, samples=actor.sample)
    unit = next((unit for column, unit in _UNIT_OF.items() if rows and column in rows[0].cells), TravelUnit.SECONDS)
    ways = _read_ways(rows, reader, unit, problems)
    standing = session.scalar(select(DistanceTable).where(DistanceTable.code == texts["code"]))
    if standing is not None and standing.sample != actor.sample:
        problems.add("code", N_("This code is taken; choose another"))
    problems.stop()
    table = standing or DistanceTable(code=texts["code"], created_at=now, sample=actor.sample, version=0)
    table.name, table.source, table.year, table.unit = texts["name"], texts["source"], year, unit
    table.places, table.pairs = [vars(one) for one in reader.places], len(ways)
    table.ways = _packed(ways, unit)
    table.imported_by, table.updated_at, table.version = actor.username, now, table.version + 1
    session.add(table)
    session.flush()
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.IMPORT_DISTANCES,
        subject_kind=AuditSubject.DISTANCE_TABLE,
        subject=table.code,
        file=file,
        name=table.name,
        source=table.source,
        places=len(reader.places),
        pairs=len(ways),
        version=table.version,
    )
    return table


def remove_table(session: Session, actor: Actor | None, code: str, *, now: datetime) -> None:
    """Remove an imported table of distances.

    Raises:
        NotAllowed: the actor may not import figures.
        NotFound: there is no such table among those of the actor's kind, invented or not.
    """
    actor = require_importer(actor)
    table = get_table(session, code)
    if table.sample != actor.sample:
        raise NotFound(NO_TABLE, code=code)
    session.delete(table)
    session.flush()
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.REMOVE_DISTANCES,
        subject_kind=AuditSubject.DISTANCE_TABLE,
        subject=code,
        name=table.name,
        source=table.source,
        pairs=table.pairs,
    )


def missing_pairs(table: DistanceTable) -> int:
    """Return the number of pairs of an origin and another place as destination that a table does not have."""
    ways = np.load(io.BytesIO(table.ways), allow_pickle=False)
    origins, destinations = np.unique(ways["origins"]), np.unique(ways["destinations"])
    both = len(np.intersect1d(origins, destinations))
    given = int((ways["origins"] != ways["destinations"]).sum())
    return len(origins) * len(destinations) - both - given


def _read_ways(
    rows: Sequence[TableRow], reader: PlaceReader, unit: TravelUnit, problems: Problems
) -> dict[tuple[int, int], float]:
    """Return minutes or kilometres by the numbers of origin and destination; errors are added to ``problems``."""
    found: dict[tuple[int, int], float] = {}
    first_row: dict[tuple[int, int], int] = {}
    column = next(name for name, one in _UNIT_OF.items() if one is unit)
    for row in rows:
        field = f"row {row.number}"
        try:
            pair = (
                reader.read(field, row.cells["origin"], LABELS["origin"]),
                reader.read(field, row.cells["destination"], LABELS["destination"]),
            )
            written = row.cells[column]
            if written and says_nothing(written):
                continue
            if not written:
                raise InvalidInput(field, N_("The value is empty; write – where it is not known"))
            value = read_amount(field, _UNIT_WORDS.sub("", narrow(written)), below=100_000)
        except InvalidInput as problem:
            problems.add(field, problem.message, **problem.params)
            continue
        if pair in found:
            problems.add(
                field,
                N_("{origin} to {destination} stands in row {row} already"),
                origin=row.cells["origin"],
                destination=row.cells["destination"],
                row=first_row[pair],
            )
        else:
            found[pair], first_row[pair] = value, row.number
    if not rows:
        problems.add("file", N_("The file has no rows below its headings"))
    elif not found and not problems:
        problems.add("file", N_("No pair of places of the file has a value"))
    return found


_UNIT_WORDS = re.compile(r"\s*(?:分钟?|minutes?|mins?|公里|千米|kilomet(?:re|er)s?|km)\s*$", re.IGNORECASE)


def _packed(ways: dict[tuple[int, int], float], unit: TravelUnit) -> bytes:
    file = io.BytesIO()
    pairs = np.array(list(ways), dtype=np.int32).reshape(-1, 2)
    values = np.array(list(ways.values())) * _PER[unit]
    np.savez_compressed(file, origins=pairs[:, 0], destinations=pairs[:, 1], ways=values)
    return file.getvalue()
