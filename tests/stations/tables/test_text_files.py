"""Text files in the encodings that offices send; what is damaged is told with its line."""

from __future__ import annotations

import tracemalloc

import pytest

from stations.errors import InvalidInput
from stations.tables.cell_values import cell_text
from stations.tables.column import Column
from stations.tables.spreadsheet import read_sheet
from stations.tables.text_files import check_quotes

COLUMNS = (
    Column("name", "name", ("名称",), cell_text, required=True),
    Column("address", "address", ("地址",), cell_text),
)
TABLE = "名称,地址\n甲站,测试路1号\n乙站,测试路2号\n丙站,测试路3号\n"


def names(content: bytes) -> list[str]:
    return [row.values["name"] for row in read_sheet(content, COLUMNS).rows]


def told(content: bytes) -> str:
    with pytest.raises(InvalidInput) as refused:
        read_sheet(content, COLUMNS)
    return refused.value.message.format(**refused.value.params)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    assert names(TABLE.encode(encoding)) == ["甲站", "乙站", "丙站"]


def test_the_euro_sign_of_windows_gbk_is_read() -> None:
    content = TABLE.replace("甲站", "欧元中心?站").encode("gbk").replace(b"?", b"\x80")
    assert names(content)[0] == "欧元中心€站"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_damaged_byte_is_told_with_its_line(encoding: str) -> None:
    content = TABLE.replace("乙站", "乙?站").encode(encoding).replace(b"?", b"\xff")
    assert told(content).startswith("Line 3 of the file has a damaged character after “乙”")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "，"])
def test_every_usual_separator_is_read(separator: str) -> None:
    assert names(TABLE.replace(",", separator).encode()) == ["甲站", "乙站", "丙站"]


def test_a_lone_zero_byte_or_half_of_a_sign_is_told_with_its_line() -> None:
    assert told(TABLE.replace("乙站", "乙\0站").encode()).startswith("Line 3 of the file has a damaged character")
    halved = TABLE.encode("utf-16").replace("丙".encode("utf-16-le"), b"\x00\xd8")
    assert told(halved).startswith("Line 4 of the file has a damaged character")


@pytest.mark.parametrize(
    "page", ["<html><table>", "<div><table>", "<!-- Excel --><html>", "<style>a{}</style>", '<?xml version="1.0"?><W/>']
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "utf-16"])
def test_a_web_page_called_xls_is_told_as_that(page: str, encoding: str) -> None:
    assert told(f"{page}<tr><td>名称</td></tr>".encode(encoding)).startswith("This is a web page")


def test_a_pdf_is_told_as_that() -> None:
    assert told(b"%PDF-1.7\n1 0 obj").startswith("This is a PDF")


@pytest.mark.parametrize("content", [b"\x00\x01\x02\xff", b"\xff\xff\x90\xff" * 50, b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_what_is_no_text_is_told_as_that(content: bytes) -> None:
    assert told(content).startswith("This is neither a CSV file")


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ('名称,地址\n"甲"站,路1号\n"乙站,路2号\n丙站,路3号\n', 3),
        ('名称,地址\n甲站,"路1号\n乙站,路2号\n"丙"站,路3号\n', 2),
        ('名称\t地址\n甲站\t路1号\n"乙站\t路2号', 3),
        ('"名称,地址\n甲站,路1号\n', 1),
    ],
)
def test_a_quotation_mark_that_is_not_closed_is_told_with_its_line(table: str, line: int) -> None:
    assert f"in line {line} of the file is not closed" in told(table.encode())


@pytest.mark.parametrize("cell", ["a" * 300_000, 'a""' * 100_000, '""' * 150_000])
def test_a_long_cell_in_quotation_marks_takes_little_memory(cell: str) -> None:
    text = f'名称,地址\n"{cell}",路1号\n'
    tracemalloc.start()
    check_quotes(text, ",")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 4 * len(text)


def test_quotation_marks_that_are_closed_are_read() -> None:
    table = '名称,地址\n"甲""站""","路1号\n2楼"\n"乙"站,5"管\n丙站,""\n'
    assert names(table.encode()) == ['甲"站"', "乙站", "丙站"]


@pytest.mark.parametrize(
    "content",
    [
        b"MIME-Version: 1.0\nX-Document-Type: Workbook\n\n<html>",
        b"From: <Saved by Microsoft Internet Explorer>\nMIME-Version: 1.0\n",
        b"<html><table>",
        b"\xef\xbb\xbf<?xml version='1.0'?>",
    ],
)
def test_a_web_page_saved_as_a_workbook_is_told_as_that(content: bytes) -> None:
    assert told(content).startswith("This is a web page")


def test_invisible_characters_in_headings_and_cells_are_dropped() -> None:
    assert names("名\u200b称,地址\n\u202a甲\u200b站\u202c,路\n".encode()) == ["甲站"]
