"""Chinese and English wordings of the sources that ship with the product.

The tables are ``source_wordings.csv`` in ``stations/data`` and in the province's folder.

A record stores its source as one text. Where this is our own prose, such as “trade news page …”, the table has a
wording for each language. Titles of publications stay as published, and sources that office staff enter are shown
as entered.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from geo.province import Province, province_in_use
from stations.language import Language
from stations.province import province_rows, table_rows

WORDINGS = Path(__file__).resolve().parent / "data" / "source_wordings.csv"


def source_wording(language: Language, recorded: str | None) -> str:
    """Return the wording of a source, or of a note on one, in a language; "" if none is recorded."""
    return language.pick(*wordings()[recorded]) if recorded in wordings() else recorded or ""


def wordings() -> dict[str, tuple[str, str]]:
    """Return recorded text → (Chinese wording, English wording)."""
    return _wordings(province_in_use())


@cache
def _wordings(province: Province) -> dict[str, tuple[str, str]]:
    rows = [*table_rows(WORDINGS), *province_rows(WORDINGS.name, province)]
    return {row["recorded"]: (row["zh"], row["en"]) for row in rows}
