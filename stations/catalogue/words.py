"""Services and industrial chains by the words that lists use: code, name, or a word that means only one.

A cell can name several, separated by ；、, or line breaks. Names that contain such a character themselves
(环境、职业健康安全等管理体系认证) are found before the cell is split.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stations.catalogue.chain import IndustrialChain
from stations.catalogue.service import Service
from stations.catalogue.word_tables import activities, elsewhere, kinds, list_words, services_of_kind, word_rows
from stations.entered_text import comparable, narrow
from stations.errors import InvalidInput
from stations.language import N_, Bilingual

_BETWEEN = re.compile(r"[;,、，；/|\n\r]+|\s{2,}|\s+(?=\(?\d{1,2}\s*[.、)])")
_NUMBERED = re.compile(r"^[\s(]*(?:\d{1,2}|[①-⑳]|[一二三四五六七八九十]{1,2})\s*[.、)）:：]\s*")
_ORDINAL = re.compile(r"^\(?\d{1,2}\)?$")
_CHAIN_WORD = re.compile(r"(?:产业链|产业|链)$")


@dataclass(frozen=True, slots=True)
class NamedInCell:
    """What a cell names. ``codes``: of the known words, sorted. ``unknown``: each word that means nothing or several
    things, with the error that says so.
    """

    codes: tuple[str, ...]
    unknown: tuple[tuple[str, InvalidInput], ...] = ()


class CatalogueWords:
    """An index of services and chains by any of their names. Cells once read are cached.

    ``taught``: further words, in plain small characters without blanks, each with the services that it means.
    """

    def __init__(
        self,
        services: Mapping[str, Service],
        chains: Mapping[str, IndustrialChain],
        taught: Mapping[str, tuple[str, ...]] | None = None,
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
        )
        self._chains = _Names(
            codes_of_chain,
            {chain.code: chain.name_zh for chain in chains.values()},
            N_("“{word}” is not in the list of industrial chains; write a name or code that it lists"),
            N_("“{word}” is not in the list of industrial chains; is {name} ({code}) meant?"),
        )

    def services(self, cell: str) -> NamedInCell:
        """Return the codes of the services, or whole groups, that a cell names, and its unknown words."""
        return self._services.read("services", cell)

    def chains(self, cell: str) -> NamedInCell:
        """Return the codes of the chains that a cell names, and its unknown words."""
        return self._chains.read("chains", cell, ending=_CHAIN_WORD)


class _Names:
    def __init__(
        self,
        codes: dict[str, set[str]],
        called: dict[str, str],
        unknown: str,
        meant: str,
        taught: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
        done_by: Mapping[str, Bilingual] = MappingProxyType({}),
    ) -> None:
        self._codes, self._called, self._unknown, self._meant = codes, called, unknown, meant
        self._taught, self._done_by = taught, done_by
        self._marked = sorted((name for name in (*codes, *taught) if _BETWEEN.search(name)), key=len, reverse=True)
        self._read: dict[str, NamedInCell] = {}

    def read(self, field: str, cell: str, *, ending: re.Pattern[str] | None = None) -> NamedInCell:
        if cell not in self._read:
            codes: set[str] = set()
            unknown: dict[str, InvalidInput] = {}
            for word in self._words(cell):
                try:
                    codes.update(self._codes_of(field, word, ending))
                except InvalidInput as problem:
                    unknown.setdefault(word, problem)
            self._read[cell] = NamedInCell(tuple(sorted(codes)), tuple(unknown.items()))
        return self._read[cell]

    def _codes_of(self, field: str, word: str, ending: re.Pattern[str] | None) -> set[str]:
        """Return the codes that a word means, or that all of its parts do that blanks separate (检测 认证)."""
        if taught := self._taught.get(comparable(word)):
            return set(taught)
        try:
            return {self._code(field, word, ending)}
        except InvalidInput:
            parts = word.split()
            known = self._codes.keys() | self._taught.keys()
            if len(parts) < 2 or not all(comparable(part) in known for part in parts):
                raise
            return {code for part in parts for code in self._codes_of(field, part, ending)}

    def _words(self, cell: str) -> Iterable[str]:
        rest = narrow(cell)
        for name in self._marked:
            if name in comparable(rest):
                yield name
                rest = re.sub(r"\s*".join(map(re.escape, name)), ";", rest, flags=re.IGNORECASE)
        for part in _BETWEEN.split(rest):
            word = _NUMBERED.sub("", part.strip()).strip(" .。;")
            if word and not _ORDINAL.match(word):
                yield word

    def _code(self, field: str, word: str, ending: re.Pattern[str] | None) -> str:
        found = self._codes.get(comparable(word), set())
        if not found and ending:
            found = self._codes.get(comparable(ending.sub("", word)), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            names = ", ".join(f"{self._called[code]} ({code})" for code in sorted(found))
            raise InvalidInput(
                field, N_("“{word}” can mean several: {names}; write the one that is meant"), word=word, names=names
            )
        if who := self._done_by.get(comparable(word)):
            raise InvalidInput(
                field, N_("“{word}” is not done by a station, but by: {who}; leave it out"), word=word, who=who
            )
        near = difflib.get_close_matches(comparable(word), self._codes, n=1, cutoff=0.6)
        if near and len(self._codes[near[0]]) == 1:
            (code,) = self._codes[near[0]]
            raise InvalidInput(field, self._meant, word=word, name=self._called[code], code=code)
        raise InvalidInput(field, self._unknown, word=word)
