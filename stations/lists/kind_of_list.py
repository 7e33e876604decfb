"""Which kind of list a table is, by its headings and names, so that one that was sent to the wrong place is told.

A heading that only one kind of list knows counts most, one that all know hardly. What most names are called (试点)
counts too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from stations.imports.station_words import STATION_WORDS
from stations.imports.vocabulary import Vocabulary
from stations.language import N_, Listed, Worded
from stations.lists.registers import REGISTERS
from stations.tables.heading_rows import MissingHeading, plain_heading
from stations.tables.sheet import Sheet, shown_heading

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NAMES: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "stations": re.compile(r"小站|驿站|服务站|工作站|服务点|窗口|泰检易|一站式"),
        "centres": re.compile(r"(?:质检|计量|检测|检验|测试).{0,6}中心|国家.*中心"),
        "pilots": re.compile(r"试点|示范"),
        "institutions": re.compile(r"(?:研究|测试|检验|检测|检定|质检|科学)[院所站]|(?:检测|检验|认证|校准).*公司"),
    }
)
"""What most names in a list of each kind are called."""
_OF_NAMES = 1.5  # as much as so many headings that only one kind of list knows
_AHEAD, _AT_LEAST = 1.4, 2.0  # so far ahead of the asked kind another must be, and at least so high
_APART = 0.2  # so far a kind must be from the next to be told
_TOLD = 6  # so many headings are named
_WANTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "stations": ("name", "county", "address"),
        "centres": ("name", "level", "kind", "city", "stage"),
        "pilots": ("name", "kind", "city", "stage"),
        "institutions": ("name", "kind", "subject_zh"),
        "accounts": ("name", "username", "role", "area"),
    }
)
"""The columns by which people know a list of each kind."""


@dataclass(frozen=True)
class OtherKind:
    """The kind of list that a table looks like, though it was sent as another: ``kind`` as commands call it.

    ``headings``: those that tell it. ``missing``: the labels of columns that a list of the ``asked`` kind usually has
    and this one lacks.
    """

    kind: str
    asked: str
    headings: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def told(self) -> Worded:
        """What to know about it."""
        known: dict[str, Any] = {
            "other": Worded(TITLES[self.kind]),
            "asked": Worded(TITLES[self.asked]),
            "headings": Listed(f"“{heading}”" for heading in self.headings),
            "missing": Listed(Worded(label) for label in self.missing),
        }
        if not self.headings:
            return Worded(N_("By its names this looks like a list of {other}, and is read as one of {asked}"), known)
        if not self.missing:
            return Worded(
                N_("This looks like a list of {other} ({headings}), and is read as one of {asked}"), known
            )
        message = N_(
            "This looks like a list of {other} ({headings}), and is read as one of {asked}, of which these columns are "
            "missing: {missing}"
        )
        return Worded(message, known)


TITLES: Mapping[str, str] = MappingProxyType(
    {STATION_WORDS.list_kind: N_("Stations"), **{name: register.title for name, register in REGISTERS.items()}}
)
"""What each kind of list is called, msgids."""


def kind_of_sheet(asked: str, sheet: Sheet) -> OtherKind | None:
    """Return the kind that a table looks like which was read as a list of the ``asked`` kind; None if it fits that."""
    names = [str(name) for row in sheet.rows if (name := row.cells.get("name")) is not None]
    return _other_kind(asked, [heading for _name, heading in sheet.columns if heading], names)


def told_of_kind(asked: str, sheet: Sheet) -> list[Worded]:
    """Return that a table looks like another kind of list than it was read as, if it does."""
    other = kind_of_sheet(asked, sheet)
    return [other.told] if other else []


class WrongKind(MissingHeading):
    """A table lacks a column of the list it was sent as, and looks like another kind of list: ``other``.

    It says only that: how to call the column would be advice for another list.
    """

    def __init__(self, missing: MissingHeading, other: OtherKind) -> None:
        self.other = other
        super().__init__(missing.column, missing.stand, other.told.message, **other.told.params)


def explained(asked: str, missing: MissingHeading) -> MissingHeading:
    """Return the problem of a table without a needed column, with the kind that it looks like if that is another."""
    other = _other_kind(asked, missing.stand, (), ahead=0.01, at_least=1.0)
    return WrongKind(missing, other) if other else missing


def _other_kind(
    asked: str,
    headings: Sequence[str],
    names: Sequence[str],
    *,
    ahead: float = _AHEAD,
    at_least: float = _AT_LEAST,
) -> OtherKind | None:
    known = {heading: _kinds_of(heading) for heading in headings}
    score: dict[str, float] = defaultdict(float)
    told: dict[str, dict[str, str]] = defaultdict(dict)  # kind → column → heading
    for heading, columns in known.items():
        for kind, column in columns.items():
            if column not in told[kind]:
                told[kind][column] = heading
                score[kind] += 1 / len(columns)
    for kind, pattern in _NAMES.items():
        if names and 2 * sum(bool(pattern.search(name)) for name in names) > len(names):
            score[kind] += _OF_NAMES
    if not score:
        return None
    best, *others = sorted(score, key=lambda kind: -score[kind])
    if best == asked or score[best] < max(at_least, score[asked] + ahead):
        return None
    if others and score[best] - score[others[0]] < _APART:
        return None  # it may be either of two
    telling = [heading for heading in told[best].values() if asked not in known[heading]]
    have = told[asked].keys()
    wanted = [name for name in _WANTED[asked] if name not in have and not (name == "city" and "county" in have)]
    labels = {column.name: column.label for column in _vocabularies()[asked].columns}
    shown = tuple(map(shown_heading, telling[:_TOLD]))
    return OtherKind(best, asked, shown, tuple(labels[name] for name in wanted))


def _kinds_of(heading: str) -> Mapping[str, str]:
    """Return the kinds of lists that know a heading, each with the column it is."""
    plain = plain_heading(heading)
    return _known().get(plain) or _known().get(plain_heading(_BRACKETS.sub("", plain))) or {}


@cache
def _known() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for kind, vocabulary in _vocabularies().items():
        for column in vocabulary.columns:
            for heading in (*column.headings, column.label):
                found[plain_heading(heading)].setdefault(kind, column.name)
    return found


def _vocabularies() -> Mapping[str, Vocabulary]:
    words: Iterable[Vocabulary] = (STATION_WORDS, *(register.vocabulary for register in REGISTERS.values()))
    return {one.list_kind: one for one in words}
