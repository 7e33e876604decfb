"""How the way between two places is measured. The measures that there are: ``stations.planning.travel``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from geo.distance import great_circle_m
from stations.language import N_, LabelledEnum, Language, Worded
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


class GapReason(LabelledEnum):
    """Why a measure knows no way from or to a place."""

    BEYOND = "beyond", N_("beyond the area of the road data")
    FAR = "far", N_("too far from any road")
    NOT_LISTED = "not_listed", N_("not in the table of distances")


@dataclass(frozen=True)
class Travel(ABC):
    """A measure of the way between places.

    ``mark``: changes with the data that it rests on. ``about``: what it is and where it is from.
    """

    code: str
    unit: TravelUnit
    mark: str
    about: Worded

    @abstractmethod
    def matrix(self, lons: Degrees, lats: Degrees, to_lons: Degrees, to_lats: Degrees) -> NDArray[np.float64]:
        """Return the ways from each place (rows) to each other place (columns), in ``unit``; infinite where there is
        none. All in WGS-84 degrees.
        """

    def gaps(self, lons: Degrees, lats: Degrees) -> dict[int, GapReason]:
        """Return, by their number, the places from and to which no way is known at all, and why."""
        return {}


class StraightLine(Travel):
    """Great-circle distance."""

    def matrix(self, lons: Degrees, lats: Degrees, to_lons: Degrees, to_lats: Degrees) -> NDArray[np.float64]:
        """Return great-circle metres."""
        return great_circle_m(lons[:, None], lats[:, None], to_lons[None], to_lats[None])
