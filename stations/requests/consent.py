"""The texts by which a firm agrees to the use of its data.

A text is never changed, only replaced by a new version, so that the text somebody agreed to can always be shown: a
request, an instrument ledger and a subscription store version and time. The texts come from
``stations/data/consent_texts.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from stations.province import table_rows

_FILE = Path(__file__).resolve().parents[1] / "data" / "consent_texts.csv"


class Purpose(StrEnum):
    """The purpose for which the data may be used."""

    REQUEST = "request"
    LEDGER = "ledger"
    SUBSCRIPTION = "subscription"


@dataclass(frozen=True)
class ConsentText:
    """One version of a consent text."""

    version: str
    text_zh: str
    text_en: str


def consent_texts(purpose: Purpose = Purpose.REQUEST) -> tuple[ConsentText, ...]:
    """Return every version of the text for a purpose, oldest first."""
    return _texts()[purpose]


@cache
def _texts() -> dict[str, tuple[ConsentText, ...]]:
    rows = table_rows(_FILE)
    return {
        purpose.value: tuple(
            ConsentText(row["version"], row["text_zh"], row["text_en"]) for row in rows if row["purpose"] == purpose
        )
        for purpose in Purpose
    }


def current_consent(purpose: Purpose = Purpose.REQUEST) -> ConsentText:
    """Return the current text for a purpose."""
    return consent_texts(purpose)[-1]


def get_consent(version: str, purpose: Purpose = Purpose.REQUEST) -> ConsentText:
    """Return a version of the text.

    Raises:
        KeyError: there is no such version.
    """
    return {text.version: text for text in consent_texts(purpose)}[version]
