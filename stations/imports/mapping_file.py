"""The mapping file: a table of an office's own words, one a row, that ``import --mapping`` reads.

Its columns: what the word is (表头, 服务, 产业链, 县, 状态 and others, as ``Vocabulary`` names them for each kind of
list), the word as lists write it, and what it means: a column's name or heading; a service's, a group's or a chain's
name or code, several parted by ；; a county's or city's name or adcode; a status, stage, kind or role. 略去 leaves the
word out; of an area, the county is that of the row's coordinates or address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from stations.entered_text import comparable
from stations.errors import InvalidInput, Problems
from stations.imports.vocabulary import ReadMeaning, Vocabulary
from stations.imports.word_mapping import LEFT_OUT, TaughtWord, WordKind, WordMapping
from stations.language import N_, Bilingual, Worded
from stations.registry.record_terms import Terms
from stations.tables.table import LIST_MARK
from stations.tables.table_file import TableRow, read_table

Read = TypeVar("Read")
_COLUMNS = {
    "kind": ("种类", "类别", "类型", "kind"),
    "written": ("名单用语", "原文", "用语", "written"),
    "means": ("对应", "含义", "指", "means"),
}
_LEFT_OUT = ("略去", "不导入", "忽略", "按位置", "leaveout", "byplace")


def read_word_mapping(content: bytes, file: str, vocabulary: Vocabulary, terms: Terms) -> WordMapping:
    """Return the mapping in a file, CSV or Excel, for lists with these words.

    Raises:
        InvalidInput: the file can't be read or lacks a column.
        InvalidForm: rows are wrong; the field of each problem is ``row`` and its number.
    """
    readers: dict[WordKind, ReadMeaning] = {}
    words: list[TaughtWord] = []

    def take(row: TableRow) -> None:
        place = f"row {row.number}"
        for column in _COLUMNS:
            if not row.cells[column]:
                message = N_("{column} is empty; fill it in, or remove the row")
                raise InvalidInput(place, message, column=_called(column))
        kind = _in_column("kind", _kind, place, row.cells["kind"], vocabulary)
        if kind not in readers:
            readers[kind] = vocabulary.meanings[kind].reader(terms)
        means = row.cells["means"]
        told = LEFT_OUT if comparable(means) in _LEFT_OUT else _in_column("means", readers[kind], place, means)
        word = TaughtWord(kind, row.cells["written"], told)
        _in_column("written", word.check, place)
        words.append(word)

    problems = Problems()
    for row in read_table(content, _COLUMNS, required=("kind", "written", "means")):
        problems.attempt(take, row)
    problems.stop()
    return WordMapping(file, tuple(words))


def _called(column: str) -> Bilingual:
    headings = _COLUMNS[column]
    return Bilingual(headings[0], headings[-1])


def _in_column(column: str, read: Callable[..., Read], *arguments: Any) -> Read:
    """Return what ``read`` returns; its error also names the column of the mapping file."""
    try:
        return read(*arguments)
    except InvalidInput as problem:
        told = Worded(problem.message, problem.params)
        message = N_("{column}: {problem}")
        raise InvalidInput(problem.field, message, column=_called(column), problem=told) from None


def _kind(place: str, written: str, vocabulary: Vocabulary) -> WordKind:
    for kind, meanings in vocabulary.meanings.items():
        if comparable(written) in meanings.names:
            return kind
    names = [meanings.names for meanings in vocabulary.meanings.values()]
    known = Bilingual("、".join(one[0] for one in names), ", ".join(one[-1] for one in names))
    raise InvalidInput(place, N_("“{text}” is none of: {choices}"), text=written, choices=known)


class MappingRow(NamedTuple):
    """A row of a mapping file, as it is written."""

    kind: str
    written: str
    means: str


def mapping_rows(words: Sequence[TaughtWord], vocabulary: Vocabulary, terms: Terms) -> list[MappingRow]:
    """Return the rows of the mapping file that says what these words mean."""
    rows: list[MappingRow] = []
    for word in words:
        meanings = vocabulary.meanings[word.kind]
        told = LIST_MARK.join(meanings.written(code, terms) for code in word.means)
        rows.append(MappingRow(meanings.names[0], word.written, told or _LEFT_OUT[0]))
    return rows
