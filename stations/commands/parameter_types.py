"""Readers for command-line arguments; an error says in the user's language how to write the value."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

import click
from click.shell_completion import CompletionItem

from geo.coordinates import CRS
from stations.errors import InvalidInput
from stations.language import N_, ListedAsWritten
from stations.places.coordinates import read_coordinate_system, read_degrees
from stations.readers.dates import read_day, read_instant, read_partial_date
from stations.readers.numbers import read_number, read_whole_number
from stations.system_reasons import reason_of


class Unreadable(click.BadParameter):
    """An argument that can't be read. ``told``: a msgid to be translated with ``params`` when shown."""

    def __init__(self, told: str, **params: Any) -> None:
        super().__init__(told.format(**params))
        self.told = told
        self.params = params


class Reader(click.ParamType[Any, Any]):
    """Reads one text with ``read``, which takes the name of a field and the text, and raises ``InvalidInput``.

    ``words``: some of the accepted texts, named in help and offered by shell completion.
    """

    def __init__(self, name: str, read: Callable[[str, str], Any], words: Iterable[str] = ()) -> None:
        self.name = name
        self.words = tuple(words)
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value of the text; a default is returned unchanged."""
        if not isinstance(value, str):
            return value
        try:
            return self._read(param.name or "" if param else "", value.strip())
        except InvalidInput as problem:
            raise Unreadable(problem.message, **problem.params) from None

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the words with this beginning."""
        return [CompletionItem(word) for word in self.words if word.startswith(incomplete)]


class OneOf(click.ParamType[Any, Any]):
    """Reads one of several words, with shell completion; for an enumeration, returns its member."""

    name = "word"

    def __init__(self, known: Iterable[Any]) -> None:
        self._known = {str(one.value if isinstance(one, Enum) else one): one for one in known}

    @property
    def words(self) -> tuple[str, ...]:
        """The accepted words."""
        return tuple(self._known)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value of the word."""
        if value in self._known.values() and not isinstance(value, str):
            return value
        if value not in self._known:
            raise Unreadable(
                N_("“{value}” is not known; use one of: {known}"), value=value, known=ListedAsWritten(self._known)
            )
        return self._known[value]

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the words with this beginning."""
        return [CompletionItem(word) for word in self._known if word.startswith(incomplete)]


class FileName(click.ParamType[Any, Any]):
    """Takes the name of a file as it is written. There may be no such file, but the system must be able to look."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name."""
        name = str(value)
        try:
            os.stat(name)
        except (FileNotFoundError, NotADirectoryError):
            pass  # the command makes it, or says so
        except OSError as problem:
            raise Unreadable(N_("“{path}” can't be opened: {reason}"), path=name, reason=reason_of(problem)) from None
        except ValueError:  # a NUL, or half a pair of surrogates, which no system takes
            raise Unreadable(N_("“{path}” is not the name of a file"), path=name) from None
        return name

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Let the shell offer the names of files."""
        return [CompletionItem(incomplete, type="file")]


def _kilometres(field: str, text: str) -> float:
    message = N_("“{text}” is not a number of kilometres; write it as 30")
    number = read_number(field, text, message)
    if number < 0:
        raise InvalidInput(field, message, text=text)
    return number


FILE = FileName()
DAY = Reader("day", read_day)
PARTIAL_DATE = Reader("date", read_partial_date)
"""A day, a month or a year."""
INSTANT = Reader("instant", read_instant)
"""An instant written as 2025-12-31T09:00; without a zone it is in China's time."""
POSITIVE = Reader("number", lambda field, text: read_whole_number(field, text, 1, 999_999_999))
DEGREES = Reader("degrees", read_degrees)
KILOMETRES = Reader("km", _kilometres)
AMOUNT = Reader(
    "amount",
    lambda field, text: read_number(field, text, N_("“{text}” is not an amount; write it as 120 or 120.5")),
)
COORDINATE_SYSTEM = Reader("crs", read_coordinate_system, CRS)
