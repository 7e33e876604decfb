"""How a county's coverage is coloured: the one palette of pages, maps and printed pictures.

The three differ in lightness and hatching too, so they are told apart without colour vision and in
a black-and-white print.
"""

from __future__ import annotations

from dataclasses import dataclass

from stations.coverage.county_coverage import CoverageStatus


@dataclass(frozen=True)
class CoverageLook:
    """A fill colour, hatched with lines of ``hatch`` colour if that is given."""

    colour: str
    hatch: str | None = None


LOOKS: dict[CoverageStatus, CoverageLook] = {
    CoverageStatus.FULLY_SERVED: CoverageLook("#0b5a63"),
    CoverageStatus.THIN: CoverageLook("#86bdb9"),
    CoverageStatus.UNCOVERED: CoverageLook("#f7efdf", hatch="#a8762b"),
}
