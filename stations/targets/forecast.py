"""When what is in a target's pipeline will count, and how unsure that is.

How long building takes is read off the register itself: from the day a record was approved (for
counties: a station planned) to the day it was accepted (opened), both taken in the middle of what
their dates can mean. Records still being built tell that theirs takes longer than it has so far;
the Kaplan-Meier estimate (Kaplan and Meier, "Nonparametric Estimation from Incomplete
Observations", Journal of the American Statistical Association 53 (1958), 457-481) takes them in.
Each of ``ROUNDS`` rounds draws the observations anew (the bootstrap: Efron, "Censored Data and the
Bootstrap", ibid. 76 (1981), 312-319) and then for every waiting record how long it still takes,
given how long it has taken. The answer is the 10th, 50th and 90th of a hundred rounds. The seed is
fixed: the same register gives the same answer.

With fewer than ``ENOUGH`` finished buildings the declared assumption ``ASSUMED_DAYS`` stands in,
and the answer says so: no source at hand tells how long building takes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.language import N_
from stations.partial_date import PartialDate
from stations.registry.centre import Centre, CentreStage, Stage
from stations.registry.dated_stage import holding, known_from
from stations.registry.station import Station, StationStatus, Status
from stations.targets.counting_rule import Bucket, CountingRule, Subject, Within
from stations.targets.pilot import Pilot, PilotStage
from stations.targets.progress import WHOLE, Dimension, in_part, months_until
from stations.targets.target import Target, record_code, records_in_scope, standing_on

ROUNDS = 1000
SEED = 20230310  # the day of the policy
ENOUGH = 8
SILENT_FOR = timedelta(days=5 * 365)
HORIZON = timedelta(days=3 * 365)
ASSUMED_DAYS = (365, 730, 1460)
ASSUMPTION = N_(
    "Assumed, because the register holds too few finished buildings and no source at hand says: "
    "from approval to acceptance one year at least, four at most, two most often (a triangular distribution)."
)
_QUANTILES = (0.1, 0.5, 0.9)


class Outcome(StrEnum):
    """Whether anything can be told."""

    TOLD = "told"
    PERIOD_OVER = "period_over"
    NOTHING_WAITING = "nothing_waiting"
    NO_START_KNOWN = "no_start_known"
    NO_STAGES_BEFORE = "no_stages_before"


OUTCOME_TEXT: dict[Outcome, str] = {
    Outcome.TOLD: "",
    Outcome.PERIOD_OVER: N_(
        "The period is over: by this rule nothing that is reached from now on counts any more, so there is "
        "nothing to forecast. By the rule “in being” there is."
    ),
    Outcome.NOTHING_WAITING: N_("Nothing is in the pipeline, so nothing can be forecast."),
    Outcome.NO_START_KNOWN: N_(
        "Nothing can be forecast: of no record in the pipeline is it known when it was approved or planned, "
        "or no source has told of it for five years."
    ),
    Outcome.NO_STAGES_BEFORE: N_(
        "Nothing can be forecast: how long it takes from a plan to its approval, no source or record tells."
    ),
}


@dataclass(frozen=True)
class Spell:
    """How many days a building took, or has taken so far where it has not ``ended``."""

    days: float
    ended: bool


@dataclass(frozen=True)
class Range:
    """The 10th, the 50th and the 90th of a hundred rounds."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class ForecastPoint:
    """How many will count on ``day``."""

    day: date
    counted: Range


@dataclass(frozen=True)
class Forecast:
    """What can be told on ``as_of``.

    ``from_register``: durations are the register's own, else assumed; ``finished`` and ``unfinished``
    spells it rests on, ``sample_spells`` of them invented. ``waiting``: records in the pipeline whose
    start is known; ``left_out``: those left out because it is not, or that are silent. ``usual_days``: how long
    building takes; a ``math.inf`` is longer than any on record. ``reached``: the earliest, middle and
    late day on which all that is required counts, None where a round leaves that open;
    ``chance``: the share of rounds in which it is reached in time (by the end of the period, or at
    all within the horizon where the period does not bind).
    """

    as_of: date
    outcome: Outcome
    from_register: bool = False
    finished: int = 0
    unfinished: int = 0
    sample_spells: int = 0
    waiting: int = 0
    left_out: int = 0
    usual_days: Range | None = None
    points: tuple[ForecastPoint, ...] = ()
    reached: tuple[date | None, date | None, date | None] = (None, None, None)
    chance: float | None = None


def forecast(
    session: Session,
    target: Target,
    as_of: date,
    *,
    samples: bool,
    rule: CountingRule | None = None,
    part: Mapping[Dimension, str] = WHOLE,
    scope: Sequence[Centre | Pilot] | None = None,
) -> Forecast:
    """What will count, month by month up to ``HORIZON`` ahead (or the end of the period, where the
    rule ends with it), told from what is known on ``as_of`` alone. ``part``: only of that city, level
    or kind; how long building takes is still read off them all. ``scope``: as ``standing_on`` takes it."""
    rule = rule or target.rule_on(as_of)
    binding = rule.subject is not Subject.COUNTY and rule.within is Within.PERIOD
    if binding and as_of >= target.period_end:
        return Forecast(as_of, Outcome.PERIOD_OVER)
    if scope is None:
        scope = records_in_scope(session, rule, samples=samples)
    standing = standing_on(session, target, as_of, samples=samples, rule=rule, scope=scope).narrowed(
        lambda record: in_part(record, part)
    )
    if rule.subject is not Subject.COUNTY and rule.stage is not Stage.ACCEPTED:
        return Forecast(as_of, Outcome.NO_STAGES_BEFORE)
    observed, starts = _observations(session, rule, as_of, samples, scope)
    pipeline = {record_code(record) for record in standing.records.get(Bucket.PIPELINE, ())}
    known = [start for code, start in starts.items() if code in pipeline]
    left_out = len(pipeline) - len(known)
    if not known:
        outcome = Outcome.NO_START_KNOWN if pipeline else Outcome.NOTHING_WAITING
        return Forecast(as_of, outcome, left_out=left_out)

    spells = [spell for spell, _ in observed]
    finished = sum(spell.ended for spell in spells)
    ages = np.array([max(0.0, float((as_of - start).days)) for start in known])
    remaining, usual = _simulate(spells if finished >= ENOUGH else None, ages)
    until = target.period_end if binding else as_of + HORIZON
    limits = np.array([(day - as_of).days for day in months_until(as_of, until)], dtype=float)
    counts = standing.counted + (remaining[:, :, None] <= limits).sum(axis=1)
    points = tuple(
        ForecastPoint(as_of + timedelta(days=int(limit)), _range(counts[:, place]))
        for place, limit in enumerate(limits)
    )
    reached, chance = _when_reached(remaining, target.required - standing.counted, as_of, float(limits[-1]))
    return Forecast(
        as_of=as_of,
        outcome=Outcome.TOLD,
        from_register=finished >= ENOUGH,
        finished=finished,
        unfinished=len(spells) - finished,
        sample_spells=sum(invented for _, invented in observed),
        waiting=len(known),
        left_out=left_out,
        usual_days=usual,
        points=points,
        reached=reached,
        chance=chance,
    )


def _observations(
    session: Session, rule: CountingRule, as_of: date, samples: bool, scope: Sequence[Centre | Pilot]
) -> tuple[list[tuple[Spell, bool]], dict[str, date]]:
    """Every spell with whether it is invented, and the start of what is not finished by its code."""
    if rule.subject is Subject.COUNTY:
        return _station_observations(session, as_of, samples)
    observed: list[tuple[Spell, bool]] = []
    starts: dict[str, date] = {}
    for record in scope:
        history: Sequence[CentreStage | PilotStage] = record.history
        known = holding(history, as_of)
        dates = {entry.stage: _middle(entry.dated) for entry in reversed(known) if entry.dated}
        start, end = dates.get(Stage.APPROVED), dates.get(Stage.ACCEPTED)
        if start is None:
            continue
        if end is not None and end >= start:
            observed.append((Spell((end - start).days, True), record.sample))
        elif not {entry.stage for entry in known} & {Stage.ACCEPTED, Stage.WITHDRAWN}:
            told = max(day for entry in known if (day := known_from(entry.dated, entry.as_of)))
            silent = as_of - told > SILENT_FOR
            observed.append((Spell(((told if silent else as_of) - start).days, False), record.sample))
            if not silent:
                starts[record.code] = start
    return observed, starts


def _station_observations(
    session: Session, as_of: date, samples: bool
) -> tuple[list[tuple[Spell, bool]], dict[str, date]]:
    """The same of stations from plan to opening; the starts by county, the earliest plan of each."""
    statement = (
        select(Station.id, Station.county_adcode, Station.sample, StationStatus.status, StationStatus.dated)
        .join(StationStatus, StationStatus.station_id == Station.id)
        .where(StationStatus.known_from <= as_of, Station.county_adcode.is_not(None))
        .order_by(Station.id, StationStatus.position)
    )
    if not samples:
        statement = statement.where(Station.sample.is_(False))
    stations: dict[int, tuple[str, bool, dict[Status, PartialDate | None]]] = {}
    for station, adcode, invented, status, dated in session.execute(statement):
        stations.setdefault(station, (adcode or "", invented, {}))[2].setdefault(status, dated)
    observed: list[tuple[Spell, bool]] = []
    starts: dict[str, date] = {}
    for adcode, invented, dates in stations.values():
        planned, opened = dates.get(Status.PLANNED), dates.get(Status.ACTIVE)
        if planned is None:
            continue
        start = _middle(planned)
        if opened is not None and _middle(opened) >= start:
            observed.append((Spell((_middle(opened) - start).days, True), invented))
        elif set(dates) == {Status.PLANNED}:
            observed.append((Spell(max(0, (as_of - start).days), False), invented))
            starts[adcode] = min(start, starts.get(adcode, start))
    return observed, starts


def _middle(moment: PartialDate) -> date:
    return moment.earliest + (moment.latest - moment.earliest) / 2


def _simulate(spells: Sequence[Spell] | None, ages: NDArray[np.float64]) -> tuple[NDArray[np.float64], Range]:
    """For every round the days each waiting record still takes (``math.inf``: longer than any on
    record), and how long building takes in all. Without ``spells`` by the assumption."""
    chance = np.random.default_rng(SEED)
    remaining = np.empty((ROUNDS, len(ages)))
    totals = np.empty(ROUNDS)
    for number in range(ROUNDS):
        days, survival = _assumed() if spells is None else _kaplan_meier(_drawn_anew(spells, chance))
        alive = np.concatenate([[1.0], survival])[np.searchsorted(days, ages, side="right")]
        levels = chance.random(len(ages)) * alive
        remaining[number] = _first_below(days, survival, levels) - ages
        totals[number] = _first_below(days, survival, chance.random(1))[0]
    remaining[remaining <= 0] = math.inf  # has taken longer than any on record
    return remaining, _range(totals)


def _range(rounds: NDArray[np.float64]) -> Range:
    return Range(*(float(value) for value in np.quantile(rounds, _QUANTILES, method="inverted_cdf")))


def _drawn_anew(spells: Sequence[Spell], chance: np.random.Generator) -> list[Spell]:
    return [spells[place] for place in chance.integers(len(spells), size=len(spells))]


def _kaplan_meier(spells: Iterable[Spell]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Days, and the share of buildings that take longer than each."""
    spells = list(spells)
    from scipy.stats import CensoredData, ecdf  # a second to import, for the forecast alone

    data: Any = CensoredData(
        uncensored=[spell.days for spell in spells if spell.ended],
        right=[spell.days for spell in spells if not spell.ended],
    )
    answer = ecdf(data).sf
    return answer.quantiles, answer.probabilities


def _assumed() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The assumption in the same shape, day by day."""
    low, mode, high = ASSUMED_DAYS
    days = np.arange(low, high + 1, dtype=float)
    rising = (days - low) ** 2 / ((high - low) * (mode - low))
    falling = 1 - (high - days) ** 2 / ((high - low) * (high - mode))
    return days, 1 - np.where(days <= mode, rising, falling)


def _first_below(
    days: NDArray[np.float64], survival: NDArray[np.float64], levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The first day on which a share smaller than each level takes longer; ``math.inf`` where none is."""
    places = np.searchsorted(-survival, -levels, side="right")
    return np.append(days, math.inf)[places]


def _when_reached(
    remaining: NDArray[np.float64], wanting: int, as_of: date, limit: float
) -> tuple[tuple[date | None, date | None, date | None], float]:
    """The days on which ``wanting`` more will have come, and how often that is within ``limit`` days."""
    if wanting <= 0:
        return (as_of, as_of, as_of), 1.0
    if wanting > remaining.shape[1]:
        return (None, None, None), 0.0
    days = np.sort(remaining, axis=1)[:, wanting - 1]
    quantiles = np.quantile(days, _QUANTILES, method="inverted_cdf")
    low, middle, high = (as_of + timedelta(days=math.ceil(day)) if math.isfinite(day) else None for day in quantiles)
    return (low, middle, high), float((days <= limit).mean())
