"""Ranks of the evaluated units, and why some have none.

A rank compares like with like: a unit to which nobody turned, or of which no deadline was judged, lacks the
indicators that weigh most, and the mean over the rest would put it before those that had work to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from stations.evaluation.counts import Counts
from stations.language import N_


class Unranked(StrEnum):
    """Why a unit has no rank."""

    NO_REQUEST = "no_request"
    NOT_JUDGED = "not_judged"
    FEW = "few"


WHY_UNRANKED: dict[Unranked, str] = {
    Unranked.NO_REQUEST: N_("no request in the period"),
    Unranked.NOT_JUDGED: N_("nothing was due yet"),
    Unranked.FEW: N_("too few"),
}
"""The same in words."""


def why_unranked(told: Counts, few: int) -> Unranked | None:
    """Why a unit of these counts is not ranked; None where it is. ``few``: below so many requests and
    deliveries it is not."""
    if not told.filed:
        return Unranked.NO_REQUEST
    if max(told.filed, told.deliveries_judged) < few:
        return Unranked.FEW
    return None if told.answers_judged or told.deliveries_judged else Unranked.NOT_JUDGED


def places(scores: Sequence[float]) -> dict[float, int]:
    """Score → its rank, 1 for the highest; equal scores share one."""
    ordered = sorted(scores, reverse=True)
    return {score: place for place, score in reversed(list(enumerate(ordered, start=1)))}
