"""One workbook gives the same table whichever of the two readers of Excel reads it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from stations.errors import InvalidInput
from stations.tables.cell_values import cell_text, partial_date
from stations.tables.column import Column
from stations.tables.spreadsheet import read_sheet
from stations.tables.workbook_grids import _by_calamine, _by_openpyxl

COLUMNS = (
    Column("name", "name", ("名称",), cell_text, required=True),
    Column("county", "county", ("县(市、区)",), cell_text),
    Column("opened", "opened", ("启用日期",), partial_date),
    Column("note", "note", ("备注",), cell_text),
)
ROWS: tuple[tuple[Any, ...], ...] = (
    ("名称", "县\r\n(市、区)", "启用日期", "备注"),
    ("甲站", "昆山市", date(2024, 3, 5), 1),
    ("乙\r\n站", None, datetime(2024, 3, 6, 9, 30), 2.5),
    ("丙站", None, 45356, True),
    ("丁站", "太仓市", "2024年3月", "_x0041_"),
)


def book(change: Callable[[Worksheet], None] = lambda sheet: None, *, from_1904: bool = False) -> bytes:
    """Return a workbook of ``ROWS``, changed."""
    made = openpyxl.Workbook()
    if from_1904:
        made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = made.active
    for row in ROWS:
        sheet.append(row)
    sheet.merge_cells("B2:B4")
    change(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def far(sheet: Worksheet) -> None:
    sheet["CD40"] = "far away"


def wrong(sheet: Worksheet) -> None:
    sheet["F3"] = "#N/A"
    sheet["F3"].data_type = "e"


def values(content: bytes, **options: bool) -> list[dict[str, Any]]:
    return [dict(row.values) for row in read_sheet(content, COLUMNS, **options).rows]


def test_the_two_readers_give_the_same_cells() -> None:
    plain, careful = (
        [list(row) for grid in read(book()) for row in grid.rows] for read in (_by_calamine, _by_openpyxl)
    )
    assert plain == careful
    assert [[type(cell) for cell in row] for row in plain] == [[type(cell) for cell in row] for row in careful]


@pytest.mark.parametrize("careful", [far, wrong])
@pytest.mark.parametrize("from_1904", [False, True])
def test_a_distant_cell_or_an_error_changes_nothing_else(careful: Callable[[Worksheet], None], from_1904: bool) -> None:
    table = values(book(careful, from_1904=from_1904))
    assert table == values(book(from_1904=from_1904))
    assert [row["county"] for row in table] == ["昆山市", "昆山市", "昆山市", "太仓市"]
    assert [row["name"] for row in table] == ["甲站", "乙 站", "丙站", "丁站"]
    assert [str(row["opened"]) for row in table[:2]] == ["2024-03-05", "2024-03-06"]


@pytest.mark.parametrize(("from_1904", "serial"), [(False, 45356), (True, 43894)])
@pytest.mark.parametrize("careful", [far, wrong, lambda sheet: None])
def test_a_serial_number_counts_in_the_date_system_of_its_workbook(
    careful: Callable[[Worksheet], None], from_1904: bool, serial: int
) -> None:
    def with_serial(sheet: Worksheet) -> None:
        sheet["C4"] = serial
        careful(sheet)

    table = values(book(with_serial, from_1904=from_1904))
    assert str(table[2]["opened"]) == "2024-03-05"


@pytest.mark.parametrize(
    ("number", "shown_as", "read"),
    [(2023.1, "0.00", "2023-10"), (2023.01, "0.00", "2023-01"), (2023.11, "General", "2023-11")]
    + [(2024.2, "0.00", "2024-02"), (2023.1, "0.00_ ", "2023-10"), (2023.05, "General", "2023-05")],
)
def test_a_number_that_is_shown_as_a_month_is_that_month(number: float, shown_as: str, read: str) -> None:
    def with_month(sheet: Worksheet) -> None:
        sheet["C4"], sheet["C4"].number_format = number, shown_as

    assert str(values(book(with_month))[2]["opened"]) == read


def test_a_number_that_may_be_two_months_is_asked_about() -> None:
    def with_month(sheet: Worksheet) -> None:
        sheet["C4"] = 2023.1

    (problem,) = read_sheet(book(with_month), COLUMNS).rows[2].problems
    assert "January or October" in problem.message and problem.params == {"text": "2023.1"}


def hide(sheet: Worksheet) -> None:
    sheet.auto_filter.ref = "A1:D5"
    sheet.row_dimensions[4].hidden = True


def strike(sheet: Worksheet) -> None:
    for cell in sheet[3]:
        cell.font = Font(strike=True)


@pytest.mark.parametrize("careful", [far, wrong, lambda sheet: None])
def test_hidden_and_struck_out_rows_are_told_and_read_only_if_wanted(careful: Callable[[Worksheet], None]) -> None:
    def change(sheet: Worksheet) -> None:
        hide(sheet)
        strike(sheet)
        careful(sheet)

    content = book(change)
    for hidden_too, numbers in ((True, [2, 3, 4, 5]), (False, [2, 5])):
        sheet = read_sheet(content, COLUMNS, hidden_too=hidden_too)
        assert (sheet.hidden, sheet.struck) == ((4,), (3,))
        assert [row.number for row in sheet.rows] == numbers
    assert values(content) == values(book())


def test_a_word_struck_out_in_a_row_leaves_the_row() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["D2"].font = Font(strike=True)

    assert read_sheet(book(change), COLUMNS).struck == ()


def test_a_table_of_hidden_rows_only_is_told() -> None:
    def change(sheet: Worksheet) -> None:
        for number in range(2, 6):
            sheet.row_dimensions[number].hidden = True

    with pytest.raises(InvalidInput, match="All rows of the table are hidden"):
        read_sheet(book(change), COLUMNS, hidden_too=False)


def test_a_time_of_day_is_the_same_in_both_readers() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["D2"] = time(9, 30)

    assert values(book(change)) == values(book(lambda sheet: (change(sheet), far(sheet))[-1]))
