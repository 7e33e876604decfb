"""The features of a collection on one day, prepared: in a stable order, with their text in GeoJSON, an index of their
places, and their properties by column.

Those with a place come first, then by identifier: GIS programs look at the first few features for the kind of geometry,
and take a collection that begins with features without one for a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from stations.features.collection import Collection, Question
from stations.features.places import Place

Box = tuple[float, float, float, float]
"""West, south, east and north in degrees; west is more than east where the box crosses the 180th meridian."""
Rows = NDArray[np.intp]
"""Positions of features within a snapshot, ascending."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Prepared features.

    ``ids``, ``order`` (by which they are sorted), ``places``, ``since``, and every list in ``columns`` (by the name of
    the property) have one entry for each feature. ``openings``, ``endings``: the text of a feature before and after
    its geometry.
    """

    collection: Collection[Any]
    question: Question
    ids: Sequence[str]
    order: Sequence[str]
    places: Sequence[Place | None]
    since: Sequence[date | None]
    columns: Mapping[str, Sequence[Any]]
    openings: Sequence[bytes]
    endings: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def size(self) -> int:
        """About how many bytes of memory it takes. The outlines of counties are shared by all snapshots."""
        return 500 * len(self) + sum(map(len, self.openings)) + 3 * sum(map(len, self.endings))

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Where each feature is, by its identifier."""
        return {key: row for row, key in enumerate(self.ids)}

    @cached_property
    def geometries(self) -> NDArray[np.object_]:
        """The geometries; None where there is none."""
        shapes = np.empty(len(self), dtype=object)
        shapes[:] = [place and place.geometry for place in self.places]
        return shapes

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.geometries)

    @cached_property
    def bounds(self) -> Box | None:
        """The box that contains all places; None where there is none."""
        edges = shapely.total_bounds(self.geometries)
        return None if np.isnan(edges).any() else (float(edges[0]), float(edges[1]), float(edges[2]), float(edges[3]))

    @cached_property
    def first_day(self) -> date | None:
        """The first day for which anything is known of a feature; None where they have no dates."""
        return min((day for day in self.since if day is not None), default=None)

    @property
    def all_rows(self) -> Rows:
        """Every feature."""
        return np.arange(len(self))

    def within(self, box: Box) -> Rows:
        """Return the features whose geometry intersects a box, edges included."""
        west, south, east, north = box
        parts = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
        boxes = [shapely.box(left, south, right, north) for left, right in parts]
        # A box without width or height is a line or a point, which shapely.box makes an invalid polygon.
        shapes = [one if one.area else one.envelope for one in boxes]
        found = self._tree.query(shapes, predicate="intersects")[1]
        return np.unique(found)

    def known_by(self, day: date) -> Rows:
        """Return the features of which something is known by a day, and those without any date."""
        return np.array([row for row, since in enumerate(self.since) if since is None or since <= day], dtype=np.intp)

    def text(self, row: int, lat_first: bool) -> bytes:
        """Return a feature in GeoJSON, without its closing brace."""
        place = self.places[row]
        shape = place.text(lat_first) if place else b"null"
        return self.openings[row] + shape + self.endings[row]


def take_snapshot(session: Session, collection: Collection[Any], question: Question) -> Snapshot:
    """Return the features of a collection, prepared."""
    found = [(collection.place(row), collection.key(row), row) for row in collection.read(session, question)]
    found.sort(key=lambda one: (one[0] is None, one[1]))
    places, ids, rows = zip(*found, strict=True) if found else ((), (), ())
    columns = {one.name: [one.value(row) for row in rows] for one in collection.properties}
    endings = []
    for values in zip(*columns.values(), strict=True):
        endings.append(b',"properties":' + orjson.dumps(dict(zip(columns, values, strict=True))))
    return Snapshot(
        collection=collection,
        question=question,
        ids=ids,
        order=[("~" if place is None else "!") + key for place, key in zip(places, ids, strict=True)],
        places=places,
        since=[collection.since(row) for row in rows],
        columns=columns,
        openings=[b'{"type":"Feature","id":' + orjson.dumps(key) + b',"geometry":' for key in ids],
        endings=endings,
    )
