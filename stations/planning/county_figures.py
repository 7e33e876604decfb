"""Figures by which the map can shade counties: one value for each county on a date, with unit and source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from stations.coverage.county_coverage import CoverageStatus, coverage_on
from stations.language import N_
from stations.places.counties import County, list_counties
from stations.planning.centre_reach import CentreReach
from stations.planning.imported_figure import figure_values


class CountyFigure(StrEnum):
    """The available figures."""

    CENTRES = "centres"
    COVERAGE = "coverage"
    STATIONS = "stations"
    REACH = "reach"
    DISTANCE = "distance"
    POPULATION = "population"
    AREA = "area"


@dataclass(frozen=True)
class FigureText:
    """The title of a figure, and a note on its meaning or source."""

    title: str
    note: str


FIGURES: dict[CountyFigure, FigureText] = {
    CountyFigure.CENTRES: FigureText(
        N_("Centres in the county"), N_("Centres known to their city only are in no county's figure.")
    ),
    CountyFigure.COVERAGE: FigureText(
        N_("Coverage by stations"), N_("Covered: at least one active station; fully served: all four elements.")
    ),
    CountyFigure.STATIONS: FigureText(N_("Active stations"), N_("Stations active on the date shown.")),
    CountyFigure.REACH: FigureText(
        N_("Centres within reach"),
        N_("Great-circle distance from a point inside the county; only what is surely within reach is counted."),
    ),
    CountyFigure.DISTANCE: FigureText(
        N_("Kilometres to the nearest centre"),
        N_("Great-circle distance from a point inside the county to the nearest centre known to its county or better."),
    ),
    CountyFigure.POPULATION: FigureText(
        N_("Residents (2020 census)"),
        N_("Residents of the 2020 census; where no source gives a county's figure, it is left blank."),
    ),
    CountyFigure.AREA: FigureText(N_("Area (km²)"), N_("Area measured on the county layer.")),
}

BREAKS: dict[CountyFigure, tuple[float, ...]] = {
    CountyFigure.CENTRES: (1, 2, 3, 5, 9),
    CountyFigure.STATIONS: (1, 2, 3, 5, 9),
    CountyFigure.REACH: (1, 3, 6, 11, 21),
    CountyFigure.DISTANCE: (0, 10, 20, 30, 50),
}
"""The least value of each class on maps, lowest first, of the figures that differ from day to day: chosen once, so that
a colour means the same on every date. Numbers of records: one, two, a few, several, many; kilometres: as in reach, and
50. What is the same on every day has classes of about equal size.
"""

Values = dict[str, float | None]


def county_figure(
    session: Session, figure: CountyFigure | str, as_of: date, *, samples: bool, reach: CentreReach, within_km: float
) -> Values:
    """Return the figure of every county by adcode; None where unknown.

    ``figure``: a built-in figure or the code of an imported one (``stations.planning.imported_figure``), which is
    the same on every day. ``reach``: the centres for figures about centres. Coverage is 0 for uncovered, 1 for
    thin, 2 for fully served.

    Raises:
        NotFound: there is no imported figure with that code, or it is a sample and samples are excluded.
    """
    read = _READERS[CountyFigure(figure)] if figure in _READERS else _imported(figure)
    return read(session, as_of, samples, reach, within_km)


def _centres(session: Session, as_of: date, samples: bool, reach: CentreReach, within_km: float) -> Values:
    counts = Counter(centre.county_adcode for centre in reach.centres)
    return {county.adcode: counts[county.adcode] for county in reach.counties}


def _coverage(session: Session, as_of: date, samples: bool, reach: CentreReach, within_km: float) -> Values:
    order = list(CoverageStatus)
    return {row.county.adcode: order.index(row.status) for row in coverage_on(session, as_of, samples=samples).counties}


def _stations(session: Session, as_of: date, samples: bool, reach: CentreReach, within_km: float) -> Values:
    return {row.county.adcode: row.stations for row in coverage_on(session, as_of, samples=samples).counties}


def _reach(session: Session, as_of: date, samples: bool, reach: CentreReach, within_km: float) -> Values:
    return {row.county.adcode: row.surely for row in reach.of_counties(within_km)}


def _distance(session: Session, as_of: date, samples: bool, reach: CentreReach, within_km: float) -> Values:
    return {
        row.county.adcode: row.nearest_m / 1000 if row.nearest_m is not None else None
        for row in reach.of_counties(within_km)
    }


def _column(read: Callable[[County], float | None]) -> Callable[..., Values]:
    def answer(session: Session, as_of: date, samples: bool, reach: CentreReach, within_km: float) -> Values:
        return {county.adcode: read(county) for county in list_counties(session)}

    return answer


def _imported(code: str) -> Callable[..., Values]:
    def answer(session: Session, as_of: date, samples: bool, reach: CentreReach, within_km: float) -> Values:
        known = figure_values(session, code, samples=samples)
        return {county.adcode: known.get(county.adcode) for county in reach.counties}

    return answer


_READERS: dict[CountyFigure, Callable[..., Values]] = {
    CountyFigure.CENTRES: _centres,
    CountyFigure.COVERAGE: _coverage,
    CountyFigure.STATIONS: _stations,
    CountyFigure.REACH: _reach,
    CountyFigure.DISTANCE: _distance,
    CountyFigure.POPULATION: _column(lambda county: county.population),
    CountyFigure.AREA: _column(lambda county: county.area_km2),
}
