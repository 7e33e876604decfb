"""The measures of the way between places that this installation has: straight line, roads, imported tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from stations.errors import InvalidInput, NotFound
from stations.language import N_, ListedAsWritten, Worded
from stations.planning.distance_table import list_tables, table_travel
from stations.planning.road_data import road_facts
from stations.planning.road_travel import ROADS, road_travel
from stations.planning.travel_measure import STRAIGHT, Degrees, StraightLine, Travel, TravelUnit

__all__ = [
    "NO_ROADS", "ROADS", "STRAIGHT", "STRAIGHT_LABEL", "Degrees", "Measure", "Travel", "TravelUnit", "list_measures",
    "measure_names", "travel_of",
]  # fmt: skip

NO_ROADS = N_("No roads are imported; the operator brings them: import roads FILE.osm.pbf")
STRAIGHT_LABEL = Worded(N_("As the crow flies (kilometres)"))
STRAIGHT_LINE = Worded(N_("Great-circle distances."))
TABLE = {TravelUnit.SECONDS: N_("Minutes: {name} ({year})"), TravelUnit.METRES: N_("Kilometres: {name} ({year})")}


@dataclass(frozen=True)
class Measure:
    """A measure that can be chosen: its code, what it is called, its unit."""

    code: str
    label: Worded
    unit: TravelUnit


def list_measures(session: Session, *, samples: bool) -> list[Measure]:
    """Return the measures that can be chosen: the straight line first, roads where they are imported, then tables."""
    found = [Measure(STRAIGHT, STRAIGHT_LABEL, TravelUnit.METRES)]
    if road_facts() is not None:
        found.append(Measure(ROADS, Worded(N_("By road (minutes by car)")), TravelUnit.SECONDS))
    for one in list_tables(session, samples=samples):
        found.append(Measure(one.code, Worded(TABLE[one.unit], {"name": one.name, "year": one.year}), one.unit))
    return found


def measure_names(session: Session) -> dict[str, Worded]:
    """Return what every measure is called, by its code."""
    return {one.code: one.label for one in list_measures(session, samples=True)}


def travel_of(
    session: Session, code: str, *, samples: bool = True, report: Callable[[float], None] | None = None
) -> Travel:
    """Return the measure with this code. ``report``: called with the share of a long computation that is done.

    Raises:
        InvalidInput: there is none.
        NotFound: no roads are imported.
    """
    if code == STRAIGHT:
        return StraightLine(STRAIGHT, TravelUnit.METRES, "", STRAIGHT_LINE)
    if code == ROADS:
        travel = road_travel(report)
        if travel is None:
            raise NotFound(NO_ROADS)
        return travel
    known = [one.code for one in list_measures(session, samples=samples)]
    if code not in known:
        raise InvalidInput(
            "travel", N_("“{value}” is not known; use one of: {known}"), value=code, known=ListedAsWritten(known)
        )
    return table_travel(session, code)
