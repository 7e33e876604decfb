"""What a measure of the way does not know: places without any way, and pairs without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stations.planning.travel_measure import GapReason, Travel


class Placed(Protocol):
    """A place with an id, names, and WGS-84 degrees."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def name_en(self) -> str | None: ...

    @property
    def lon(self) -> float: ...

    @property
    def lat(self) -> float: ...


@dataclass(frozen=True)
class PlaceGap:
    """A place, by id and names, that the measure knows no way from or to."""

    id: str
    name: str
    name_en: str | None
    reason: GapReason


def place_gaps(travel: Travel, places: Sequence[Placed]) -> tuple[PlaceGap, ...]:
    """Return the places that the measure knows no way from or to, each once."""
    lons, lats = np.array([(one.lon, one.lat) for one in places], dtype=float).reshape(-1, 2).T
    found = travel.gaps(lons, lats)
    gaps = {places[row].id: (places[row], reason) for row, reason in sorted(found.items())}
    return tuple(PlaceGap(one.id, one.name, one.name_en, reason) for one, reason in gaps.values())


def pairs_without_way(
    ways: NDArray[np.float64], rows: Sequence[Placed], columns: Sequence[Placed], gaps: Sequence[PlaceGap]
) -> int:
    """Return the number of pairs that have no way, though both places are known to the measure."""
    unknown = {one.id for one in gaps}
    known = [np.array([one.id not in unknown for one in places], dtype=bool) for places in (rows, columns)]
    return int(np.isinf(ways[np.ix_(*known)]).sum())


def gap_data(gap: PlaceGap) -> dict[str, Any]:
    """Return a gap as JSON data."""
    return {**vars(gap), "reason": gap.reason.value}


def gap_of(data: dict[str, Any]) -> PlaceGap:
    """Return the gap from the data of ``gap_data``."""
    return PlaceGap(**{**data, "reason": GapReason(data["reason"])})
