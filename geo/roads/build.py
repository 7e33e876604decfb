"""Build a road network from an OpenStreetMap extract."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import box, union_all
from shapely.geometry import mapping

from geo.roads.contraction import without_joints
from geo.roads.extract import UNITS_PER_DEGREE, UnreadableExtract, read_extract
from geo.roads.network import Facts, Grid, RoadNetwork
from geo.roads.pieces import Pieces, pieces_of

CELL = UNITS_PER_DEGREE // 100
COVER_DEGREES = 0.05
"""The side of the squares that make the area which roads cover: those with a road in them, and what they enclose."""
LEAST_SECONDS = 1e-6  # a graph has no way of zero length

STEPS = ("reading", "joining", "sorting")


def build_network(path: Path, report: Callable[[str], None] | None = None) -> RoadNetwork:
    """Return the network of the roads that cars use in an extract: its largest part in which everything can be reached
    from everywhere. ``report`` is called with each of ``STEPS`` as it begins.

    Raises:
        UnreadableExtract: the file is no extract, or holds no road for cars.
    """
    tell = report or (lambda step: None)
    tell("reading")
    ways = read_extract(path)
    tell("joining")
    every = pieces_of(ways)
    connected = every.only(_largest_part(every))
    if not len(connected.tail):
        raise UnreadableExtract("no road for cars")
    pieces = without_joints(connected)
    tell("sorting")
    grid, order, cell_start = _sorted_by_cell(pieces)
    graph = _graph(pieces)
    segments: dict[str, Any] = {
        name: getattr(pieces, name)[order] for name in ("piece", "x0", "y0", "x1", "y1", "share0", "share1")
    }
    digest = hashlib.sha256()
    for array in (pieces.tail, pieces.head, pieces.forward, pieces.backward, *segments.values()):
        digest.update(np.ascontiguousarray(array).data)
    facts = Facts(
        mark=digest.hexdigest()[:16],
        file=path.name,
        as_of=ways.as_of,
        area=_area(segments),
        vertices=len(np.unique(ways.node)),
        junctions=pieces.ends,
        pieces=len(pieces.tail),
        left_out=len(every.tail) - len(connected.tail),
        missing=ways.missing,
    )
    return RoadNetwork(
        facts=facts,
        grid=grid,
        row_start=graph.indptr.astype(np.int32),
        to=graph.indices.astype(np.int32),
        seconds=graph.data,
        tail=pieces.tail,
        head=pieces.head,
        forward=pieces.forward,
        backward=pieces.backward,
        cell_start=cell_start,
        **segments,
    )


def _arcs(pieces: Pieces) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Return what leads from where to where in how many seconds, in either direction of the pieces."""
    tail, head = np.concatenate([pieces.tail, pieces.head]), np.concatenate([pieces.head, pieces.tail])
    seconds = np.maximum(np.concatenate([pieces.forward, pieces.backward]), LEAST_SECONDS)
    can = np.isfinite(seconds)
    return tail[can], head[can], seconds[can]


def _largest_part(pieces: Pieces) -> NDArray[np.bool_]:
    """Return the mask of the pieces in the largest strongly connected part, which is the one with most pieces."""
    from scipy.sparse import coo_array  # takes long to import, and networks are seldom built
    from scipy.sparse.csgraph import connected_components

    tail, head, seconds = _arcs(pieces)
    graph = coo_array((seconds, (tail, head)), shape=(pieces.ends, pieces.ends)).tocsr()
    _count, part = connected_components(graph, connection="strong")
    inside = part[pieces.tail] == part[pieces.head]
    largest = np.bincount(part[pieces.tail[inside]], minlength=1).argmax()
    return np.asarray(inside & (part[pieces.tail] == largest))


def _graph(pieces: Pieces) -> Any:
    """Return the graph as a sparse matrix; of several pieces between the same ends it has the fastest."""
    from scipy.sparse import coo_array

    tail, head, seconds = _arcs(pieces)
    order = np.lexsort((seconds, head, tail))
    tail, head, seconds = tail[order], head[order], seconds[order]
    first = np.r_[True, (np.diff(tail) != 0) | (np.diff(head) != 0)] & (tail != head)
    return coo_array((seconds[first], (tail[first], head[first])), shape=(pieces.ends, pieces.ends)).tocsr()


def _sorted_by_cell(pieces: Pieces) -> tuple[Grid, NDArray[np.int64], NDArray[np.int32]]:
    """Return the grid, the order of the segments by the cells of their middles, and the first of each cell."""
    x = (pieces.x0.astype(np.int64) + pieces.x1) // 2
    y = (pieces.y0.astype(np.int64) + pieces.y1) // 2
    west, south = int(x.min()), int(y.min())
    column, row = (x - west) // CELL, (y - south) // CELL
    grid = Grid(west, south, int(column.max()) + 1, int(row.max()) + 1, CELL)
    cell = row * grid.columns + column
    order = np.argsort(cell, kind="stable")
    start = np.searchsorted(cell[order], np.arange(grid.columns * grid.rows + 1))
    return grid, order, start.astype(np.int32)


def _area(segments: dict[str, NDArray[np.int32]]) -> dict[str, Any]:
    """Return the area that the roads cover, as GeoJSON."""
    ends = np.concatenate(
        [np.stack([segments[f"x{end}"], segments[f"y{end}"]], axis=1) for end in (0, 1)]
    ) / (UNITS_PER_DEGREE * COVER_DEGREES)
    squares = np.unique(np.floor(ends).astype(np.int64), axis=0) * COVER_DEGREES
    union = union_all(box(*squares.T, *(squares + COVER_DEGREES).T))
    closed = union.buffer(COVER_DEGREES, join_style="mitre").buffer(-COVER_DEGREES, join_style="mitre")
    return dict(mapping(closed.simplify(COVER_DEGREES / 100)))
