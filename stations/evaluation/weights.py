"""The weights of the composite score (服务效能综合得分), set by the province, dated and never deleted.

Score of one unit in one period = 100 × Σ wᵢ·sᵢ / Σ wᵢ, over the indicators i with a value: wᵢ is the weight in
force on the period's last day, sᵢ from 0 to 1 is defined in ``SCORES``. It is the weighted arithmetic mean of
OECD/JRC, Handbook on Constructing Composite Indicators (2008), section on linear aggregation. Indicators are scaled
by fixed functions instead of relative to other units: so a unit's score does not change because another's does, and
a unit that is better in every indicator never scores lower. Weights and functions are this portal's own; no
available standard sets them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.database import Base
from stations.duty.roles import Action, Actor, require, whole_province
from stations.entered_text import read_text
from stations.errors import Conflict, Problems
from stations.evaluation.indicators import Indicator
from stations.language import N_, day_in_china
from stations.personal_data import PersonalData

WHOLE = 100
MOST_FEW = 100
REASON_LIMIT = 400
INITIAL = SystemActor.PORTAL.value
"""The author of the weights that ship with the product."""


@dataclass(frozen=True)
class Scoring:
    """The scaling of an indicator's value to 0…1.

    ``formula``: as text. ``score``: the function; a better value never gives a lower score. ``better_high``:
    whether a higher value is better.
    """

    formula: str
    score: Callable[[float], float]
    better_high: bool


def _share(value: float) -> float:
    return value


def _rest(value: float) -> float:
    return max(0.0, 1 - value)


def _half_at(half: float) -> Callable[[float], float]:
    return lambda value: half / (half + value)


def _grows(half: float) -> Callable[[float], float]:
    return lambda value: value / (half + value)


SCORES: dict[Indicator, Scoring] = {
    Indicator.ANSWERED_IN_TIME: Scoring("s = x", _share, True),
    Indicator.DELIVERED_IN_TIME: Scoring("s = x", _share, True),
    Indicator.MEDIAN_DAYS: Scoring("s = 15 / (15 + x)", _half_at(15), False),
    Indicator.P90_DAYS: Scoring("s = 30 / (30 + x)", _half_at(30), False),
    Indicator.SATISFACTION: Scoring("s = (x − 1) / 4", lambda value: (value - 1) / 4, True),
    Indicator.REOPENED: Scoring("s = 1 − x", _rest, False),
    Indicator.REFUSED: Scoring("s = 1 − x", _rest, False),
    Indicator.BREADTH: Scoring("s = x / (5 + x)", _grows(5), True),
    Indicator.FIRMS_PER_1000: Scoring("s = x / (2 + x)", _grows(2), True),
    Indicator.VISITS: Scoring("s = x / (4 + x)", _grows(4), True),
}
"""The indicators that can have a weight. Numbers of requests and firms are shown but not scored: they say more about
the place than about the service.
"""


class EvaluationScheme(Base):
    """The weights from a day on (``in_force_from``), by indicator, with the sum ``WHOLE``. ``few``: a unit with fewer
    requests and deliveries is marked and not ranked.
    """

    __tablename__ = "evaluation_scheme"
    in_caches = False
    personal_data = PersonalData(columns=("recorded_by",), written=("reason",))
    __table_args__ = (CheckConstraint("few >= 0", name="few"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    in_force_from: Mapped[date] = mapped_column(unique=True)
    weights: Mapped[dict[str, Any]]
    few: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime]

    def weight(self, indicator: Indicator) -> int:
        """Return the weight of an indicator; 0 if it has none."""
        return int(self.weights.get(indicator.value, 0))


def list_schemes(session: Session) -> list[EvaluationScheme]:
    """Return every scheme, the latest first."""
    return list(session.scalars(select(EvaluationScheme).order_by(EvaluationScheme.in_force_from.desc())))


def scheme_on(session: Session, day: date) -> EvaluationScheme:
    """Return the scheme in force on a day; for days before the first one, the first."""
    return in_force_on(list_schemes(session), day)


def in_force_on(schemes: Sequence[EvaluationScheme], day: date) -> EvaluationScheme:
    """Return the scheme in force on a day from ``schemes``, sorted with the latest first."""
    return next((scheme for scheme in schemes if scheme.in_force_from <= day), schemes[-1])


def set_weights(
    session: Session,
    actor: Actor | None,
    weights: Mapping[Indicator, int],
    *,
    few: int,
    in_force_from: date,
    reason: str,
    now: datetime,
) -> EvaluationScheme:
    """Set the weights from a day on. Periods that ended before keep theirs.

    Raises:
        NotAllowed: the actor may not set the province's weights.
        Conflict: there are weights from that day on already.
        InvalidForm: a weight is negative or of an indicator without a scoring (field: its name), the sum is not
            ``WHOLE`` (``weights``), ``few`` is not from 0 to ``MOST_FEW``, the day is in the past
            (``in_force_from``), or no reason is given.
    """
    actor = require(actor, Action.SET_WEIGHTS, whole_province())
    problems = Problems()
    for indicator, weight in weights.items():
        if weight < 0 or (weight and indicator not in SCORES):
            problems.add(indicator.value, N_("Give a whole number of 0 or more"))
    if sum(weights.values()) != WHOLE:
        problems.add(
            "weights",
            N_("The weights are {sum} together; make them {whole}"),
            sum=sum(weights.values()),
            whole=WHOLE,
        )
    if not 0 <= few <= MOST_FEW:
        problems.add("few", N_("Give a whole number from 0 to {most}"), most=MOST_FEW)
    if in_force_from < day_in_china(now):
        problems.add("in_force_from", N_("Weights can't be changed for days that have passed"))
    reason = problems.attempt(read_text, "reason", reason, limit=REASON_LIMIT)
    problems.stop()
    if session.scalar(select(EvaluationScheme.id).where(EvaluationScheme.in_force_from == in_force_from)):
        raise Conflict(N_("Weights from that day on are set already; choose a later day"))
    kept = {indicator.value: weight for indicator, weight in weights.items() if weight}
    before = scheme_on(session, in_force_from)
    scheme = EvaluationScheme(
        in_force_from=in_force_from,
        weights=kept,
        few=few,
        reason=reason,
        recorded_by=actor.username,
        recorded_at=now,
    )
    session.add(scheme)
    session.flush()
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.SET_WEIGHTS,
        subject_kind=AuditSubject.EVALUATION_SCHEME,
        subject=in_force_from.isoformat(),
        before={"weights": before.weights, "few": before.few},
        after={"weights": kept, "few": few},
        reason=reason,
    )
    return scheme


@dataclass(frozen=True)
class WeighedIndicator:
    """An indicator in a unit's score: its value, its score (0 to 1) and its weight."""

    indicator: Indicator
    value: float
    score: float
    weight: int


def weigh(scheme: EvaluationScheme, values: Mapping[Indicator, float | None]) -> tuple[WeighedIndicator, ...]:
    """Return each indicator with a weight and a value."""
    return tuple(
        WeighedIndicator(indicator, value, scoring.score(value), weight)
        for indicator, scoring in SCORES.items()
        if (value := values.get(indicator)) is not None and (weight := scheme.weight(indicator))
    )


def composite(weighed: tuple[WeighedIndicator, ...]) -> float | None:
    """Return the score, 0 to 100; None if no weighted indicator has a value."""
    whole = sum(one.weight for one in weighed)
    return 100 * sum(one.weight * one.score for one in weighed) / whole if whole else None
