"""Columns that the lists of several registers have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from stations.entered_text import narrow
from stations.imports.headings import HEADINGS
from stations.imports.matching import UNLIKE
from stations.keeping.doubles import Lookalike
from stations.keeping.name_likeness import core_name, likeness
from stations.keeping.record_codes import read_code
from stations.language import N_
from stations.lists.list_row import ListRow
from stations.lists.register import ListColumn
from stations.lists.stage_columns import one_line
from stations.registry.record_state import Place
from stations.registry.record_terms import Terms
from stations.tables.cell_values import cell_text

CITIES = (*HEADINGS["city"], "city")
COUNTIES = HEADINGS["county"]
HOSTS = ("承担单位", "依托单位", "建设单位", "申报单位", "实施单位", "承建单位", "筹建单位", "所在单位", "单位", "host")
SOURCES = ("来源", "数据来源", "依据", "依据文件", "文号", "文件", "文件依据", "source")

_COMMON = re.compile("国家级?|省级?|产品|产业|质检中心|计量(?:测试|检定)?中心|标准化|示范[区点]?|试点|项目")
_OURS = re.compile(r"(?:SAMPLE-)?[CP]-")
_ROW_NUMBER = re.compile(r"[0-9]{1,4}")


def _code(field: str, cell: Any) -> str | None:
    """Return the code of a record; None for a bare number up to four digits, which only counts the rows (序号)."""
    written = cell_text(field, cell)
    return None if _ROW_NUMBER.fullmatch(narrow(written)) else read_code(written)


def code_column(headings: Sequence[str] = ("登记编号", "编号", "代码", "record code")) -> ListColumn:
    """Return the column of the record's code."""
    advice = N_("Of a record on file, to change it; empty for a new one")
    return ListColumn("code", N_("Record code"), headings, _code, advice=advice)


def _distinctive(name: str) -> str:
    """Return the part of a name that tells a centre or pilot from others: 白酒 of 国家白酒产品质量监督检验中心."""
    return _COMMON.sub("", core_name(name)) or name


def doubt_code(row: ListRow[Any], standing_name: str | None) -> None:
    """Doubt a code of ours that no record has, or one that belongs to a record of quite another name, as where rows
    were moved. An office's own code is taken for that of a new record.

    ``standing_name``: of the record on file, None for a new one.
    """
    code = row.values.get("code")
    if not code:
        return
    if standing_name is None:
        if _OURS.match(code):
            message = N_("No record has the code {code}; check it, or leave it empty for a new one")
            row.doubt("code", message, code=code)
    elif "name" in row.said and likeness(_distinctive(row.name), _distinctive(standing_name)) < UNLIKE:
        message = N_("{code} is called “{name}” in the registry; check whether the code stands in the right row")
        row.doubt("name", message, code=code, name=standing_name)


def area_columns() -> tuple[ListColumn, ListColumn]:
    """Return the columns of the city and the county."""
    advice = N_("The city, the county or both; needed for a new record")
    return (
        ListColumn("city", N_("City"), CITIES, one_line(80), advice=advice),
        ListColumn("county", N_("County, city or district"), COUNTIES, one_line(80), advice=advice),
    )


def host_column(headings: Sequence[str] = HOSTS) -> ListColumn:
    """Return the column of the institution behind the record."""
    return ListColumn("host", N_("Host institution"), headings, one_line(160), clearable=True)


def source_column(headings: Sequence[str] = SOURCES) -> ListColumn:
    """Return the column of the source."""
    advice = N_("The document that says so; empty: the name of this file")
    return ListColumn("source", N_("Source"), headings, one_line(2000), advice=advice)


def lookalike_of(
    code: str, name: str, city: str, county: str | None, terms: Terms, *, sample: bool, place: Place | None = None
) -> Lookalike:
    """Return what is compared of a record in the search for doubles. ``city``, ``county``: adcodes."""
    lon, lat = place or (None, None)
    within = terms.counties.get(county or "")
    return Lookalike(
        code=code,
        name=name,
        phone=None,
        lon=lon,
        lat=lat,
        city_adcode=city,
        county_adcode=county,
        city=terms.cities[city].name,
        county=within.name if within else None,
        sample=sample,
    )
