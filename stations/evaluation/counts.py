"""Counting what the evaluation tells, by station, county or city: in the database, by group."""

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

FIRMS_CODE = "FIRMS"
"""An imported figure whose code begins so tells how many firms a county has; the latest year's counts."""

PERIOD = "of_period"
"""What the period of a row is called in a query. Grouped by this name: PostgreSQL would take the same
expression with other parameters for another one."""

Row = TypeVarTuple("Row")

_KEY: dict[UnitLevel, InstrumentedAttribute[Any]] = {
    UnitLevel.STATION: Station.code,
    UnitLevel.COUNTY: Station.county_adcode,
    UnitLevel.CITY: Station.city_adcode,
}


@dataclass(frozen=True)
class Counted:
    """What is counted: ``samples``, with invented records; ``invented_only``, nothing else, for an
    invented person; ``only``, of the unit of that code alone."""

    samples: bool
    invented_only: bool = False
    only: str = ""

    def narrow(
        self,
        statement: Select[*Row],
        record: type[ServiceRequest | SiteVisit],
        key: InstrumentedAttribute[Any],
    ) -> Select[*Row]:
        """The statement, narrowed to it; ``key``: the unit's code."""
        statement = statement.where(key.is_not(None))
        if not self.samples:
            statement = statement.where(record.sample.is_(False))
        if self.invented_only:
            statement = statement.where(record.sample)
        return statement.where(key == self.only) if self.only else statement


@dataclass
class Counts:
    """What the queries give for one unit. ``days``: working days a service took → how many took so
    long; ``rating``: the mean grade; ``samples``: how often an invented record was counted."""

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
    samples: int = 0

    def values(self) -> dict[Indicator, float | None]:
        """The indicators; None where there is nothing to take a share or mean of."""

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
        }

    @property
    def idle(self) -> bool:
        """Whether no request was filed, answered, due or delivered: visits alone say nothing of service."""
        return not (self.filed or self.answers_judged or self.deliveries_judged or self.deliveries or self.days)

    def basis(self) -> dict[Indicator, int]:
        """On how many requests, services or ratings each indicator rests."""
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
        }


def quantile(histogram: Mapping[int, int], share: float) -> float | None:
    """The value that a ``share`` (0 to 1) of what was counted does not exceed, interpolated between
    closest ranks; None where nothing was counted. ``histogram``: value → how often."""
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
    """For each period: unit's code → its counts; units of which there is nothing to count are left out.

    ``periods`` follow one another without a gap, the oldest first. However many they are, the queries are
    as many as for one: each groups by the period too.
    """
    key = _KEY[level]
    found: dict[Period, dict[str, Counts]] = {period: defaultdict(Counts) for period in periods}
    invented = func.count().filter(ServiceRequest.sample)

    def ask(
        columns: Mapping[str, ColumnElement[Any]],
        condition: Callable[[Period], ColumnElement[bool]],
        joined: Any = None,  # a table with a request_id
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
    _count_days(session, found, periods, key, counted)
    _count_visits(session, found, periods, key, counted)
    for units in found.values():
        for told in units.values():
            told.rating = float(told.rating or 0) if told.ratings else None
    return {period: dict(units) for period, units in found.items()}


def span(periods: Sequence[Period]) -> Period:
    """From the first day of the oldest to the last day of the newest of periods without a gap."""
    return Period(periods[-1].text, periods[0].first, periods[-1].last)


def of_period(periods: Sequence[Period], condition: Callable[[Period], ColumnElement[bool]]) -> Label[int]:
    """The place among ``periods`` of the one that a row falls into, under the name ``PERIOD`` to group by."""
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
    """The imported figure that tells how many firms a county has; None where there is none."""
    figures = [one for one in list_figures(session, samples=samples) if one.code.startswith(FIRMS_CODE)]
    return max(figures, key=lambda one: (one.year, one.code), default=None)


def firms_per_1000(
    session: Session, periods: Sequence[Period], level: UnitLevel, figure: ImportedFigure | None, counted: Counted
) -> dict[Period, dict[str, float]]:
    """For each period, as for ``count``: unit's code → firms of the area that filed with any station, for
    each 1,000 firms there; units whose number of firms is not wholly known are left out, and stations,
    which have no area of their own."""
    if figure is None or level is UnitLevel.STATION:
        return {period: {} for period in periods}
    key = County.adcode if level is UnitLevel.COUNTY else County.city_adcode
    of_county = dict(session.execute(select(County.adcode, key)).all())
    there = {row.county_adcode: row.value for row in figure.values}
    firms: dict[str, float] = defaultdict(float)
    for adcode, unit in of_county.items():
        firms[unit] += there.get(adcode, float("nan"))  # a county left out leaves its city untold
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
