"""How the way between two places can be measured, and what a measure does not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation, listing
from stations.language import N_, Language, Worded
from stations.planning.distance_table import get_table, missing_pairs
from stations.planning.road_data import road_facts
from stations.planning.travel import ROADS, STRAIGHT, Measure, list_measures, travel_of
from stations.planning.travel_gaps import PlaceGap
from stations.planning.travel_measure import GapReason, TravelUnit

GAPS = {
    GapReason.BEYOND: N_("Beyond the area of the road data, so no way is known: {names}."),
    GapReason.FAR: N_("Too far from any road: {names}."),
    GapReason.NOT_LISTED: N_("Not in the table of distances, so no way is known: {names}."),
}
AVERAGE_LABELS = {TravelUnit.METRES: N_("Average distance"), TravelUnit.SECONDS: N_("Average time")}
OFF_ROADS = N_("The road data has no road near these stations, so nothing can be drawn.")
PAIRS = N_("{count} pairs of places have no way between them; they count as unreachable.")
NAMED = 12
"""So many places are named; the others are counted."""


@dataclass(frozen=True)
class ToldMeasure:
    """A measure, what it is, and its size: pairs of a table and those missing, junctions of the roads."""

    measure: Measure
    about: Worded
    pairs: int | None = None
    missing: int | None = None
    junctions: int | None = None
    area: dict[str, Any] | None = None


def told_measures(session: Session, *, samples: bool) -> list[ToldMeasure]:
    """Return every measure that can be chosen."""
    found = []
    for one in list_measures(session, samples=samples):
        about = travel_of(session, one.code, samples=samples).about
        facts = road_facts() if one.code == ROADS else None
        if facts is not None:
            found.append(ToldMeasure(one, about, junctions=facts.junctions, area=facts.area))
        elif one.code == STRAIGHT:
            found.append(ToldMeasure(one, about))
        else:
            table = get_table(session, one.code)
            found.append(ToldMeasure(one, about, table.pairs, missing_pairs(table)))
    return found


def gaps_in_words(gaps: Sequence[PlaceGap], pairs: int, language: Language) -> list[str]:
    """Return what a measure does not know of the places asked about. ``pairs``: that have no way."""
    told = []
    for reason, message in GAPS.items():
        names = [language.pick(one.name, one.name_en) for one in gaps if one.reason is reason]
        if len(names) > NAMED:
            names = [*names[:NAMED], language.translate(N_("{count} more"), count=len(names) - NAMED)]
        if names:
            told.append(language.translate(message, names=language.join(names)))
    if pairs:
        told.append(language.translate(PAIRS, count=language.format_number(pairs)))
    return told


MEASURE_TABLE: Columns[ToldMeasure] = Columns(
    Column("code", lambda one: one.measure.code, N_("Reference code")),
    Column("name", lambda one: one.measure.label, N_("Measure"), data=str),
    Column("unit", lambda one: one.measure.unit.word, N_("Unit")),
    Column("about", lambda one: one.about, N_("What it is"), data=str),
    Column("pairs", lambda one: one.pairs, N_("Pairs")),
    Column("missing", lambda one: one.missing, N_("Missing pairs")),
    Column("junctions", lambda one: one.junctions),
    Column("area", lambda one: one.area),
)

MEASURES: Presentation[Sequence[ToldMeasure], ToldMeasure] = listing(
    MEASURE_TABLE, "code", "name", "unit", "about", "pairs", "missing"
)
