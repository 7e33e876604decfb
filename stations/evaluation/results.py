"""Evaluation of the service (服务效能评估): indicators of each station, county and city in a period.

What each indicator counts stands in ``indicators``. Common to all:

* in time: judged in the period in which it was *due*, so that what is never done counts as late;
* working days: of the services delivered in the period, from acceptance to delivery; quantiles by
  linear interpolation between closest ranks (Hyndman & Fan 1996, type 7; PostgreSQL's percentile_cont);
* a request counts for the station that answers it now, and for that station's county and city.

The names of the indicators follow what GB/T 39045-2020 and the ratings of government services measure
(timeliness, satisfaction); the texts of the standards were not at hand, so these definitions are this
portal's own. Everything is counted by the database, a handful of queries however many requests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.access.roles import Action, Actor, Area
from stations.errors import NotAllowed
from stations.evaluation.counts import Counted, Counts, count, firms_figure, firms_per_1000
from stations.evaluation.indicators import Indicator, UnitLevel
from stations.evaluation.period import Period
from stations.evaluation.weights import (
    EvaluationScheme,
    WeighedIndicator,
    composite,
    scheme_on,
    weigh,
)
from stations.language import N_
from stations.places.counties import City, County
from stations.planning.imported_figure import ImportedFigure
from stations.registry.station import Station, Status, status_on


@dataclass(frozen=True)
class EvaluatedUnit:
    """A station, county or city with its figures. ``values``: None where nothing is known; ``basis``: on
    how many requests, services or ratings each rests. ``samples``: figures hold invented requests.
    ``score``: None where nothing happened. ``few``: too few to rank. ``rank``: among all units of the
    level that are ranked, 1 is best; equal scores share one.
    """

    code: str
    name: str
    name_en: str | None
    area: Area
    values: Mapping[Indicator, float | None]
    basis: Mapping[Indicator, int]
    samples: bool
    weighed: tuple[WeighedIndicator, ...] = ()
    score: float | None = None
    few: bool = False
    rank: int | None = None


@dataclass(frozen=True)
class Evaluation:
    """A level in a period. ``ranked``: how many units are ranked; ``firms_figure``: where the number of
    firms is from, None where nobody imported it."""

    period: Period
    level: UnitLevel
    scheme: EvaluationScheme
    units: Sequence[EvaluatedUnit]
    ranked: int
    firms_figure: ImportedFigure | None


def evaluate(
    session: Session,
    period: Period,
    level: UnitLevel,
    counted: Counted,
    *,
    today: date,
) -> Evaluation:
    """Every unit of the level, ranked ones first by their rank, the others by code; one unit alone
    (``counted.only``) has no rank. ``today``: up to when deadlines are judged.
    """
    scheme = scheme_on(session, period.last)
    counts = count(session, period, level, today, counted)
    figure = firms_figure(session, counted.samples)
    per_1000 = firms_per_1000(session, period, level, figure, counted)
    units = []
    for code, name, name_en, area in _units(session, level, period, counted, set(counts)):
        told = counts.get(code, Counts())
        values = told.values() | {Indicator.FIRMS_PER_1000: per_1000.get(code)}
        basis = told.basis() | {Indicator.FIRMS_PER_1000: told.firms}
        weighed = () if told.idle else weigh(scheme, values)
        few = max(told.filed, told.deliveries_judged) < scheme.few
        units.append(
            EvaluatedUnit(code, name, name_en, area, values, basis, told.samples > 0, weighed, composite(weighed), few)
        )
    return _ranked(period, level, scheme, units, figure, ranks=not counted.only)


def evaluate_for(
    session: Session,
    actor: Actor | None,
    period: Period,
    level: UnitLevel,
    *,
    today: date,
    samples: bool,
) -> Evaluation:
    """The same, of the units in the actor's duty; ranks are those among all. An invented person is told
    of invented records only.

    Raises:
        NotAllowed: nobody is signed in, or no duty of the actor includes the evaluation.
    """
    if actor is None:
        raise NotAllowed(N_("Sign in first"))
    if not actor.may_somewhere(Action.SEE_EVALUATION):
        raise NotAllowed(N_("This is outside your duty"))
    whole = evaluate(session, period, level, Counted(samples, invented_only=actor.sample), today=today)
    duties = actor.duties_for(Action.SEE_EVALUATION)
    mine = [unit for unit in whole.units if any(duty.holds(unit.area) for duty in duties)]
    return Evaluation(whole.period, level, whole.scheme, mine, whole.ranked, whole.firms_figure)


def trend(
    session: Session, period: Period, level: UnitLevel, counted: Counted, *, periods: int, today: date
) -> list[tuple[Period, EvaluatedUnit]]:
    """The unit ``counted.only`` in the periods up to and with ``period``, the oldest first; without ranks. A period in
    which there was no such unit is left out."""
    found = []
    for _ in range(periods):
        units = evaluate(session, period, level, counted, today=today).units
        found += [(period, unit) for unit in units]
        period = period.before()
    return found[::-1]


def _units(
    session: Session, level: UnitLevel, period: Period, counted: Counted, active: set[str]
) -> list[tuple[str, str, str | None, Area]]:
    """Code, name and area of each unit: for stations those active at the period's end, or with figures."""
    if level is UnitLevel.CITY:
        cities = select(City).order_by(City.adcode)
        found = [
            (city.adcode, city.name, city.name_en, Area(city.adcode[:2] + "0000", city.adcode))
            for city in session.scalars(cities)
        ]
    elif level is UnitLevel.COUNTY:
        counties = select(County).order_by(County.adcode)
        found = [
            (
                county.adcode,
                county.name,
                county.name_en,
                Area(county.city_adcode[:2] + "0000", county.city_adcode, county.adcode),
            )
            for county in session.scalars(counties)
        ]
    else:
        status = status_on(period.last).subquery()
        rows = session.execute(
            select(Station, status.c.status).outerjoin(status, status.c.station_id == Station.id).order_by(Station.code)
        )
        found = [
            (station.code, station.name, station.name_en, Area.of(station))
            for station, state in rows
            if (state is Status.ACTIVE or station.code in active)
            and (counted.samples or not station.sample)
            and (station.sample or not counted.invented_only)
        ]
    return [unit for unit in found if counted.only in {"", unit[0]}]


def _ranked(
    period: Period,
    level: UnitLevel,
    scheme: EvaluationScheme,
    units: list[EvaluatedUnit],
    figure: ImportedFigure | None,
    *,
    ranks: bool,
) -> Evaluation:
    scores = sorted((unit.score for unit in units if _can_rank(unit)), reverse=True) if ranks else []
    place = {score: scores.index(score) + 1 for score in scores}
    told = [
        EvaluatedUnit(**{**vars(unit), "rank": place.get(unit.score) if _can_rank(unit) else None}) for unit in units
    ]
    told.sort(key=lambda unit: (unit.rank is None, unit.rank or 0, unit.score is None, unit.code))
    return Evaluation(period, level, scheme, told, len(scores), figure)


def _can_rank(unit: EvaluatedUnit) -> bool:
    return unit.score is not None and not unit.few
