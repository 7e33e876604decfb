"""Measures of equality: the Lorenz curve and the Gini coefficient."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def lorenz(shares: ArrayLike, people: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the Lorenz curve of a quantity over groups of people, as (x, y), both from 0 to 1, starting at (0, 0).

    x: cumulative share of people, beginning with those who have least. y: cumulative share of the quantity.
    ``shares``: the amount per person in each group. ``people``: the number of people in each group.

    M. O. Lorenz, "Methods of measuring the concentration of wealth", Publications of the American Statistical
    Association 9 (1905) 209–219.

    Raises:
        ValueError: the lengths differ, a number is negative, or there are no people.
    """
    each, count = np.asarray(shares, dtype=float), np.asarray(people, dtype=float)
    if each.shape != count.shape or (each < 0).any() or (count < 0).any() or not count.sum():
        raise ValueError("give a share and a number of people, neither negative, for each group")
    order = np.argsort(each, kind="stable")
    had = np.cumsum((each * count)[order])
    along = np.cumsum(count[order]) / count.sum()
    total = had[-1]
    return np.r_[0.0, along], np.r_[0.0, had / total if total else along]


def gini(shares: ArrayLike, people: ArrayLike) -> float | None:
    """Return the Gini coefficient: 0 if everybody has the same, near 1 if few have everything; None if nobody has
    anything.

    Twice the area between the Lorenz curve (X, Y) and the diagonal, by trapezoids:

    G = 1 − Σ_k (X_k − X_k−1)(Y_k + Y_k−1)

    C. Gini, "Measurement of inequality of incomes", Economic Journal 31 (1921) 124–126; the sum is M. C. Brown's,
    "Using Gini-style indices to evaluate the spatial patterns of health practitioners", Social Science & Medicine
    38 (1994) 1243–1256.

    Raises:
        ValueError: as in ``lorenz``.
    """
    along, had = lorenz(shares, people)
    if not (np.asarray(shares, dtype=float) * np.asarray(people, dtype=float)).any():
        return None
    return max(0.0, float(1 - (np.diff(along) * (had[1:] + had[:-1])).sum()))
