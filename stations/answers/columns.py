"""The columns of an answer: their keys, labels, how a cell reads in a language, how it sorts, what it is in JSON.

A column is declared once; the command's table, its JSON, the table of a page, CSV and Excel all take it from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeVar

from stations.language import N_, Bilingual, LabelledEnum, Language, Worded, label
from stations.tables.table import LIST_MARK, Cell

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
            return LIST_MARK.join(str(in_words(one, language)) for one in value)
        case _:
            return str(value)


def as_plain(value: Any) -> Any:
    """Return a value as JSON holds it: codes of enums, days and instants as ISO 8601, of a name the Chinese one."""
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
    """Return a rounding to so many decimals, which leaves None as it is."""
    return lambda value: None if value is None else round(value, decimals)


def distance(metres: float | None, language: Language) -> Cell:
    """Return metres as people read a distance."""
    return None if metres is None else language.format_distance(metres)


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column. ``key``: its name in JSON and for ``--sort``; ``value``: what a row holds, free of language;
    ``label``: what people call it, a msgid or a name in both languages, empty where it is in JSON only;
    ``show``: how the value reads; ``data``: what it is in JSON; ``in_data``: whether JSON has it at all."""

    key: str
    value: Callable[[Row], Any]
    label: str | Bilingual = ""
    show: Callable[[Any, Language], Cell] = in_words
    data: Callable[[Any], Any] = as_plain
    in_data: bool = True

    def heading(self, language: Language) -> str:
        """Return what the column is called."""
        return language.pick(*self.label) if isinstance(self.label, Bilingual) else language.translate(self.label)

    def cell(self, row: Row, language: Language) -> Cell:
        """Return what the row shows here."""
        return self.show(self.value(row), language)

    def sort_key(self, row: Row) -> tuple[bool, Any]:
        """Return by what the row sorts: its value as JSON has it, rows without one last."""
        plain = self.data(self.value(row))
        if isinstance(plain, (list, dict)):
            return not plain, len(plain)
        return plain is None, "" if plain is None else plain


class Columns(Generic[Row]):
    """The columns of one kind of row, by key."""

    def __init__(self, *columns: Column[Row]) -> None:
        self._by_key = {column.key: column for column in columns}

    def __getitem__(self, key: str) -> Column[Row]:
        return self._by_key[key]

    def take(self, *keys: str) -> tuple[Column[Row], ...]:
        """Return the columns of those keys, in that order."""
        return tuple(self._by_key[key] for key in keys)

    def as_data(self, row: Row) -> dict[str, Any]:
        """Return a row as JSON: key → value."""
        return {key: column.data(column.value(row)) for key, column in self._by_key.items() if column.in_data}


def headings(columns: Sequence[Column[Any]], language: Language) -> list[str]:
    """Return what the columns are called."""
    return [column.heading(language) for column in columns]


def cells(columns: Sequence[Column[Row]], row: Row, language: Language) -> list[Cell]:
    """Return what a row shows in the columns."""
    return [column.cell(row, language) for column in columns]
