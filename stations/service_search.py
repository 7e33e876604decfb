"""Finding services by a firm's own words: Chinese without spaces, pinyin, English, numbers of standards.

The catalogue is indexed in memory by SQLite's full-text search (FTS5), which ranks by BM25. Before,
text is cut into what has to match: Chinese into pairs of characters (no dictionary can miss a trade's
own word then), standards into their numbers however they are written, pinyin into whole words.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pypinyin import lazy_pinyin

from stations.catalogue import Service

# What each part of an entry weighs: its names, its keywords, its group's words, its descriptions.
WEIGHTS = {"names": 6.0, "keywords": 5.0, "group": 0.6, "text": 0.4, "whole": 6.0}
SHORTEST_PINYIN = 4  # letters; a shorter word stands inside too many others
ALIKE = 0.84  # how much of an English word must be right

_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z][a-z0-9]*|[0-9]+(?:\.[0-9]+)*")
# GB/T 228.1-2021, ISO 9001, JJG52, DB32/T 4000, CNAS-CL01: letters, perhaps /T, then a number. The
# year of the edition is no part of what is looked for.
_STANDARD = re.compile(
    r"\b([a-z]{2,6}[0-9]{0,4})(?:\s*/\s*[a-z]{1,3})?[\s-]*([0-9]{2,6}(?:\.[0-9]+)*)(?:[-:—][0-9]{4})?\b"
)


@dataclass(frozen=True)
class FoundService:
    """A service that answers, with how well: the higher the better, comparable within one search."""

    service: Service
    score: float


class ServiceIndex:
    """A catalogue prepared for searching."""

    def __init__(self, groups: Iterable[Service]) -> None:
        """``groups``: the catalogue's groups with their services loaded."""
        self._services = {service.code: service for group in groups for service in group.services}
        self._pinyin: set[str] = set()
        self._english: set[str] = set()
        # Whole Chinese names and keywords → the word that stands for each in the index.
        self._whole: dict[str, str] = {}
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        columns = ", ".join(WEIGHTS)
        self._database.execute(f"CREATE VIRTUAL TABLE entry USING fts5(code UNINDEXED, {columns}, tokenize = 'porter')")
        for group in groups:
            around = [group.name_zh, group.name_en, *group.keywords]
            for service in group.services:
                names, keywords = [service.name_zh, service.name_en], service.keywords
                texts = [service.bring_zh, service.bring_en, service.performer_zh, service.performer_en]
                parts = [
                    [*_tokens(names), *self._in_pinyin(names)],
                    [*_tokens(keywords), *self._in_pinyin(keywords)],
                    _tokens(around),
                    _tokens(texts),
                    [self._as_word(term) for term in (*names, *keywords) if _HAN.search(term)],
                ]
                self._english.update(word for word in _tokens([*names, *keywords, *around]) if _is_latin(word))
                self._database.execute(
                    f"INSERT INTO entry VALUES ({', '.join('?' * (1 + len(parts)))})",
                    [service.code, *(" ".join(part) for part in parts)],
                )

    def _as_word(self, term: str) -> str:
        return self._whole.setdefault(_plain(term), f"whole{len(self._whole)}")

    def _in_pinyin(self, texts: Sequence[str]) -> list[str]:
        words = ["".join(lazy_pinyin(run)) for text in texts for run in _HAN.findall(text)]
        self._pinyin.update(word for word in words if len(word) >= SHORTEST_PINYIN)
        return words

    def search(self, query: str, limit: int = 10) -> list[FoundService]:
        """The services that answer ``query``, best first; none for one without a word in it."""
        plain = _plain(query)
        words = dict.fromkeys(
            [*self._expanded(_tokens([query])), *(word for term, word in self._whole.items() if term in plain)]
        )
        if not words:
            return []
        asked = " OR ".join(f'"{word}"' for word in words)
        weights = ", ".join(str(weight) for weight in (0.0, *WEIGHTS.values()))
        found = self._database.execute(
            f"SELECT code, -bm25(entry, {weights}) AS score FROM entry WHERE entry MATCH ? "
            "ORDER BY score DESC, code LIMIT ?",
            (asked, limit),
        )
        return [FoundService(self._services[code], round(score, 4)) for code, score in found]

    def _expanded(self, words: Sequence[str]) -> Iterator[str]:
        """The words, and for those in Latin letters what they may be meant for: the pinyin inside them,
        written in one word or in several, or the English word that one is a slip of."""
        latin = [word for word in words if _is_latin(word)]
        together = "".join(latin)
        inside = [known for known in self._pinyin if known in together]
        # What is pinyin is looked for as a whole only: half of it stands for something else.
        yield from (word for word in words if not (inside and word in latin and word not in self._english))
        # 团体标准 is meant, not 标准 too, where both are inside.
        yield from (known for known in inside if not any(known != other and known in other for other in inside))
        if not inside and len(latin) == 1 and len(together) > SHORTEST_PINYIN:
            yield from (known for known in self._pinyin if known.startswith(together))
        for word in latin:
            if len(word) >= SHORTEST_PINYIN and word not in self._english:
                yield from difflib.get_close_matches(word, self._english, n=2, cutoff=ALIKE)


def _is_latin(word: str) -> bool:
    return word.isascii() and word.isalpha()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _tokens(texts: Iterable[str]) -> list[str]:
    """What of the texts has to match: pairs of Chinese characters, words, numbers of standards."""
    found: list[str] = []
    for text in texts:
        plain = _plain(text)
        for run in _HAN.findall(plain):
            found += [run] if len(run) == 1 else [run[at : at + 2] for at in range(len(run) - 1)]
        standards = [match.groups() for match in _STANDARD.finditer(plain)]
        for letters, number in standards:
            # One word without a dot, which would cut it: gb228d1, and gb228 for the whole series.
            found += [letters + number.replace(".", "d"), letters + number.split(".")[0]]
        found += [word.replace(".", "d") for word in _LATIN.findall(plain)]
    return found
