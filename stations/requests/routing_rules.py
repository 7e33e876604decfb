"""The rules by which a request is routed to a station: factors, each with a weight, as data.

The rows come from ``stations/data/routing_rules.csv`` and can be changed in the database. A station's score is the
weighted mean of its factors' scores, each from 0 to 1; the score of a factor that counts against a station falls as its
value rises. A factor without a known value is left out of the mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, Integer, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base, choice
from stations.language import N_, LabelledEnum

NOBODY = math.inf
"""The load of a station without any steward's account: worse than any number of open requests."""


class Factor(LabelledEnum):
    """A factor of a station's score.

    ``distance``: great-circle kilometres from the firm. ``load``: open requests for each steward, ``NOBODY`` if the
    station has no steward with an account. ``chain``: 1 if the station serves the firm's industrial chain, else 0.
    ``certainty``: share of the services that its record names directly, not only by their group. ``capability``: share
    of the services for which one of its institutions has a scope valid on that day.
    """

    DISTANCE = "distance", N_("Distance from the firm")
    LOAD = "load", N_("Open requests for each steward")
    CHAIN = "chain", N_("Serves the firm's industrial chain")
    CERTAINTY = "certainty", N_("Services named in the station's record")
    CAPABILITY = "capability", N_("Services with an institution of valid scope behind the station")


class RoutingRule(Base):
    """The weight of a factor.

    ``half_at``: the value with a score of one half, for factors that count against a station (score = half_at /
    (half_at + value)); empty for shares.
    """

    __tablename__ = "routing_rule"
    in_caches = True
    personal_data = None
    __table_args__ = (
        CheckConstraint("weight >= 0", name="weight"),
        CheckConstraint("half_at > 0", name="half_at"),
    )

    factor: Mapped[Factor] = mapped_column(choice(Factor, "factor"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    weight: Mapped[float]
    half_at: Mapped[float | None]
    reason: Mapped[str] = mapped_column(Text)

    def score(self, value: float) -> float:
        """Return the score of a value, from 0 to 1; that of ``NOBODY`` is 0."""
        if value == NOBODY:
            return 0.0
        return value if self.half_at is None else self.half_at / (self.half_at + value)


@dataclass(frozen=True)
class Weighed:
    """One factor of one station: its value, its score (0 to 1), and its weight.

    ``value`` is None for a load of ``NOBODY``, since JSON has no infinity.
    """

    factor: Factor
    value: float | None
    score: float
    weight: float


def list_routing_rules(session: Session) -> list[RoutingRule]:
    """Return every rule, in the order of the file."""
    return list(session.scalars(select(RoutingRule).order_by(RoutingRule.position)))


def weigh(rules: Sequence[RoutingRule], values: dict[Factor, float | None]) -> tuple[Weighed, ...]:
    """Return each factor that has a value and a rule, with score and weight."""
    return tuple(
        Weighed(rule.factor, None if value == NOBODY else value, rule.score(value), rule.weight)
        for rule in rules
        if (value := values.get(rule.factor)) is not None
    )


def total(weighed: Sequence[Weighed]) -> float:
    """Return the weighted mean of the scores; 0 if the sum of the weights is 0."""
    weight = sum(one.weight for one in weighed)
    return sum(one.score * one.weight for one in weighed) / weight if weight else 0.0
