"""The columns of an answer: key, label, cell text in a language, sort key and JSON value.

A column is declared once. The command's table, its JSON, the table of a page, CSV and Excel all use that declaration.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeVar

from stations.language import N_, Bilingual, LabelledEnum, Language, Worded, label
from stations.planning.travel_measure import UNREACHABLE, TravelUnit
from stations.tables.table import Cell

Row = TypeVar("Row")


def in_words(value: Any, language: Language) -> Cell:
    """Return a value as people read it: names and labels in ``language``, days as ISO 8601, numbers as they are."""
    match value:
        case bool():
            return language.translate(N_("yes")) if value else language.translate(N_("no"))
        case LabelledEnum():
            return label(language, value)
        case Bilingual():
            return language.pick(*value)
        case Worded():
            return language.translate(value.message, **value.params)
        case datetime():
            return language.format_datetime(value)
        case None | int() | float() | str():
            return value
        case list() | tuple():
            return language.semicolon.join(str(in_words(one, language)) for one in value)
        case _:
            return str(value)


def as_plain(value: Any) -> Any:
    """Return a value for JSON: enums as codes, days and instants as ISO 8601, of a bilingual name the Chinese one."""
    match value:
        case Enum():
            return value.value
        case Bilingual():
            return value.zh
        case date():
            return value.isoformat()
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {as_plain(key): as_plain(one) for key, one in value.items()}
        case list() | tuple():
            return [as_plain(one) for one in value]
        case _:
            return str(value)


def rounded(decimals: int) -> Callable[[Any], Any]:
    """Return a function that rounds to this many decimals and leaves None unchanged."""
    return lambda value: None if value is None else round(value, decimals)


def distance_or_county(metres: float | None, county: Bilingual | None, language: Language) -> str:
    """Return a distance; where it can't be told (``FoundStation.told_m``), the name of the county that both are in."""
    if metres is not None:
        return language.format_distance(metres)
    return language.translate(N_("in {county}"), county=language.pick(*county)) if county else ""


def way(unit: TravelUnit) -> Callable[[float | None, Language], Cell]:
    """Return a function that gives a way in the unit as people read it; “unreachable” where there is none."""

    def show(value: float | None, language: Language) -> Cell:
        if value is None:
            return None
        return unit.in_words(language, value) if math.isfinite(value) else language.translate(UNREACHABLE)

    return show


def distance(metres: float | None, language: Language) -> Cell:
    """Return a distance in metres as people read it."""
    return None if metres is None else language.format_distance(metres)


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column.

    ``key``: its name in JSON and for ``--sort``. ``value``: the value of a row, independent of language. ``label``: the
    heading, a msgid, one with its parameters, or a name in both languages; empty if the column is in JSON only.
    ``show``: returns the value's text. ``data``: returns its JSON value. ``in_data``: whether JSON includes it.
    """

    key: str
    value: Callable[[Row], Any]
    label: str | Bilingual | Worded = ""
    show: Callable[[Any, Language], Cell] = in_words
    data: Callable[[Any], Any] = as_plain
    in_data: bool = True

    def heading(self, language: Language) -> str:
        """Return the heading in a language."""
        return language.translate(self.label) if isinstance(self.label, str) else str(in_words(self.label, language))

    def cell(self, row: Row, language: Language) -> Cell:
        """Return the text of a row's cell."""
        return self.show(self.value(row), language)

    def sort_key(self, row: Row) -> tuple[int, Any]:
        """Return the sort key of a row: its JSON value, lists and objects by their length.

        A column may mix kinds: numbers come first, then texts, then lists; rows without a value or with an empty list
        come last.
        """
        match self.data(self.value(row)):
            case bool() | int() | float() as number:
                return 0, number
            case str() as text:
                return 1, text
            case list() | dict() as several if several:
                return 2, len(several)
            case _:
                return 3, 0


class Columns(Generic[Row]):
    """The columns of one kind of row, by key."""

    def __init__(self, *columns: Column[Row]) -> None:
        self._by_key = {column.key: column for column in columns}

    def __getitem__(self, key: str) -> Column[Row]:
        return self._by_key[key]

    def take(self, *keys: str) -> tuple[Column[Row], ...]:
        """Return the columns with these keys, in this order."""
        return tuple(self._by_key[key] for key in keys)

    def as_data(self, row: Row) -> dict[str, Any]:
        """Return a row as JSON: key → value."""
        return {key: column.data(column.value(row)) for key, column in self._by_key.items() if column.in_data}


def headings(columns: Sequence[Column[Any]], language: Language) -> list[str]:
    """Return the headings of the columns."""
    return [column.heading(language) for column in columns]


def cells(columns: Sequence[Column[Row]], row: Row, language: Language) -> list[Cell]:
    """Return the cells of a row."""
    return [column.cell(row, language) for column in columns]
