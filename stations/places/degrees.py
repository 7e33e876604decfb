"""Longitudes and latitudes as offices write them: decimal degrees, or degrees, minutes and seconds.

``120.9807``, ``120°58′50.5″``, ``东经120度58分50.5秒``, ``E120 58 50.5``, ``120:58:50.5``; both in one
cell as ``120.9807,31.3856``. What cell holds which is not told here (see ``stations.imports.row_places``).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from stations.errors import InvalidInput
from stations.language import N_
from stations.tables.cell_values import cell_text

# Signs that look like degrees, minutes and seconds, and the words for them → one sign each. A double
# prime becomes two single ones in NFKC.
_SIGNS = str.maketrans(
    {
        "º": "°", "˚": "°", "度": "°",
        "’": "'", "‘": "'", "′": "'", "´": "'", "ˊ": "'", "分": "'",
        "”": "''", "“": "''", "″": "''", '"': "''", "秒": "''",
        "。": ".",
    }
)  # fmt: skip
_AXIS = "东经北纬EeNn: "  # which of the two it is, said before or after
_AWAY = re.compile(r"[swSW西南]")
_NUMBER = r"\d+(?:\.\d+)?"
_DECIMAL = re.compile(rf"[+-]?{_NUMBER}°?")
_SEXAGESIMAL = re.compile(rf"(\d{{1,3}})(?:°|:|\s)\s*({_NUMBER})(?:'|:|\s|$)\s*(?:({_NUMBER})(?:''|')?)?")
_BETWEEN = re.compile(r"[,;、|/]|(?<=[\d°'])\s*(?=北纬|东经|[NE]\d)|(?<=[EN])\s+", re.IGNORECASE)


def degrees(field: str, cell: Any) -> float:
    """Decimal degrees of one cell.

    Raises:
        InvalidInput: it is no number of degrees, or its minutes or seconds are 60 and more.
    """
    written = cell_text(field, cell)
    value = _degrees(written)
    if value is None:
        raise InvalidInput(
            field, N_("“{text}” is not a number of degrees; write it as 120.9807 or 120°58′50.5″"), text=written
        )
    return value


def degrees_pair(field: str, cell: Any) -> tuple[float, float]:
    """Two numbers of degrees out of one cell, in the order they stand.

    Raises:
        InvalidInput: the cell does not hold two.
    """
    written = cell_text(field, cell)
    plain = _plain(written).strip("()[] ")
    parts = [part for part in _BETWEEN.split(plain) if part.strip()]
    if len(parts) == 1:
        parts = plain.split()
    values = [_degrees(part) for part in parts]
    if len(values) != 2 or None in values:
        raise InvalidInput(
            field,
            N_("“{text}” does not hold a longitude and a latitude; write them as 120.9807,31.3856"),
            text=written,
        )
    return values[0], values[1]


def _plain(written: str) -> str:
    return unicodedata.normalize("NFKC", written.translate(_SIGNS)).translate(_SIGNS).strip()


def _degrees(written: str) -> float | None:
    text = _plain(written)
    if _AWAY.search(text):
        return None
    text = text.strip(_AXIS)
    if _DECIMAL.fullmatch(text):
        return float(text.rstrip("°"))
    found = _SEXAGESIMAL.fullmatch(text)
    if found is None:
        return None
    whole, minutes, seconds = (float(part or 0) for part in found.groups())
    if minutes >= 60 or seconds >= 60:
        return None
    return whole + minutes / 60 + seconds / 3600
