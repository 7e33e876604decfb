"""Cells of a list put right over the upload: read again, told in the report and in the audit log."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import Engine

from stations.audit.log import entries_about
from stations.audit_search.words import detail_in_words
from stations.database import reading, transaction
from stations.imports.about_list import about_list
from stations.imports.corrected_cells import correction_grid, problems_of
from stations.imports.importing import apply_import, plan_import, read_list
from stations.imports.plan import ImportOptions, ImportPlan
from stations.imports.report import import_report
from stations.language import Language
from stations.tables.corrections import CorrectedCell, Corrections, with_edits, written
from tests.conftest import NOW
from tests.stations.imports.import_files.make import HEAD, book, text
from tests.stations.registry_factories import PROVINCE

pytestmark = pytest.mark.one_database

WIDE = (*HEAD, "联系人", "开业日期", "科室")
ROWS = [
    WIDE,
    ("示例甲质量小站", "昆山市", "示例路1号", "0512-55500001", "张三", date(2025, 3, 5), "甲"),
    ("示例乙质量小站", "火星区", "示例路2号", "12", "李四", "", "乙"),
    (),
    ("", "昆山市", "示例路3号", "", "", 2024, "丙"),
]
RIGHT: Corrections = {(3, 1): "昆山市", (5, 0): "示例丙质量小站", (5, 4): "王五", (5, 6): "丁"}


def planned(engine: Engine, content: bytes, corrections: Corrections) -> ImportPlan:
    sheet = read_list(content, corrections=corrections)
    with reading(engine) as session:
        return plan_import(session, PROVINCE, sheet, ImportOptions("名单.xlsx"), now=NOW)


@pytest.mark.parametrize("content", [book(ROWS), text(ROWS), text(ROWS, "gbk", "\t")], ids=["xlsx", "csv", "tabs"])
def test_corrected_cells_are_read_as_if_the_file_held_them(reference_engine: Engine, content: bytes) -> None:
    before = planned(reference_engine, content, {})
    assert [(row.number, row.outcome.value) for row in before.rows] == [(2, "new"), (3, "wrong"), (5, "wrong")]
    after = planned(reference_engine, content, RIGHT)
    assert [row.outcome.value for row in after.rows] == ["new", "doubtful", "new"]  # 12 is still no telephone
    assert after.rows[2].after.contact_name == "王五"
    assert after.sheet.corrected == (
        CorrectedCell(3, 1, "火星区", "昆山市"),
        CorrectedCell(5, 0, "", "示例丙质量小站"),
        CorrectedCell(5, 4, "", "王五"),
        CorrectedCell(5, 6, "丙", "丁"),
    )


def test_a_cell_can_be_emptied_and_put_back(reference_engine: Engine) -> None:
    emptied = planned(reference_engine, book(ROWS), {(3, 3): " ", (3, 1): "昆山市"})
    assert [row.outcome.value for row in emptied.rows][1] == "new"
    made = emptied.sheet.corrected
    assert with_edits({(3, 3): "", (3, 1): "昆山市"}, made, {(3, 3): "12 ", (9, 9): "x"}) == {
        (3, 1): "昆山市",
        (9, 9): "x",
    }
    assert planned(reference_engine, book(ROWS), {(3, 1): "火星区"}).sheet.corrected == ()


def test_a_merged_cell_is_put_right_in_the_row_that_is_meant() -> None:
    content = book(
        [HEAD, *((f"示例{one}质量小站", "昆山" if one == "甲" else None, "路", "") for one in "甲乙丙")],
        merge=["B2:B4"],
    )
    read = read_list(content, corrections={(3, 1): "太仓市"}).rows
    assert [row.values["county"] for row in read] == ["昆山", "太仓市", "昆山"]


@pytest.mark.parametrize(
    ("cell", "told"),
    [(None, ""), (3.0, "3"), (1.5, "1.5"), (date(2025, 3, 5), "2025-03-05"), (" 甲\n乙 ", "甲\n乙"), ("#N/A", "#N/A")],
)
def test_cells_stand_in_the_grid_as_they_are_written(cell: object, told: str) -> None:
    assert written(cell) == told


def test_the_grid_has_what_is_wrong_or_doubtful_or_everything(reference_engine: Engine) -> None:
    plan = planned(reference_engine, book(ROWS), {(5, 0): "示例丙质量小站"})
    grid = correction_grid(plan, every=False, at_most=10)
    assert [column.heading for column in grid.columns] == list(WIDE)
    assert [(row.planned.number, row.cells) for row in grid.rows] == [
        (3, ("示例乙质量小站", "火星区", "示例路2号", "12", "李四", "", "乙"))
    ]
    assert [remark.column for remark in problems_of(grid.rows[0].planned)] == ["county", "phone"]
    whole = correction_grid(plan, every=True, at_most=2)
    assert [row.planned.number for row in whole.rows] == [2, 3] and whole.left == 1
    assert whole.rows[0].cells[5] == "2025-03-05"


def test_what_was_put_right_is_told_in_the_report_and_kept_in_the_log(reference_engine: Engine) -> None:
    plan = planned(reference_engine, book(ROWS), RIGHT)
    chinese = Language("zh_CN")
    told = [chinese.translate(one.message, **one.params) for one in about_list(plan)]
    assert any("火星区" in line and "昆山市" in line for line in told)
    report = openpyxl.load_workbook(io.BytesIO(import_report(plan, chinese)))
    assert "火星区" in report.worksheets[0]["C3"].comment.text
    assert [cell.value for cell in report.worksheets[1][2]] == [3, "县(市、区)", "火星区", "昆山市"]
    with transaction(reference_engine) as session:
        apply_import(session, PROVINCE, plan, doubtful=True, now=NOW)
    with reading(reference_engine) as session:
        (entry,) = entries_about(session, "import", "名单.xlsx")
    assert entry.detail["corrected"] == [
        {"row": 3, "field": "county", "before": "火星区", "after": "昆山市"},
        {"row": 5, "field": "name", "before": "", "after": "示例丙质量小站"},
        {"row": 5, "field": "contact_name"},  # no personal data in clear, and none that may be
        {"row": 5, "field": "科室"},
    ]
    assert "火星区" in detail_in_words(chinese, entry.detail)
