"""Coverage over time: the curve, changes between two dates, counties at risk, people and area near a station."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.columns import Column, Columns, as_plain
from stations.answers.presentation import Presentation, listing, sample_note
from stations.coverage.station_spans import StationSpan
from stations.coverage.through_time import (
    CountyChange,
    CountyState,
    CoverageHistory,
    CurvePoint,
    EndangeredCounty,
    StationChange,
    Step,
    coverage_history,
)
from stations.errors import InvalidInput
from stations.language import N_, Bilingual, Language, Worded, label
from stations.planning.share_reached import METHOD, CoverageReach, ReachShare
from stations.tables.table import Cell


@dataclass(frozen=True)
class DayOfArea:
    """The numbers of counties, covered and fully served ones of a city on a day."""

    name: Bilingual
    total: int
    covered: int
    fully_served: int


@dataclass(frozen=True)
class DayOfCurve:
    """The numbers of counties of the province on a day, and in ``cities`` those of each city by adcode."""

    day: date
    total: int
    covered: int
    fully_served: int
    covered_by_samples_only: int
    cities: Mapping[str, DayOfArea]


MOST_DAYS = 4000
"""The longest curve by day: eleven years."""


def coverage_curve(
    session: Session, start: date, end: date, step: Step = Step.MONTH, *, samples: bool
) -> list[DayOfCurve]:
    """Return the coverage from ``start`` to ``end``, by month or day.

    Raises:
        InvalidInput: the end is before the start, or they are more than ``MOST_DAYS`` days apart, by day.
    """
    if step is Step.DAY and (end - start).days > MOST_DAYS:
        told = N_("{count} days are too many; ask by month, or for a shorter time")
        raise InvalidInput("step", told, count=(end - start).days)
    history = coverage_history(session, samples=samples)
    return days_of_curve(history, history.curve(start, end, step))


def days_of_curve(history: CoverageHistory, points: Iterable[CurvePoint]) -> list[DayOfCurve]:
    """Return the points of a history's curve with the numbers of counties."""
    cities = {timeline.county.city_adcode: timeline.county.city for timeline in history.counties}
    totals = Counter(timeline.county.city_adcode for timeline in history.counties)
    names = {adcode: Bilingual(city.name, city.name_en) for adcode, city in cities.items()}
    return [
        DayOfCurve(
            day=point.day,
            total=history.total,
            covered=point.covered,
            fully_served=point.fully_served,
            covered_by_samples_only=point.samples_only,
            cities={
                adcode: DayOfArea(names[adcode], totals[adcode], *counts) for adcode, counts in point.cities.items()
            },
        )
        for point in points
    ]


def _cities(cities: Mapping[str, DayOfArea]) -> list[dict[str, Any]]:
    return [
        {
            "adcode": adcode,
            "name": one.name.zh,
            "total": one.total,
            "covered": one.covered,
            "fully_served": one.fully_served,
        }
        for adcode, one in cities.items()
    ]


CURVE_DAYS: Columns[DayOfCurve] = Columns(
    Column("day", lambda point: point.day, N_("Date")),
    Column("total", lambda point: point.total, N_("Counties")),
    Column("covered", lambda point: point.covered, N_("Covered")),
    Column("fully_served", lambda point: point.fully_served, N_("Fully served")),
    Column("covered_by_samples_only", lambda point: point.covered_by_samples_only, N_("Covered by samples only")),
    Column("cities", lambda point: point.cities, data=_cities),
)
CURVE_COLUMNS = CURVE_DAYS.take("day", "total", "covered", "fully_served", "covered_by_samples_only")
"""The table of the province's curve."""


def city_curve_columns(city: str) -> tuple[Column[DayOfCurve], ...]:
    """Return the columns of the table of one city's curve."""
    return (
        CURVE_DAYS["day"],
        Column("total", lambda point: point.cities[city].total, N_("Counties")),
        Column("covered", lambda point: point.cities[city].covered, N_("Covered")),
        Column("fully_served", lambda point: point.cities[city].fully_served, N_("Fully served")),
    )


CURVE: Presentation[Sequence[DayOfCurve], DayOfCurve] = Presentation(
    data=lambda points, _language: [CURVE_DAYS.as_data(point) for point in points],
    rows=lambda points: points,
    columns=lambda _points: CURVE_COLUMNS,
    notes=lambda points, language: [
        sample_note(language, max((point.covered_by_samples_only for point in points), default=0))
    ],
)


def _state(state: CountyState) -> dict[str, Any]:
    return {"status": state.status.value, "stations": state.stations, "sample_stations": state.sample_stations}


def change_in_words(change: StationChange, language: Language) -> str:
    """Return how a station's status or services changed."""
    if (change.before, change.after) == (None, None) or change.before is change.after:
        return language.translate(N_("offers other services"))
    not_yet = N_("not running yet") if change.before_known else N_("earlier state not known")
    was = label(language, change.before) if change.before else language.translate(not_yet)
    return f"{was} → {label(language, change.after) if change.after else language.translate(N_('not known'))}"


def _through(changes: Sequence[StationChange], language: Language) -> Cell:
    return language.semicolon.join(
        f"{language.pick(one.station.name, one.station.name_en)}: {change_in_words(one, language)}" for one in changes
    )


def _through_data(changes: Sequence[StationChange]) -> list[dict[str, Any]]:
    return [
        {
            "code": one.station.code,
            "name": one.station.name,
            "sample": one.station.sample,
            "before": as_plain(one.before),
            "before_known": one.before_known,
            "after": as_plain(one.after),
        }
        for one in changes
    ]


def _station_names(stations: Sequence[StationSpan], language: Language) -> Cell:
    return language.semicolon.join(language.pick(one.name, one.name_en) for one in stations)


CHANGED_COUNTIES: Columns[CountyChange] = Columns(
    Column("adcode", lambda change: change.county.adcode, N_("Adcode")),
    Column("name", lambda change: Bilingual(change.county.name, change.county.name_en), N_("Name")),
    Column("city", lambda change: Bilingual(change.county.city.name, change.county.city.name_en), N_("City")),
    Column("change", lambda change: change.kind, N_("Change")),
    Column("before", lambda change: change.before, data=_state),
    Column("before_known", lambda change: change.before_known),
    Column("after", lambda change: change.after, data=_state),
    Column(
        "was",
        lambda change: change.before.status if change.before_known else Worded(N_("earlier state not known")),
        N_("Was"),
        in_data=False,
    ),
    Column("became", lambda change: change.after.status, N_("Became"), in_data=False),
    Column("through", lambda change: change.stations, N_("Through"), show=_through, data=_through_data),
)
CHANGE_KEYS = ("adcode", "name", "city", "change", "was", "became", "through")
SAVED_CHANGE_COLUMNS = CHANGED_COUNTIES.take(*CHANGE_KEYS)
"""The table of counties whose status differs between two days, on the command line and in a file."""

CHANGE_COLUMNS = tuple(column for column in SAVED_CHANGE_COLUMNS if column.key != "change")
"""The same table on the page, where figures tell what each change is."""

CHANGES = listing(
    CHANGED_COUNTIES,
    *CHANGE_KEYS,
    samples=lambda change: sum(one.station.sample for one in change.stations),
)
"""The counties whose status differs between two days, and the stations that caused it."""

ENDANGERED_COUNTIES: Columns[EndangeredCounty] = Columns(
    Column("adcode", lambda one: one.county.adcode, N_("Adcode")),
    Column("name", lambda one: Bilingual(one.county.name, one.county.name_en), N_("Name")),
    Column("city", lambda one: Bilingual(one.county.city.name, one.county.city.name_en), N_("City")),
    Column("danger", lambda one: one.danger, N_("Why it may fall uncovered")),
    Column("ends_on", lambda one: one.ends_on, N_("Coverage lost on"), show=lambda day, _language: as_plain(day)),
    Column(
        "stations",
        lambda one: one.stations,
        N_("Stations"),
        show=_station_names,
        data=lambda stations: [one.code for one in stations],
    ),
    Column("sample_stations", lambda one: sum(station.sample for station in one.stations)),
)

RISK_KEYS = ("adcode", "name", "city", "danger", "ends_on", "stations")
RISK_COLUMNS = ENDANGERED_COUNTIES.take(*RISK_KEYS)
"""The table of the covered counties that may soon be uncovered."""

RISK = listing(
    ENDANGERED_COUNTIES,
    *RISK_KEYS,
    samples=lambda one: sum(station.sample for station in one.stations),
)
"""The covered counties that may soon be uncovered: known to close, or dependent on one station."""


def _percent(share: float, language: Language) -> Cell:
    return language.format_percent(share, 1)


NEAR_A_STATION: Columns[ReachShare] = Columns(
    Column("km", lambda share: share.km, N_("Within km")),
    Column(
        "area_share",
        lambda share: share.area,
        N_("Share of area"),
        show=_percent,
        data=lambda share: round(share, 4),
    ),
    Column(
        "people_share",
        lambda share: share.people,
        N_("Share of people"),
        show=_percent,
        data=lambda share: round(share, 4),
    ),
    Column(
        "people",
        lambda share: share.residents,
        N_("People"),
        show=lambda people, _language: round(people / 1000) * 1000,
        data=round,
    ),
)
NEARBY_COLUMNS = NEAR_A_STATION.take("km", "area_share", "people_share", "people")
"""The table of the area and people near a station; people are told in thousands."""


def _reach_data(reach: CoverageReach, language: Language) -> dict[str, Any]:
    return {
        "as_of": reach.as_of.isoformat(),
        "method": language.translate(METHOD),
        "stations": reach.stations,
        "sample_stations": reach.sample_stations,
        "stations_placed_by_county": reach.by_county,
        "estimated_people_share": round(reach.estimated_people, 4),
        "people_left_out": reach.people_left_out,
        "within": [NEAR_A_STATION.as_data(share) for share in reach.shares],
    }


NEARBY: Presentation[CoverageReach, ReachShare] = Presentation(
    data=_reach_data,
    rows=lambda reach: reach.shares,
    columns=lambda _reach: NEARBY_COLUMNS,
    notes=lambda reach, language: [sample_note(language, reach.sample_stations)],
)
"""The shares of area and people within 10, 20 and 30 km of an active station."""
