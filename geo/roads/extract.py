"""Read the ways that cars use from an OpenStreetMap extract."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.roads.car_rules import blocks_cars, drive_on

KEYS = ("highway", "route", "barrier", "access", "motor_vehicle")
UNITS_PER_DEGREE = 10_000_000
"""OpenStreetMap stores degrees as whole numbers of 1e-7."""

FIRST_YEAR = 2004
"""The year in which OpenStreetMap began; an object without a date has one before."""


class UnreadableExtract(ValueError):
    """A file is not an OpenStreetMap extract, is damaged, or holds no road. The text is the reason, in English."""


@dataclass(frozen=True)
class CarWays:
    """The ways that cars use, each a run of vertices.

    Per vertex: ``node``, its OpenStreetMap id; ``x``, ``y``: longitude and latitude in 1e-7 degrees; ``way``, the
    number of its way. Per way: ``forward``, ``backward``: km/h, 0 where not allowed; ``seconds``: of the whole way, NaN
    where the speeds count. ``blocked``: the ids of nodes that no car passes. ``as_of``: the date of the extract's data.
    ``missing``: vertices whose place the extract does not hold, at its edge: there the way is cut.
    """

    node: NDArray[np.int64]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    way: NDArray[np.int32]
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]
    seconds: NDArray[np.float64]
    blocked: NDArray[np.int64]
    as_of: datetime | None
    missing: int


def read_extract(path: Path) -> CarWays:
    """Return the ways that cars use in an extract (``.osm.pbf``, or another format that osmium reads).

    Raises:
        UnreadableExtract: the file can't be read, or no car could drive on anything in it.
    """
    import osmium  # only who imports roads needs it

    node, x, y, way = array("q"), array("i"), array("i"), array("i")
    forward, backward, seconds = array("d"), array("d"), array("d")
    blocked = array("q")
    newest: datetime | None = None
    ways = missing = 0
    try:
        # Nodes stand before ways in an extract, so that each way knows where its nodes are.
        objects = (
            osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
            .with_locations()
            .with_filter(osmium.filter.KeyFilter(*KEYS))
        )
        said = objects.header.get("osmosis_replication_timestamp")
        for one in objects:
            tags = dict(one.tags)
            if isinstance(one, osmium.osm.Node):
                if blocks_cars(tags):
                    blocked.append(one.id)
                continue
            if not isinstance(one, osmium.osm.Way):
                continue
            drive = drive_on(tags)
            if drive is None or not (drive.forward or drive.backward):
                continue
            if one.timestamp.year >= FIRST_YEAR:
                newest = one.timestamp if newest is None else max(newest, one.timestamp)
            part = None
            for vertex in one.nodes:
                place = vertex.location
                if not place.valid():
                    missing, part = missing + 1, None
                    continue
                if part is None:
                    part, ways = ways, ways + 1
                    forward.append(drive.forward)
                    backward.append(drive.backward)
                    seconds.append(np.nan if drive.seconds is None else drive.seconds)
                node.append(vertex.ref)
                x.append(place.x)
                y.append(place.y)
                way.append(part)
    except (RuntimeError, OSError) as problem:
        raise UnreadableExtract(str(problem)) from None
    if not ways:
        raise UnreadableExtract("no road for cars")
    return CarWays(
        node=np.array(node, dtype=np.int64),
        x=np.array(x, dtype=np.int32),
        y=np.array(y, dtype=np.int32),
        way=np.array(way, dtype=np.int32),
        forward=np.array(forward),
        backward=np.array(backward),
        seconds=np.array(seconds),
        blocked=np.array(blocked, dtype=np.int64),
        as_of=_instant(said) or newest,
        missing=missing,
    )


def _instant(said: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said) if said else None
    except ValueError:
        return None
