"""How far every county is from stations and centres, and how evenly service is shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stations.answers.columns import Column, Columns, way
from stations.answers.measures import AVERAGE_LABELS, gaps_in_words
from stations.answers.presentation import Presentation, sample_note
from stations.language import N_, Bilingual, LabelledEnum, Language
from stations.planning.demand import DemandLayer
from stations.planning.demand_notes import AVERAGES, demand_notes
from stations.planning.reach_report import CityReach, CountyReach, Nearest, ReachReport, reach_report_data
from stations.planning.share_reached import two_counts
from stations.planning.travel_measure import STRAIGHT, TravelUnit
from stations.registry.centre import CentreKind
from stations.tables.table import Cell


def _named(found: Nearest | None, language: Language) -> Cell:
    return language.pick(found.name, found.name_en) if found else None


def _demand(one: CountyReach, language: Language) -> Cell:
    weight = language.format_number(round(one.weight))
    return language.translate(N_("{number} (estimated)"), number=weight) if one.estimated else weight


def _score(score: float, language: Language) -> Cell:
    return language.format_number(score, 3)


METRES, SECONDS = TravelUnit.METRES, TravelUnit.SECONDS
STATION_LABELS = {
    METRES: {10: N_("Station ≤ 10 km"), 20: N_("Station ≤ 20 km"), 30: N_("Station ≤ 30 km")},
    SECONDS: {15: N_("Station ≤ 15 min"), 30: N_("Station ≤ 30 min"), 60: N_("Station ≤ 60 min")},
}
CENTRE_LABELS = {
    METRES: {10: N_("Centre ≤ 10 km"), 20: N_("Centre ≤ 20 km"), 30: N_("Centre ≤ 30 km")},
    SECONDS: {15: N_("Centre ≤ 15 min"), 30: N_("Centre ≤ 30 min"), 60: N_("Centre ≤ 60 min")},
}


def _within(most: int, label: str) -> Column[CountyReach]:
    return Column(
        f"within_{most}",
        lambda one: one.within.get(most),
        label,
        show=lambda share, language: None if share is None else language.format_percent(share),
    )


def reached_counties(unit: TravelUnit) -> Columns[CountyReach]:
    """Return the columns of counties, ways in the unit."""

    def told(found: Nearest | None, language: Language) -> Cell:
        return None if found is None else unit.in_words(language, found.way)

    def data(found: Nearest | None) -> float | None:
        return found.way if found else None

    return Columns(
        Column("adcode", lambda one: one.county.adcode, N_("Adcode")),
        Column("name", lambda one: Bilingual(one.county.name, one.county.name_en), N_("Name")),
        Column("city", lambda one: Bilingual(one.county.city.name, one.county.city.name_en), N_("City")),
        Column("weight", lambda one: one, N_("Demand there"), show=_demand, data=lambda one: one.weight),
        Column(
            "station", lambda one: one.station, N_("Nearest station"), show=_named, data=lambda one: one and one.name
        ),
        Column("distance", lambda one: one.station, N_("Distance"), show=told, data=data),
        Column("centre", lambda one: one.centre, N_("Nearest centre"), show=_named, data=lambda one: one and one.name),
        Column("to_centre", lambda one: one.centre, N_("To the nearest centre"), show=told, data=data),
        *(_within(most, label) for most, label in STATION_LABELS[unit].items()),
        Column("score", lambda one: one.score, N_("Per 100,000"), show=_score),
    )


def reach_columns(unit: TravelUnit) -> Sequence[Column[CountyReach]]:
    """Return the columns of the command's table."""
    within = [f"within_{most}" for most in unit.reaches]
    columns = reached_counties(unit)
    return columns.take("adcode", "name", "city", "station", "distance", "to_centre", *within, "score")


def county_columns(elements: Mapping[str, Bilingual], unit: TravelUnit) -> list[Column[CountyReach]]:
    """Return all columns of the counties.

    Ways are in the unit. They include the way to the nearest station that offers each of the ``elements`` (code →
    name) and to the nearest centre of each kind.
    """

    def element(code: str, name: Bilingual) -> Column[CountyReach]:
        return Column(code, lambda one: one.by_element.get(code), name, way(unit))

    def kind(one_kind: LabelledEnum) -> Column[CountyReach]:
        return Column(one_kind.value, lambda one: one.by_kind.get(one_kind), one_kind.label, way(unit))

    columns = reached_counties(unit)
    return [
        *columns.take("adcode", "name", "city", "weight", "station", "distance"),
        *(element(code, name) for code, name in elements.items()),
        *columns.take("centre", "to_centre"),
        *(kind(one) for one in CentreKind),
        *columns.take(*(f"within_{most}" for most in unit.reaches)),
        columns["score"],
    ]


def _share(most: int, label: str, shares: str) -> Column[CityReach]:
    return Column(
        f"{shares}_{most}",
        lambda one: getattr(one, shares)[most],
        label,
        show=lambda share, language: language.format_percent(share),
    )


def _gini(value: float | None, language: Language) -> Cell:
    return None if value is None else language.format_number(value, 2)


def _area(name: Bilingual | None, language: Language) -> Cell:
    return language.pick(*name) if name else language.translate(N_("Province"))


def reached_cities(unit: TravelUnit) -> list[Column[CityReach]]:
    """Return the columns of the table of cities, which has one row for the province."""
    return [
        Column("city", lambda one: one.city and Bilingual(one.city.name, one.city.name_en), N_("City"), show=_area),
        *(_share(most, label, "within") for most, label in STATION_LABELS[unit].items()),
        *(_share(most, label, "centre_within") for most, label in CENTRE_LABELS[unit].items()),
        Column(f"average_{unit.value}", lambda one: one.average, AVERAGE_LABELS[unit], show=way(unit)),
        Column("score", lambda one: one.score, N_("Per 100,000"), show=_score),
        Column("gini", lambda one: one.gini, N_("Gini"), show=_gini),
    ]


def reach_notes(report: ReachReport, language: Language) -> list[str]:
    """Return how the demand is counted, where it is from, and what the figures of a county mean."""
    layer = report.demand.layer
    return [
        *demand_notes(report.demand, language),
        "" if layer is DemandLayer.COUNTIES else language.translate(AVERAGES),
        language.translate(two_counts(layer)),
        *travel_notes(report, language),
        sample_note(language, report.samples),
    ]


def travel_notes(report: ReachReport, language: Language) -> list[str]:
    """Return how ways are measured where that is not the straight line, and which places have none."""
    about = report.about_travel
    if about is None or report.travel == STRAIGHT:
        return []
    told = [language.translate(about.message, **about.params), *gaps_in_words(report.gaps, 0, language)]
    if report.province.unreached:
        told.append(unreached_note(report, language))
    return told


def unreached_note(report: ReachReport, language: Language) -> str:
    """Return how much of the demand has no way to a station, and what the averages are of."""
    return language.translate(UNREACHED, share=language.format_percent(report.province.unreached, 1))


UNREACHED = N_(
    "{share} of the demand has no way to a station by this measure: it counts as not reached, and average ways are "
    "those of the others."
)


REACH: Presentation[ReachReport, CountyReach] = Presentation(
    data=lambda report, _language: reach_report_data(report),
    rows=lambda report: report.counties,
    columns=lambda report: reach_columns(report.unit),
    notes=reach_notes,
)
"""How far the people of each county are from stations and centres."""
