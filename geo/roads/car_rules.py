"""How fast a car goes on a way of OpenStreetMap, in each direction, by its tags.

Speeds by class are those of the car profile of OSRM (``car_speeds.csv``); so is the rule that a posted speed is driven
at four fifths on average. Who may drive where, and which way, follows the OpenStreetMap wiki (Key:access, Key:oneway).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OF_POSTED = 0.8
"""The share of a posted speed that is driven on average (OSRM, ``speed_reduction``)."""
KMH_PER_MPH = 1.609344
SLOWEST_KMH, FASTEST_KMH = 1.0, 140.0

# From the most special to the most general: the first that is mapped counts.
_ACCESS = ("motorcar", "motor_vehicle", "vehicle", "access")
_CLOSED = frozenset(
    {"no", "private", "agricultural", "forestry", "emergency", "psv", "bus", "delivery", "customers", "military"}
)
_FORWARD = frozenset({"yes", "true", "1"})
_BACKWARD = frozenset({"-1", "reverse"})
_ONE_WAY_BY_CLASS = frozenset({"motorway", "motorway_link"})
_ROUND = frozenset({"roundabout", "circular"})
_PASSABLE_BARRIERS = frozenset(
    {"border_control", "cattle_grid", "entrance", "gate", "height_restrictor", "kerb", "lift_gate", "no", "sally_port",
     "swing_gate", "toll_booth"}
)  # fmt: skip
_POSTED = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(mph|km/h|kmh|kph)?\s*")
_DURATION = re.compile(r"(?:(?P<hours>[0-9]+):)?(?P<minutes>[0-9]{1,3})(?::(?P<seconds>[0-9]{2}))?")


@dataclass(frozen=True)
class Drive:
    """How a way is driven: kilometres per hour along it (``forward``) and against it, 0 where that is not allowed.

    ``seconds``: of the whole way, where its duration is mapped (ferries), instead of the speeds.
    """

    forward: float
    backward: float
    seconds: float | None = None


@cache
def speeds() -> dict[tuple[str, str], float]:
    """Return kilometres per hour by kind of way: ``("highway", "primary")``, ``("route", "ferry")``."""
    with (Path(__file__).parent / "car_speeds.csv").open(encoding="utf-8", newline="") as file:
        return {(row["kind"], row["value"]): float(row["kmh"]) for row in csv.DictReader(file)}


def drive_on(tags: Mapping[str, str]) -> Drive | None:
    """Return how a car drives on a way with these tags; None where it does not."""
    kind = next((key for key in ("highway", "route") if (key, tags.get(key, "")) in speeds()), None)
    if kind is None or not _open_to_cars(tags) or tags.get("area") == "yes" or tags.get("impassable") == "yes":
        return None
    usual = speeds()[kind, tags[kind]]
    posted = _posted(tags.get("maxspeed"))
    forward, backward = (
        _bounded(OF_POSTED * speed) if (speed := _posted(tags.get(f"maxspeed:{way}")) or posted) else usual
        for way in ("forward", "backward")
    )
    along, against = _directions(tags)
    seconds = _duration(tags.get("duration", "")) if kind == "route" else None
    return Drive(forward if along else 0.0, backward if against else 0.0, seconds)


def blocks_cars(tags: Mapping[str, str]) -> bool:
    """Whether a node with these tags stops a car: a barrier that is not one of those that open or can be passed."""
    barrier = tags.get("barrier")
    said = _access(tags)
    if said is not None:
        return said in _CLOSED
    return barrier is not None and barrier not in _PASSABLE_BARRIERS


def _access(tags: Mapping[str, str]) -> str | None:
    return next((tags[key] for key in _ACCESS if key in tags), None)


def _open_to_cars(tags: Mapping[str, str]) -> bool:
    return _access(tags) not in _CLOSED


def _directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Return whether one may drive along the way, and against it."""
    said = tags.get("oneway:motor_vehicle") or tags.get("oneway", "")
    if said in _BACKWARD:
        return False, True
    one_way = tags.get("highway") in _ONE_WAY_BY_CLASS or tags.get("junction") in _ROUND
    return True, not (said in _FORWARD or (one_way and said != "no"))


def _posted(written: str | None) -> float | None:
    """Return the posted speed in km/h; None where none is mapped, or it is no number (``none``, ``CN:urban``)."""
    found = _POSTED.fullmatch((written or "").split(";")[0])
    if found is None:
        return None
    return (float(found[1]) * (KMH_PER_MPH if found[2] == "mph" else 1.0)) or None


def _bounded(kmh: float) -> float:
    return min(FASTEST_KMH, max(SLOWEST_KMH, kmh))


def _duration(written: str) -> float | None:
    """Return the seconds of ``25``, ``0:25`` or ``1:05:30`` (Key:duration); None where they can't be read."""
    found = _DURATION.fullmatch(written.strip())
    if found is None:
        return None
    hours, minutes, seconds = (float(found[part] or 0) for part in ("hours", "minutes", "seconds"))
    return (hours * 60 + minutes) * 60 + seconds or None
