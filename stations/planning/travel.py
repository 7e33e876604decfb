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
from stations.language import N_, Language, ListedAsWritten
from stations.planning.distances import REACHES_KM, REACHES_MINUTES

STRAIGHT = "straight"
UNREACHABLE = N_("no way there")

Degrees = NDArray[np.float64]


class TravelUnit(StrEnum):
    """What a way is measured in, and what people say it in: ``word``, of which one is ``per`` units."""

    METRES = "m"
    SECONDS = "s"

    @property
    def word(self) -> str:
        """``km`` or ``min``."""
        return "km" if self is TravelUnit.METRES else "min"

    @property
    def per(self) -> int:
        """Metres in a kilometre, or seconds in a minute."""
        return 1000 if self is TravelUnit.METRES else 60

    @property
    def reaches(self) -> tuple[int, ...]:
        """The kilometres or minutes at which planning counts who is near."""
        return REACHES_KM if self is TravelUnit.METRES else REACHES_MINUTES

    def in_words(self, language: Language, way: float) -> str:
        """Return a way, in this unit, as kilometres or minutes."""
        return language.format_distance(way) if self is TravelUnit.METRES else language.format_minutes(way)


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
