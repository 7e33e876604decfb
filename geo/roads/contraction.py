"""Make pieces of road one where nothing branches off between them, so that the graph is small."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.roads.pieces import Pieces

_ALIKE = 1e-6


def without_joints(pieces: Pieces) -> Pieces:
    """Return the pieces with those made one that meet at an end where nothing else does.

    They are made one only where both are driven alike in both directions, or both in one direction that goes on: then a
    share of the time is the same share in each direction.
    """
    chains = _chains(pieces)
    piece = np.fromiter((one for chain in chains for one, _ in chain), dtype=np.int64)
    turned = np.fromiter((turn for chain in chains for _, turn in chain), dtype=bool)
    lengths = np.fromiter((len(chain) for chain in chains), dtype=np.int64, count=len(chains))
    first = np.cumsum(lengths) - lengths
    last = first + lengths - 1
    chain_of = np.repeat(np.arange(len(chains)), lengths)
    forward = np.where(turned, pieces.backward[piece], pieces.forward[piece])
    backward = np.where(turned, pieces.forward[piece], pieces.backward[piece])
    taken = np.where(np.isfinite(forward), forward, backward)
    whole = np.add.reduceat(taken, first)
    before = np.cumsum(taken) - taken
    before -= before[first][chain_of]
    with np.errstate(divide="ignore", invalid="ignore"):
        offset, scale = (np.nan_to_num(value / whole[chain_of]) for value in (before, taken))

    # Where each piece came to lie.
    place = np.empty(len(pieces.tail), dtype=np.int64)
    place[piece] = np.arange(len(piece))
    now = place[pieces.piece]
    flipped = turned[now]
    start, end = (np.where(flipped, 1 - share, share) for share in (pieces.share0, pieces.share1))

    def turn(one: NDArray[np.generic], other: NDArray[np.generic]) -> NDArray[np.generic]:
        return np.where(flipped, other, one)

    shares = [offset[now] + scale[now] * share for share in (start, end)]
    joined = Pieces(
        ends=pieces.ends,
        tail=np.where(turned, pieces.head[piece], pieces.tail[piece])[first].astype(np.int32),
        head=np.where(turned, pieces.tail[piece], pieces.head[piece])[last].astype(np.int32),
        forward=np.add.reduceat(forward, first),
        backward=np.add.reduceat(backward, first),
        piece=chain_of[now].astype(np.int32),
        x0=turn(pieces.x0, pieces.x1).astype(np.int32),
        y0=turn(pieces.y0, pieces.y1).astype(np.int32),
        x1=turn(pieces.x1, pieces.x0).astype(np.int32),
        y1=turn(pieces.y1, pieces.y0).astype(np.int32),
        share0=turn(shares[0], shares[1]).astype(np.float32),
        share1=turn(shares[1], shares[0]).astype(np.float32),
    )
    return joined.only(np.ones(len(chains), dtype=bool))


def _chains(pieces: Pieces) -> list[list[tuple[int, bool]]]:
    """Return the pieces in chains, each piece with whether it is passed from head to tail."""
    joints = _joints(pieces)
    tail, head = pieces.tail.tolist(), pieces.head.tolist()
    meeting: dict[int, list[int]] = {}
    for one in np.flatnonzero(joints[pieces.tail] | joints[pieces.head]).tolist():
        for end in (tail[one], head[one]):
            if joints[end]:
                meeting.setdefault(end, []).append(one)
    seen = np.zeros(len(tail), dtype=bool)

    def walk(one: int, turned: bool) -> list[tuple[int, bool]]:
        chain = []
        while not seen[one]:
            seen[one] = True
            chain.append((one, turned))
            end = tail[one] if turned else head[one]
            if not joints[end]:
                break
            one = next((other for other in meeting[end] if other != one), one)
            turned = head[one] == end
        return chain

    found = []
    # First from where chains end; what is left afterwards are rings of joints only.
    for one in range(len(tail)):
        if not seen[one] and not joints[tail[one]]:
            found.append(walk(one, False))
        elif not seen[one] and not joints[head[one]]:
            found.append(walk(one, True))
    for one in range(len(tail)):
        if not seen[one]:
            found.append(walk(one, False))
    return found


def _joints(pieces: Pieces) -> NDArray[np.bool_]:
    """Return the mask of the ends where exactly two pieces meet that can be made one."""
    count = len(pieces.tail)
    ends = np.concatenate([pieces.tail, pieces.head])
    degree = np.bincount(ends, minlength=pieces.ends)
    order = np.argsort(ends, kind="stable")
    first = np.searchsorted(ends[order], np.arange(pieces.ends))
    two = degree == 2
    # The two that meet; where they don't, any, which the mask leaves out.
    pair = [order[np.minimum(first + step, len(order) - 1)] for step in (0, 1)]
    out, into = [], []
    for at in pair:
        piece, at_tail = at % count, at < count
        out.append(np.where(at_tail, pieces.forward[piece], pieces.backward[piece]))
        into.append(np.where(at_tail, pieces.backward[piece], pieces.forward[piece]))
    can_leave, can_come = [np.isfinite(one) for one in out], [np.isfinite(one) for one in into]
    with np.errstate(invalid="ignore"):
        alike = [np.abs(a - b) <= _ALIKE * (1 + a) for a, b in zip(out, into, strict=True)]
    both_ways = np.logical_and.reduce([*can_leave, *can_come, *alike])
    leads_away = [leave & ~come for leave, come in zip(can_leave, can_come, strict=True)]
    leads_here = [come & ~leave for leave, come in zip(can_leave, can_come, strict=True)]
    through = (leads_away[0] & leads_here[1]) | (leads_away[1] & leads_here[0])
    return np.asarray(two & (pair[0] % count != pair[1] % count) & (both_ways | through))
