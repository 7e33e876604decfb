"""Read tables in the form that offices really send them, with the errors of each row.

A caller describes its columns as data (``Column``: accepted headings, reader of cells); the same reader is used for
lists of stations and for a firm's list of instruments. It accepts Excel workbooks (``workbook_grids``) and text
separated by commas, semicolons or tabs in UTF-8, UTF-16 or GB18030. It recognizes titles above the headings,
headings in two rows or repeated on each page, merged cells, blank rows, remarks and rows of totals. Readers of
cells are in ``stations.tables.cell_values``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice, pairwise
from typing import Any

from stations.entered_text import narrow, visible
from stations.errors import InvalidInput
from stations.language import N_
from stations.tables.column import Column
from stations.tables.corrections import NO_CORRECTIONS, CorrectedCell, Corrections, corrected_rows
from stations.tables.heading_rows import HEADING_ROWS_SEARCHED, NoHeadings, NoRows, find_head, is_blank
from stations.tables.sheet import ROWS_OF_SHEET, CellProblem, Sheet, SheetRow
from stations.tables.table import would_run
from stations.tables.text_files import check_quotes, decoded
from stations.tables.workbook_grids import Cell, Grid, Limits, NoSuchSheet, Unsolved, is_workbook, workbook_grids

USUAL = Limits()
SURPLUS = N_(
    "This row has more cells than the headings, by {count}; is there a comma in a number or a text? Put what belongs "
    "together in quotation marks"
)
PARTED = N_(
    "“{text}” may be one number that its comma parted; put it in quotation marks, or write it without the comma"
)
_BEGINNING = 400  # bytes that tell a web page
_REMEMBERED = 1000  # different texts of a column
_SHARED = 20_000  # different texts of a sheet
_TOTAL = re.compile(r"(?:合\s*计|总\s*计|小\s*计|共\s*计|(?:sub|grand )?total)\s*[:：]?", re.IGNORECASE)
_REMARK = re.compile(
    r"(?:注|备\s*注|说\s*明|填报|填表|制表|审核|审批|复核|(?:单位)?负责人|填报单位|联系人|报送|notes?|remarks?)"
    r"[^:：]{0,8}[:：]",
    re.IGNORECASE,
)
_THOUSANDS, _AFTER_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}"), re.compile(r"[0-9]{3}(?:\.[0-9]+)?")
_WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<(?:!doctype|!--|html|head|body|table|div|style|script|meta|\?xml|\?mso)"
    rb"|(?:mime-version|content-type|x-document-type): ?\S|from: ?<?saved by)",  # a page saved with its parts (.mht)
    re.IGNORECASE,
)


def read_sheet(
    content: bytes,
    columns: Sequence[Column],
    limits: Limits = USUAL,
    *,
    hidden_too: bool = True,
    corrections: Corrections = NO_CORRECTIONS,
    together: bool = False,
    name: str = "",
) -> Sheet:
    """Return the table in a file; in a workbook, from the first sheet that has the required headings and rows.

    ``hidden_too``: whether rows that are hidden or struck out are read; ``Sheet`` tells which they are in any case.
    ``corrections``: cells below the headings that stand in place of those of the file. ``together``: whether further
    sheets with the same headings in the same places are read after it, as of a list with a sheet for each city; the
    numbers of their rows name the sheet. ``name``: of the one sheet that is read; "" to find it.

    Raises:
        NoSuchSheet: no visible sheet of the workbook has that ``name``, or the file is no workbook.
        InvalidInput: the file is too large, of another kind, damaged, or has no recognizable headings. Errors in
            single rows are not raised; they are in ``SheetRow.problems``.
    """
    if len(content) > limits.bytes:
        raise InvalidInput("file", N_("The file is larger than {size} MB"), size=limits.bytes // 1_000_000)
    if not content.strip():
        raise InvalidInput("file", N_("The file is empty"))
    if _WEB_PAGE.match(content[:_BEGINNING].removeprefix(b"\xff\xfe").replace(b"\0", b"")):
        raise InvalidInput(
            "file", N_("This is a web page, though it may be called .xls; open it in Excel and save it as .xlsx")
        )
    if content.startswith(b"%PDF"):
        raise InvalidInput("file", N_("This is a PDF; ask for the table as an Excel workbook (.xlsx) or CSV"))
    grids = workbook_grids(content, limits) if is_workbook(content) else iter([_text_file(content)])
    nearest: InvalidInput | None = None
    sheet: Sheet | None = None
    unread: list[tuple[str, int]] = []
    names: list[str] = []
    for place, grid in enumerate(grids):
        names.append(grid.name)
        if name and grid.name != name:
            continue
        if sheet is not None and together:
            sheet, count = _with_further(sheet, grid, place, columns, limits, corrections, hidden_too=hidden_too)
            unread += [(grid.name, count)] if count else []
            continue
        if sheet is not None:
            unread += [(grid.name, count)] if (count := _rows_alike(sheet, grid, columns)) else []
            continue
        try:
            sheet = _read_grid(grid, columns, limits, corrections, hidden_too=hidden_too)
        except NoHeadings as missing:
            nearest = missing.problem if nearest is None or isinstance(missing, NoRows) else nearest
    if name and name not in names:
        raise NoSuchSheet(name, names)
    if sheet is None:
        raise nearest or InvalidInput("file", N_("The file is empty"))
    return replace(sheet, unread=tuple(unread), book=tuple(names))


def _text_file(content: bytes) -> Grid:
    text = decoded(content)
    separator = max(",\t;，|", key=lambda mark: sum(line.count(mark) for line in text.splitlines()[:50]))
    check_quotes(text, separator)
    return Grid("", _lines(text, separator), as_written=True)


def _lines(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        yield from reader
    except csv.Error:
        raise InvalidInput("file", N_("Line {line} of the file can't be read as CSV"), line=reader.line_num) from None


def _numbered(grid: Grid) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield the rows that are not blank, with their numbers and with texts as they look."""
    tidy = map(_without_invisible, grid.rows)
    return ((number, row) for number, row in enumerate(tidy, start=1) if not is_blank(row))


def _rows_alike(sheet: Sheet, grid: Grid, columns: Sequence[Column]) -> int:
    """Return the number of rows of another sheet that has at least half of the headings of the one that was read; 0 if
    it has not.
    """
    numbered = _numbered(grid)
    try:
        head = find_head(list(islice(numbered, HEADING_ROWS_SEARCHED)), columns)
    except (NoHeadings, InvalidInput):  # a sheet of another kind, on which nobody waits
        return 0
    if 2 * len(head.places.keys() & sheet.headings.keys()) < len(sheet.headings):
        return 0
    return sum(
        not (_is_total(row) or _is_remark(row) or head.stands_in(row)) for _, row in chain(head.rest, numbered)
    )


def _with_further(
    sheet: Sheet,
    grid: Grid,
    place: int,
    columns: Sequence[Column],
    limits: Limits,
    corrections: Corrections,
    *,
    hidden_too: bool,
) -> tuple[Sheet, int]:
    """Return the table with the rows of a further sheet at ``place``, and 0; if its columns are others, but at least
    half of its headings are the same, the table as it is and the number of rows that stay unread.
    """
    own = {
        (number % ROWS_OF_SHEET, column): text
        for (number, column), text in corrections.items()
        if number // ROWS_OF_SHEET == place
    }
    try:
        further = _read_grid(grid, columns, limits, own, hidden_too=hidden_too)
    except (NoHeadings, InvalidInput):  # a sheet of another kind, on which nobody waits
        return sheet, 0
    if not further.has_columns_of(sheet):
        alike = 2 * len(further.headings.keys() & sheet.headings.keys()) >= len(sheet.headings)
        return sheet, len(further.rows) if alike else 0
    if len(sheet.rows) + len(further.rows) > limits.rows:
        raise InvalidInput("file", N_("The file has more than {count} rows"), count=limits.rows)
    return (sheet if sheet.sheets else sheet.numbered(0)).followed_by(further.numbered(place)), 0


def _read_grid(
    grid: Grid, columns: Sequence[Column], limits: Limits, corrections: Corrections, *, hidden_too: bool
) -> Sheet:
    numbered = _numbered(grid)
    first = list(islice(numbered, HEADING_ROWS_SEARCHED))
    head = find_head(first, columns)
    around = [tuple(row) for number, row in first if number <= head.row - len(head.lines)]
    rows: list[SheetRow] = []
    totals: list[int] = []
    remarks: list[int] = []
    hidden: list[int] = []
    struck: list[int] = []
    beside: list[tuple[int, tuple[Cell, ...]]] = []
    corrected: list[CorrectedCell] = []
    at = [(column, head.places[column.name]) for column in columns if column.name in head.places]
    reader = _RowReader(at, [column for column in columns if column.name not in head.places], head.width)
    cells = max(len(row) for number, row in first if head.row - len(head.lines) < number <= head.row)
    below = _filled_down(chain(head.rest, numbered), grid.merged)
    for number, row in corrected_rows(below, corrections, corrected):
        if _is_total(row):
            totals.append(number)
            continue
        if _is_remark(row) or head.stands_in(row):
            remarks.append(number)
            around.append(tuple(row))
            continue
        if len(rows) >= limits.rows:
            raise InvalidInput("file", N_("The file has more than {count} rows"), count=limits.rows)
        read = reader.read(number, row)
        if read is not None and grid.as_written and len(row) > cells and (count := _surplus(row, cells)):
            read = replace(read, surplus=CellProblem(number, "", SURPLUS, count=count))
        if read is None:
            if len(beside) < _REMEMBERED:
                beside.append((number, tuple(row)))
        else:
            hidden += [number] * (number in grid.hidden)
            struck += [number] * (number in grid.struck)
            if hidden_too or not (number in grid.hidden or number in grid.struck):
                rows.append(read)
    if not rows and (hidden or struck):
        raise InvalidInput("file", N_("All rows of the table are hidden or struck out; show them, or import them too"))
    if not rows:
        raise NoRows(InvalidInput("file", N_("The file has no rows below its headings")))
    if grid.as_written:
        rows = _with_parted_numbers(rows, head.places.values())
    width = max(len(row.whole) for row in rows)
    named = {place: name for name, place in head.places.items()}
    stand = tuple((named.get(place, ""), head.texts.get(place, "")) for place in range(width))
    return Sheet(
        grid.name,
        head.row,
        stand,
        rows,
        tuple(totals),
        tuple(remarks),
        hidden=tuple(hidden),
        struck=tuple(struck),
        over={name: head.over[place] for name, place in head.places.items() if place in head.over},
        around=tuple(around),
        beside=tuple(beside),
        corrected=tuple(corrected),
    )


def _with_parted_numbers(rows: list[SheetRow], known: Collection[int]) -> list[SheetRow]:
    """Return the rows, with the problem of each that seems to have a number parted at its comma though it is no longer
    than the headings: 1 in a column that is read and 200 in one that is not, which holds no other number.
    """
    suspect: dict[int, dict[int, str]] = {}
    for row in rows:
        for place in known:
            one, after = (row.whole[at] if at < len(row.whole) else None for at in (place, place + 1))
            if place + 1 not in known and _parted(one, after):
                suspect.setdefault(place + 1, {})[row.number] = f"{one},{after}"
    parted: dict[int, str] = {}
    for place, found in suspect.items():
        others = (row.whole[place] for row in rows if row.number not in found and place < len(row.whole))
        if not any(re.fullmatch(r"[0-9.,]+", narrow(str(cell))) for cell in others if cell is not None):
            parted |= found
    return [
        replace(row, surplus=CellProblem(row.number, "", PARTED, text=parted[row.number]))
        if row.number in parted and row.surplus is None
        else row
        for row in rows
    ]


def _parted(one: Cell, after: Cell) -> bool:
    """Whether two cells look like a number of thousands and what follows its comma."""
    return bool(_THOUSANDS.fullmatch(narrow(str(one))) and _AFTER_THOUSANDS.fullmatch(narrow(str(after))))


def _surplus(row: Sequence[Cell], cells: int) -> int:
    """Return by how many cells a row is longer than the ``cells`` of the headings. Blank cells at its end count only if
    a number seems to be parted at its comma (1,200), which moves the cells behind it.
    """
    filled = sum(not is_blank((cell,)) for cell in row[cells:])
    parted = any(_parted(one, next_one) for one, next_one in pairwise(row))
    return filled or (len(row) - cells if parted else 0)


def _without_invisible(row: Sequence[Cell]) -> Sequence[Cell]:
    """Return the row with texts as they look (``entered_text.visible``)."""
    if all(not isinstance(cell, str) or cell.isascii() for cell in row):
        return row
    return [visible(cell) if isinstance(cell, str) else cell for cell in row]


def _filled_down(
    rows: Iterable[tuple[int, Sequence[Cell]]], merged: Sequence[tuple[int, int, int, int]]
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield the rows, with the value of vertically merged cells copied into each row they span."""
    spans = {(top, left): bottom for top, left, bottom, _right in merged if bottom > top}
    reaching: dict[int, tuple[int, Cell]] = {}
    for number, row in rows:
        if spans:
            row = list(row)
            for place, cell in enumerate(row):
                if (number - 1, place) in spans:
                    reaching[place] = (spans[number - 1, place], cell)
                elif place in reaching and number - 1 <= reaching[place][0] and is_blank((cell,)):
                    row[place] = reaching[place][1]
        yield number, row


def _first_cell(row: Sequence[Cell]) -> Cell:
    return next((cell for cell in row if not is_blank((cell,))), None)


def _is_total(row: Sequence[Cell]) -> bool:
    first = _first_cell(row)
    return isinstance(first, str) and _TOTAL.fullmatch(first.strip()) is not None


def _is_remark(row: Sequence[Cell]) -> bool:
    first = _first_cell(row)
    return isinstance(first, str) and _REMARK.match(first.strip()) is not None


class _RowReader:
    """Reads rows. Caches the value of each text of a column, since most columns have few different ones."""

    def __init__(self, at: Sequence[tuple[Column, int]], missing: Sequence[Column], width: int) -> None:
        self._at: list[tuple[Column, int, dict[Any, Any]]] = [(column, place, {}) for column, place in at]
        self._width = width
        self._alike: dict[str, str] = {}
        self._places = {column.name: place for column, place in at}
        self._valued = {column.name: index for index, (column, _) in enumerate(at)}
        self._valued |= {column.name: len(at) for column in missing}

    def read(self, number: int, row: Sequence[Cell]) -> SheetRow | None:
        unsolved = {place for place, cell in enumerate(row) if isinstance(cell, Unsolved)}
        whole = [str(cell) if place in unsolved else self._shared(cell) for place, cell in enumerate(row)]
        while len(whole) > self._width and whole[-1] is None:
            del whole[-1]
        whole += [None] * (self._width - len(whole))
        values: list[Any] = []
        problems: list[CellProblem] = []
        unread: set[str] = set()
        for column, place, known in self._at:
            cell, value = whole[place], None
            if place in unsolved:
                problems.append(
                    CellProblem(number, column.name, N_("This cell holds a formula without a result; write its value"))
                )
                unread.add(column.name)
            elif isinstance(cell, str) and cell in known:
                value = known[cell]
            elif cell is None:
                if column.required:
                    problems.append(CellProblem(number, column.name, N_("This is empty; please fill it in")))
            else:
                try:
                    value = column.read(column.name, cell)
                except InvalidInput as problem:
                    problems.append(CellProblem(number, column.name, problem.message, **problem.params))
                    unread.add(column.name)
                else:
                    if isinstance(cell, str):
                        if type(value) is str and value == cell:
                            value = cell  # share one object for two equal texts
                        if len(known) < _REMEMBERED:
                            known[cell] = value
            values.append(value)
        if all(whole[place] is None for _, place, _ in self._at):
            return None  # only unknown columns are filled
        values.append(None)  # for every missing column
        valued = self._valued
        if unread:
            valued = {name: at for name, at in valued.items() if name not in unread}
        return SheetRow(number, tuple(whole), tuple(problems), self._places, tuple(values), valued)

    def _shared(self, cell: Cell) -> Cell:
        """Return the plain cell; equal texts share one object, up to ``_SHARED`` different texts."""
        if not isinstance(cell, str):
            return cell
        if (known := self._alike.get(cell)) is not None:
            return known
        plain = _plain_cell(cell)
        if plain is not None and len(self._alike) < _SHARED:
            self._alike[cell] = plain
        return plain


def _plain_cell(cell: Cell) -> Cell:
    """Return None for blanks; a text without surrounding blanks and without the apostrophe that an export puts before
    a formula-like text (``stations.tables.table.neutral``).
    """
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    if text.startswith("'") and would_run(text[1:]):
        text = text[1:]
    return text or None
