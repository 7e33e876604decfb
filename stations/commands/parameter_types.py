"""Reading what was typed behind a command; what can't be read says, in the user's language, how to write it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import Enum
from typing import Any

import click
from click.shell_completion import CompletionItem

from stations.language import CHINA_TIME, N_


class Unreadable(click.BadParameter):
    """What was typed can't be read; ``told``: a msgid that ``params`` fill, to be translated by whoever shows it."""

    def __init__(self, told: str, **params: Any) -> None:
        super().__init__(told.format(**params))
        self.told = told
        self.params = params


class Reader(click.ParamType):
    """Reads one text with ``read``; where that raises ``ValueError``, ``wrong`` says what ``{text}`` should be."""

    def __init__(self, name: str, read: Callable[[str], Any], wrong: str) -> None:
        self.name = name
        self._read = read
        self._wrong = wrong

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value of the text; a default is a value already."""
        if not isinstance(value, str):
            return value
        try:
            return self._read(value.strip())
        except ValueError:
            raise Unreadable(self._wrong, text=value.strip()) from None


class OneOf(click.ParamType):
    """Reads one of several words; of an enumeration, its member. A shell completes them."""

    name = "word"

    def __init__(self, known: Iterable[Any]) -> None:
        self._known = {str(one.value if isinstance(one, Enum) else one): one for one in known}

    @property
    def words(self) -> str:
        """The words, as a list."""
        return ", ".join(self._known)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return what the word stands for."""
        if value in self._known.values() and not isinstance(value, str):
            return value
        if value not in self._known:
            raise Unreadable(N_("“{value}” is not known; use one of: {known}"), value=value, known=self.words)
        return self._known[value]

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the words that begin so."""
        return [CompletionItem(word) for word in self._known if word.startswith(incomplete)]


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA_TIME)


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ValueError
    return int(text)


DAY = Reader("day", date.fromisoformat, N_("“{text}” is not a day; write it as 2025-12-31"))
INSTANT = Reader("instant", _instant, N_("“{text}” is not an instant; write it as 2025-12-31T09:00"))
"""An instant written as 2025-12-31T09:00; without a zone it is meant in China."""
POSITIVE = Reader("number", _positive, N_("“{text}” is not a whole number from 1 up"))
DEGREES = Reader("degrees", float, N_("“{text}” is not a number of degrees; write it as 120.98"))
KILOMETRES = Reader("km", float, N_("“{text}” is not a number of kilometres; write it as 30"))
AMOUNT = Reader("amount", float, N_("“{text}” is not an amount; write it as 120 or 120.5"))
