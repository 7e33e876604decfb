"""What an Excel workbook says about its sheets beside the values of cells, read from its XML (ECMA-376 part 1, 18.3).

The readers of values do not give it: which rows are hidden or struck out, which cells are merged, and how a number is
shown that may be a month (2023.10). Rows count from 1, columns from 0.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import Any
from xml.etree.ElementTree import Element, fromstring
from xml.parsers import expat

from stations.tables.zip_parts import parse, read_part

BOOK, BOOK_PARTS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"

_PIECE = 1 << 20
_TREE_LIMIT = 8 * 1024 * 1024  # bytes of a part that is read as a whole
_LETTERS = 3  # of a column
_YEAR_AND_MONTH = re.compile(r"(?:19|20)[0-9]{2}\.[0-9]+")
_TWO_DECIMALS = re.compile(r"#?,?#*0\.00(?![0#])[^;]*")
_BUILT_IN_TWO_DECIMALS = frozenset({"2", "4"})  # 0.00 and #,##0.00 (18.8.30)
_MONTHS = 12
_TELLING = 3  # from so many filled cells on, one that is not struck out (a number of the row) does not count


@dataclass
class SheetFacts:
    """Facts of one sheet.

    ``hidden``: rows hidden by a filter or by hand. ``struck``: rows whose text is struck out. ``merged``: (first row,
    first column, last row, last column), all from 0. ``shown``: (row, column) → the text shown for a number that means
    a month.
    """

    hidden: set[int] = field(default_factory=set)
    struck: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Style:
    """The style of a cell: struck out, and a number shown with two decimals."""

    struck: bool
    two_decimals: bool


def counts_from_1904(packed: zipfile.ZipFile) -> bool:
    """Whether the days of a workbook count from 1904, as in files made with Excel for the Macintosh."""
    if BOOK not in packed.namelist():  # a binary workbook (.xlsb)
        return False
    properties = _found(fromstring(read_part(packed, BOOK, _TREE_LIMIT)), "workbookPr")
    return any(one.get("date1904") in ("1", "true") for one in properties)


def visible_sheets(packed: zipfile.ZipFile) -> tuple[str, ...]:
    """Return the names of the sheets that are not hidden, in order; none of a binary workbook (.xlsb)."""
    if BOOK not in packed.namelist():
        return ()
    sheets = _found(fromstring(read_part(packed, BOOK, _TREE_LIMIT)), "sheet")
    return tuple(one.get("name", "") for one in sheets if one.get("state", "visible") == "visible")


def sheet_facts(packed: zipfile.ZipFile) -> dict[str, SheetFacts]:
    """Return the facts of each worksheet by its name; none of a binary workbook (.xlsb)."""
    if BOOK not in packed.namelist():
        return {}
    targets = {
        one.get("Id"): one.get("Target", "")
        for one in _found(fromstring(read_part(packed, BOOK_PARTS, _TREE_LIMIT)), "Relationship")
    }
    styles = _styles(packed)
    facts: dict[str, SheetFacts] = {}
    for sheet in _found(fromstring(read_part(packed, BOOK, _TREE_LIMIT)), "sheet"):
        part = next((value for name, value in sheet.attrib.items() if _local(name) == "id"), "")
        target = targets.get(part, "")
        path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        if path in packed.namelist() and "worksheets/" in path:
            facts[sheet.get("name", "")] = _SheetReader(styles).read(packed, path)
    return facts


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


def _found(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if _local(element.tag) == name]


def _styles(packed: zipfile.ZipFile) -> list[_Style]:
    if STYLES not in packed.namelist():
        return []
    root = fromstring(read_part(packed, STYLES, _TREE_LIMIT))
    struck = [
        any(one.get("val", "1") not in ("0", "false") for one in _found(font, "strike"))
        for fonts in _found(root, "fonts")
        for font in fonts
    ]
    written = {one.get("numFmtId"): one.get("formatCode", "") for one in _found(root, "numFmt")}
    return [
        _Style(
            struck[index] if (index := int(style.get("fontId", "0"))) < len(struck) else False,
            (number := style.get("numFmtId", "0")) in _BUILT_IN_TWO_DECIMALS
            or _TWO_DECIMALS.fullmatch(written.get(number, "")) is not None,
        )
        for styles in _found(root, "cellXfs")
        for style in styles
    ]


class _SheetReader:
    """Reads the facts of one sheet from its XML as it is unpacked."""

    def __init__(self, styles: list[_Style]) -> None:
        self._styles = styles
        self._facts = SheetFacts()
        self._row = self._column = 0
        self._filled = self._struck = 0
        self._style: _Style | None = None
        self._text: list[str] | None = None
        self._number = False

    def read(self, packed: zipfile.ZipFile, path: str) -> SheetFacts:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = _refuse
        with packed.open(path) as part:
            parse(parser, iter(lambda: part.read(_PIECE), b""))
        return self._facts

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        match _local(name):
            case "row":
                self._row = int(attributes.get("r") or self._row + 1)
                self._column, self._filled, self._struck = -1, 0, 0
                if attributes.get("hidden") in ("1", "true"):
                    self._facts.hidden.add(self._row)
            case "c":
                self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
                style = int(attributes.get("s", "0"))
                self._style = self._styles[style] if style < len(self._styles) else None
                self._number = attributes.get("t", "n") == "n"
            case "v" | "t":
                self._text = []
            case "mergeCell":
                first, _, last = attributes.get("ref", "").partition(":")
                if first and last:
                    self._facts.merged.append((*_place(first), *_place(last)))

    def _characters(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _end(self, name: str) -> None:
        match _local(name):
            case "v" | "t" if self._text is not None:
                text, self._text = "".join(self._text), None
                if not text.strip():
                    return
                self._filled += 1
                if self._style is not None and self._style.struck:
                    self._struck += 1
                if self._number and self._style is not None and self._style.two_decimals:
                    self._month(text)
            case "row":
                left = self._filled - self._struck
                if self._struck and (left == 0 or (left == 1 and self._filled >= _TELLING)):
                    self._facts.struck.add(self._row)

    def _month(self, text: str) -> None:
        """Note how a number is shown that is a year and a month: 2023.1 as 2023.10 is October."""
        if _YEAR_AND_MONTH.fullmatch(text):
            shown = f"{float(text):.2f}"
            if 1 <= int(shown[-2:]) <= _MONTHS:
                self._facts.shown[self._row, self._column] = shown


def _place(reference: str) -> tuple[int, int]:
    """Return (row, column), both from 0, of a cell such as ``$C$4``."""
    plain = reference.replace("$", "")
    return int(plain.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")) - 1, _column(plain)


def _column(reference: str) -> int:
    column = 0
    for letter in reference[: _LETTERS + 1].upper():
        if not letter.isalpha():
            break
        column = 26 * column + ord(letter) - ord("A") + 1
    return column - 1


def _refuse(*_declaration: Any) -> None:
    raise ValueError("a workbook declares no document type")
