"""Seconds by car between places, many at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.distance import great_circle_m
from geo.roads.network import RoadNetwork
from geo.roads.snapping import WALKING_KMH, Snapped, snap

AT_ONCE = 16
"""Origins in one run of Dijkstra's algorithm: each takes eight bytes a junction."""
_LEAST = 1e-6  # a graph has no way of zero length


def travel_times(
    network: RoadNetwork,
    lons: NDArray[np.float64],
    lats: NDArray[np.float64],
    to_lons: NDArray[np.float64],
    to_lats: NDArray[np.float64],
    report: Callable[[float], None] | None = None,
) -> NDArray[np.float64]:
    """Return seconds from each place (rows) to each other place (columns), in WGS-84 degrees; infinite where a place is
    too far from any road.

    The way begins and ends on foot, straight to the nearest road. Two places that are nearer to each other than to
    their roads are walked between. ``report`` is called with the share that is done.
    """
    origins, targets = snap(network, lons, lats), snap(network, to_lons, to_lats)
    # A run goes from one place to all others, so it starts from the side with fewer places.
    if len(lons) <= len(to_lons):
        times = _from_each(network, origins, targets, report, backwards=False)
    else:
        times = _from_each(network, targets, origins, report, backwards=True).T
    times = times + origins.walk[:, None] + targets.walk[None]
    apart = np.asarray(great_circle_m(lons[:, None], lats[:, None], to_lons[None], to_lats[None]))
    on_foot = apart <= origins.metres[:, None] + targets.metres[None]
    on_foot &= (origins.piece >= 0)[:, None] & (targets.piece >= 0)[None] | (apart < 1.0)
    return np.where(on_foot, np.minimum(times, apart * 3.6 / WALKING_KMH), times)


def seconds_to_junctions(network: RoadNetwork, places: Snapped, *, backwards: bool = False) -> NDArray[np.float64]:
    """Return the seconds from the nearest of the places to each junction, the walk to the road included; ``backwards``:
    from each junction to the nearest place.
    """
    graph, starts = _with_places(network, places, np.flatnonzero(places.piece >= 0), backwards, walk=True)
    if not len(starts):
        return np.full(network.facts.junctions, np.inf)
    found = dijkstra(graph, indices=starts, min_only=True)
    return np.asarray(found[: network.facts.junctions])


def _from_each(
    network: RoadNetwork,
    origins: Snapped,
    targets: Snapped,
    report: Callable[[float], None] | None,
    *,
    backwards: bool,
) -> NDArray[np.float64]:
    """Return seconds on the roads from each origin to each target; ``backwards``: from the targets to the origins."""
    found = np.full((len(origins.piece), len(targets.piece)), np.inf)
    rows, columns = np.flatnonzero(origins.piece >= 0), np.flatnonzero(targets.piece >= 0)
    piece, share = targets.piece[columns], targets.share[columns]
    forward, backward = _both_ways(network, piece, backwards)
    by_tail, by_head = _times(share, forward), _times(1 - share, backward)
    tail, head = network.tail[piece], network.head[piece]
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        graph, starts = _with_places(network, origins, some, backwards)
        seconds = dijkstra(graph, indices=starts)
        times = np.minimum(seconds[:, tail] + by_tail, seconds[:, head] + by_head)
        found[np.ix_(some, columns)] = np.minimum(times, _on_one_piece(origins, some, piece, share, forward, backward))
        if report is not None:
            report(min(1.0, (start + len(some)) / len(rows)))
    return found


def _on_one_piece(
    origins: Snapped,
    rows: NDArray[np.intp],
    piece: NDArray[np.int64],
    share: NDArray[np.float64],
    forward: NDArray[np.float64],
    backward: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return seconds along the piece that an origin and a target share, infinite for other pairs."""
    on = share[None] - origins.share[rows, None]
    with np.errstate(invalid="ignore"):
        along = np.where(on >= 0, np.where(on > 0, on * forward, 0.0), -on * backward)
    return np.where(piece[None] == origins.piece[rows, None], along, np.inf)


def _with_places(
    network: RoadNetwork, places: Snapped, rows: NDArray[np.intp], backwards: bool, *, walk: bool = False
) -> tuple[csr_array, NDArray[np.int64]]:
    """Return the graph with some of the places as further junctions, from which roads lead, and their numbers."""
    graph = network.reversed_graph if backwards else network.graph
    junctions, count = network.facts.junctions, len(rows)
    piece, share = places.piece[rows], places.share[rows]
    forward, backward = _both_ways(network, piece, backwards)
    ways = np.stack([_times(share, backward), _times(1 - share, forward)], axis=1)
    ways += places.walk[rows, None] if walk else 0.0
    ends = np.stack([network.tail[piece], network.head[piece]], axis=1)
    can = np.isfinite(ways)
    row_start = np.r_[graph.indptr, graph.indptr[-1] + np.cumsum(can.sum(axis=1))]
    whole = csr_array(
        (np.r_[graph.data, np.maximum(ways[can], _LEAST)], np.r_[graph.indices, ends[can]], row_start),
        shape=(junctions + count, junctions + count),
    )
    return whole, np.arange(junctions, junctions + count)


def _both_ways(
    network: RoadNetwork, piece: NDArray[np.int64], backwards: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    ways = network.forward[piece], network.backward[piece]
    return (ways[1], ways[0]) if backwards else ways


def _times(share: NDArray[np.float64], seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the seconds of a share of a piece; infinite where it is not driven this way, unless the share is 0."""
    with np.errstate(invalid="ignore"):
        return np.where(share > 0, share * seconds, 0.0)
