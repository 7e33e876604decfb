"""How far every county is from stations and centres, and how evenly service is shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stations.answers.columns import Column, Columns, distance
from stations.answers.presentation import Presentation, sample_note
from stations.language import N_, Bilingual, LabelledEnum, Language
from stations.planning.demand import DemandLayer
from stations.planning.demand_notes import AVERAGES, demand_notes
from stations.planning.distances import REACHES_KM
from stations.planning.reach_report import CityReach, CountyReach, Nearest, ReachReport, reach_report_data
from stations.planning.share_reached import two_counts
from stations.registry.centre import CentreKind
from stations.tables.table import Cell


def _named(found: Nearest | None, language: Language) -> Cell:
    return language.pick(found.name, found.name_en) if found else None


def _demand(one: CountyReach, language: Language) -> Cell:
    weight = language.format_number(round(one.weight))
    return language.translate(N_("{number} (estimated)"), number=weight) if one.estimated else weight


def _metres(found: Nearest | None, language: Language) -> Cell:
    return distance(None if found is None else found.metres, language)


def _score(score: float, language: Language) -> Cell:
    return language.format_number(score, 3)


STATION_LABELS = {10: N_("Station ≤ 10 km"), 20: N_("Station ≤ 20 km"), 30: N_("Station ≤ 30 km")}


def _within(km: int, label: str) -> Column[CountyReach]:
    return Column(
        f"within_{km}",
        lambda one: one.within.get(km),
        label,
        show=lambda share, language: None if share is None else language.format_percent(share),
    )


REACHED_COUNTIES: Columns[CountyReach] = Columns(
    Column("adcode", lambda one: one.county.adcode, N_("Adcode")),
    Column("name", lambda one: Bilingual(one.county.name, one.county.name_en), N_("Name")),
    Column("city", lambda one: Bilingual(one.county.city.name, one.county.city.name_en), N_("City")),
    Column("weight", lambda one: one, N_("Demand there"), show=_demand, data=lambda one: one.weight),
    Column("station", lambda one: one.station, N_("Nearest station"), show=_named, data=lambda one: one and one.name),
    Column(
        "distance", lambda one: one.station, N_("Distance"), show=_metres, data=lambda one: one.metres if one else None
    ),
    Column("centre", lambda one: one.centre, N_("Nearest centre"), show=_named, data=lambda one: one and one.name),
    Column(
        "to_centre",
        lambda one: one.centre,
        N_("To the nearest centre"),
        show=_metres,
        data=lambda one: one.metres if one else None,
    ),
    *(_within(km, label) for km, label in STATION_LABELS.items()),
    Column("score", lambda one: one.score, N_("Per 100,000"), show=_score),
)

_WITHIN = tuple(f"within_{km}" for km in REACHES_KM)
REACH_COLUMNS = REACHED_COUNTIES.take("adcode", "name", "city", "station", "distance", "to_centre", *_WITHIN, "score")


def county_columns(elements: Mapping[str, Bilingual]) -> list[Column[CountyReach]]:
    """Return all columns of the counties.

    They include the distance to the nearest station that offers each of the ``elements`` (code → name) and to the
    nearest centre of each kind.
    """

    def element(code: str, name: Bilingual) -> Column[CountyReach]:
        return Column(code, lambda one: one.by_element.get(code), name, distance)

    def kind(one_kind: LabelledEnum) -> Column[CountyReach]:
        return Column(one_kind.value, lambda one: one.by_kind.get(one_kind), one_kind.label, distance)

    return [
        *REACHED_COUNTIES.take("adcode", "name", "city", "weight", "station", "distance"),
        *(element(code, name) for code, name in elements.items()),
        *REACHED_COUNTIES.take("centre", "to_centre"),
        *(kind(one) for one in CentreKind),
        *REACHED_COUNTIES.take(*_WITHIN),
        REACHED_COUNTIES["score"],
    ]


def _share(km: int, label: str, shares: str) -> Column[CityReach]:
    return Column(
        f"{shares}_{km}",
        lambda one: getattr(one, shares)[km],
        label,
        show=lambda share, language: language.format_percent(share),
    )


CENTRE_LABELS = {10: N_("Centre ≤ 10 km"), 20: N_("Centre ≤ 20 km"), 30: N_("Centre ≤ 30 km")}


def _gini(value: float | None, language: Language) -> Cell:
    return None if value is None else language.format_number(value, 2)


def _area(name: Bilingual | None, language: Language) -> Cell:
    return language.pick(*name) if name else language.translate(N_("Province"))


REACHED_CITIES: Sequence[Column[CityReach]] = (
    Column("city", lambda one: one.city and Bilingual(one.city.name, one.city.name_en), N_("City"), show=_area),
    *(_share(km, STATION_LABELS[km], "within") for km in REACHES_KM),
    *(_share(km, CENTRE_LABELS[km], "centre_within") for km in REACHES_KM),
    Column("average_m", lambda one: one.average_m, N_("Average distance"), show=distance),
    Column("score", lambda one: one.score, N_("Per 100,000"), show=_score),
    Column("gini", lambda one: one.gini, N_("Gini"), show=_gini),
)
"""The table of cities, with one row for the province."""


def reach_notes(report: ReachReport, language: Language) -> list[str]:
    """Return how the demand is counted, where it is from, and what the figures of a county mean."""
    layer = report.demand.layer
    return [
        *demand_notes(report.demand, language),
        "" if layer is DemandLayer.COUNTIES else language.translate(AVERAGES),
        language.translate(two_counts(layer)),
        sample_note(language, report.samples),
    ]


REACH: Presentation[ReachReport, CountyReach] = Presentation(
    data=lambda report, _language: reach_report_data(report),
    rows=lambda report: report.counties,
    columns=lambda _report: REACH_COLUMNS,
    notes=reach_notes,
)
"""How far the people of each county are from stations and centres."""
