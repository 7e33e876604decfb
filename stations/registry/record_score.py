"""How complete the record of a station is, in points of 100.

The rule is this portal's own, no standard sets one: it weighs what a firm needs to find a station, reach it and know
what it does. ``PARTS`` holds the rule; an area has the mean of its stations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stations.language import N_
from stations.registry.station import Station


@dataclass(frozen=True)
class Part:
    """What is looked at: its points, its words, and whether a station's record has it."""

    name: str
    points: int
    label: str
    there: Callable[[Station], bool]


def _names_services(station: Station) -> bool:
    return any("." in offer.service_code for offer in station.offers)


PARTS: tuple[Part, ...] = (
    Part("address", 15, N_("an address"), lambda one: bool(one.address.strip())),
    Part("place", 15, N_("coordinates inside its county"), lambda one: one.lon is not None and not one.misplaced),
    Part("hours", 15, N_("opening hours"), lambda one: bool(one.hours)),
    Part("phone", 15, N_("a telephone number"), lambda one: bool(one.phone)),
    Part("services", 15, N_("services by name, not only by group"), _names_services),
    Part("county", 10, N_("its county"), lambda one: one.county_adcode is not None),
    Part("host", 5, N_("its host institution"), lambda one: bool(one.host)),
    Part("chains", 5, N_("industrial chains"), lambda one: bool(one.chains)),
    Part("name_en", 5, N_("a name in English"), lambda one: bool(one.name_en)),
)


@dataclass(frozen=True)
class Score:
    """The points of a record, and what it lacks, the weightiest first."""

    points: int
    missing: tuple[Part, ...]


def score_of(station: Station) -> Score:
    """Return the score of a station's record; its offers and chains are read."""
    missing = tuple(part for part in PARTS if not part.there(station))
    return Score(100 - sum(part.points for part in missing), missing)
