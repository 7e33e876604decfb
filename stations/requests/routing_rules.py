"""By which rules a request finds its station: factors, each with a weight, as data.

The rows come from ``stations/data/routing_rules.csv`` and can be changed in the database. A station's
score is the weighted mean of its factors' scores, each from 0 to 1 and never rising with what speaks
against the station; a factor of which nothing is known counts neither way.
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
"""The load of a station where no steward has an account: no number of open requests is worse."""


class Factor(LabelledEnum):
    """What a station is preferred for.

    ``distance``: great-circle kilometres from the firm. ``load``: open requests for each steward,
    ``NOBODY`` where the station has no steward with an account.
    ``chain``: 1 where the station serves the firm's industrial chain, else 0. ``certainty``: share of
    the services that its record names, not their group only. ``capability``: share of the services
    for which an institution behind it has a scope valid that day.
    """

    DISTANCE = "distance", N_("Distance from the firm")
    LOAD = "load", N_("Open requests for each steward")
    CHAIN = "chain", N_("Serves the firm's industrial chain")
    CERTAINTY = "certainty", N_("Services named in the station's record")
    CAPABILITY = "capability", N_("Services with an institution of valid scope behind the station")


class RoutingRule(Base):
    """How much a factor weighs. ``half_at``: the value at which the score is one half, for factors
    that speak against a station (score = half_at / (half_at + value)); empty for shares."""

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
        """What a value is worth, from 0 to 1; ``NOBODY`` is worth nothing."""
        if value == NOBODY:
            return 0.0
        return value if self.half_at is None else self.half_at / (self.half_at + value)


@dataclass(frozen=True)
class Weighed:
    """One factor of one station: its value, what that is worth (0 to 1), and how much it weighs.
    ``value`` is None for a load of ``NOBODY``, which no database keeps as a number."""

    factor: Factor
    value: float | None
    score: float
    weight: float


def list_routing_rules(session: Session) -> list[RoutingRule]:
    """Every rule, in the order of their file."""
    return list(session.scalars(select(RoutingRule).order_by(RoutingRule.position)))


def weigh(rules: Sequence[RoutingRule], values: dict[Factor, float | None]) -> tuple[Weighed, ...]:
    """Each factor that has a value and a rule, weighed."""
    return tuple(
        Weighed(rule.factor, None if value == NOBODY else value, rule.score(value), rule.weight)
        for rule in rules
        if (value := values.get(rule.factor)) is not None
    )


def total(weighed: Sequence[Weighed]) -> float:
    """The weighted mean of the scores; 0 where nothing weighs anything."""
    weight = sum(one.weight for one in weighed)
    return sum(one.score * one.weight for one in weighed) / weight if weight else 0.0
