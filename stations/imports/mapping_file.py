"""The mapping file: a table of an office's own words, one a row, that ``import --mapping`` reads.

Its columns: what the word is (表头, 服务, 产业链, 县 or 状态), the word as lists write it, and what it means: a
column's name or heading; a service's, a group's or a chain's name or code, several parted by ；; a county's or city's
name or adcode; a status. 略去 leaves the word out; of an area, the county is that of the row's coordinates or address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from stations.catalogue.words import CatalogueWords, NamedInCell
from stations.entered_text import comparable
from stations.errors import InvalidInput, Problems
from stations.imports.columns import COLUMNS
from stations.imports.status_words import PLAIN_STATUS, read_status
from stations.imports.word_mapping import LEFT_OUT, TaughtWord, WordKind, WordMapping
from stations.language import N_, Bilingual, Listed, Worded
from stations.places.area_words import AreaWords
from stations.registry.record_terms import Terms
from stations.registry.station import Status
from stations.tables.heading_rows import plain_heading
from stations.tables.table import LIST_MARK
from stations.tables.table_file import TableRow, read_table

Read = TypeVar("Read")
_COLUMNS = {
    "kind": ("种类", "类别", "类型", "kind"),
    "written": ("名单用语", "原文", "用语", "written"),
    "means": ("对应", "含义", "指", "means"),
}
KINDS: dict[WordKind, tuple[str, ...]] = {
    WordKind.HEADING: ("表头", "标题", "栏目", "列", "heading"),
    WordKind.SERVICE: ("服务", "服务项目", "service"),
    WordKind.CHAIN: ("产业链", "chain"),
    WordKind.AREA: ("县", "县市区", "地区", "区县", "市", "county", "area"),
    WordKind.STATUS: ("状态", "运行状态", "status"),
}
"""How a mapping file may write what a word is; the first is written."""

_LEFT_OUT = ("略去", "不导入", "忽略", "按位置", "leaveout", "byplace")


def read_word_mapping(content: bytes, file: str, terms: Terms) -> WordMapping:
    """Return the mapping in a file, CSV or Excel.

    Raises:
        InvalidInput: the file can't be read or lacks a column.
        InvalidForm: rows are wrong; the field of each problem is ``row`` and its number.
    """
    meanings = _Meanings(terms)
    words: list[TaughtWord] = []

    def take(row: TableRow) -> None:
        place = f"row {row.number}"
        for column in _COLUMNS:
            if not row.cells[column]:
                message = N_("{column} is empty; fill it in, or remove the row")
                raise InvalidInput(place, message, column=_called(column))
        kind = _in_column("kind", _kind, place, row.cells["kind"])
        means = _in_column("means", meanings.read, kind, place, row.cells["means"])
        word = TaughtWord(kind, row.cells["written"], means)
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


class _Meanings:
    """Reads what a word is said to mean, by its kind."""

    def __init__(self, terms: Terms) -> None:
        self._areas = AreaWords(terms.cities, terms.counties)
        self._catalogue = CatalogueWords(terms.services, terms.chains)
        self._fields = {
            plain_heading(heading): column.name for column in COLUMNS for heading in (*column.headings, column.name)
        }
        self._readers: dict[WordKind, Callable[[str, str], tuple[str, ...]]] = {
            WordKind.HEADING: self._field,
            WordKind.SERVICE: lambda place, text: _known(place, self._catalogue.services(text)),
            WordKind.CHAIN: lambda place, text: _known(place, self._catalogue.chains(text)),
            WordKind.AREA: self._area,
            WordKind.STATUS: _status,
        }

    def read(self, kind: WordKind, place: str, text: str) -> tuple[str, ...]:
        """Return what a text says that a word of this kind means.

        Raises:
            InvalidInput: the text is no meaning of such a word; its field is ``place``.
        """
        return LEFT_OUT if comparable(text) in _LEFT_OUT else self._readers[kind](place, text)

    def _field(self, place: str, text: str) -> tuple[str, ...]:
        if plain_heading(text) not in self._fields:
            known = Listed(column.label for column in COLUMNS)
            message = N_("“{value}” is no column of a list of stations; write one of: {columns}")
            raise InvalidInput(place, message, value=text, columns=known)
        return (self._fields[plain_heading(text)],)

    def _area(self, place: str, text: str) -> tuple[str, ...]:
        try:
            city, county = self._areas.read("", text)
        except InvalidInput as problem:
            raise InvalidInput(place, problem.message, **problem.params) from None
        return (county or city,)


def _known(place: str, named: NamedInCell) -> tuple[str, ...]:
    for _word, problem in named.unknown:
        raise InvalidInput(place, problem.message, **problem.params)
    return named.codes


def _status(place: str, text: str) -> tuple[str, ...]:
    told = read_status(place, text)
    if told is None:
        raise InvalidInput(place, N_("Write a word, and what it means"))
    return (told.status.value,)


def _kind(place: str, written: str) -> WordKind:
    for kind, words in KINDS.items():
        if comparable(written) in words:
            return kind
    known = Bilingual("、".join(words[0] for words in KINDS.values()), ", ".join(words[-1] for words in KINDS.values()))
    raise InvalidInput(place, N_("“{text}” is none of: {choices}"), text=written, choices=known)


class MappingRow(NamedTuple):
    """A row of a mapping file, as it is written."""

    kind: str
    written: str
    means: str


def mapping_rows(words: Sequence[TaughtWord], terms: Terms) -> list[MappingRow]:
    """Return the rows of the mapping file that says what these words mean."""
    return [MappingRow(KINDS[word.kind][0], word.written, _as_written(word, terms)) for word in words]


def _as_written(word: TaughtWord, terms: Terms) -> str:
    if word.means == LEFT_OUT:
        return _LEFT_OUT[0]
    if word.kind is WordKind.HEADING:
        return next(column.headings[0] for column in COLUMNS if column.name == word.means[0])
    if word.kind is WordKind.STATUS:
        return PLAIN_STATUS[Status(word.means[0])]
    if word.kind is WordKind.AREA:
        (code,) = word.means
        county = terms.counties.get(code)  # several counties may have one name, so its city stands before it
        return f"{terms.cities[county.city_adcode].name}/{county.name}" if county else terms.cities[code].name
    return LIST_MARK.join(word.means)
