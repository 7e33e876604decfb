"""Forecast of when the records in a target's pipeline will count, with its uncertainty.

The duration of building is estimated from the register itself: from the day a record was approved (for counties: a
station planned) to the day it was accepted (opened), both taken as the middle of the days their dates can mean.
Records still being built show that theirs takes longer than the time so far (right-censored); the Kaplan-Meier
estimator (Kaplan and Meier, "Nonparametric Estimation from Incomplete Observations", Journal of the American
Statistical Association 53 (1958), 457-481) includes them. Each of ``ROUNDS`` rounds resamples the observations
(bootstrap: Efron, "Censored Data and the Bootstrap", ibid. 76 (1981), 312-319) and then draws for every waiting
record how long it will still take, given the time so far. The results are the 10th, 50th and 90th percentile of the
rounds. The seed is fixed: the same register gives the same results.

What is not yet begun is foreseen only where the visitor supposes so many approvals a year
(``stations.targets.new_approvals``).

With fewer than ``ENOUGH`` finished buildings, the declared assumption ``ASSUMED_DAYS`` is used instead, and the
result says so: no available source gives the duration of building.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from stations.language import N_
from stations.registry.centre import Centre, Stage
from stations.targets.building_spells import Spell, observations
from stations.targets.counting_rule import Bucket, CountingRule, Subject, Within
from stations.targets.new_approvals import (
    NewApprovals,
    Range,
    accepted_share,
    approval_days,
    days_until_accepted,
    fates_of,
)
from stations.targets.pilot import Pilot
from stations.targets.progress import WHOLE, Dimension, in_part, months_until
from stations.targets.target import Target, record_code, records_in_scope, standing_on

ROUNDS = 1000
SEED = 20230310  # the day of the policy
ENOUGH = 8
HORIZON = timedelta(days=3 * 365)
ASSUMED_DAYS = (365, 730, 1460)
ASSUMPTION = N_(
    "Assumed, because the register holds too few finished buildings and no source at hand says: "
    "from approval to acceptance one year at least, four at most, two most often (a triangular distribution)."
)
_QUANTILES = (0.1, 0.5, 0.9)


class Outcome(StrEnum):
    """Whether a forecast is possible, and if not, why."""

    FORECAST = "told"
    PERIOD_OVER = "period_over"
    NOTHING_WAITING = "nothing_waiting"
    NO_START_KNOWN = "no_start_known"
    NO_STAGES_BEFORE = "no_stages_before"


OUTCOME_TEXT: dict[Outcome, str] = {
    Outcome.FORECAST: "",
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
class ForecastPoint:
    """The forecast number of counted records on ``day``."""

    day: date
    counted: Range


@dataclass(frozen=True)
class Forecast:
    """The forecast on ``as_of``.

    ``from_register``: whether durations come from the register; otherwise they are assumed. ``finished``,
    ``unfinished``: numbers of spells used, of which ``sample_spells`` are samples. ``waiting``: records in the
    pipeline with a known start. ``left_out``: records without one, or without news for years (``SILENT_FOR``).
    ``usual_days``: duration of building; ``math.inf`` means longer than any on record. ``reached``: the early,
    middle and late day on which the required number is reached; None if the rounds leave it open. ``chance``: share
    of rounds in which it is reached in time (by the end of the period, or within the horizon if the period does not
    bind). ``new``: the approvals supposed, None if none are.
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
    new: NewApprovals | None = None


def forecast(
    session: Session,
    target: Target,
    as_of: date,
    *,
    samples: bool,
    rule: CountingRule | None = None,
    part: Mapping[Dimension, str] = WHOLE,
    scope: Sequence[Centre | Pilot] | None = None,
    approvals_a_year: int = 0,
) -> Forecast:
    """Forecast the counted records month by month, from what is known on ``as_of`` alone.

    Ends at ``HORIZON``, or at the end of the period if the rule is bound to it. ``rule``: default is the rule in
    force. ``part``: only that city, level or kind; the durations still come from all records. ``scope``: as in
    ``standing_on``. ``approvals_a_year``: centres or pilots of that part supposed to be approved every
    year from now on.
    """
    rule = rule or target.rule_on(as_of)
    binding = rule.subject is not Subject.COUNTY and rule.within is Within.PERIOD
    if binding and as_of >= target.period_end:
        return Forecast(as_of, Outcome.PERIOD_OVER)
    if scope is None:
        scope = records_in_scope(session, rule, samples=samples)
    standing = standing_on(session, target, as_of, samples=samples, rule=rule, scope=scope).narrowed(
        lambda record: in_part(record, part)
    )
    until = target.period_end if binding else as_of + HORIZON
    limits = np.array([(day - as_of).days for day in months_until(as_of, until)], dtype=float)
    supposed = approval_days(0 if rule.subject is Subject.COUNTY else approvals_a_year, float(limits[-1]))
    if rule.subject is not Subject.COUNTY and rule.stage is not Stage.ACCEPTED:
        if rule.stage is not Stage.APPROVED or not len(supposed):
            return Forecast(as_of, Outcome.NO_STAGES_BEFORE)
        # An approval counts on its day.
        new = NewApprovals(approvals_a_year, len(supposed), until)
        return _told(target, as_of, np.tile(supposed, (ROUNDS, 1)), standing.counted, limits, new=new)
    observed, starts = observations(session, rule, as_of, samples, scope)
    pipeline = {record_code(record) for record in standing.records.get(Bucket.PIPELINE, ())}
    known = [start for code, start in starts.items() if code in pipeline]
    left_out = len(pipeline) - len(known)
    if not known and not len(supposed):
        outcome = Outcome.NO_START_KNOWN if pipeline else Outcome.NOTHING_WAITING
        return Forecast(as_of, outcome, left_out=left_out)

    spells = [spell for spell, _ in observed]
    finished = sum(spell.ended for spell in spells)
    enough = finished >= ENOUGH
    ages = np.array([max(0.0, float((as_of - start).days)) for start in known])
    remaining, usual = _simulate(spells if enough else None, ages)
    supposition = None
    if len(supposed):
        fates = fates_of(scope, as_of)
        lags = days_until_accepted(fates, len(supposed), ROUNDS, SEED) if enough else _assumed_days(len(supposed))
        fresh = supposed + lags
        remaining = np.concatenate([remaining, fresh], axis=1)
        supposition = NewApprovals(
            approvals_a_year,
            len(supposed),
            until,
            fates=fates if enough else (),
            accepted=accepted_share(fates) if enough else None,
            counted=_range((fresh <= limits[-1]).sum(axis=1)),
        )
    return replace(
        _told(target, as_of, remaining, standing.counted, limits, new=supposition),
        from_register=enough,
        finished=finished,
        unfinished=len(spells) - finished,
        sample_spells=sum(invented for _, invented in observed),
        waiting=len(known),
        left_out=left_out,
        usual_days=usual,
    )


def _told(
    target: Target,
    as_of: date,
    remaining: NDArray[np.float64],
    counted: int,
    limits: NDArray[np.float64],
    *,
    new: NewApprovals | None,
) -> Forecast:
    """Return the forecast of the days that each round and record still takes, of shape (rounds, records)."""
    counts = counted + (remaining[:, :, None] <= limits).sum(axis=1)
    points = tuple(
        ForecastPoint(as_of + timedelta(days=int(limit)), _range(counts[:, place]))
        for place, limit in enumerate(limits)
    )
    reached, chance = _when_reached(remaining, target.required - counted, as_of, float(limits[-1]))
    return Forecast(as_of, Outcome.FORECAST, points=points, reached=reached, chance=chance, new=new)


def _simulate(spells: Sequence[Spell] | None, ages: NDArray[np.float64]) -> tuple[NDArray[np.float64], Range]:
    """Simulate, for every round, the days each waiting record still takes, and the total duration of building.

    ``spells``: None means the assumption. ``ages``: days so far of each waiting record. Returns remaining days of
    shape (ROUNDS, records), with ``math.inf`` for longer than any on record, and the range of totals.
    """
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
    """Return days, and for each the share of buildings that take longer."""
    spells = list(spells)
    from scipy.stats import CensoredData, ecdf  # takes a second to import, and only the forecast needs it

    data: Any = CensoredData(
        uncensored=[spell.days for spell in spells if spell.ended],
        right=[spell.days for spell in spells if not spell.ended],
    )
    answer = ecdf(data).sf
    return answer.quantiles, answer.probabilities


def _assumed() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the assumed distribution in the same form, day by day."""
    low, mode, high = ASSUMED_DAYS
    days = np.arange(low, high + 1, dtype=float)
    rising = (days - low) ** 2 / ((high - low) * (mode - low))
    falling = 1 - (high - days) ** 2 / ((high - low) * (high - mode))
    return days, 1 - np.where(days <= mode, rising, falling)


def _assumed_days(records: int) -> NDArray[np.float64]:
    """Return the days from approval to acceptance by the assumption, of shape (ROUNDS, records)."""
    days, survival = _assumed()
    levels = np.random.default_rng(SEED).random((ROUNDS, records))
    return _first_below(days, survival, levels)


def _first_below(
    days: NDArray[np.float64], survival: NDArray[np.float64], levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return for each level the first day on which the surviving share is smaller; ``math.inf`` if there is none."""
    places = np.searchsorted(-survival, -levels, side="right")
    return np.append(days, math.inf)[places]


def _when_reached(
    remaining: NDArray[np.float64], wanting: int, as_of: date, limit: float
) -> tuple[tuple[date | None, date | None, date | None], float]:
    """Return the days on which ``wanting`` more records will count, and the share of rounds in which that is within
    ``limit`` days.
    """
    if wanting <= 0:
        return (as_of, as_of, as_of), 1.0
    if wanting > remaining.shape[1]:
        return (None, None, None), 0.0
    days = np.sort(remaining, axis=1)[:, wanting - 1]
    quantiles = np.quantile(days, _QUANTILES, method="inverted_cdf")
    low, middle, high = (as_of + timedelta(days=math.ceil(day)) if math.isfinite(day) else None for day in quantiles)
    return (low, middle, high), float((days <= limit).mean())
