"""The tables of words that lead to services, as data: what a firm calls a thing, and what is done for it.

``search_words.csv`` holds things and sayings: products, instruments, standards, industries. A row with services leads
to those, the likeliest first; a row without leads to those of its kind (``search_kinds.csv``), which depend on what the
firm wants done (``search_activities.csv``): a pressure gauge is verified, calibrated or registered. A word that no row
lists may be known by its ending (``search_endings.csv``). ``mandatory_instruments.csv`` is the national catalogue of
instruments under mandatory control; ``elsewhere.csv`` is what somebody else does.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stations.language import Bilingual

DATA = Path(__file__).resolve().parents[1] / "data"
MANDATORY = "verified_instrument"
"""The kind of the instruments in the national catalogue."""
ABOUT = "@"
"""Before an activity in place of a kind: what is to be done with what that activity is about, as with a standard."""
INSTRUMENTS = frozenset({MANDATORY, "instrument"})
STANDARD = "standard"
SAYING = "saying"
GROUP = "group"
WHATEVER = "*"
"""In place of a kind: the activity leads to these services whatever it is about, such as a loan."""
CONTEXTS = ("industry", "chain", "building")
"""Kinds that say who asks, or where it is, rather than what for."""

# The services for standards that no table names, by the letters of their publisher: 检定规程, 校准规范, any other.
PUBLISHED_BY = {
    "jjg": ("metrology.compulsory_verification", "standards.lookup"),
    "jjf": ("metrology.calibration", "standards.lookup"),
}
ANY_STANDARD = ("standards.lookup",)


@dataclass(frozen=True)
class WordRow:
    """A row of things: the names of one of a ``kind``. ``services``: its services; empty if those of the kind."""

    kind: str
    words: tuple[str, ...]
    services: tuple[str, ...]


@dataclass(frozen=True)
class Elsewhere:
    """What no station does. ``who``: does it instead. ``basis``: the source of that; Chinese titles stay as
    published. ``services``: what a station can do toward it. ``act``: it is done to a thing named beside it, as a
    repair, rather than a thing itself.
    """

    words: tuple[str, ...]
    who: Bilingual
    basis: Bilingual
    services: tuple[str, ...]
    act: bool


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


@functools.cache
def word_rows() -> tuple[WordRow, ...]:
    """Return the things and sayings, those of the national catalogue of instruments first."""
    catalogue = [
        WordRow(MANDATORY, (row["name_zh"], *_parts(row["words"])), ()) for row in _rows("mandatory_instruments.csv")
    ]
    return (
        *catalogue,
        *(WordRow(row["kind"], _parts(row["words"]), _parts(row["services"])) for row in _rows("search_words.csv")),
    )


@functools.cache
def kinds() -> dict[tuple[str, str], tuple[str, ...]]:
    """Return (kind, activity) → services, likeliest first. Kind "": only the activity is named; activity "": only the
    thing.
    """
    return {(row["kind"], row["activity"]): _parts(row["services"]) for row in _rows("search_kinds.csv")}


@functools.cache
def activities() -> dict[str, str]:
    """Return word → the activity that it asks for."""
    return {word: row["activity"] for row in _rows("search_activities.csv") for word in _parts(row["words"])}


@functools.cache
def fillers() -> frozenset[str]:
    """Return the words that say nothing about the service: how much, where, we need."""
    return frozenset(word for row in _rows("search_fillers.csv") for word in _parts(row["words"]))


@functools.cache
def list_words() -> dict[str, str]:
    """Return general words of offices' lists → the service or whole group that each means."""
    return {row["word"]: row["service"] for row in _rows("list_words.csv")}


@functools.cache
def endings() -> dict[str, str]:
    """Return ending → the kind of thing that a Chinese word with it is likely to be: …秤 is a scale, …酒 a drink."""
    return {ending: row["kind"] for row in _rows("search_endings.csv") for ending in _parts(row["words"])}


@functools.cache
def elsewhere() -> tuple[Elsewhere, ...]:
    """Return what somebody else does."""
    return tuple(
        Elsewhere(
            _parts(row["words"]),
            Bilingual(row["who_zh"], row["who_en"]),
            Bilingual(row["basis_zh"] or row["basis"], row["basis"]),
            _parts(row["services"]),
            act=row["act"] == "1",
        )
        for row in _rows("elsewhere.csv")
    )


@functools.cache
def services_of_kind(kind: str, activity: str = "") -> tuple[str, ...]:
    """Return the services for a thing of a kind, likeliest first; those of the kind alone if the activity is not one
    of it.
    """
    return kinds().get((kind, activity)) or kinds().get((kind, ""), ())
