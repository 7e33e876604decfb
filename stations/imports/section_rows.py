"""Rows of a list that only name the city or county of the rows below them: 一｜无锡市, （二）常州市（12家）, 苏州市."""

from __future__ import annotations

import functools
import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace

from geo.counties import county_layer
from geo.province import Province, province_in_use
from stations.entered_text import narrow
from stations.tables.sheet import RowNumber, Sheet, same_sheet
from stations.tables.workbook_grids import Cell

_CHINESE_NUMBER = r"\(?(?:第?[一二三四五六七八九十]+|[ⅰ-ⅿivx]+)\)?[部分]*[、.,:]?"
_NUMBER = re.compile(rf"{_CHINESE_NUMBER}|\(?[0-9]{{1,2}}\)?[、.]?", re.IGNORECASE)
_TITLE = re.compile(
    rf"(?:{_CHINESE_NUMBER})?(?P<area>.+?)(?:地区|片区)?(?:\(?(?:共|计)*[0-9]+[家个所]\)?)?[:]?", re.IGNORECASE
)


def with_sections(sheet: Sheet) -> Sheet:
    """Return the list without the rows that are titles of sections, and with the area of its section on each row: of
    several sheets, what the name of its sheet says where it has no section.

    A list whose rows are all like that stays as it is.
    """
    titles = {number: title for number, cells in sheet.beside if (title := _title(cells))}
    titles |= {row.number: title for row in sheet.rows if (title := _title(row.whole))}
    rows = [row for row in sheet.rows if row.number not in titles]
    of_sheets = {name: _title([name]) for name in sheet.sheets}
    if not rows or not (titles or any(of_sheets.values())):
        return sheet
    numbers = sorted(titles)
    for index, row in enumerate(rows):
        above = bisect(numbers, row.number)
        if above and same_sheet(numbers[above - 1], row.number):
            rows[index] = replace(row, section=titles[numbers[above - 1]])
        elif isinstance(row.number, RowNumber) and of_sheets[row.number.sheet]:
            rows[index] = replace(row, section=of_sheets[row.number.sheet])
    return replace(sheet, rows=rows, remarks=tuple(sorted((*sheet.remarks, *titles))))


def _title(cells: Sequence[Cell]) -> str:
    """Return the city or county that a row is the title of; "" for any other row."""
    written = [cell for cell in cells if cell is not None and str(cell).strip()][:3]
    if not written or len(written) > 2 or not isinstance(written[-1], str):
        return ""
    if len(written) == 2 and not _NUMBER.fullmatch(_plain(written[0])):
        return ""
    title = _TITLE.fullmatch(narrow(written[-1]))
    area = title["area"].strip() if title else ""
    cities, counties = _areas(province_in_use())
    numbered = len(written) == 2 and _plain(written[0])[:1].isdigit()  # perhaps a station that lacks its name
    return area if area in cities or (area in counties and not numbered) else ""


def _plain(cell: Cell) -> str:
    return narrow(str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell))


@functools.cache
def _areas(province: Province) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of the cities, also without 市, and of the counties."""
    layer = county_layer(province)
    cities = {name for city in layer.cities for name in (city.name, city.name.removesuffix("市"))}
    return frozenset(cities), frozenset(county.name for county in layer.counties)
