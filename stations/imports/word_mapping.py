"""An office's own words taught once: a file that says which field a heading is, which service or county a word means.

The file is a table of three columns: what the word is (表头, 服务 or 县), the word as lists write it, and what it means
(a column's name or heading; a service's or a group's name or code, several parted by ；; a county's name or adcode).
It applies before a list is read, so that nothing of it is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from stations.catalogue.words import CatalogueWords
from stations.entered_text import comparable
from stations.errors import InvalidInput, Problems
from stations.imports.columns import COLUMNS, StationColumn
from stations.language import N_
from stations.places.area_words import AreaWords
from stations.registry.record_terms import Terms
from stations.tables.heading_rows import plain_heading
from stations.tables.table_file import TableRow, read_table

_COLUMNS = {
    "kind": ("种类", "类别", "类型", "kind"),
    "written": ("名单用语", "原文", "用语", "written"),
    "means": ("对应", "含义", "指", "means"),
}


class WordKind(Enum):
    """What a word of a list is; the value: how a mapping file may write it."""

    HEADING = ("heading", "表头", "标题", "栏目", "列")
    SERVICE = ("service", "服务", "服务项目")
    COUNTY = ("county", "县", "县市区", "地区", "区县")


@dataclass(frozen=True)
class WordMapping:
    """Words and their meanings, each word without blanks and in lower case.

    ``file``: its name. ``headings``: heading → name of the column. ``services``: word → codes of services.
    ``counties``: word → adcode of the county.
    """

    file: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counties: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.headings) + len(self.services) + len(self.counties)

    def columns(self, columns: Sequence[StationColumn]) -> tuple[StationColumn, ...]:
        """Return the columns with the headings that the mapping gives them, which no other column keeps."""
        return tuple(
            replace(
                column,
                headings=(
                    *(heading for heading, name in self.headings.items() if name == column.name),
                    *(heading for heading in column.headings if plain_heading(heading) not in self.headings),
                ),
            )
            for column in columns
        )

    def county(self, cell: str) -> str:
        """Return the adcode that a cell's words mean, else the cell."""
        return self.counties.get(comparable(cell), cell)


NO_MAPPING = WordMapping()


def read_word_mapping(content: bytes, file: str, terms: Terms) -> WordMapping:
    """Return the mapping in a file, CSV or Excel.

    Raises:
        InvalidInput: the file can't be read or lacks a column.
        InvalidForm: rows are wrong; the field of each problem is ``row`` and its number.
    """
    fields = {plain_heading(heading): column.name for column in COLUMNS for heading in (*column.headings, column.name)}
    areas, words = AreaWords(terms.cities, terms.counties), CatalogueWords(terms.services, terms.chains)
    headings: dict[str, str] = {}
    services: dict[str, tuple[str, ...]] = {}
    counties: dict[str, str] = {}

    def take(row: TableRow) -> None:
        place = f"row {row.number}"
        kind, written, means = _kind(place, row.cells["kind"]), row.cells["written"], row.cells["means"]
        if not written or not means:
            raise InvalidInput(place, N_("Write a word, and what it means"))
        if kind is WordKind.HEADING:
            if plain_heading(means) not in fields:
                raise InvalidInput(place, N_("“{value}” is no column of a list of stations"), value=means)
            headings[plain_heading(written)] = fields[plain_heading(means)]
        elif kind is WordKind.SERVICE:
            named = words.services(means)
            for _word, problem in named.unknown:
                raise InvalidInput(place, problem.message, **problem.params)
            services[comparable(written)] = named.codes
        else:
            counties[comparable(written)] = areas.read_county(place, means)

    problems = Problems()
    for row in read_table(content, _COLUMNS, required=("kind", "written", "means")):
        problems.attempt(take, row)
    problems.stop()
    return WordMapping(file, headings, services, counties)


def _kind(place: str, written: str) -> WordKind:
    for kind in WordKind:
        if comparable(written) in kind.value:
            return kind
    known = ", ".join(kind.value[1] for kind in WordKind)
    raise InvalidInput(place, N_("“{text}” is none of: {choices}"), text=written, choices=known)
