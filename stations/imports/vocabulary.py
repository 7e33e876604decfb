"""What can be taught of the words in lists of one kind: what its headings, services, areas and choices can mean.

Every kind of list has a ``Vocabulary``. Reading a list, the mapping file, what an office remembers and the page where
words are taught all work from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from stations.catalogue.words import CatalogueWords, NamedInCell
from stations.duty.roles import Action
from stations.errors import InvalidInput
from stations.imports.status_words import date_beside
from stations.imports.word_mapping import DATED, LEFT_OUT, TaughtWord, WordKind, WordMapping
from stations.language import N_, Bilingual, LabelledEnum, Listed, Worded
from stations.places.area_words import AreaWords
from stations.registry.record_terms import Terms
from stations.tables.cell_values import cell_text
from stations.tables.column import Column
from stations.tables.heading_rows import plain_heading
from stations.tables.table import LIST_MARK

_BETWEEN = re.compile(r"([;；、,，/\n]+)")
AColumn = TypeVar("AColumn", bound=Column)
ReadMeaning = Callable[[str, str], tuple[str, ...]]


@dataclass(frozen=True)
class Meanings:
    """What words of one kind can mean, each meaning by its code.

    ``names``: how a mapping file may write the kind; the first is written. ``codes``: every code, in the order in which
    they are offered. ``label``: a code in words; raises ``KeyError`` if it is not on file any more. ``reader``: returns
    the reader of what a mapping file says that a word means. ``written``: a code as a mapping file has it.
    ``left_out``: a msgid that says what becomes of a word that is left out.
    """

    names: tuple[str, ...]
    codes: Callable[[Terms], Iterable[str]]
    label: Callable[[str, Terms], Worded]
    reader: Callable[[Terms], ReadMeaning]
    written: Callable[[str, Terms], str] = lambda code, _terms: code
    left_out: str = N_("Leave it out")


@dataclass(frozen=True)
class Choice:
    """A column whose cells say one or several of a few things (a stage, a role), which words can be taught to mean.

    ``names``: how a mapping file may write the kind. ``plain``: code → the word for it that ``read`` of the column
    reads. ``labels``: code → msgid. ``codes_of``: the codes that a value read from a cell stands for.
    """

    kind: WordKind
    column: str
    names: tuple[str, ...]
    plain: Mapping[str, str]
    labels: Mapping[str, str]
    codes_of: Callable[[Any], tuple[str, ...]]

    def taught(self, column: AColumn, mapping: WordMapping) -> AColumn:
        """Return the column, whose reader takes a taught word for what it means."""
        if not mapping.of(self.kind):
            return column
        read = column.read

        def read_taught(field: str, cell: Any) -> Any:
            if not isinstance(cell, str):
                return read(field, cell)
            plain = self._in_plain_words(cell_text(field, cell), mapping)
            return None if plain is None else read(field, plain)

        return replace(column, read=read_taught)

    def taught_words(self, written: str, mapping: WordMapping) -> list[str]:
        """Return the words of a cell that were taught."""
        if mapping.taught(self.kind, written):
            return [written]
        return [word for word in _BETWEEN.split(written)[::2] if word.strip() and mapping.taught(self.kind, word)]

    def _in_plain_words(self, written: str, mapping: WordMapping) -> str | None:
        """Return a cell with plain words in place of the taught ones; None if all of it is left out."""
        whole = self._plain(written, mapping)
        parts = [whole] if whole is not None else _BETWEEN.split(written)
        if whole is None:
            said = [(one, self._plain(one, mapping)) for one in parts]
            if all(plain is None for _one, plain in said):
                return written
            parts = [one if plain is None else plain for one, plain in said]
        text = "".join(parts)
        return text if text.strip(";；、,，/\n ") else None

    def _plain(self, written: str, mapping: WordMapping) -> str | None:
        """Return what a taught word means in plain words, with the date beside it; None if it was not taught."""
        word = mapping.taught(self.kind, written) if written.strip() else None
        if word is None:
            return None
        plain = LIST_MARK.join(self.plain[code] for code in word.means)
        return f"{plain}{date_beside(written)}" if plain and self.kind in DATED else plain

    def meanings(self, columns: Sequence[Column]) -> Meanings:
        """Return what words of this choice can mean. ``columns``: of the list, among them this one."""
        read = next(column.read for column in columns if column.name == self.column)

        def reader(_terms: Terms) -> ReadMeaning:
            def codes(place: str, text: str) -> tuple[str, ...]:
                value = read(place, text)
                if value is None:
                    raise InvalidInput(place, N_("Write a word, and what it means"))
                return self.codes_of(value)

            return codes

        return Meanings(
            self.names,
            lambda _terms: self.plain,
            lambda code, _terms: Worded(self.labels[code]),
            reader,
            lambda code, _terms: self.plain[code],
            N_("As if the cell were empty"),
        )


def choice_of(
    kind: WordKind,
    column: str,
    names: tuple[str, ...],
    plain: Mapping[Any, str],
    member_of: Callable[[Any], LabelledEnum] = lambda value: value,
) -> Choice:
    """Return the choice between the members of an enumeration. ``plain``: member → the word of the exported list.
    ``member_of``: the member that a value read from a cell stands for.
    """
    return Choice(
        kind,
        column,
        names,
        {member.value: word for member, word in plain.items()},
        {member.value: member.label for member in plain},
        lambda value: (str(member_of(value).value),),
    )


@dataclass(frozen=True)
class Vocabulary:
    """What can be taught of the words of one kind of list.

    ``list_kind``: the kind, as commands call it. ``action``: what somebody must be allowed to do to teach. ``columns``:
    of the list. ``named``: the kinds of words that name something on file. ``choices``: the columns with few choices.
    ``with_ticks``: whether a heading may be a service that the cells beneath tick.
    """

    list_kind: str
    action: Action
    columns: Sequence[Column]
    named: Mapping[WordKind, Meanings]
    choices: tuple[Choice, ...] = ()
    with_ticks: bool = False

    @cached_property
    def meanings(self) -> Mapping[WordKind, Meanings]:
        """What words of each kind can mean."""
        of_choices = {one.kind: one.meanings(self.columns) for one in self.choices}
        return {WordKind.HEADING: _headings(self.columns), **self.named, **of_choices}

    def taught(self, columns: Sequence[AColumn], mapping: WordMapping) -> tuple[AColumn, ...]:
        """Return the columns with the headings and the choices that a mapping teaches."""
        by_column = {one.column: one for one in self.choices}
        return tuple(
            by_column[column.name].taught(column, mapping) if column.name in by_column else column
            for column in mapping.columns(columns)
        )

    def meaning(self, word: TaughtWord, terms: Terms) -> Worded | Listed:
        """Return what a word means, in words.

        Raises:
            KeyError: it means something that is not on file any more.
        """
        meanings = self.meanings[word.kind]
        if word.means == LEFT_OUT:
            return Worded(meanings.left_out)
        return Listed(meanings.label(code, terms) for code in word.means)

    def on_file(self, word: TaughtWord, terms: Terms) -> bool:
        """Whether lists of this kind have such words, and all that the word means is on file."""
        if word.kind not in self.meanings:
            return False
        return set(word.means) <= set(self.meanings[word.kind].codes(terms))


def _headings(columns: Sequence[Column]) -> Meanings:
    labels = {column.name: column.label for column in columns}
    first = {column.name: column.headings[0] for column in columns}
    fields = {plain_heading(one): column.name for column in columns for one in (*column.headings, column.name)}

    def reader(_terms: Terms) -> ReadMeaning:
        def field(place: str, text: str) -> tuple[str, ...]:
            if plain_heading(text) not in fields:
                message = N_("“{value}” is no column of such a list; write one of: {columns}")
                raise InvalidInput(place, message, value=text, columns=Listed(map(Worded, labels.values())))
            return (fields[plain_heading(text)],)

        return field

    return Meanings(
        ("表头", "标题", "栏目", "列", "heading"),
        lambda _terms: labels,
        lambda code, _terms: Worded(labels[code]),
        reader,
        lambda code, _terms: first[code],
    )


def _named(one: Any) -> Worded:
    return Worded("{name}", {"name": Bilingual(one.name_zh, one.name_en)})


def _known(place: str, named: NamedInCell) -> tuple[str, ...]:
    for _word, problem in named.unknown:
        raise InvalidInput(place, problem.message, **problem.params)
    return named.codes


def _read_services(terms: Terms) -> ReadMeaning:
    words = CatalogueWords(terms.services, terms.chains)
    return lambda place, text: _known(place, words.services(text))


def _read_chains(terms: Terms) -> ReadMeaning:
    words = CatalogueWords(terms.services, terms.chains)
    return lambda place, text: _known(place, words.chains(text))


def _read_area(terms: Terms) -> ReadMeaning:
    words = AreaWords(terms.cities, terms.counties)

    def area(place: str, text: str) -> tuple[str, ...]:
        try:
            city, county = words.read("", text)
        except InvalidInput as problem:
            raise InvalidInput(place, problem.message, **problem.params) from None
        return (county or city,)

    return area


def _area_label(code: str, terms: Terms) -> Worded:
    county = terms.counties.get(code)
    if county is None:
        city = terms.cities[code]
        return Worded("{name}", {"name": Bilingual(city.name, city.name_en)})
    city = terms.cities[county.city_adcode]
    names = {"county": Bilingual(county.name, county.name_en), "city": Bilingual(city.name, city.name_en)}
    return Worded(N_("{county} ({city})"), names)


def _area_written(code: str, terms: Terms) -> str:
    county = terms.counties.get(code)  # several counties may have one name, so its city stands before it
    return f"{terms.cities[county.city_adcode].name}/{county.name}" if county else terms.cities[code].name


SERVICES = Meanings(
    ("服务", "服务项目", "service"),
    lambda terms: terms.services,
    lambda code, terms: _named(terms.services[code]),
    _read_services,
)
CHAINS = Meanings(
    ("产业链", "chain"),
    lambda terms: terms.chains,
    lambda code, terms: _named(terms.chains[code]),
    _read_chains,
)
AREAS = Meanings(
    ("县", "县市区", "地区", "区县", "市", "county", "area"),
    lambda terms: [*terms.counties, *terms.cities],
    _area_label,
    _read_area,
    _area_written,
    N_("The county where the row’s coordinates or address lie"),
)
