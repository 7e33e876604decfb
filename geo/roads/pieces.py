"""Pieces of road between junctions, and the short segments that they are drawn with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.distance import great_circle_m
from geo.roads.car_rules import FASTEST_KMH
from geo.roads.extract import UNITS_PER_DEGREE, CarWays, UnreadableExtract

LONGEST_SEGMENT_M = 250.0
"""Longer segments are divided, so that whatever is near a road is near the middle of one of its segments."""


@dataclass(frozen=True)
class Pieces:
    """Pieces of road, each between two ends, and their segments in order.

    Per piece: ``tail``, ``head``: numbers of its ends; ``forward``, ``backward``: seconds by car from tail to head and
    back, infinite where not allowed. Per segment: ``piece``; ``x0`` … ``y1``: its ends in 1e-7 degrees, from tail to
    head; ``share0``, ``share1``: the share of the piece's time that is passed at its ends.
    """

    ends: int
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]
    piece: NDArray[np.int32]
    x0: NDArray[np.int32]
    y0: NDArray[np.int32]
    x1: NDArray[np.int32]
    y1: NDArray[np.int32]
    share0: NDArray[np.float32]
    share1: NDArray[np.float32]

    def only(self, kept: NDArray[np.bool_]) -> Pieces:
        """Return the pieces of the mask, with their ends numbered anew."""
        used, ends = np.unique(np.concatenate([self.tail[kept], self.head[kept]]), return_inverse=True)
        number = np.cumsum(kept) - 1
        seen = kept[self.piece]
        count = int(kept.sum())
        return Pieces(
            ends=len(used),
            tail=ends[:count].astype(np.int32),
            head=ends[count:].astype(np.int32),
            forward=self.forward[kept],
            backward=self.backward[kept],
            piece=number[self.piece[seen]].astype(np.int32),
            x0=self.x0[seen],
            y0=self.y0[seen],
            x1=self.x1[seen],
            y1=self.y1[seen],
            share0=self.share0[seen],
            share1=self.share1[seen],
        )


def pieces_of(ways: CarWays) -> Pieces:
    """Return the pieces of the ways between junctions: nodes that ways share, pass twice, or end at.

    Raises:
        UnreadableExtract: no way has a length.
    """
    _nodes, node, uses = np.unique(ways.node, return_inverse=True, return_counts=True)
    blocked = np.isin(ways.node, ways.blocked)
    from_ = np.flatnonzero((ways.way[:-1] == ways.way[1:]) & ~blocked[:-1] & ~blocked[1:])
    if not len(from_):
        raise UnreadableExtract("no road for cars")
    to = from_ + 1
    place = [axis / UNITS_PER_DEGREE for axis in (ways.x, ways.y)]
    metres = np.asarray(great_circle_m(place[0][from_], place[1][from_], place[0][to], place[1][to]))
    # A piece begins where a way begins, goes on behind a cut, or passes a junction.
    begins = np.r_[True, (np.diff(from_) > 1) | (uses[node[from_[1:]]] > 1)]
    piece = np.cumsum(begins) - 1
    first = np.flatnonzero(begins)
    last = np.r_[first[1:], len(from_)] - 1
    length = np.add.reduceat(metres, first)
    way = ways.way[from_[first]]
    whole = np.bincount(ways.way[from_], weights=metres, minlength=len(ways.forward))[way]
    given = ways.seconds[way] * np.divide(length, whole, out=np.zeros_like(length), where=whole > 0)
    given = np.maximum(given, length * 3.6 / FASTEST_KMH)  # a mapped duration may be wrong, and nothing is faster
    times = []
    for kmh in (ways.forward[way], ways.backward[way]):
        with np.errstate(divide="ignore", invalid="ignore"):
            usual = np.where(kmh > 0, np.where(np.isnan(given), length * 3.6 / kmh, given), np.inf)
        times.append(usual)
    before = np.cumsum(metres) - metres
    along = before - before[first][piece]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = [np.nan_to_num(value / length[piece]) for value in (along, along + metres)]
    ends, numbers = np.unique(np.concatenate([node[from_[first]], node[to[last]]]), return_inverse=True)
    return Pieces(
        ends=len(ends),
        tail=numbers[: len(first)].astype(np.int32),
        head=numbers[len(first) :].astype(np.int32),
        forward=times[0],
        backward=times[1],
        **_divided(piece, metres, ways, from_, shares),
    )


def _divided(
    piece: NDArray[np.intp],
    metres: NDArray[np.float64],
    ways: CarWays,
    from_: NDArray[np.intp],
    shares: list[NDArray[np.float64]],
) -> dict[str, Any]:
    """Return the fields of the segments, none longer than ``LONGEST_SEGMENT_M``."""
    parts = np.maximum(1, np.ceil(metres / LONGEST_SEGMENT_M).astype(np.int64))
    row = np.repeat(np.arange(len(metres)), parts)
    number = np.arange(len(row)) - np.repeat(np.cumsum(parts) - parts, parts)
    start, end = number / parts[row], (number + 1) / parts[row]

    def between(first: NDArray[Any], second: NDArray[Any], at: NDArray[np.float64]) -> NDArray[np.float64]:
        a, b = first[row].astype(float), second[row].astype(float)
        return np.asarray(a + at * (b - a))

    x0, x1, y0, y1 = ways.x[from_], ways.x[from_ + 1], ways.y[from_], ways.y[from_ + 1]
    return {
        "piece": piece[row].astype(np.int32),
        "x0": np.rint(between(x0, x1, start)).astype(np.int32),
        "y0": np.rint(between(y0, y1, start)).astype(np.int32),
        "x1": np.rint(between(x0, x1, end)).astype(np.int32),
        "y1": np.rint(between(y0, y1, end)).astype(np.int32),
        "share0": between(shares[0], shares[1], start).astype(np.float32),
        "share1": between(shares[0], shares[1], end).astype(np.float32),
    }
