"""Extracts that tests draw: places, ways between them, and their tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import osmium

Tags = Mapping[str, str]


@dataclass
class DrawnExtract:
    """An extract in the drawing. ``nodes``: name → longitude and latitude; ``ways``: node names, with tags."""

    nodes: Mapping[str, tuple[float, float]]
    ways: Sequence[tuple[str, Tags]]
    tagged: Mapping[str, Tags] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        """Write the extract; a way names its nodes by one letter each."""
        number = {name: index for index, name in enumerate(self.nodes, start=1)}
        header = osmium.io.Header()
        header.set("osmosis_replication_timestamp", "2026-10-31T20:21:02Z")
        with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
            for name, place in self.nodes.items():
                tags = dict(self.tagged.get(name, {}))
                writer.add_node(osmium.osm.mutable.Node(id=number[name], version=1, location=place, tags=tags))
            for index, (names, tags) in enumerate(self.ways, start=1):
                nodes = [number.get(name, 10_000) for name in names]
                writer.add_way(osmium.osm.mutable.Way(id=index, version=1, nodes=nodes, tags=dict(tags)))
        return path
