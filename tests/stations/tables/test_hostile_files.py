"""Files that are small and made to cost much: each is read or refused in little time and memory."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from contextlib import suppress

import pytest

from stations.errors import InvalidInput
from stations.tables.cell_values import cell_text
from stations.tables.column import Column
from stations.tables.spreadsheet import read_sheet
from stations.tables.workbook_grids import Limits, _needs_of
from tests.stations.file_samples import understated, workbook

COLUMNS = (Column("name", "name", ("名称",), cell_text, required=True),)
SHEET = "xl/worksheets/sheet1.xml"


def with_part(name: str, part: bytes) -> bytes:
    return understated(workbook(), name, part, len(part))


@pytest.mark.parametrize(
    "text",
    [
        "<c " * 60_000,
        "<c" + " t" * 100_000,
        "<c" + ' t="str"' * 30_000 + "> <f>",
        '<c t="str">' + "<f " * 60_000,
        "<row " * 40_000,
        "<row" + " hidden" * 30_000,
        "<f " * 60_000,
        "<f/>" + " " * 200_000,
        "<f/><v/>" + " " * 200_000,
        "<f>" * 60_000,
        ' r="' * 50_000,
        ' r="' + "A" * 200_000,
        " " * 200_000,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_of_a_sheet_takes_long(text: str) -> None:
    content = with_part(SHEET, text.encode())
    began = time.process_time()
    _needs_of(content, Limits())
    assert time.process_time() - began < 1


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", SHEET])
def test_a_bomb_is_not_unpacked_beyond_the_size_that_it_gives(name: str) -> None:
    bomb = understated(workbook(), name, b"<a/>" + b" " * 40_000_000)
    tracemalloc.start()
    with pytest.raises(InvalidInput, match="can't be read"):
        read_sheet(bomb, COLUMNS)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000


def test_a_part_that_is_read_as_a_whole_has_a_limit() -> None:
    with pytest.raises(InvalidInput, match="can't be read"):
        read_sheet(with_part("xl/workbook.xml", b"<a>" + b"<b/>" * 2_200_000 + b"</a>"), COLUMNS)


def sheet_of(cells: str) -> bytes:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f'<row r="1" hidden="1">{cells}</row></sheetData></worksheet>'
    ).encode()


@pytest.mark.parametrize("cells", [f'<c r="{"A" * 300_000}1"/>', f"<!--{'a' * 5_000_000}-->"], ids=["letters", "note"])
def test_a_cell_of_a_name_without_end_is_told(cells: str) -> None:
    began = time.process_time()
    with pytest.raises(InvalidInput):
        read_sheet(with_part(SHEET, sheet_of(cells)), COLUMNS)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("mark", [" ", "(", "[", "()", "\n", " \n", "（", '""'])
def test_no_cell_takes_long(mark: str) -> None:
    content = f"名称,{mark * 200_000}x\n甲,{mark * 200_000}x\n".encode()
    began = time.process_time()
    with suppress(InvalidInput):
        read_sheet(content, COLUMNS)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("cell", ["甲\n站", "甲 \r\n\n 站", "\n甲\r站 \n", " 甲\t\n\t站"])
def test_line_breaks_with_the_blanks_around_them_are_one_blank(cell: str) -> None:
    assert cell_text("name", cell) == "甲 站"


def test_a_mark_across_two_pieces_of_a_part_is_seen() -> None:
    for before in range(65_520, 65_545):
        styles = b"<a>" + b" " * (before - 3) + b"<strike/></a>"
        assert _needs_of(with_part("xl/styles.xml", styles), Limits()).facts


def test_an_archive_packed_in_an_unusual_way_is_told() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_LZMA) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    with pytest.raises(InvalidInput, match="can't be read"):
        read_sheet(written.getvalue(), COLUMNS)


@pytest.mark.parametrize("lost", [1, 30, 200])
def test_a_workbook_that_lost_bytes_at_its_start_is_refused(lost: int) -> None:
    """What is reckoned from the end of the file then lies before its beginning."""
    whole = workbook()
    with pytest.raises(InvalidInput):
        read_sheet(whole[:4] + whole[4 + lost :], COLUMNS)
