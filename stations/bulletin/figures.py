"""The figures of the monthly bulletin (月度通报), collected from the modules that compute them.

Coverage at the end of the month and compared with the end of the month before, the counties without a station,
reach, the policy's targets, and the results of the firms' requests. A month is a month in China's time. The current
month is shown as of today, and marked so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from geo.province import province_in_use
from stations.bulletin.request_figures import OverdueStation, RequestFigures, overdue_stations, request_figures
from stations.coverage.county_coverage import Coverage, coverage_on
from stations.coverage.through_time import CountyChange, coverage_history, month_end
from stations.duty.roles import Action, Actor, require, whole_province
from stations.errors import InvalidInput
from stations.evaluation.counts import Counted
from stations.evaluation.indicators import UnitLevel
from stations.evaluation.period import Period, month_of
from stations.evaluation.results import Evaluation, evaluate
from stations.language import N_
from stations.planning.share_reached import CoverageReach, reach_on
from stations.targets.counting_rule import Subject
from stations.targets.target import TargetStanding, list_targets, standing_on


@dataclass(frozen=True)
class Bulletin:
    """The figures of one month.

    ``as_of``: its last day, or today if the month is still ``running``. ``before``: coverage at the end of the
    month before. ``requests``: by adcode of the city, and of the whole province under its own adcode.
    ``sample_requests``: the same of sample requests only. ``year_before``: coverage a year before ``as_of``;
    ``requests_before`` and ``requests_year_before``: the whole province's in the month before and in the same month of
    last year. ``ranking``: the evaluation of the cities in the month; ``ranks_before``: adcode → rank in the month
    before. ``overdue``: the stations with services overdue on ``as_of``. ``standings``: every target's on ``as_of``.
    ``at_period_end``: by target code, for targets of counties whose period is over, the standing on its last day,
    which may have changed since.
    """

    month: date
    as_of: date
    running: bool
    samples: bool
    coverage: Coverage
    before: Coverage
    year_before: Coverage
    changes: Sequence[CountyChange]
    reach: CoverageReach
    standings: Sequence[TargetStanding]
    at_period_end: dict[str, TargetStanding]
    requests: dict[str, RequestFigures]
    sample_requests: dict[str, RequestFigures]
    requests_before: RequestFigures
    requests_year_before: RequestFigures
    ranking: Evaluation
    ranks_before: dict[str, int]
    overdue: Sequence[OverdueStation]

    @property
    def holds_samples(self) -> bool:
        """Whether any figure includes sample records."""
        return bool(
            self.coverage.sample_stations
            or self.before.sample_stations
            or not self.sample_requests[province_in_use().adcode].idle
            or any(standing.sample_codes for standing in (*self.standings, *self.at_period_end.values()))
        )

    def uncovered_by_city(self) -> list[tuple[str, list[str]]]:
        """Return the counties without a station, as (city's name, counties' names), sorted by adcode."""
        cities: dict[str, list[str]] = {}
        for row in self.coverage.uncovered:
            cities.setdefault(row.county.city.name, []).append(row.county.name)
        return list(cities.items())


def make_bulletin(session: Session, actor: Actor | None, month: date, *, samples: bool, today: date) -> Bulletin:
    """Return the bulletin if the actor may send it; see ``gather_bulletin``.

    Raises:
        NotAllowed: nobody is signed in, or the actor's duty does not include bulletins.
    """
    require(actor, Action.SEND_BULLETIN, whole_province(sample=samples))
    return gather_bulletin(session, month, samples=samples, today=today)


def gather_bulletin(session: Session, month: date, *, samples: bool, today: date) -> Bulletin:
    """Return the figures of the month of the day ``month``; sample records count only with ``samples``.

    Raises:
        InvalidInput: the month has not begun by ``today``.
    """
    first = month.replace(day=1)
    if first > today:
        raise InvalidInput("month", N_("The month {month} has not begun yet"), month=f"{first:%Y-%m}")
    as_of = min(month_end(first), today)
    eve = first - timedelta(days=1)
    period, targets, everything = month_of(first), list_targets(session), Counted(samples)
    whole = province_in_use().adcode

    def of_month(one: Period) -> RequestFigures:
        return request_figures(session, one, everything, today=today)[whole]

    before = evaluate(session, period.before(), UnitLevel.CITY, everything, today=today)
    return Bulletin(
        month=first,
        as_of=as_of,
        running=as_of < month_end(first),
        samples=samples,
        coverage=coverage_on(session, as_of, samples=samples),
        before=coverage_on(session, eve, samples=samples),
        year_before=coverage_on(session, as_of - relativedelta(years=1), samples=samples),
        changes=coverage_history(session, samples=samples).changes(eve, as_of),
        reach=reach_on(session, as_of, samples=samples),
        standings=[standing_on(session, target, as_of, samples=samples) for target in targets],
        at_period_end={
            target.code: standing_on(session, target, target.period_end, samples=samples)
            for target in targets
            if target.period_end < as_of and target.rule_on(target.period_end).subject is Subject.COUNTY
        },
        requests=request_figures(session, period, everything, today=today),
        sample_requests=request_figures(session, period, Counted(samples, invented_only=True), today=today),
        requests_before=of_month(period.before()),
        requests_year_before=of_month(month_of(first - relativedelta(years=1))),
        ranking=evaluate(session, period, UnitLevel.CITY, everything, today=today),
        ranks_before={unit.code: unit.rank for unit in before.units if unit.rank is not None},
        overdue=overdue_stations(session, period, everything, today=today),
    )
