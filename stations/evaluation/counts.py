"""Counting for the evaluation, by station, county or city, grouped in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Label, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from stations.evaluation.basis import (
    answer_judged_in,
    delivered_in,
    delivery_in,
    delivery_judged_in,
    filed_in,
    rated_in,
    reopening_in,
    timed_in,
    urging_in_time,
    urging_judged_in,
)
from stations.evaluation.indicators import Indicator, UnitLevel
from stations.evaluation.period import Period
from stations.evaluation.site_visits import SiteVisit
from stations.places.counties import County
from stations.planning.imported_figure import ImportedFigure, list_figures
from stations.registry.station import Station
from stations.requests.rating import Rating
from stations.requests.service_request import RequestEvent, RequestItem, ServiceRequest
from stations.requests.states import State
from stations.requests.urging import Addressee, Urging

FIRMS_CODE = "FIRMS"
"""Prefix of the code of an imported figure with each county's number of firms; the latest year is used."""

PERIOD = "of_period"
"""The name of the period column in a query, for GROUP BY: PostgreSQL would treat the same expression with other
parameters as a different one.
"""

Columns = TypeVarTuple("Columns")

KEYS: dict[UnitLevel, InstrumentedAttribute[Any]] = {
    UnitLevel.STATION: Station.code,
    UnitLevel.COUNTY: Station.county_adcode,
    UnitLevel.CITY: Station.city_adcode,
}
"""The column with the code of a request's unit; the statement joins ``Station``."""


URGED: dict[UnitLevel, tuple[Addressee, ...]] = {
    UnitLevel.STATION: (Addressee.STATION,),
    UnitLevel.COUNTY: (Addressee.STATION, Addressee.COUNTY),
    UnitLevel.CITY: tuple(Addressee),
}
"""Whose answers to urgings count for a unit: its own, and those of whoever is within it."""


@dataclass(frozen=True)
class Counted:
    """The records to count.

    ``samples``: include sample records. ``invented_only``: only those, for a sample user. ``only``: only the unit
    with this code.
    """

    samples: bool
    invented_only: bool = False
    only: str = ""

    def narrow(
        self,
        statement: Select[*Columns],
        record: type[ServiceRequest | SiteVisit],
        key: InstrumentedAttribute[Any],
    ) -> Select[*Columns]:
        """Return the statement restricted to these records. ``key``: the column with the unit's code."""
        statement = statement.where(key.is_not(None))
        if not self.samples:
            statement = statement.where(record.sample.is_(False))
        if self.invented_only:
            statement = statement.where(record.sample)
        return statement.where(key == self.only) if self.only else statement


@dataclass
class Counts:
    """The counts of one unit.

    ``days``: duration in working days → number of services. ``rating``: mean grade. ``samples``: how often a sample
    record was counted.
    """

    filed: int = 0
    refused: int = 0
    firms: int = 0
    answers_judged: int = 0
    answers_in_time: int = 0
    deliveries_judged: int = 0
    deliveries_in_time: int = 0
    days: dict[int, int] = field(default_factory=dict)
    services: int = 0
    ratings: int = 0
    rating: float | None = None
    reopened: int = 0
    deliveries: int = 0
    visits: int = 0
    urgings_judged: int = 0
    urgings_in_time: int = 0
    samples: int = 0

    def values(self) -> dict[Indicator, float | None]:
        """Return the indicators; None for a share or mean without data."""

        def share(part: int, whole: int) -> float | None:
            return part / whole if whole else None

        return {
            Indicator.REQUESTS: self.filed,
            Indicator.ANSWERED_IN_TIME: share(self.answers_in_time, self.answers_judged),
            Indicator.DELIVERED_IN_TIME: share(self.deliveries_in_time, self.deliveries_judged),
            Indicator.MEDIAN_DAYS: quantile(self.days, 0.5),
            Indicator.P90_DAYS: quantile(self.days, 0.9),
            Indicator.SATISFACTION: self.rating,
            Indicator.REOPENED: share(self.reopened, self.deliveries),
            Indicator.REFUSED: share(self.refused, self.filed),
            Indicator.BREADTH: self.services if self.deliveries or self.services else None,
            Indicator.FIRMS: self.firms,
            Indicator.VISITS: self.visits,
            Indicator.URGED_LATE: share(self.urgings_judged - self.urgings_in_time, self.urgings_judged),
        }

    @property
    def idle(self) -> bool:
        """Whether no request was filed, answered, due or delivered. Visits alone say nothing about service."""
        return not (self.filed or self.answers_judged or self.deliveries_judged or self.deliveries or self.days)

    def basis(self) -> dict[Indicator, int]:
        """Return the number of requests, services or ratings behind each indicator."""
        timed = sum(self.days.values())
        return {
            Indicator.REQUESTS: self.filed,
            Indicator.ANSWERED_IN_TIME: self.answers_judged,
            Indicator.DELIVERED_IN_TIME: self.deliveries_judged,
            Indicator.MEDIAN_DAYS: timed,
            Indicator.P90_DAYS: timed,
            Indicator.SATISFACTION: self.ratings,
            Indicator.REOPENED: self.deliveries,
            Indicator.REFUSED: self.filed,
            Indicator.BREADTH: self.services,
            Indicator.FIRMS: self.firms,
            Indicator.VISITS: self.visits,
            Indicator.URGED_LATE: self.urgings_judged,
        }


def quantile(histogram: Mapping[int, int], share: float) -> float | None:
    """Return the quantile of a histogram (value → frequency), interpolated between closest ranks; None if it is empty.

    ``share``: from 0 to 1.
    """
    whole = sum(histogram.values())
    if not whole:
        return None
    place = share * (whole - 1)
    below, above = int(place), min(int(place) + 1, whole - 1)
    at = {}
    passed = 0
    for value in sorted(histogram):
        for rank in {below, above}:
            if passed <= rank < passed + histogram[value]:
                at[rank] = value
        passed += histogram[value]
    return at[below] + (at[above] - at[below]) * (place - below)


def count(
    session: Session, periods: Sequence[Period], level: UnitLevel, today: date, counted: Counted
) -> dict[Period, dict[str, Counts]]:
    """Return for each period: unit's code → its counts. Units without anything to count are left out.

    ``periods`` must follow one another without gaps, the oldest first. The number of queries does not depend on
    their number, since each query also groups by period.
    """
    key = KEYS[level]
    found: dict[Period, dict[str, Counts]] = {period: defaultdict(Counts) for period in periods}
    invented = func.count().filter(ServiceRequest.sample)

    def ask(
        columns: Mapping[str, ColumnElement[Any]],
        condition: Callable[[Period], ColumnElement[bool]],
        joined: type[RequestItem | RequestEvent | Rating | Urging] | None = None,
    ) -> None:
        statement = select(key, of_period(periods, condition), *columns.values())
        statement = statement.select_from(ServiceRequest).join(ServiceRequest.station)
        if joined is not None:
            statement = statement.join(joined, joined.request_id == ServiceRequest.id)
        statement = statement.where(condition(span(periods))).group_by(key, PERIOD)
        for code, place, *numbers in session.execute(counted.narrow(statement, ServiceRequest, key)):
            told = found[periods[place]][code]
            for name, number in zip(columns, numbers, strict=True):
                before = getattr(told, name) if name == "samples" else 0
                setattr(told, name, before + (number or 0))

    ask(
        {
            "filed": func.count(),
            "refused": func.count().filter(ServiceRequest.state == State.REFUSED),
            "firms": func.count(ServiceRequest.credit_code.distinct()),
            "samples": invented,
        },
        filed_in,
    )
    ask(
        {
            "answers_judged": func.count(),
            "answers_in_time": func.count().filter(ServiceRequest.answered_late.is_(False)),
            "samples": invented,
        },
        lambda period: answer_judged_in(period, today),
    )
    ask(
        {
            "deliveries_judged": func.count(),
            "deliveries_in_time": func.count().filter(RequestItem.delivered_late.is_(False)),
            "samples": invented,
        },
        lambda period: delivery_judged_in(period, today),
        joined=RequestItem,
    )
    ask({"services": func.count(RequestItem.service_code.distinct())}, delivered_in, joined=RequestItem)
    ask(
        {"ratings": func.count(), "rating": func.avg(Rating.overall * 1.0), "samples": invented},
        rated_in,
        joined=Rating,
    )
    ask(
        {
            "reopened": func.count().filter(reopening_in(span(periods))),
            "deliveries": func.count().filter(delivery_in(span(periods))),
            "samples": invented,
        },
        lambda period: reopening_in(period) | delivery_in(period),
        joined=RequestEvent,
    )
    ask(
        {
            "urgings_judged": func.count(),
            "urgings_in_time": func.count().filter(urging_in_time()),
            "samples": invented,
        },
        lambda period: urging_judged_in(period, today, URGED[level]),
        joined=Urging,
    )
    _count_days(session, found, periods, key, counted)
    _count_visits(session, found, periods, key, counted)
    for units in found.values():
        for told in units.values():
            told.rating = float(told.rating or 0) if told.ratings else None
    return {period: dict(units) for period, units in found.items()}


def span(periods: Sequence[Period]) -> Period:
    """Return the span of consecutive periods, from the first day of the oldest to the last day of the newest."""
    return Period(periods[-1].text, periods[0].first, periods[-1].last)


def of_period(periods: Sequence[Period], condition: Callable[[Period], ColumnElement[bool]]) -> Label[int]:
    """Return the column ``PERIOD``: the index in ``periods`` of the period that a row falls into."""
    return case(*((condition(period), place) for place, period in enumerate(periods))).label(PERIOD)


def _count_days(
    session: Session,
    found: dict[Period, dict[str, Counts]],
    periods: Sequence[Period],
    key: InstrumentedAttribute[Any],
    counted: Counted,
) -> None:
    statement = (
        select(key, of_period(periods, timed_in), RequestItem.working_days, func.count())
        .select_from(ServiceRequest)
        .join(ServiceRequest.station)
        .join(RequestItem, RequestItem.request_id == ServiceRequest.id)
        .where(timed_in(span(periods)))
        .group_by(key, PERIOD, RequestItem.working_days)
    )
    for code, place, days, count in session.execute(counted.narrow(statement, ServiceRequest, key)):
        found[periods[place]][code].days[days] = count


def _count_visits(
    session: Session,
    found: dict[Period, dict[str, Counts]],
    periods: Sequence[Period],
    key: InstrumentedAttribute[Any],
    counted: Counted,
) -> None:
    def visited_in(period: Period) -> ColumnElement[bool]:
        return SiteVisit.visited_on.between(period.first, period.last)

    statement = (
        select(key, of_period(periods, visited_in), func.count(), func.count(case((SiteVisit.sample, 1))))
        .select_from(SiteVisit)
        .join(SiteVisit.station)
        .where(SiteVisit.withdrawn_at.is_(None), visited_in(span(periods)))
        .group_by(key, PERIOD)
    )
    for code, place, count, invented in session.execute(counted.narrow(statement, SiteVisit, key)):
        told = found[periods[place]][code]
        told.visits, told.samples = count, told.samples + invented


def firms_figure(session: Session, samples: bool) -> ImportedFigure | None:
    """Return the imported figure with each county's number of firms; None if there is none."""
    figures = [one for one in list_figures(session, samples=samples) if one.code.startswith(FIRMS_CODE)]
    return max(figures, key=lambda one: (one.year, one.code), default=None)


def firms_per_1000(
    session: Session, periods: Sequence[Period], level: UnitLevel, figure: ImportedFigure | None, counted: Counted
) -> dict[Period, dict[str, float]]:
    """Return for each period: unit's code → firms of the area that filed with any station, per 1,000 firms there.

    Left out are units without a complete number of firms, and stations, which have no area of their own.
    """
    if figure is None or level is UnitLevel.STATION:
        return {period: {} for period in periods}
    key = County.adcode if level is UnitLevel.COUNTY else County.city_adcode
    of_county = dict(session.execute(select(County.adcode, key)).all())
    there = {row.county_adcode: row.value for row in figure.values}
    firms: dict[str, float] = defaultdict(float)
    for adcode, unit in of_county.items():
        firms[unit] += there.get(adcode, float("nan"))  # a county without a value makes its city's number unknown
    statement = (
        select(key, of_period(periods, filed_in), func.count(ServiceRequest.credit_code.distinct()))
        .select_from(ServiceRequest)
        .join(County, County.adcode == ServiceRequest.county_adcode)
        .where(filed_in(span(periods)))
        .group_by(key, PERIOD)
    )
    filed: dict[Period, dict[str, int]] = {period: {} for period in periods}
    for unit, place, number in session.execute(counted.narrow(statement, ServiceRequest, key)):
        filed[periods[place]][unit] = number
    return {
        period: {unit: 1000 * filed[period].get(unit, 0) / count for unit, count in firms.items() if count > 0}
        for period in periods
    }
