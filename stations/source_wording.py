"""The sources that ship with the product, told in Chinese and in English (``source_wordings.csv`` of
``stations/data`` and of the province).

A record holds its source as it was recorded. Where that is prose of ours, such as “trade news page …”, each
language has its own wording here; the title of a publication stays as it was published. What people of the
offices write down as a source is told as they wrote it.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from stations.language import Language
from stations.province import province_table

WORDINGS = Path(__file__).resolve().parent / "data" / "source_wordings.csv"


def source_wording(language: Language, recorded: str | None) -> str:
    """How a source, or a note on one, is told in a language; "" where none is recorded."""
    return language.pick(*wordings()[recorded]) if recorded in wordings() else recorded or ""


def wordings() -> dict[str, tuple[str, str]]:
    """The Chinese and the English wording of each source, by how it is recorded."""
    return _wordings(province_table(WORDINGS.name))


@cache
def _wordings(of_the_province: Path | None) -> dict[str, tuple[str, str]]:
    found = {}
    for path in filter(None, (WORDINGS, of_the_province)):
        with path.open(encoding="utf-8", newline="") as file:
            found |= {row["recorded"]: (row["zh"], row["en"]) for row in csv.DictReader(file)}
    return found
