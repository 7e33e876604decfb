"""Dividing a whole number into whole parts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def in_whole_parts(total: int, shares: ArrayLike) -> NDArray[np.int64]:
    """Return a whole number divided by shares into whole parts that add up to it exactly, each less than 1 from its
    exact part: the method of largest remainders (Hamilton). Of equal remainders the first gets more.

    ``shares``: of 0 or more, in any unit, not all 0.

    Raises:
        ValueError: ``total`` or a share is negative, or all shares are 0.
    """
    weights = np.asarray(shares, dtype=float)
    whole = weights.sum()
    if total < 0 or (weights < 0).any() or not whole > 0:
        raise ValueError(f"{total} can't be divided by these shares")
    exact = total * (weights / whole)
    parts: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    left = total - int(parts.sum())
    parts[np.argsort(parts - exact, kind="stable")[:left]] += 1
    return parts
