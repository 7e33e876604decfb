"""Reading the outlines of a small FlatGeobuf file: polygons and the texts that stand with them.

The usual reader brings pandas and GDAL with it, 110 MB and a second for 95 outlines; whoever only asks where
a place lies needs neither. After the FlatGeobuf specification 3.0 (flatgeobuf.org: the magic bytes, the
header, the features one after another) and the layout of FlatBuffers tables it is built on. Read are
polygons and multipolygons of two dimensions with columns of texts, in a file without a spatial index, as
``build_layers`` writes it; the bytes of numbers are little-endian.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import shapely

_MAGIC = b"fgb\x03fgb"  # its eighth byte is the patch level
_POLYGON, _MULTI_POLYGON = 3, 6
_STRING = 11

# Where the fields that are read stand in their tables (header.fbs, feature.fbs).
_COLUMNS, _FEATURES, _INDEX_NODE_SIZE = 7, 8, 9
_COLUMN_NAME, _COLUMN_TYPE = 0, 1
_GEOMETRY, _PROPERTIES = 0, 1
_ENDS, _XY, _TYPE, _PARTS = 0, 1, 6, 7


def read_outlines(path: Path, column: str) -> tuple[list[str], np.ndarray]:
    """The text of a column and the outline of each feature, in the order of the file, in its coordinates.

    Raises:
        ValueError: the file is no FlatGeobuf, or holds what is not read here.
    """
    content = path.read_bytes()
    if not content.startswith(_MAGIC):
        raise ValueError(f"{path.name} is no FlatGeobuf file of version 3")
    header = _Table.root(content, 8)
    if header.number(_INDEX_NODE_SIZE, "<H", 16):
        raise ValueError(f"{path.name} has a spatial index; write it without one")
    columns = [(one.text(_COLUMN_NAME), one.number(_COLUMN_TYPE, "<B", 0)) for one in header.tables(_COLUMNS)]
    if (column, _STRING) not in columns:
        raise ValueError(f"{path.name} has no column of texts called {column}")
    at = 8 + 4 + _number(content, 8, "<I")
    texts, outlines = [], []
    for _ in range(header.number(_FEATURES, "<Q", 0)):
        feature = _Table.root(content, at)
        texts.append(_properties(feature, columns)[column])
        outlines.append(_outline(feature.table(_GEOMETRY), path.name))
        at += 4 + _number(content, at, "<I")
    return texts, np.array(outlines, dtype=object)


def _properties(feature: _Table, columns: list[tuple[str, int]]) -> dict[str, str]:
    """Its texts by column: each value stands behind the number of its column."""
    packed, values, at = feature.numbers(_PROPERTIES, "u1").tobytes(), {}, 0
    while at < len(packed):
        name, kind = columns[_number(packed, at, "<H")]
        if kind != _STRING:
            raise ValueError(f"the column {name} holds no texts")
        length = _number(packed, at + 2, "<I")
        values[name] = packed[at + 6 : at + 6 + length].decode()
        at += 6 + length
    return values


def _outline(geometry: _Table, file: str) -> shapely.Geometry:
    kind = geometry.number(_TYPE, "<B", 0)
    if kind == _MULTI_POLYGON:
        return shapely.multipolygons([_polygon(part) for part in geometry.tables(_PARTS)])
    if kind == _POLYGON:
        return _polygon(geometry)
    raise ValueError(f"{file} holds a geometry that is no polygon (type {kind})")


def _polygon(geometry: _Table) -> shapely.Polygon:
    points = geometry.numbers(_XY, "<f8").reshape(-1, 2)
    ends = geometry.numbers(_ENDS, "<u4")  # of each ring, told only where there is more than one
    rings = [shapely.linearrings(ring) for ring in np.split(points, ends[:-1])]
    return shapely.polygons(rings[0], rings[1:] or None)


class _Table:
    """A table of FlatBuffers: fields by their number, each where the table says it stands, or left out."""

    def __init__(self, content: bytes, at: int) -> None:
        self._content, self._at = content, at
        self._fields = at - _number(content, at, "<i")

    @classmethod
    def root(cls, content: bytes, at: int) -> _Table:
        """The table behind its own size, at ``at``."""
        return cls(content, at + 4 + _number(content, at + 4, "<I"))

    def _field(self, field: int) -> int | None:
        slot = 4 + 2 * field
        if slot >= _number(self._content, self._fields, "<H"):
            return None
        offset = _number(self._content, self._fields + slot, "<H")
        return self._at + offset if offset else None

    def _pointed(self, field: int) -> int | None:
        at = self._field(field)
        return None if at is None else at + _number(self._content, at, "<I")

    def number(self, field: int, shape: str, default: int) -> int:
        at = self._field(field)
        return default if at is None else _number(self._content, at, shape)

    def text(self, field: int) -> str:
        return self.numbers(field, "u1").tobytes().decode()

    def numbers(self, field: int, kind: str) -> np.ndarray:
        at = self._pointed(field)
        if at is None:
            return np.empty(0, kind)
        return np.frombuffer(self._content, kind, _number(self._content, at, "<I"), at + 4)

    def table(self, field: int) -> _Table:
        at = self._pointed(field)
        if at is None:
            raise ValueError("a feature without a geometry")
        return _Table(self._content, at)

    def tables(self, field: int) -> list[_Table]:
        at = self._pointed(field)
        starts = [] if at is None else [at + 4 + 4 * n for n in range(_number(self._content, at, "<I"))]
        return [_Table(self._content, start + _number(self._content, start, "<I")) for start in starts]


def _number(content: bytes, at: int, shape: str) -> int:
    return struct.unpack_from(shape, content, at)[0]
