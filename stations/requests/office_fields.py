"""Fields in an Office text, and formulas in a workbook, that call another program or load a file when it is opened
(ECMA-376 part 1, 17.16 and 18.17).

The text of a field may be spread over many runs, written in character references, in either encoding of the standard
and under any namespace prefix. So a part is read as XML, as the programs that open it do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.parsers import expat

from stations.tables.zip_parts import parse

_CALLS = re.compile(r"DDE|INCLUDE|(?:LINK|IMPORT|DATABASE)\b", re.IGNORECASE)
_CALLING_FORMULA = re.compile(
    r"\b(?:WEBSERVICE|IMAGE|RTD|CALL|REGISTER(?:\.ID)?|EXEC)\s*\(|\|[^!|]*!", re.IGNORECASE
)
"""Functions that fetch or run something, and DDE: ``program|topic!item``."""
_QUOTED = re.compile(r'"[^"]*"')
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula"})
_FORMULA_LIMIT = 8192  # characters, of Excel
_KEPT = 40  # characters from the beginning of a field, which tell what it does
_TELLING = ("instrText", "delInstrText", "fldChar", "fldSimple", "ddeLink")


class CallingField(Exception):
    """A field, or a link of a workbook, calls another program or loads a file."""


def check_fields(pieces: Iterator[bytes]) -> bool:
    """Return whether a part, given in pieces, is well-formed XML without a document type; all pieces are taken.

    Raises:
        CallingField: it has such a field; what follows a fault of the XML is not looked at, as nobody can read it.
    """
    reader = _FieldReader()
    try:
        parse(reader.parser, pieces)
    except (expat.ExpatError, ValueError):
        for _rest in pieces:
            pass
        return False
    reader.check_open()
    return True


class _FieldReader:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.StartElementHandler = self._start
        # The beginnings of what the open fields say, the outermost first; below them what stands outside any field.
        self._fields = [""]
        self._run = ""
        self._formula = ""

    def check_open(self) -> None:
        """Check the fields that are not ended."""
        for field in self._fields:
            _check(field)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name.rpartition(" ")[2] in _FORMULAS:
            self._formula = ""
            self.parser.CharacterDataHandler = self._formula_characters
            self.parser.EndElementHandler = self._end_formula
            return
        if not name.endswith(_TELLING):
            return
        values = {value for key, value in attributes.items() if key.endswith(("instr", "fldCharType"))}
        match name.rpartition(" ")[2]:
            case "instrText" | "delInstrText":
                self._run = ""
                self.parser.CharacterDataHandler = self._characters
                self.parser.EndElementHandler = self._end
            case "fldChar" if "begin" in values:
                self._fields.append("")
            case "fldChar":
                _check(self._fields[-1])
                if "end" in values and len(self._fields) > 1:
                    self._fields.pop()
            case "fldSimple":
                for value in values:
                    _check(value)
            case "ddeLink":
                raise CallingField

    def _characters(self, data: str) -> None:
        self._run = _beginning(self._run + data)
        self._fields[-1] = _beginning(self._fields[-1] + data)

    def _end(self, _name: str) -> None:
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
        if len(self._fields) == 1:
            _check(self._run)


    def _formula_characters(self, data: str) -> None:
        if len(self._formula) < _FORMULA_LIMIT:  # a workbook with a longer one is not opened
            self._formula += data

    def _end_formula(self, _name: str) -> None:
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
        if _CALLING_FORMULA.search(_QUOTED.sub('""', self._formula)):
            raise CallingField


def _beginning(text: str) -> str:
    return text.lstrip()[:_KEPT]


def _check(field: str) -> None:
    if _CALLS.match(field.lstrip()):
        raise CallingField


def _refuse(*_declaration: Any) -> None:
    raise ValueError("a part declares no document type")
