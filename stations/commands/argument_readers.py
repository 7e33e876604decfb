"""Reading what was typed behind a command; what can't be read says how to write it.

Each function gives a reader for ``argparse``, which raises ``argparse.ArgumentTypeError``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, datetime

from stations.language import CHINA_TIME, N_, Language


def day(language: Language) -> Callable[[str], date]:
    """Reads a day written as 2025-12-31."""

    def read(text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise argparse.ArgumentTypeError(
                language.translate(N_("“{text}” is not a day; write it as 2025-12-31"), text=text)
            ) from None

    return read


def instant(language: Language) -> Callable[[str], datetime]:
    """Reads an instant written as 2025-12-31T09:00; without a zone it is meant in China."""

    def read(text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise argparse.ArgumentTypeError(
                language.translate(N_("“{text}” is not an instant; write it as 2025-12-31T09:00"), text=text)
            ) from None
        return moment if moment.tzinfo else moment.replace(tzinfo=CHINA_TIME)

    return read


def number(language: Language, wrong: str) -> Callable[[str], float]:
    """Reads a number; ``wrong`` says of ``{text}`` what it should have been."""

    def read(text: str) -> float:
        try:
            return float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(language.translate(wrong, text=text)) from None

    return read


def positive(language: Language) -> Callable[[str], int]:
    """Reads a whole number from 1 up."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text) < 1:
            raise argparse.ArgumentTypeError(
                language.translate(N_("“{text}” is not a whole number from 1 up"), text=text)
            )
        return int(text)

    return read
