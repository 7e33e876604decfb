"""What a trial has shown, from what the visitors saw and what the database holds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

FIGURES = Path(__file__).with_name("figures.json")


@dataclass(frozen=True)
class Pause:
    """The longest time without success after a fault: of which seconds after it. ``end``: when it went on again."""

    begin: float
    end: float


def read_seen(path: Path) -> list[dict[str, Any]]:
    """Return what the visitors have noted so far; a line that is still being written is left out."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


BEGINS_WITHIN = 15
"""Seconds after a fault within which the pause that it makes begins. Later ones are those of a slow machine."""


def longest_pause(at: Iterable[float], since: float, until: float) -> Pause:
    """Return the longest time between two successes ``at`` their times, from ``since`` to ``until``, of those that
    begin within ``BEGINS_WITHIN`` seconds.
    """
    points = [since, *sorted(one for one in at if since < one < until), until]
    pauses = [pair for pair in zip(points, points[1:], strict=False) if pair[0] - since <= BEGINS_WITHIN]
    begin, end = max(pauses, key=lambda pair: pair[1] - pair[0])
    return Pause(begin - since, end - since)


def pauses(seen: list[dict[str, Any]], since: float, until: float) -> dict[str, float]:
    """Return after how many seconds each went on again, after the pause that the fault made."""
    filed = [one["at"] for one in seen if one["what"] == "filed"]
    read = [one["at"] for one in seen if one["what"] == "page" and one["fine"]]
    used = [one["at"] for one in seen if one["what"] == "used"]
    successes = {"filing": filed, "reading": read, **({"open_page": used} if used else {})}
    return {f"{name}_goes_on_after": round(longest_pause(at, since, until).end, 1) for name, at in successes.items()}


def summary(rounds: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Return median and worst of each kind of fault."""
    told: dict[str, dict[str, float]] = {}
    for fault in dict.fromkeys(one["fault"] for one in rounds):
        of_kind = [one for one in rounds if one["fault"] == fault]
        told[fault] = {"rounds": len(of_kind)}
        for name in (name for name in of_kind[0] if name.endswith("_goes_on_after")):
            values = [one[name] for one in of_kind]
            told[fault] |= {f"{name}_median": round(median(values), 1), f"{name}_worst": max(values)}
    return told


def compare(seen: list[dict[str, Any]], stored: list[tuple[str, str]]) -> dict[str, Any]:
    """Compare what was acknowledged (product and number) with what the database holds.

    ``lost``: acknowledged and not there; ``doubled``: there more than once, acknowledged or not; ``other``: there under
    another number than was told.
    """
    numbers: dict[str, list[str]] = {}
    for product, number in stored:
        numbers.setdefault(product, []).append(number)
    acknowledged = {one["product"]: one["number"] for one in seen if one["what"] == "filed"}
    return {
        "acknowledged": len(acknowledged),
        "stored": len(stored),
        "lost": sorted(product for product in acknowledged if product not in numbers),
        "doubled": sorted(product for product, count in Counter(product for product, _ in stored).items() if count > 1),
        "other": sorted(
            product for product, number in acknowledged.items() if product in numbers and number not in numbers[product]
        ),
        "not_in_words": sum(len(one["raw"]) for one in seen if one.get("raw")),
    }
