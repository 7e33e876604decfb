"""How the way between two places is measured: as the crow flies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.distance import great_circle_m
from stations.errors import InvalidInput
from stations.language import N_, ListedAsWritten

STRAIGHT = "straight"

Degrees = NDArray[np.float64]


class TravelUnit(StrEnum):
    """What a way is measured in."""

    METRES = "m"
    SECONDS = "s"


@dataclass(frozen=True)
class Travel(ABC):
    """A measure of the way between places. ``mark``: changes with the data that it rests on."""

    code: str
    unit: TravelUnit
    mark: str = ""

    @abstractmethod
    def matrix(self, lons: Degrees, lats: Degrees, to_lons: Degrees, to_lats: Degrees) -> NDArray[np.float64]:
        """Return the ways from each place (rows) to each other place (columns), in ``unit``; infinite where there is
        none. All in WGS-84 degrees.
        """


class StraightLine(Travel):
    """Great-circle distance."""

    def matrix(self, lons: Degrees, lats: Degrees, to_lons: Degrees, to_lats: Degrees) -> NDArray[np.float64]:
        """Return great-circle metres."""
        return great_circle_m(lons[:, None], lats[:, None], to_lons[None], to_lats[None])


def travel_of(session: Session, code: str) -> Travel:
    """Return the measure with this code.

    Raises:
        InvalidInput: there is none.
    """
    if code == STRAIGHT:
        return StraightLine(STRAIGHT, TravelUnit.METRES)
    raise InvalidInput(
        "travel", N_("“{value}” is not known; use one of: {known}"), value=code, known=ListedAsWritten([STRAIGHT])
    )
