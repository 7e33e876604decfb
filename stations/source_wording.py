"""Chinese and English wordings of the sources that ship with the product.

The tables are ``source_wordings.csv`` in ``stations/data`` and in the province's folder.

A record stores its source as one text. Where this is our own prose, such as “trade news page …”, the table has a
wording for each language. Titles of publications stay as published, and sources that office staff enter are shown
as entered.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from stations.language import Language
from stations.province import province_table

WORDINGS = Path(__file__).resolve().parent / "data" / "source_wordings.csv"


def source_wording(language: Language, recorded: str | None) -> str:
    """Return the wording of a source, or of a note on one, in a language; "" if none is recorded."""
    return language.pick(*wordings()[recorded]) if recorded in wordings() else recorded or ""


def wordings() -> dict[str, tuple[str, str]]:
    """Return recorded text → (Chinese wording, English wording)."""
    return _wordings(province_table(WORDINGS.name))


@cache
def _wordings(of_the_province: Path | None) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for path in filter(None, (WORDINGS, of_the_province)):
        with path.open(encoding="utf-8", newline="") as file:
            found |= {row["recorded"]: (row["zh"], row["en"]) for row in csv.DictReader(file)}
    return found
