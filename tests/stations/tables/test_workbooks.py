from __future__ import annotations

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.language import Language
from stations.tables.table import FORMULA_STARTS, SavedTable
from stations.tables.workbooks import as_workbook

CHINESE = Language("zh_CN")


def opened(table: SavedTable) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(as_workbook(table, CHINESE)))


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_text_can_run_as_a_formula(start: str) -> None:
    cell = opened(SavedTable("t", ["a"], [[f"{start}1+1"]])).worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value == f"{start}1+1"


@given(
    st.lists(
        st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=30), min_size=2, max_size=2)
    )
)
def test_texts_read_back_as_written_and_none_is_a_formula(rows: list[list[str]]) -> None:
    sheet = opened(SavedTable("t", ["a", "b"], rows)).worksheets[0]
    read = [[cell for cell in row] for row in sheet.iter_rows(min_row=2, max_col=2, max_row=len(rows) + 1)]
    assert [[cell.value or "" for cell in row] for row in read[: len(rows)]] == rows
    assert {cell.data_type for row in read for cell in row} <= {"s", "n", "inlineStr"}


def test_numbers_dates_and_instants_stay_what_they_are() -> None:
    moment = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    sheet = opened(SavedTable("t", list("abcd"), [[-1.5, date(2026, 11, 24), moment, None]])).worksheets[0]
    number, day, instant, nothing = sheet[2]
    assert (number.value, number.data_type) == (-1.5, "n")
    assert day.value.date() == date(2026, 11, 24)
    assert instant.value == datetime(2026, 11, 24, 10, 0)  # in China's time
    assert nothing.value is None


def test_the_notes_stand_on_a_sheet_of_their_own() -> None:
    book = opened(SavedTable("覆盖/情况: [1]", ["县"], [["昆山市"]], ["截至2026年11月24日", "=来源"]))
    assert book.sheetnames == ["覆盖 情况   1", "说明"]
    assert [row[0].value for row in book["说明"].iter_rows()] == ["覆盖/情况: [1]", "截至2026年11月24日", "=来源"]
    assert book.worksheets[0].freeze_panes == "A2"
    assert book.worksheets[0].auto_filter.ref == "A1:A2"


@pytest.mark.parametrize("sign", ["\x01", "\0", "\ufffe", "\uffff", "\ud800"])
def test_what_excel_can_not_hold_is_seen_to_be_missing(sign: str) -> None:
    saved = SavedTable("", [f"a{sign}"], [[f"x{sign}y😀"]], [f"z{sign}"])
    assert opened(saved).worksheets[0]["A2"].value == "x\ufffdy😀"
