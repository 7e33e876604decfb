"""Search for services by a firm's own words: Chinese without spaces, pinyin, English, numbers of standards.

The catalogue is indexed in memory by SQLite's full-text search (FTS5), which ranks by BM25. Text is first split
into terms: Chinese into pairs of characters (so no dictionary can lack a trade's word), standards into their
numbers however they are written, pinyin into whole words. A table leads from instruments, products, industries and
chains to services (``data/search_words.csv``).
"""

from __future__ import annotations

import csv
import difflib
import functools
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from opencc import OpenCC

from stations.catalogue.service import Service

WORDS = Path(__file__).resolve().parents[1] / "data" / "search_words.csv"

# Weight of each part of an entry: its names, its keywords and the words that lead to it, the words of its group,
# its descriptions, and whole names and keywords that occur in the query.
WEIGHTS = {"names": 6.0, "keywords": 5.0, "group": 0.6, "text": 0.4, "whole": 6.0}
ANSWERING = "{names keywords group whole}"  # a match in the descriptions alone is not enough
LEAST_SCORE = 0.05  # a word that occurs in most entries scores close to 0
LEAST_SHARE = 0.12  # of the best score; results below share only a common word
# The service for standards that no entry names, by their letters: 检定规程, 校准规范, any other.
ANY = "other"
FAMILIES = {"jjg": "metrology.compulsory_verification", "jjf": "metrology.calibration", ANY: "standards.lookup"}
SHORTEST_PINYIN = 4  # letters; a shorter word occurs inside too many others
ALIKE = 0.84  # share of an English word that must be right

_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z][a-z0-9]*|[0-9]+(?:\.[0-9]+)*")
# GB/T 228.1-2021, gbt228.1, ISO 9001, JJG52, DB32/T 4000, CNAS-CL01: letters, perhaps /T, then a number. The year
# of the edition is not part of the search term.
_STANDARD = re.compile(
    r"(?<![a-z0-9])([a-z]{2,6}?(?:[0-9]{1,4}(?=\s*/))?)(?:\s*/\s*[a-z]{1,3}|t)?[\s-]*"
    r"([0-9]{2,6}(?:\.[0-9]+)*|[0-9](?:\.[0-9]+)+)(?:[-:—–][0-9]{4})?(?![a-z0-9])"
)
_to_simplified = OpenCC("t2s")


@dataclass(frozen=True)
class FoundService:
    """A search result. ``score``: higher is better; comparable only within one search."""

    service: Service
    score: float


class ServiceIndex:
    """A search index of a catalogue."""

    def __init__(self, groups: Iterable[Service]) -> None:
        """Index the services of ``groups``, which must be loaded."""
        self._services = {service.code: service for group in groups for service in group.services}
        self._pinyin: set[str] = set()
        self._english: set[str] = set()
        self._numbers: set[str] = set()
        # Whole Chinese names and keywords → the term for each in the index.
        self._whole: dict[str, str] = {}
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        columns = ", ".join(WEIGHTS)
        self._database.execute(f"CREATE VIRTUAL TABLE entry USING fts5(code UNINDEXED, {columns}, tokenize = 'porter')")
        for group in groups:
            around = [group.name_zh, group.name_en, *group.keywords]
            for service in group.services:
                names = [service.name_zh, service.name_en]
                keywords = list(dict.fromkeys([*service.keywords, *words_by_service().get(service.code, ())]))
                texts = [service.bring_zh, service.bring_en, service.performer_zh, service.performer_en]
                parts = [
                    [*_tokens(names), *self._in_pinyin(names)],
                    [*_tokens(keywords), *self._in_pinyin(keywords)],
                    _tokens(around),
                    _tokens(texts),
                    [self._as_word(term) for term in (*names, *keywords) if _HAN.search(term)],
                ]
                parts[1] += [f"family{letters}" for letters, code in FAMILIES.items() if code == service.code]
                self._numbers.update(
                    word for term in keywords for found in _standards(_plain(term)) for word in _of_standard(*found)
                )
                self._english.update(word for word in _tokens([*names, *keywords, *around]) if _is_latin(word))
                self._database.execute(
                    f"INSERT INTO entry VALUES ({', '.join('?' * (1 + len(parts)))})",
                    [service.code, *(" ".join(part) for part in parts)],
                )

    def _as_word(self, term: str) -> str:
        return self._whole.setdefault(_plain(term), f"whole{len(self._whole)}")

    def _in_pinyin(self, texts: Sequence[str]) -> list[str]:
        from pypinyin import lazy_pinyin  # a big table that only this needs

        words = ["".join(lazy_pinyin(run)) for text in texts for run in _HAN.findall(text)]
        self._pinyin.update(word for word in words if len(word) >= SHORTEST_PINYIN)
        return words

    def search(self, query: str, limit: int = 10) -> list[FoundService]:
        """Return the services that match ``query``, best first; empty if it contains no usable word."""
        plain = _plain(query)
        held = [term for term in self._whole if term in plain]
        # 团体标准 also contains 标准: use only the longest of overlapping names.
        wholes = [self._whole[term] for term in held if not any(term != one and term in one for one in held)]
        words = dict.fromkeys([*self._expanded(_tokens([query])), *self._families(plain), *wholes])
        if not words:
            return []
        any_of = " OR ".join(f'"{word}"' for word in words)
        asked = f"({ANSWERING} : ({any_of})) AND ({any_of})"
        weights = ", ".join(str(weight) for weight in (0.0, *WEIGHTS.values()))
        found = self._database.execute(
            f"SELECT code, -bm25(entry, {weights}) AS score FROM entry WHERE entry MATCH ? "
            "ORDER BY score DESC, code LIMIT ?",
            (asked, limit),
        )
        best = [FoundService(self._services[code], round(score, 4)) for code, score in found]
        return [one for one in best if one.score >= max(LEAST_SCORE, LEAST_SHARE * best[0].score)]

    def _families(self, plain: str) -> Iterator[str]:
        """Yield, for each standard that no entry names, the term for the service that handles such standards."""
        for letters, number in _standards(plain):
            if not self._numbers & set(_of_standard(letters, number)):
                yield f"family{letters}" if letters in FAMILIES else f"family{ANY}"

    def _expanded(self, words: Sequence[str]) -> Iterator[str]:
        """Yield the words, and what words in Latin letters may mean: the pinyin in them, written as one word or
        several, or the English word that a misspelling is close to.
        """
        latin = [word for word in words if _is_latin(word)]
        together = "".join(latin)
        inside = [known for known in self._pinyin if known in together]
        # Pinyin is searched for only as a whole: a part of it means something else.
        yield from (word for word in words if not (inside and word in latin and word not in self._english))
        # 团体标准 also contains 标准: use only the longest of overlapping names.
        yield from (known for known in inside if not any(known != other and known in other for other in inside))
        if not inside and len(latin) == 1 and len(together) > SHORTEST_PINYIN:
            yield from (known for known in self._pinyin if known.startswith(together))
        for word in latin:
            if len(word) >= SHORTEST_PINYIN and word not in self._english:
                yield from difflib.get_close_matches(word, self._english, n=2, cutoff=ALIKE)


def _is_latin(word: str) -> bool:
    return word.isascii() and word.isalpha()


def _plain(text: str) -> str:
    return str(_to_simplified.convert(unicodedata.normalize("NFKC", text))).casefold()


def _standards(plain: str) -> list[tuple[str, str]]:
    """Return the standards that a text names, as (letters, number)."""
    return [(letters, number) for letters, number in _STANDARD.findall(plain)]


def _of_standard(letters: str, number: str) -> tuple[str, str]:
    """Return the terms of a standard: with its part number (gb228d1) and of the whole series (gb228). They contain no
    dot, since the index splits at dots.
    """
    return letters + number.replace(".", "d"), letters + number.split(".")[0]


@functools.cache
def words_by_service() -> dict[str, list[str]]:
    """Return service code → the words of the table that lead to it."""
    leading: dict[str, list[str]] = {}
    with WORDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for code in row["services"].split(";"):
                leading.setdefault(code, []).append(row["word"])
    return leading


def _tokens(texts: Iterable[str]) -> list[str]:
    """Return the terms of the texts: pairs of Chinese characters, words, numbers of standards."""
    found: list[str] = []
    for text in texts:
        plain = _plain(text)
        for run in _HAN.findall(plain):
            found += [run] if len(run) == 1 else [run[at : at + 2] for at in range(len(run) - 1)]
        found += [word for standard in _standards(plain) for word in _of_standard(*standard)]
        found += [word.replace(".", "d") for word in _LATIN.findall(plain)]
    return found
