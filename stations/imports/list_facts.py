"""What a list says about itself: the coordinate system in its headings and notes, and the date it was filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from stations.entered_text import narrow
from stations.errors import InvalidInput
from stations.partial_date import PartialDate
from stations.places.coordinates import systems_named_in
from stations.readers.dates import read_partial_date
from stations.tables.sheet import Sheet

_COORDINATES = ("place", "lon", "lat")
_ABOUT_COORDINATES = re.compile(r"坐标|经纬度|coordinates", re.IGNORECASE)
_DATE = r"\d{4}\s*(?:年|[-/.])\s*\d{1,2}(?:\s*(?:月|[-/.])\s*(?:\d{1,2}\s*日?)?)?"
_DATED = re.compile(
    r"(?:(?:填报|填表|上报|报送|报出|统计|制表|更新|编制|数据)(?:日期|时间)?|日期|时间"
    r"|截[至止]到?(?:日期|时间)?|as of|date)"
    rf"\s*[:：]?\s*(?P<date>{_DATE})?",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"(?P<date>{_DATE})")
_IN_BRACKETS = re.compile(rf"\(\s*(?P<date>{_DATE})\s*\)")


@dataclass(frozen=True)
class ListFacts:
    """What a list says about itself. ``crs``: the system of its coordinates, ``date``: when it was filled in; "" and
    None where it does not say, or says several things.
    """

    crs: str = ""
    date: PartialDate | None = None


def facts_of(sheet: Sheet, today: date) -> ListFacts:
    """Return what the headings of a list and the lines around it say about the whole.

    Of a month or year that is not over yet ``today`` is taken; a date in the future counts for none.
    """
    filled_in = _filled_in(sheet.around)
    if filled_in is not None and filled_in.latest > today:
        filled_in = None if filled_in.earliest > today else PartialDate.of(today)
    return ListFacts(_coordinate_system(sheet), filled_in)


def _coordinate_system(sheet: Sheet) -> str:
    """Return the system in the headings of coordinates (经纬度（高德）), or else in a line about them."""
    headings = [sheet.over.get(name, "") + sheet.headings[name] for name in _COORDINATES if name in sheet.headings]
    lines = [cell for row in sheet.around for cell in row if isinstance(cell, str) and _ABOUT_COORDINATES.search(cell)]
    for texts in (headings, lines):
        named = {system for text in texts for system in systems_named_in(text)}
        if named:
            return named.pop() if len(named) == 1 else ""
    return ""


def _filled_in(around: Iterable[tuple[Any, ...]]) -> PartialDate | None:
    """Return the date beside or behind 填报日期 and the like; else one that is a line of its own or in brackets."""
    alone = None
    for row in around:
        cells = [cell for cell in row if cell is not None and str(cell).strip()]
        for place, cell in enumerate(cells):
            if not isinstance(cell, str):
                continue
            plain = narrow(cell)
            for found in _DATED.finditer(plain):
                following = cells[place + 1] if found.end() == len(plain) and place + 1 < len(cells) else None
                moment = _moment(found["date"] or following)
                if moment is not None:
                    return moment
            whole = _ALONE.fullmatch(plain) or _IN_BRACKETS.search(plain)
            alone = alone or (_moment(whole["date"]) if whole else None)
    return alone


def _moment(written: Any) -> PartialDate | None:
    if isinstance(written, datetime):
        return PartialDate.of(written.date())
    if isinstance(written, date):
        return PartialDate.of(written)
    if not isinstance(written, str):
        return None
    try:
        moment = read_partial_date("date", written)
    except InvalidInput:
        return None
    return moment if moment.month else None  # a bare year is hardly the date of a list
