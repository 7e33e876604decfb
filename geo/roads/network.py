"""The road network: a graph of junctions, and the segments by which a place finds its road.

It is kept as plain arrays in a folder and mapped into memory, so that several processes share it and nothing is read
before it is needed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_FACTS = "network.json"


@dataclass(frozen=True)
class Facts:
    """What a network was built from and how large it is.

    ``mark``: differs between any two networks. ``file``: the extract's name. ``as_of``: of its data, if it says so.
    ``area``: the area that its roads cover, as GeoJSON in WGS-84 degrees. ``vertices``: points of the roads for cars;
    ``junctions``, ``pieces``: what the graph has of them; ``left_out``: pieces from which the rest can't be reached and
    left; ``missing``: vertices that the extract does not hold, at its edge.
    """

    mark: str
    file: str
    as_of: datetime | None
    area: dict[str, Any]
    vertices: int
    junctions: int
    pieces: int
    left_out: int
    missing: int


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """A strongly connected road network.

    The graph in rows of junctions: ``row_start``, ``to``, ``seconds``. Per piece: ``tail``, ``head``, ``forward``,
    ``backward``. The rest are segments, as in ``Pieces``, sorted by the cells of ``grid``; ``cell_start`` has the first
    segment of each cell.
    """

    facts: Facts
    grid: Grid
    row_start: NDArray[np.int32]
    to: NDArray[np.int32]
    seconds: NDArray[np.float64]
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
    cell_start: NDArray[np.int32]

    @cached_property
    def graph(self) -> csr_array:
        """The graph: seconds from junction (row) to junction (column)."""
        from scipy.sparse import csr_array  # takes long to import, and most networks are only described

        count = self.facts.junctions
        return csr_array((self.seconds, self.to, self.row_start), shape=(count, count))

    @cached_property
    def reversed_graph(self) -> csr_array:
        """The graph with every piece turned round."""
        from scipy.sparse import csr_array

        return csr_array(self.graph.T)

    @cached_property
    def area(self) -> BaseGeometry:
        """The area that its roads cover, in WGS-84 degrees."""
        return shape(self.facts.area)

    def save(self, folder: Path) -> None:
        """Write the network into a new folder.

        Raises:
            OSError: that can't be done.
        """
        folder.mkdir(parents=True)
        for name in _arrays():
            np.save(folder / f"{name}.npy", getattr(self, name))
        facts = asdict(self.facts) | {"as_of": self.facts.as_of and self.facts.as_of.isoformat()}
        (folder / _FACTS).write_text(json.dumps({"facts": facts, "grid": asdict(self.grid)}), encoding="utf-8")


@dataclass(frozen=True)
class Grid:
    """The cells by which segments are found, ``size`` on a side, from ``west`` and ``south``; all in 1e-7 degrees."""

    west: int
    south: int
    columns: int
    rows: int
    size: int


def read_facts(folder: Path) -> Facts:
    """Return what a network in a folder was built from.

    Raises:
        OSError, ValueError: there is none, or it can't be read.
    """
    return _facts_of(json.loads((folder / _FACTS).read_text(encoding="utf-8")))


def read_network(folder: Path) -> RoadNetwork:
    """Return the network in a folder, its arrays mapped into memory.

    Raises:
        OSError, ValueError: there is none, or it can't be read.
    """
    said = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _arrays()}
    return RoadNetwork(facts=_facts_of(said), grid=Grid(**said["grid"]), **arrays)


def _facts_of(said: dict[str, Any]) -> Facts:
    facts = said["facts"]
    as_of = facts["as_of"] and datetime.fromisoformat(facts["as_of"])
    return Facts(**{**facts, "as_of": as_of})


def _arrays() -> list[str]:
    return [one.name for one in fields(RoadNetwork) if one.name not in {"facts", "grid"}]
