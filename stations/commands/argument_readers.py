"""Reading what was typed behind a command, with the readers that forms and imports use.

Each function gives a reader for ``argparse``, which raises ``argparse.ArgumentTypeError`` with the
message in the reader's language.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from stations.errors import InvalidInput
from stations.language import Language
from stations.places.coordinates import read_degrees
from stations.readers.dates import read_day, read_instant
from stations.readers.numbers import read_number, read_whole_number

Value = TypeVar("Value")


def day(language: Language) -> Callable[[str], date]:
    """Reads a day (``readers.dates.read_day``)."""
    return _argument(language, lambda text: read_day("day", text))


def instant(language: Language) -> Callable[[str], datetime]:
    """Reads an instant written as 2025-12-31T09:00; without a zone it is meant in China."""
    return _argument(language, lambda text: read_instant("instant", text))


def degrees(language: Language, name: str) -> Callable[[str], float]:
    """Reads a longitude (``name`` is ``lon``) or latitude (``lat``) in degrees."""
    return _argument(language, lambda text: read_degrees(name, text))


def number(language: Language, wrong: str) -> Callable[[str], float]:
    """Reads a number; ``wrong`` says of ``{text}`` what it should have been."""
    return _argument(language, lambda text: read_number("number", text, wrong))


def positive(language: Language) -> Callable[[str], int]:
    """Reads a whole number from 1 up."""
    return _argument(language, lambda text: read_whole_number("number", text, 1))


def _argument(language: Language, read: Callable[[str], Value]) -> Callable[[str], Value]:
    def typed(text: str) -> Value:
        try:
            return read(text)
        except InvalidInput as problem:
            raise argparse.ArgumentTypeError(language.translate(problem.message, **problem.params)) from None

    return typed
