"""Colours of a county's coverage and of water, shared by pages, maps and printed pictures.

The three looks also differ in lightness and hatching, so they can be distinguished without colour vision and in a
black-and-white print.
"""

from __future__ import annotations

from dataclasses import dataclass

from stations.coverage.county_coverage import CoverageStatus


@dataclass(frozen=True)
class CoverageLook:
    """A fill colour, hatched with lines of colour ``hatch`` if given."""

    colour: str
    hatch: str | None = None


LOOKS: dict[CoverageStatus, CoverageLook] = {
    CoverageStatus.FULLY_SERVED: CoverageLook("#0b5a63"),
    CoverageStatus.THIN: CoverageLook("#86bdb9"),
    CoverageStatus.UNCOVERED: CoverageLook("#f7efdf", hatch="#a8762b"),
}

WATER: dict[str, str] = {"sea": "#d5e5ef", "lake": "#b4d3e6", "line": "#6d9fc0", "name": "#1f5f8b"}
"""Water on maps: areas of sea and of lakes, their edges and rivers, their names."""
