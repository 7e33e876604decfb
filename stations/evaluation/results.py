"""Evaluation of the service (服务效能评估): indicators of each station, county and city in a period.

``indicators`` defines what each indicator counts. Rules for all:

- in time: judged in the period in which it was *due*, so work never done counts as late;
- working days: of the services delivered in the period, from acceptance to delivery; quantiles by linear
  interpolation between closest ranks (Hyndman & Fan 1996, type 7; PostgreSQL's percentile_cont);
- a request counts for the station that is handling it now, and for that station's county and city.

The names of the indicators follow what GB/T 39045-2020 and the ratings of government services measure (timeliness,
satisfaction). The texts of the standards were not available, so these definitions are this portal's own. The
database does all counting, with a few queries however many requests and periods there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from stations.duty.roles import Action, Actor, Area, outside_duty, signed_in
from stations.evaluation.counts import Columns, Counted, Counts, count, firms_figure, firms_per_1000
from stations.evaluation.indicators import Indicator, UnitLevel
from stations.evaluation.period import Period
from stations.evaluation.ranking import Unranked, places, why_unranked
from stations.evaluation.weights import (
    EvaluationScheme,
    WeighedIndicator,
    composite,
    in_force_on,
    list_schemes,
    weigh,
)
from stations.places.counties import City, County
from stations.planning.imported_figure import ImportedFigure
from stations.registry.station import Station, StationStatus, Status


@dataclass(frozen=True)
class EvaluatedUnit:
    """A station, county or city with its figures.

    ``name``: a county's includes its city's, since counties of two cities share a name. ``values``: None where
    unknown. ``basis``: number of requests, services or ratings behind each value. ``samples``: whether sample
    requests are included. ``score``: None without activity. ``few``: based on few requests and deliveries.
    ``unranked``: why it can't have a rank. ``rank``: among all ranked units of the level, 1 is best; equal scores
    share a rank.
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
    unranked: Unranked | None = None
    rank: int | None = None


def mean_of(units: Iterable[EvaluatedUnit], indicator: Indicator) -> float | None:
    """Return an indicator of all units together, each weighed by what is behind it; None without data."""
    known = [(value, unit.basis[indicator]) for unit in units if (value := unit.values[indicator]) is not None]
    whole = sum(basis for _value, basis in known)
    return sum(value * basis for value, basis in known) / whole if whole else None


@dataclass(frozen=True)
class Evaluation:
    """The evaluation of a level in a period. ``ranked``: number of ranked units. ``firms_figure``: source of the
    numbers of firms, None if none was imported.
    """

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
    """Return the evaluation of every unit of the level: ranked ones by rank, then the others by code.

    A single unit (``counted.only``) has no rank. ``today``: deadlines before this day are judged.
    """
    (found,) = _evaluate(session, [period], level, counted, today)
    return _ranked(found, ranks=not counted.only)


def evaluate_for(
    session: Session,
    actor: Actor | None,
    period: Period,
    level: UnitLevel,
    *,
    today: date,
    samples: bool,
) -> Evaluation:
    """Return the evaluation of the units in the actor's area, with their ranks among all units.

    A sample user gets only sample records.

    Raises:
        NotAllowed: nobody is signed in, or no duty of the actor includes the evaluation.
    """
    actor = signed_in(actor)
    if not actor.may_somewhere(Action.SEE_EVALUATION):
        raise outside_duty(Action.SEE_EVALUATION)
    whole = evaluate(session, period, level, Counted(samples, invented_only=actor.sample), today=today)
    duties = actor.duties_for(Action.SEE_EVALUATION)
    mine = [unit for unit in whole.units if any(duty.holds(unit.area) for duty in duties)]
    return Evaluation(whole.period, level, whole.scheme, mine, whole.ranked, whole.firms_figure)


def trend(
    session: Session, period: Period, level: UnitLevel, counted: Counted, *, periods: int, today: date
) -> list[tuple[Period, EvaluatedUnit]]:
    """Return the unit ``counted.only`` in the periods up to and including ``period``, the oldest first, without ranks.

    Periods in which the unit did not exist are left out.
    """
    past = [period]
    while len(past) < periods:
        past.append(past[-1].before())
    return [(one.period, unit) for one in _evaluate(session, past[::-1], level, counted, today) for unit in one.units]


def _evaluate(
    session: Session, periods: Sequence[Period], level: UnitLevel, counted: Counted, today: date
) -> list[Evaluation]:
    """Return the evaluation of the level in each of consecutive ``periods``, without ranks, computed together."""
    schemes = list_schemes(session)
    counts = count(session, periods, level, today, counted)
    figure = firms_figure(session, counted.samples)
    per_1000 = firms_per_1000(session, periods, level, figure, counted)
    known = _units(session, level, counted)
    active = _active_at_the_end(session, periods, counted) if level is UnitLevel.STATION else None
    found = []
    for period in periods:
        scheme = in_force_on(schemes, period.last)
        units = []
        for code, name, name_en, area in known:
            if active is not None and code not in active[period] and code not in counts[period]:
                continue
            told = counts[period].get(code, Counts())
            values = told.values() | {Indicator.FIRMS_PER_1000: per_1000[period].get(code)}
            basis = told.basis() | {Indicator.FIRMS_PER_1000: told.firms}
            weighed = () if told.idle else weigh(scheme, values)
            few = max(told.filed, told.deliveries_judged) < scheme.few
            invented = told.samples > 0
            unranked = why_unranked(told, scheme.few)
            score = composite(weighed) if unranked is None else None  # a score would be compared with ranked ones
            units.append(
                EvaluatedUnit(code, name, name_en, area, values, basis, invented, weighed, score, few, unranked)
            )
        found.append(Evaluation(period, level, scheme, units, 0, figure))
    return found


def _units(session: Session, level: UnitLevel, counted: Counted) -> list[tuple[str, str, str | None, Area]]:
    """Return code, name and area of each unit to evaluate, sorted by code; including stations no longer active."""
    found: list[tuple[str, str, str | None, Area]]
    if level is UnitLevel.CITY:
        cities = select(City).order_by(City.adcode)
        found = [
            (city.adcode, city.name, city.name_en, Area(city.adcode[:2] + "0000", city.adcode))
            for city in session.scalars(cities)
        ]
    elif level is UnitLevel.COUNTY:
        counties = select(County).options(joinedload(County.city)).order_by(County.adcode)
        found = [
            (
                county.adcode,
                f"{county.city.name}{county.name}",
                f"{county.name_en}, {county.city.name_en}",
                Area(county.city_adcode[:2] + "0000", county.city_adcode, county.adcode),
            )
            for county in session.scalars(counties)
        ]
    else:
        columns = (Station.code, Station.name, Station.name_en, Station.city_adcode, Station.county_adcode)
        stations = _counted_stations(select(*columns, Station.sample).order_by(Station.code), counted)
        found = [
            (code, name, name_en, Area.of_codes(city, county, code, sample=sample))
            for code, name, name_en, city, county, sample in session.execute(stations)
        ]
    return [unit for unit in found if counted.only in {"", unit[0]}]


def _active_at_the_end(session: Session, periods: Sequence[Period], counted: Counted) -> dict[Period, set[str]]:
    """Return for each period the codes of the stations active on its last day."""
    history = (
        select(Station.code, StationStatus.known_from, StationStatus.status)
        .join(StationStatus, StationStatus.station_id == Station.id)
        .where(StationStatus.known_from <= periods[-1].last)
        .order_by(StationStatus.known_from, StationStatus.position)
    )
    rows = session.execute(_counted_stations(history, counted)).all()
    found = {}
    for period in periods:
        last = {code: status for code, known_from, status in rows if known_from and known_from <= period.last}
        found[period] = {code for code, status in last.items() if status is Status.ACTIVE}
    return found


def _counted_stations(statement: Select[*Columns], counted: Counted) -> Select[*Columns]:
    if not counted.samples:
        statement = statement.where(Station.sample.is_(False))
    if counted.invented_only:
        statement = statement.where(Station.sample)
    return statement.where(Station.code == counted.only) if counted.only else statement


def _ranked(found: Evaluation, *, ranks: bool) -> Evaluation:
    """Return the evaluation with its units sorted, and with ranks if ``ranks``."""
    scores = [unit.score for unit in found.units if unit.score is not None and _can_rank(unit)] if ranks else []
    place = places(scores)
    told = [
        replace(unit, rank=place.get(unit.score)) if unit.score is not None and _can_rank(unit) else unit
        for unit in found.units
    ]
    told.sort(key=lambda unit: (unit.rank is None, unit.rank or 0, not unit.weighed, unit.code))
    return replace(found, units=told, ranked=len(scores))


def _can_rank(unit: EvaluatedUnit) -> bool:
    return unit.score is not None and unit.unranked is None
