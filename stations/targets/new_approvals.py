"""What becomes of records that are not yet begun, if so many are approved every year.

Approvals are spread evenly over the year. What comes of one is estimated from those of the register whose approval is
dated: accepted after so many days, withdrawn after so many days, or open so far (right-censored). The share accepted
within t days of approval is the Aalen-Johansen estimator of the cumulative incidence (Aalen and Johansen, "An Empirical
Transition Matrix for Non-homogeneous Markov Chains Based on Censored Observations", Scandinavian Journal of Statistics
5 (1978), 141-150): the sum over days u ≤ t of S(u-) · accepted(u) / at risk(u), where S is the share neither accepted
nor withdrawn before u. Each round resamples the fates (bootstrap) and draws for each supposed approval the day of its
acceptance; beyond the last share it never comes within what is on record.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from stations.partial_date import PartialDate
from stations.registry.centre import Centre, CentreStage, Stage
from stations.registry.dated_stage import holding, known_from
from stations.targets.building_spells import SILENT_FOR, middle_of
from stations.targets.pilot import Pilot, PilotStage

DAYS_IN_YEAR = 365.25
MOST_A_YEAR = 200


class End(StrEnum):
    """What came of an approval."""

    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    OPEN = "open"


@dataclass(frozen=True)
class Fate:
    """What came of one approval, after so many days; for ``OPEN`` so far."""

    days: float
    end: End


@dataclass(frozen=True)
class Range:
    """The 10th, 50th and 90th percentile of the rounds."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class NewApprovals:
    """The approvals supposed: ``a_year`` of them, ``approved`` in all by ``until``.

    ``fates``: what came of earlier ones; none if they are too few or not needed. ``accepted``: the share of an
    approval to be accepted within what is on record, None if that is not estimated. ``counted``: how many of the
    supposed ones count by ``until``, as the 10th, 50th and 90th percentile of the rounds; None if each counts at once.
    """

    a_year: int
    approved: int
    until: date
    fates: tuple[Fate, ...] = ()
    accepted: float | None = None
    counted: Range | None = None

    def came_to(self, end: End) -> int:
        """Return how many of the earlier ones came to that."""
        return Counter(one.end for one in self.fates)[end]


def approval_days(a_year: int, limit: float) -> NDArray[np.float64]:
    """Return the days from now on which the supposed approvals come, evenly spread, up to ``limit`` days."""
    if a_year <= 0:
        return np.array([])
    days = (np.arange(math.ceil(a_year * (limit / DAYS_IN_YEAR + 1))) + 0.5) * DAYS_IN_YEAR / a_year
    return days[days <= limit]


def fates_of(records: Iterable[Centre | Pilot], as_of: date) -> tuple[Fate, ...]:
    """Return what came of each record whose approval is dated, as known on ``as_of``."""
    found = []
    for record in records:
        history: Sequence[CentreStage | PilotStage] = record.history
        known = holding(history, as_of)
        dated: dict[Stage, PartialDate] = {one.stage: one.dated for one in reversed(known) if one.dated}
        if Stage.APPROVED not in dated:
            continue
        start = middle_of(dated[Stage.APPROVED])
        told = {one.stage: day for one in known if (day := known_from(one.dated, one.as_of))}
        if Stage.WITHDRAWN in told:
            found.append(Fate(max(0, (told[Stage.WITHDRAWN] - start).days), End.WITHDRAWN))
        elif Stage.ACCEPTED in dated and middle_of(dated[Stage.ACCEPTED]) >= start:
            found.append(Fate((middle_of(dated[Stage.ACCEPTED]) - start).days, End.ACCEPTED))
        elif not any(one.stage is Stage.ACCEPTED for one in known):
            last = max(told.values(), default=start)
            seen_until = last if as_of - last > SILENT_FOR else as_of
            found.append(Fate(max(0, (seen_until - start).days), End.OPEN))
    return tuple(found)


def accepted_within(fates: Sequence[Fate]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return days, ascending, and the share of approvals accepted within each (Aalen-Johansen)."""
    days = np.array([one.days for one in fates], dtype=float)
    accepted = np.array([one.end is End.ACCEPTED for one in fates])
    ended = np.array([one.end is not End.OPEN for one in fates])
    times = np.unique(days[ended])
    at_risk = (days[None, :] >= times[:, None]).sum(axis=1)
    gone = ((days[None, :] == times[:, None]) & ended).sum(axis=1)
    came = ((days[None, :] == times[:, None]) & accepted).sum(axis=1)
    before = np.concatenate([[1.0], np.cumprod(1 - gone / at_risk)])[:-1]
    return times, np.cumsum(before * came / at_risk)


def accepted_share(fates: Sequence[Fate]) -> float:
    """Return the share of approvals accepted within the longest time on record."""
    shares = accepted_within(fates)[1]
    return float(shares[-1]) if len(shares) else 0.0


def days_until_accepted(fates: Sequence[Fate], records: int, rounds: int, seed: int) -> NDArray[np.float64]:
    """Return, for each round and supposed record, the days from approval to acceptance; ``math.inf`` if it is never
    accepted or takes longer than any on record.
    """
    chance = np.random.default_rng(seed)
    found = np.empty((rounds, records))
    for number in range(rounds):
        drawn = [fates[place] for place in chance.integers(len(fates), size=len(fates))]
        times, shares = accepted_within(drawn)
        found[number] = np.append(times, math.inf)[np.searchsorted(shares, chance.random(records), side="right")]
    return found
