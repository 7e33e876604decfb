"""Ranks of the evaluated units, and reasons for having none.

Only comparable units are ranked. A unit without requests, or without judged deadlines, lacks the indicators with
the largest weights, and the mean of the rest would rank it above units that had work to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from stations.evaluation.counts import Counts
from stations.language import N_


class Unranked(StrEnum):
    """The reason why a unit has no rank."""

    NO_REQUEST = "no_request"
    NOT_JUDGED = "not_judged"
    FEW = "few"


WHY_UNRANKED: dict[Unranked, str] = {
    Unranked.NO_REQUEST: N_("no request in the period"),
    Unranked.NOT_JUDGED: N_("nothing was due yet"),
    Unranked.FEW: N_("too few"),
}
"""The reasons in words."""


def why_unranked(told: Counts, few: int) -> Unranked | None:
    """Return why a unit with these counts is not ranked, or None if it is. ``few``: minimum of requests or deliveries
    for a rank.
    """
    if not told.filed:
        return Unranked.NO_REQUEST
    if max(told.filed, told.deliveries_judged) < few:
        return Unranked.FEW
    return None if told.answers_judged or told.deliveries_judged else Unranked.NOT_JUDGED


def places(scores: Sequence[float]) -> dict[float, int]:
    """Return score → rank, 1 for the highest; equal scores share a rank."""
    ordered = sorted(scores, reverse=True)
    return {score: place for place, score in reversed(list(enumerate(ordered, start=1)))}
