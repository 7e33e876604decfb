"""Every change of every county's state, counted along the days on which stations and offers begin and end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from stations.registry.station_columns import NEVER, StationColumns

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_DAYS = 1 << 22
"""More than there are days up to the year 9999, so that a county and a day make one number."""


@dataclass(frozen=True, eq=False)
class CountyChanges:
    """One value for each change, sorted by county and day.

    ``place``: which county; ``day``: its ordinal; from then on ``stations`` are active, of which ``samples`` are
    samples; ``full``: whether they offer every element together.
    """

    counties: int
    place: Ints
    day: Ints
    stations: Ints
    samples: Ints
    full: Bools

    @cached_property
    def first(self) -> Ints:
        """The index of the first change of each county, and the number of changes at the end."""
        return np.searchsorted(self.place, np.arange(self.counties + 1))

    @cached_property
    def _moments(self) -> Ints:
        return self.place * _DAYS + self.day

    def latest(self, days: Ints) -> Ints:
        """Return for each of the days, and each county, the index of its last change by then, or −1.

        The shape is (days, counties).
        """
        asked = np.arange(self.counties)[None, :] * _DAYS + days[:, None]
        found = np.searchsorted(self._moments, asked, side="right") - 1
        return np.where(found >= self.first[None, :-1], found, -1)


def county_changes(
    columns: StationColumns,
    places: Ints,
    counties: int,
    elements: Sequence[Collection[str]],
    *,
    samples: bool,
) -> CountyChanges:
    """Return the changes of the counties.

    ``places``: for each station the place of its county, from 0; ``counties`` where it has none. ``elements``: the
    services of each element. Sample stations count only with ``samples``.
    """
    rows, starts, ends = columns.active_periods()
    inside = places[rows] < counties
    if not samples:
        inside &= ~columns.stations.sample[rows]
    rows, starts, ends = rows[inside], starts[inside], ends[inside]
    counted = [(rows, starts, ends), _of(columns.stations.sample[rows], rows, starts, ends)]
    for services in elements:
        offers = columns.offers_of(services)
        counted.append(
            _common(
                (rows, starts, ends),
                columns.offer_row[offers],
                columns.offers.since[offers],
                columns.offers.until[offers],
                len(columns),
            )
        )
    moments, kinds, steps = [], [], []
    for kind, (whose, since, until) in enumerate(counted):
        for days, step in ((since, 1), (until, -1)):
            known = days < NEVER
            moments.append(places[whose[known]] * _DAYS + days[known])
            kinds.append(np.full(int(known.sum()), kind))
            steps.append(np.full(int(known.sum()), step))
    return _counted(np.concatenate(moments), np.concatenate(kinds), np.concatenate(steps), len(counted), counties)


def _of(chosen: Bools, *arrays: Ints) -> tuple[Ints, Ints, Ints]:
    rows, starts, ends = (array[chosen] for array in arrays)
    return rows, starts, ends


def _common(
    active: tuple[Ints, Ints, Ints], rows: Ints, since: NDArray[np.int32], until: NDArray[np.int32], stations: int
) -> tuple[Ints, Ints, Ints]:
    """Return the periods in which offers hold while their station is active: (rows, first days, first days after)."""
    owners, starts, ends = active
    order = np.argsort(owners, kind="stable")
    first = np.searchsorted(owners[order], np.arange(stations + 1))
    each = first[rows + 1] - first[rows]
    offer = np.repeat(np.arange(len(rows)), each)
    nth = np.arange(len(offer)) - np.repeat(np.cumsum(each) - each, each)
    period = order[np.repeat(first[rows], each) + nth]
    begin, end = np.maximum(starts[period], since[offer]), np.minimum(ends[period], until[offer])
    return _of(begin < end, rows[offer], begin, end)


def _counted(moments: Ints, kinds: Ints, steps: Ints, columns: int, counties: int) -> CountyChanges:
    """Add the steps up along the days of each county, and leave out the days that change nothing."""
    days, which = np.unique(moments, return_inverse=True)
    sums = np.bincount(which * columns + kinds, weights=steps, minlength=len(days) * columns)
    counts = np.cumsum(sums.reshape(-1, columns), axis=0).astype(np.int64)
    place, day = days // _DAYS, days % _DAYS
    before = np.searchsorted(place, place)  # the first change of the same county
    counts -= np.where(before[:, None] > 0, counts[before - 1], 0)
    active, invented = counts[:, 0], counts[:, 1]
    full = (active > 0) & (counts[:, 2:] > 0).all(axis=1)
    states = np.column_stack([active, invented, full])
    previous = np.vstack([np.zeros((1, 3), dtype=np.int64), states[:-1]])
    previous[before == np.arange(len(days))] = 0
    changed = (states != previous).any(axis=1)
    return CountyChanges(counties, place[changed], day[changed], active[changed], invented[changed], full[changed])
