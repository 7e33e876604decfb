"""Rows of a workbook that are hidden or struck out are told, and imported only if that is wanted."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.styles import Font
from sqlalchemy import Engine

from stations.answers.imports import STATION_IMPORT, StationImport
from stations.database import reading
from stations.imports.importing import plan_import, read_list
from stations.imports.plan import ImportOptions
from stations.language import Language
from tests.conftest import NOW
from tests.stations.registry_factories import PROVINCE

pytestmark = pytest.mark.one_database


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(("站点名称", "县(市、区)", "详细地址", "联系电话"))
    for number, county in enumerate(("昆山市", "常熟市", "太仓市"), start=1):
        sheet.append((f"测试{county}质量小站", county, f"测试路{number}号", f"0512-5555000{number}"))
    sheet.auto_filter.ref = "A1:D4"
    sheet.row_dimensions[3].hidden = True
    for cell in sheet[4]:
        cell.font = Font(strike=True)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("hidden_too", "rows", "left_out"), [(False, [2], True), (True, [2, 3, 4], False)])
def test_they_are_told_and_left_out_unless_wanted(
    reference_engine: Engine, hidden_too: bool, rows: list[int], left_out: bool
) -> None:
    sheet = read_list(workbook(), hidden_too=hidden_too)
    with reading(reference_engine) as session:
        plan = plan_import(session, PROVINCE, sheet, ImportOptions("名单.xlsx"), now=NOW)
    assert [(row.number, row.outcome.value) for row in plan.rows] == [(number, "new") for number in rows]
    data = STATION_IMPORT.data(StationImport(plan, None), Language("en"))["list"]
    assert (data["hidden"], data["struck"]) == ([3], [4])
    told = [sentence for sentence in data["told"] if "in the workbook" in sentence]
    assert len(told) == 2 and all(("left out" in sentence) is left_out for sentence in told)
