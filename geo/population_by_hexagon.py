"""The people of a population raster in each hexagon of the grid, read apart from the caller (``geo.worker``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geo.hexagon_grid import hexagon_grid
from geo.population_raster import UnusableRaster, people_in

MEMORY = 3_000_000_000
"""Bytes of address space: what a file from a visitor may take. A small file can unpack to very large blocks."""


def people_by_hexagon(
    raster: Path | bytes, *, progress: Callable[[float], None] | None = None
) -> dict[str, float]:
    """Return the people of a raster (a file, or its content) in each hexagon that it has a value in, by its id.

    Raises:
        UnusableRaster: as ``people_in``.
    """
    grid = hexagon_grid()
    people = people_in(raster, grid.outlines, progress=progress)
    return {one: float(count) for one, count in zip(grid.ids, people, strict=True) if not np.isnan(count)}


@dataclass(frozen=True)
class PopulationTask:
    """The reading of a raster, given as the content of its file."""

    content: bytes
    memory: int = MEMORY

    def run(self, report: Callable[[float], None]) -> dict[str, Any]:
        """Return ``{"people": {hexagon: people}}``, or ``{"fault": …, "told": …}`` as ``UnusableRaster`` has them."""
        try:
            return {"people": people_by_hexagon(self.content, progress=report)}
        except UnusableRaster as problem:
            return {"fault": problem.fault.value, "told": problem.told}
