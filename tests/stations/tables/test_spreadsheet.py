"""Tables as offices send them: where the headings are, which rows count, and what a cell means."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.errors import InvalidInput
from stations.partial_date import PartialDate
from stations.readers.dates import EXCEL_DAY_ZERO
from stations.tables import cell_values
from stations.tables.sheet import Sheet
from stations.tables.spreadsheet import Column, Limits, read_sheet

COLUMNS = (
    Column("name", "name", ("名称", "器具名称", "name"), cell_values.text(20), required=True),
    Column("day", "day", ("检定日期", "last verified"), cell_values.day),
    Column(
        "months",
        "months",
        ("周期", "检定周期(月)", "interval"),
        cell_values.whole_number(1, 120, units="个?月|months?"),
    ),
)
CSV = "名称,检定日期,周期\n压力表,2024-03-05,6\n"


def book(*sheets: Sequence[Sequence[object]], merged: str | None = None) -> bytes:
    written, made = io.BytesIO(), openpyxl.Workbook()
    made.remove(made.active)
    for rows in sheets:
        sheet = made.create_sheet()
        for row in rows:
            sheet.append(row)
        if merged:
            sheet.merge_cells(merged)
    made.save(written)
    return written.getvalue()


def values(sheet: Sheet) -> list[tuple[object, ...]]:
    return [tuple(row.values.get(column.name, "wrong") for column in COLUMNS) for row in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le-bom"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "，"])
def test_text_in_every_usual_encoding_and_separator(encoding: str, separator: str) -> None:
    text = CSV.replace(",", separator)
    content = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    assert values(read_sheet(content, COLUMNS)) == [("压力表", date(2024, 3, 5), 6)]


def test_titles_above_blank_rows_and_totals(tmp_path: object) -> None:
    read = read_sheet(
        book(
            [
                ["某某公司器具台账"],
                [],
                ["序号", "器具名称＊", "检定周期（月）"],
                [],
                [1, "压力表", "６个月"],
                ["合 计：", "1 台"],
            ]
        ),
        COLUMNS,
    )
    assert values(read) == [("压力表", None, 6)]
    assert (read.heading_row, read.rows[0].number, read.totals, read.passed_over) == (3, 5, (6,), ("序号",))


def test_headings_in_two_rows() -> None:
    read = read_sheet(
        book([["名称", "检定", None], [None, "检定日期", "周期"], ["秤", 45356, 12.0]], merged="B1:C1"), COLUMNS
    )
    assert values(read) == [("秤", date(2024, 3, 5), 12)]


def test_a_first_row_of_data_is_no_second_row_of_headings() -> None:
    read = read_sheet("名称,周期\n名称,6\n".encode(), COLUMNS)
    assert [row.values["name"] for row in read.rows] == ["名称"]


def test_the_sheet_that_has_the_headings_is_read() -> None:
    read = read_sheet(book([["说明"], ["请填第二张表"]], [["名称"], ["秤"]]), COLUMNS)
    assert (read.name, values(read)) == ("Sheet1", [("秤", None, None)])


def test_what_is_wrong_names_row_and_column_and_loses_nothing_else() -> None:
    read = read_sheet("名称,检定日期,周期\n,2024-02-30,6\n秤,#N/A,十二\n".encode(), COLUMNS)
    assert [(p.row, p.column) for row in read.rows for p in row.problems] == [
        (2, "name"),
        (2, "day"),
        (3, "day"),
        (3, "months"),
    ]
    assert read.rows[0].values == {"name": None, "months": 6}
    assert read.rows[1].cells["months"] == "十二"


def test_an_exported_apostrophe_before_a_formula_goes_again() -> None:
    assert values(read_sheet("名称\n'=1+1\n'普通\n".encode(), COLUMNS)) == [("=1+1", None, None), ("'普通", None, None)]


def test_formulas_are_never_run() -> None:
    read = read_sheet(book([["名称", "周期"], ["秤", "=6+6"]]), COLUMNS)
    assert values(read) == [("秤", None, "wrong")]  # the workbook contains no result
    assert "formula without a result" in str(read.rows[0].problems[0])


def test_a_formula_whose_result_is_an_empty_text_is_a_blank_cell() -> None:
    plain = book([["名称", "周期"], ["秤", '=IF(1,"","")']])
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(content, "w") as packed:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                part, changed = re.subn(rb'<c r="B2"[^>]*>', b'<c r="B2" t="str">', part)
                assert changed == 1
            packed.writestr(entry, part)
    assert values(read_sheet(content.getvalue(), COLUMNS)) == [("秤", None, None)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        ("名称,周期\n".encode(), "no rows below"),
        ("单位,电话\n甲,1\n".encode(), "no column “name”"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 100, ".xls"),
        (b"PK\x03\x04 and then noise", "can't be read"),
        (b"\x00\x01\x02\xff", "neither"),
        (("名称\n" + "秤\n" * 11).encode(), "more than 10 rows"),
        (b"x" * 6001, "larger"),
    ],
)
def test_a_file_that_can_not_be_read_says_why(content: bytes, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as problem:
        read_sheet(content, COLUMNS, Limits(bytes=6000, unpacked=100_000, rows=10))
    assert problem.value.field == "file"


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 2_000_000)
    with pytest.raises(InvalidInput, match="larger"):
        read_sheet(written.getvalue(), COLUMNS, Limits(unpacked=1_000_000))


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_a_damaged_workbook_is_told(cut: float) -> None:
    whole = book([["名称"], *[[f"秤{number}"] for number in range(500)]])
    with pytest.raises(InvalidInput, match="can't be read"):
        read_sheet(whole[: int(len(whole) * cut)], COLUMNS)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("2024-3-5", "2024-03-05"),
        ("２０２４／０３／０５", "2024-03-05"),
        ("2024.3.5", "2024-03-05"),
        ("2024年3月5日", "2024-03-05"),
        ("2024 年 3 月 5 日", "2024-03-05"),
        ("20240305", "2024-03-05"),
        (20240305, "2024-03-05"),
        (45356, "2024-03-05"),
        (45356.75, "2024-03-05"),
        ("45356", "2024-03-05"),
        (datetime(2024, 3, 5, 13), "2024-03-05"),
        (date(2024, 3, 5), "2024-03-05"),
        ("2024-03-05 00:00:00", "2024-03-05"),
        ("2024年3月", "2024-03"),
        ("202403", "2024-03"),
        ("2024", "2024"),
        ("2024年", "2024"),
    ],
)
def test_dates_in_all_their_shapes(cell: object, read: str) -> None:
    assert cell_values.partial_date("day", cell) == PartialDate.parse(read)


@pytest.mark.parametrize("cell", ["5/3/2024", "2024-13-01", "2024-02-30", "next year", "三月", 1e300, "2024年3月5日6"])
def test_what_is_no_date(cell: object) -> None:
    with pytest.raises(InvalidInput, match="not a date|that there is not"):
        cell_values.partial_date("day", cell)


def test_a_month_is_no_day() -> None:
    with pytest.raises(InvalidInput, match="lacks the day"):
        cell_values.day("day", "2024年3月")


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_way_to_write_a_day_reads_as_that_day(day: date) -> None:
    serial = (day - EXCEL_DAY_ZERO) / timedelta(days=1)
    for cell in (
        day,
        serial,
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
    ):
        assert cell_values.day("day", cell) == day


@given(
    st.lists(
        st.tuples(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)),
        min_size=1,
    )
)
def test_any_bytes_or_rows_are_read_or_told(rows: list[tuple[str]]) -> None:
    content = ("名称\n" + "\n".join(f'"{text.replace(chr(34), chr(34) * 2)}"' for (text,) in rows)).encode()
    try:
        read = read_sheet(content, COLUMNS)
    except InvalidInput as problem:
        assert problem.field == "file"
    else:
        assert len(read.rows) + len(read.totals) <= len(rows)


@given(st.binary(max_size=200))
def test_no_noise_breaks_the_reader(noise: bytes) -> None:
    for content in (noise, b"PK\x03\x04" + noise):
        with pytest.raises(InvalidInput):
            read_sheet(content, COLUMNS)
