"""Services and industrial chains by the words that lists use: code, name, or a word that means only one.

``cell_words`` parts a cell into its words. A word that means nothing as a whole is read without what lists add to it
(等服务, a bracket with examples), or as several (检定和校准, 检验检测认证) if all of them are known.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.catalogue.cell_words import BRACKETED, CellWords
from stations.catalogue.chain import IndustrialChain
from stations.catalogue.counted_words import counted_groups, says_all
from stations.catalogue.service import Service, list_entries
from stations.catalogue.word_tables import activities, elsewhere, kinds, list_words, services_of_kind, word_rows
from stations.entered_text import comparable
from stations.errors import InvalidInput
from stations.language import N_, Bilingual, ListedAsWritten

if TYPE_CHECKING:
    from stations.catalogue.service_search import ServiceIndex

_JOINED = re.compile(r"\s+|以及|[和及与暨+·•&＋＆]")
_ENDINGS = (re.compile(r"等.{0,10}$"), re.compile(r"(?:相关|方面|各类)*(?:服务|业务|工作|项目|内容)$"))
"""What a list adds to the last of several words: 等, 等一站式服务, 服务."""
_QUANTIFIER = re.compile(r"^(?:全部|所有|全套|全项|各类|各项)的?(?=.)")
_CHAIN_WORD = re.compile(r"(?:产业链|产业|链)$")


@dataclass(frozen=True, slots=True)
class NamedInCell:
    """What a cell names. ``codes``: of the known words, sorted. ``unknown``: each word that means nothing or several
    things, with the error that says so. ``taught``: the words that mean what the reader was taught.
    """

    codes: tuple[str, ...]
    unknown: tuple[tuple[str, InvalidInput], ...] = ()
    taught: tuple[str, ...] = ()


class CatalogueWords:
    """An index of services and chains by any of their names. Cells once read are cached.

    ``taught``, ``taught_chains``: further words, in plain small characters without blanks, each with the services or
    chains that it means, which may be none.
    """

    def __init__(
        self,
        services: Mapping[str, Service],
        chains: Mapping[str, IndustrialChain],
        taught: Mapping[str, tuple[str, ...]] | None = None,
        taught_chains: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        codes_of_service: dict[str, set[str]] = defaultdict(set)
        keywords: dict[str, set[str]] = defaultdict(set)
        for service in services.values():
            for name in (service.code, service.name_zh, service.name_en):
                codes_of_service[comparable(name)].add(service.code)
            if service.parent_code:
                for word in service.keywords:
                    keywords[comparable(word)].add(service.code)
        for row in word_rows():
            for word in row.words:
                keywords[comparable(word)].update(row.services or services_of_kind(row.kind))
        for word, activity in activities().items():
            if len(alone := kinds().get(("", activity), ())) == 1:
                keywords.setdefault(comparable(word), set(alone))
        for word, codes in keywords.items():
            codes_of_service.setdefault(word, codes)
        for word, code in list_words().items():
            if code in services:
                codes_of_service[comparable(word)] = {code}
        codes_of_chain: dict[str, set[str]] = defaultdict(set)
        for chain in chains.values():
            for name in (chain.code, chain.name_zh, chain.name_en):
                codes_of_chain[comparable(_CHAIN_WORD.sub("", name))].add(chain.code)
        self._services = _Names(
            codes_of_service,
            {service.code: service.name_zh for service in services.values()},
            N_("“{word}” is not in the service catalogue; write a name or code that it lists"),
            N_("“{word}” is not in the service catalogue; is {name} ({code}) meant?"),
            taught or {},
            {comparable(word): one.who for one in elsewhere() for word in one.words},
            lambda word: self._likely(word),
            counted_groups,
        )
        self._entries = list(services.values())
        self._chains = _Names(
            codes_of_chain,
            {chain.code: chain.name_zh for chain in chains.values()},
            N_("“{word}” is not in the list of industrial chains; write a name or code that it lists"),
            N_("“{word}” is not in the list of industrial chains; is {name} ({code}) meant?"),
            taught_chains or {},
        )

    @functools.cached_property
    def _index(self) -> ServiceIndex:
        return _index_of(
            tuple((one.code, one.parent_code, one.name_zh, one.name_en, *one.keywords) for one in self._entries)
        )

    def _likely(self, word: str) -> _Likely:
        """Return what the search for services makes of a word that is no name."""
        answer = self._index.answer(word)
        first = answer.found[0].service.code if answer.found else ""
        return _Likely(first, answer.sure, answer.elsewhere[0].who if answer.elsewhere else None)

    def services(self, cell: str) -> NamedInCell:
        """Return the codes of the services, or whole groups, that a cell names, and its unknown words."""
        return self._services.read("services", cell)

    def chains(self, cell: str) -> NamedInCell:
        """Return the codes of the chains that a cell names, and its unknown words."""
        return self._chains.read("chains", cell, ending=_CHAIN_WORD)


@functools.lru_cache(maxsize=4)  # making one takes a second or two
def _index_of(entries: tuple[tuple[str | None, ...], ...]) -> ServiceIndex:
    """Return the search in a catalogue. ``entries``: code, group, names, and keywords of each."""
    from stations.catalogue.service_search import ServiceIndex  # importing it loads its dictionaries

    return ServiceIndex(
        Service(code=code, parent_code=group, name_zh=name_zh, name_en=name_en, keywords=list(keywords))
        for code, group, name_zh, name_en, *keywords in entries
    )


def service_codes(session: Session, cells: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of the services that texts name by code, name or a word that means only one.

    Raises:
        InvalidInput: a word means none or several, with the service that is likely meant.
    """
    cells = tuple(dict.fromkeys(cells))
    if not cells or set(cells) == set(session.scalars(select(Service.code).where(Service.code.in_(cells)))):
        return cells  # the index of all words takes 30 ms to build
    words = CatalogueWords({entry.code: entry for entry in list_entries(session)}, {})
    codes: dict[str, None] = {}
    for cell in cells:
        named = words.services(cell)
        for _word, problem in named.unknown:
            raise InvalidInput("service", problem.message, **problem.params)
        codes.update(dict.fromkeys(named.codes))
    return tuple(codes)


def service_code(session: Session, text: str) -> str:
    """Return the code of the one service that a text names.

    Raises:
        InvalidInput: it names none or several.
    """
    codes = service_codes(session, [text])
    if len(codes) != 1:
        raise InvalidInput("service", N_("“{text}” names {number} services; name one"), text=text, number=len(codes))
    return codes[0]


@dataclass(frozen=True, slots=True)
class _Likely:
    """What a word that is no name may mean. ``code``: a service, empty if none; ``who``: does it if no station does."""

    code: str
    sure: bool
    who: Bilingual | None


class _Names:
    def __init__(
        self,
        codes: dict[str, set[str]],
        called: dict[str, str],
        unknown: str,
        meant: str,
        taught: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
        done_by: Mapping[str, Bilingual] = MappingProxyType({}),
        likely: Callable[[str], _Likely] | None = None,
        counted: Callable[[str], tuple[str, ...]] = lambda _word: (),
    ) -> None:
        self._counted = counted
        self._codes, self._called, self._unknown, self._meant = codes, called, unknown, meant
        self._taught, self._done_by, self._likely = taught, done_by, likely
        self._cells = CellWords((*codes, *taught))
        self._groups = sorted(
            (name for name, means in codes.items() if len(means) == 1 and not any("." in code for code in means)),
            key=len,
            reverse=True,
        )
        self._read: dict[str, NamedInCell] = {}

    def read(self, field: str, cell: str, *, ending: re.Pattern[str] | None = None) -> NamedInCell:
        if cell not in self._read:
            codes: set[str] = set()
            unknown: dict[str, InvalidInput] = {}
            taught: dict[str, None] = {}
            for word in self._cells.read(cell):
                try:
                    codes.update(self._codes_of(field, word, ending, taught))
                except InvalidInput as problem:
                    unknown.setdefault(word, problem)
            self._read[cell] = NamedInCell(tuple(sorted(codes)), tuple(unknown.items()), tuple(taught))
        return self._read[cell]

    def _codes_of(
        self, field: str, word: str, ending: re.Pattern[str] | None, taught: dict[str, None]
    ) -> set[str]:
        """Return the codes that a word means, as a whole or in its parts; add it to ``taught`` if it was taught."""
        if (means := self._taught.get(comparable(word))) is not None:
            taught[word] = None
            return set(means)
        if counted := [code for code in self._counted(word) if code in self._called]:
            return set(counted)
        try:
            return {self._code(field, word, ending)}
        except InvalidInput:
            for parts in self._readings(word):
                if parts and all(self._means_one(part) for part in parts):
                    return {code for part in parts for code in self._codes_of(field, part, ending, taught)}
            raise

    def _means_one(self, word: str) -> bool:
        return comparable(word) in self._taught or len(self._codes.get(comparable(word), ())) == 1

    def _readings(self, word: str) -> Iterator[list[str]]:
        """Yield the ways to read a word that is no name: its parts, which must all be known."""
        if comparable(word) in self._codes or comparable(word) in self._done_by:
            return
        bare = _QUANTIFIER.sub("", BRACKETED.sub("", word).strip())
        without_rest = _ENDINGS[0].sub("", bare)
        for whole in dict.fromkeys((bare, without_rest, _ENDINGS[1].sub("", without_rest))):
            yield [whole]
            yield [part for part in _JOINED.split(whole) if part]
            yield self._groups_in(comparable(whole))
        yield [one for found in BRACKETED.finditer(word) for one in self._cells.read(found[0][1:-1])]

    def _groups_in(self, text: str) -> list[str]:
        """Return the names of whole groups that a text without marks between them consists of (检验检测认证)."""
        for name in self._groups:
            if text.startswith(name):
                rest = text[len(name) :]
                if not rest or (following := self._groups_in(rest)):
                    return [name, *(following if rest else ())]
        return []

    def _code(self, field: str, word: str, ending: re.Pattern[str] | None) -> str:
        found = self._codes.get(comparable(word), set())
        if not found and ending:
            found = self._codes.get(comparable(ending.sub("", word)), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            names = ListedAsWritten(f"{self._called[code]} ({code})" for code in sorted(found))
            raise InvalidInput(
                field, N_("“{word}” can mean several: {names}; write the one that is meant"), word=word, names=names
            )
        if who := self._done_by.get(comparable(word)):
            raise InvalidInput(
                field, N_("“{word}” is not done by a station, but by: {who}; leave it out"), word=word, who=who
            )
        if self._likely and says_all(word):
            message = N_("“{word}” does not say which services; name them, or say what the word means in your lists")
            raise InvalidInput(field, message, word=word)
        likely = self._likely(word) if self._likely else None
        if likely and likely.who and not likely.sure:
            raise InvalidInput(
                field, N_("“{word}” is not done by a station, but by: {who}; leave it out"), word=word, who=likely.who
            )
        code = likely.code if likely and likely.sure else self._spelt_alike(word, likely)
        if code:
            raise InvalidInput(field, self._meant, word=word, name=self._called[code], code=code)
        raise InvalidInput(field, self._unknown, word=word)

    def _spelt_alike(self, word: str, likely: _Likely | None) -> str:
        """Return the code of a name that is spelt alike; empty if none, or if the search finds something else."""
        near = difflib.get_close_matches(comparable(word), self._codes, n=1, cutoff=0.6)
        if not near or len(self._codes[near[0]]) != 1:
            return ""
        (code,) = self._codes[near[0]]
        agreed = likely is None or likely.code == code or likely.code.startswith(f"{code}.")
        return code if agreed or comparable(word) in near[0] else ""
