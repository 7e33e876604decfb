"""The people of a population raster that the operator brought, summed over the hexagons of the grid.

The raster says where in a county its people live; how many a county has is said by the census, and both are compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from geo.hexagon_grid import hexagon_grid
from geo.population_by_hexagon import people_by_hexagon
from geo.population_raster import RasterFault, UnusableRaster
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base, Versioned
from stations.duty.roles import Actor
from stations.errors import InvalidInput, NotFound, Problems
from stations.language import N_
from stations.personal_data import PersonalData
from stations.places.counties import County, list_counties
from stations.planning.importing import FIRST_YEAR, LAST_YEAR, read_description, require_importer

CODE = "POPULATION"
SAMPLE_CODE = "SAMPLE-POPULATION"
NO_RASTER = N_("No population raster is on file")

_FAULTS: dict[RasterFault, str] = {
    RasterFault.UNREADABLE: N_(
        "{file} can't be read as a GeoTIFF ({told}); give the file as WorldPop or GHSL offer it"
    ),
    RasterFault.BANDS: N_("{file} has {told} bands; give a GeoTIFF with one band of people per cell"),
    RasterFault.VALUES: N_("The values of {file} are of the kind {told}, no numbers of people"),
    RasterFault.NO_CRS: N_(
        "{file} doesn't say its coordinate system, or one that is not known; put it into the file, for instance with "
        "gdal_edit -a_srs"
    ),
    RasterFault.TURNED: N_("The raster of {file} is not north up; turn it first, for instance with gdalwarp"),
    RasterFault.BLOCKS: N_(
        "{file} is stored in pieces of {told} MB each; store it in tiles first, for instance with "
        "gdal_translate -co TILED=YES"
    ),
    RasterFault.TOO_FINE: N_(
        "{file} has {told} cells in the province; give a raster with cells of 30 m or more, as WorldPop or GHSL "
        "offer it"
    ),
    RasterFault.ELSEWHERE: N_(
        "{file} has no value anywhere in the province; give the raster of this part of the world"
    ),
    RasterFault.NOBODY: N_("{file} has nobody anywhere in the province; give a raster of people per cell"),
}


class PopulationLayer(Base, Versioned):
    """The raster on file: its name, year and source."""

    __tablename__ = "population_layer"
    in_caches = True
    personal_data = PersonalData(columns=("imported_by",))
    __table_args__ = (CheckConstraint(f"year BETWEEN {FIRST_YEAR} AND {LAST_YEAR}", name="year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    year: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(300))
    imported_by: Mapped[str] = mapped_column(String(80))
    sample: Mapped[bool] = mapped_column(Boolean)


class PopulationCell(Base):
    """The people of the raster in a hexagon, cut at county borders (``geo.hexagon_grid``)."""

    __tablename__ = "population_cell"
    in_caches = True
    personal_data = None
    __table_args__ = (CheckConstraint("people >= 0", name="people"),)

    layer_id: Mapped[int] = mapped_column(ForeignKey("population_layer.id", ondelete="CASCADE"), primary_key=True)
    hexagon: Mapped[str] = mapped_column(String(40), primary_key=True)
    people: Mapped[float]


@dataclass(frozen=True)
class RasterCounty:
    """The people of a county by the raster and by the census. ``people``: None where the raster has no value."""

    county: County
    people: float | None
    census: int | None

    @property
    def ratio(self) -> float | None:
        """The raster's people for each of the census."""
        return self.people / self.census if self.people is not None and self.census else None


@dataclass(frozen=True)
class RasterComparison:
    """A raster beside the census, county by county."""

    name: str
    year: int
    source: str
    sample: bool
    counties: tuple[RasterCounty, ...]


def read_population(path: Path, *, progress: Callable[[float], None] | None = None) -> dict[str, float]:
    """Return the people of a raster in each hexagon that it has a value in, by the hexagon's id.

    Done before the transaction begins: a large file takes long to read. ``progress``: called with the share done.

    Raises:
        InvalidInput: the file is no population raster of the province.
    """
    try:
        return people_by_hexagon(path, progress=progress)
    except UnusableRaster as problem:
        raise as_problem(problem, path) from problem


def as_problem(problem: UnusableRaster, path: Path) -> InvalidInput:
    """Return the error that tells people why a file is no population raster."""
    return InvalidInput("file", _FAULTS[problem.fault], file=path.name, told=problem.told)


def check_population(
    session: Session, actor: Actor | None, *, name: str, year: int, source: str, replace: bool
) -> tuple[Actor, dict[str, str], PopulationLayer | None]:
    """Check what is said of a raster before it is read, which takes long. Return who imports it, name and source as
    they are stored, and the raster on file.

    Raises:
        NotAllowed: the actor may not import figures.
        InvalidForm: a field is wrong, or there is a raster on file and it is not to be replaced.
    """
    actor, problems = require_importer(actor), Problems()
    no_year = N_("{year} is no year that figures are from")
    texts = read_description(problems, {"name": name, "source": source}, year, no_year=no_year)
    standing = own_layer(session, actor)
    if standing is not None and not replace:
        message = N_("The raster {name} ({year}) is on file; say that this one replaces it (by command: --replace)")
        problems.add("replace", message, name=standing.name, year=standing.year)
    problems.stop()
    return actor, texts, standing


def own_layer(session: Session, actor: Actor) -> PopulationLayer | None:
    """Return the raster that the actor's would replace, None if there is none."""
    return session.scalar(select(PopulationLayer).where(PopulationLayer.code == _code(actor)))


def _code(actor: Actor) -> str:
    return SAMPLE_CODE if actor.sample else CODE


def import_population(
    session: Session,
    actor: Actor | None,
    people: dict[str, float],
    *,
    name: str,
    year: int,
    source: str,
    now: datetime,
    replace: bool = False,
    file: str = "",
) -> RasterComparison:
    """Store the people of a raster (``read_population``) and return them beside the census. ``file``: its name, for the
    log.

    Raises:
        NotAllowed: the actor may not import figures.
        InvalidForm: a field is wrong, or there is a raster on file and it is not to be replaced.
    """
    actor, texts, standing = check_population(
        session, actor, name=name, year=year, source=source, replace=replace
    )
    (name, source), code, version = texts.values(), _code(actor), 1
    if standing is not None:
        version = standing.version + 1
        session.delete(standing)
        session.flush()
    layer = PopulationLayer(
        code=code, name=name, year=year, source=source, imported_by=actor.username, sample=actor.sample,
        created_at=now, updated_at=now, version=version,
    )  # fmt: skip
    session.add(layer)
    session.flush()
    rows = [{"layer_id": layer.id, "hexagon": one, "people": count} for one, count in sorted(people.items())]
    session.execute(insert(PopulationCell), rows)
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.IMPORT_POPULATION,
        subject_kind=AuditSubject.POPULATION_LAYER,
        subject=code,
        file=file,
        name=name,
        source=source,
        cells=len(people),
        total=round(sum(people.values())),
        version=version,
    )
    return _compared(session, layer, people)


def remove_population(session: Session, actor: Actor | None, *, now: datetime) -> None:
    """Remove the raster on file: the invented one where the actor is invented.

    Raises:
        NotAllowed: the actor may not import figures.
        NotFound: there is none.
    """
    actor = require_importer(actor)
    layer = own_layer(session, actor)
    if layer is None:
        raise NotFound(NO_RASTER)
    session.delete(layer)
    session.flush()
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.REMOVE_POPULATION,
        subject_kind=AuditSubject.POPULATION_LAYER,
        subject=layer.code,
        name=layer.name,
        source=layer.source,
    )


def population_layer(session: Session, *, samples: bool) -> PopulationLayer | None:
    """Return the raster on file, None if there is none; a sample one only with ``samples`` and where no other is."""
    codes = (CODE, SAMPLE_CODE) if samples else (CODE,)
    return session.scalar(
        select(PopulationLayer).where(PopulationLayer.code.in_(codes)).order_by(PopulationLayer.code).limit(1)
    )


def people_of_layer(session: Session, layer: PopulationLayer) -> dict[str, float]:
    """Return the people of a raster on file by hexagon; hexagons in which it has no value are missing."""
    rows = session.execute(
        select(PopulationCell.hexagon, PopulationCell.people).where(PopulationCell.layer_id == layer.id)
    )
    return {hexagon: people for hexagon, people in rows}


def compared_with_census(session: Session, *, samples: bool) -> RasterComparison | None:
    """Return the raster on file beside the census, None if there is none."""
    layer = population_layer(session, samples=samples)
    return None if layer is None else _compared(session, layer, people_of_layer(session, layer))


def beside_census(session: Session, people: dict[str, float]) -> tuple[RasterCounty, ...]:
    """Return the people of a raster (by hexagon) in every county beside the census, sorted by adcode."""
    grid = hexagon_grid()
    values = np.array([people.get(one, np.nan) for one in grid.ids])
    return tuple(
        RasterCounty(county, _sum(values[grid.by_county[county.adcode]]), county.population)
        for county in list_counties(session)
    )


def _compared(session: Session, layer: PopulationLayer, people: dict[str, float]) -> RasterComparison:
    return RasterComparison(layer.name, layer.year, layer.source, layer.sample, beside_census(session, people))


def _sum(values: NDArray[np.float64]) -> float | None:
    return None if np.isnan(values).all() else float(np.nansum(values))
