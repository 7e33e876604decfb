"""Reading a query: which known words it consists of.

The words of the catalogue and of the tables (``word_tables``) are laid over the query so that as much of it as
possible is covered by words as long as possible: 食品经营许可证 is one word, not 食品 and 许可证. What stays unread is
tried as pinyin, as a misspelling in English, and as a Chinese word that sounds the same or differs in one character.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stations.catalogue.query_spelling import Spelling
from stations.catalogue.query_text import HAN, Standard, plain, standards, stemmed
from stations.catalogue.query_words import (
    ACTIVITY,
    ELSEWHERE,
    FILLER,
    Meaning,
    Word,
    tested,
    with_makers,
    without_bearers,
    without_lone,
    without_measured,
)
from stations.catalogue.service import Service
from stations.catalogue.word_tables import (
    ANY_STANDARD,
    GROUP,
    INSTRUMENTS,
    PUBLISHED_BY,
    SAYING,
    STANDARD,
    activities,
    elsewhere,
    endings,
    fillers,
    list_words,
    services_of_kind,
    word_rows,
)

LONGEST_QUERY = 120  # characters; what follows is not read
TRACED = frozenset({"verify", "calibrate", "adjust"})
"""What is done to instruments only."""
ABOUT_NO_THING = frozenset({"complain"})  # beside these, the ending of an unknown word says nothing
# How words count by what they mean, against others of the same length: the subject is not to lose a character to what
# surrounds it (三体系 and 认证, not 三 and 体系认证).
_SHARES = {"filler": 0.6, "activity": 0.7}
_LATIN_WIDTH = 0.4  # of a Latin letter or a figure; a Chinese character is 1 wide


@dataclass(frozen=True)
class Reading:
    """A query as read. ``unread``: the runs of Chinese and the words that no table knows. ``corrected``: a word was
    taken for another that is spelt alike. ``guessed``: its letters were taken for the initials of a word in pinyin.
    """

    words: tuple[Word, ...]
    unread: tuple[str, ...]
    corrected: bool = False
    guessed: bool = False

    @property
    def explained(self) -> float:
        """The share of the query that is read, from 0 to 1; fillers do not count."""
        known = sum(width(word.text) for word in self.words if not word.filler)
        return known / (known + sum(map(width, self.unread))) if known else 0.0


def width(text: str) -> float:
    """Return how much a word counts by its length."""
    return sum(_LATIN_WIDTH if one.isascii() else 1.0 for one in text if one != " ")


class QueryReader:
    """Reads queries with the words of a catalogue."""

    def __init__(self, entries: Sequence[Service]) -> None:
        """Collect the words of ``entries``, the groups and services of the catalogue, and of the tables."""
        self._meanings: dict[str, list[Meaning]] = defaultdict(list)
        self._standards: dict[str, list[Meaning]] = defaultdict(list)
        acts = {stemmed(plain(word)): activity for word, activity in activities().items()}
        by_group = {
            group.code: tuple(one.code for one in entries if one.parent_code == group.code)
            for group in entries
            if group.parent_code is None
        }
        for entry in entries:
            meaning = Meaning(SAYING, (entry.code,)) if entry.parent_code else Meaning(GROUP, by_group[entry.code])
            for word in (entry.name_zh, entry.name_en, *entry.keywords):
                self._add(word, meaning, acts)
        for row in word_rows():
            for word in row.words:
                self._add(word, Meaning(row.kind, row.services), acts)
        for word, code in list_words().items():
            self._add(word, Meaning(GROUP, by_group[code]) if code in by_group else Meaning(SAYING, (code,)), acts)
        for word, meanings in self._meanings.items():  # the kind of a thing says more than a keyword, that than a group
            things = [one for one in meanings if one.kind not in (SAYING, GROUP)]
            self._meanings[word] = things or [one for one in meanings if one.kind == SAYING] or meanings
        for one in elsewhere():
            for word in one.words:
                self._meanings[stemmed(plain(word))] = [Meaning(ELSEWHERE, one.services, elsewhere=one)]
        for word, activity in acts.items():
            if not any(meaning.kind == ELSEWHERE for meaning in self._meanings.get(word, ())):
                self._meanings[word] = [Meaning(ACTIVITY, activity=activity)]
        for word in fillers():
            self._meanings.setdefault(stemmed(plain(word)), [Meaning(FILLER)])
        self._longest: dict[str, int] = defaultdict(int)
        for word in self._meanings:
            self._longest[word[0]] = max(self._longest[word[0]], len(word))
        self._endings = {stemmed(plain(ending)): kind for ending, kind in endings().items()}
        self._spelling = Spelling(
            word for word, meanings in self._meanings.items() if any(one.kind != FILLER for one in meanings)
        )
        self._spelling.allow(self._meanings)

    def _add(self, word: str, meaning: Meaning, acts: dict[str, str]) -> None:
        text = stemmed(plain(word))
        named = standards(text)
        if len(named) == 1 and named[0].start == 0 and named[0].end == len(text):
            of_standard = Meaning(STANDARD, meaning.services or services_of_kind(meaning.kind))
            for term in named[0].terms:
                # GB/T 1.1 also stands for its series, but never in place of another part that is listed itself.
                if of_standard not in self._standards[term]:
                    self._standards[term].append(of_standard)
        elif text and text not in acts and meaning not in self._meanings[text]:
            self._meanings[text].append(meaning)

    def read(self, query: str) -> Reading:
        """Return the words that a query consists of."""
        reading = self._read(query)
        if not reading.words and len(reading.unread) == 1 and (word := self._spelling.of_initials(reading.unread[0])):
            return replace(self._read(word), guessed=True)
        return reading

    def _read(self, query: str) -> Reading:
        text = stemmed(plain(query[: 2 * LONGEST_QUERY]))[:LONGEST_QUERY]
        named = standards(text)
        for one in named:
            text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
        of_standards = [Word(one.letters + one.number, one.start, one.end, self._of_standard(one)) for one in named]
        words, corrected = self._segmented(text), False
        if any(_unread(text, words)):
            # 快检仪校准: an instrument by its ending, not 检疫, which sounds the same
            traced = {meaning.activity for word in words for meaning in word.meanings} & TRACED
            ended = [(at, at + len(run)) for at, run in _unread(text, words) if self._by_ending(at, run, traced)]
            spelt = self._spelling.corrected(text, [*((word.start, word.end) for word in words), *ended])
            if spelt != text:
                text, words, corrected = spelt, self._segmented(spelt), True
        unread = list(_unread(text, words))
        unread_at = {at for at, run in unread if HAN.match(run)}
        words = [replace(word, before_unread=word.end in unread_at) for word in words]
        wanted = {meaning.activity for word in words for meaning in word.meanings if meaning.activity}
        guessed = [word for at, run in unread if (word := self._by_ending(at, run, wanted))]
        unread = [(at, run) for at, run in unread if at not in {word.start for word in guessed}]
        words = sorted([*words, *guessed], key=lambda word: word.start)
        words, unread = self._with_ended(words, unread)
        words = with_makers(without_bearers(without_measured(words)))
        return Reading((*of_standards, *words), tuple(run for _at, run in unread), corrected)

    def _by_ending(self, at: int, run: str, wanted: set[str]) -> Word | None:
        """Return an unknown word as a thing that its ending tells, if something is to be done with it."""
        if not wanted - ABOUT_NO_THING:
            return None
        for length in (3, 2, 1):
            kind = self._endings.get(run[-length:])
            if kind and (kind in INSTRUMENTS or not wanted & {"verify", "calibrate"}):
                return Word(run, at, at + len(run), (Meaning(kind),), by_ending=True)
        return None

    def _with_ended(self, words: list[Word], unread: list[tuple[int, str]]) -> tuple[list[Word], list[tuple[int, str]]]:
        """Return the words and the unread runs with each run that only ends the word before it as an instrument joined
        to that word: 耐压测试 and 表 are a gauge.
        """
        left = []
        for at, run in unread:
            before = next((word for word in words if word.end == at and tested(word)), None)
            joined = before.text + run if before else ""
            kind = next((kind for n in (3, 2, 1) if len(run) <= n and (kind := self._endings.get(joined[-n:]))), "")
            if before and kind in INSTRUMENTS:
                ended = Word(joined, before.start, at + len(run), (Meaning(kind),), by_ending=True)
                words = [ended if word is before else word for word in words]
            else:
                left.append((at, run))
        return words, left

    def _of_standard(self, named: Standard) -> tuple[Meaning, ...]:
        exact, series = named.terms
        if found := self._standards.get(exact) or self._standards.get(series):
            return tuple(found)
        return (Meaning(STANDARD, PUBLISHED_BY.get(named.letters, ANY_STANDARD)),)

    def _segmented(self, text: str) -> list[Word]:
        """Return the known words that cover a text best; what they leave out is unread."""
        best: list[tuple[float, int, str]] = [(0.0, 0, "")]  # for each prefix: value, start of its last word, the word
        for end in range(1, len(text) + 1):
            best.append((best[-1][0], end - 1, ""))
        for start in range(len(text)):
            if start and text[start].isascii() and text[start].isalnum() and _joined(text, start):
                continue
            longest = min(len(text), start + self._longest.get(text[start], 0))
            for end in range(start + 1, longest + 1):
                word = text[start:end]
                if word not in self._meanings or _joined(text, end):
                    continue
                value = width(word) ** 2 * _SHARES.get(self._meanings[word][0].kind, 1.0)
                if best[start][0] + value > best[end][0]:
                    best[end] = (best[start][0] + value, start, word)
            if best[start][0] > best[start + 1][0]:
                best[start + 1] = (best[start][0], start, "")
        words: list[Word] = []
        end = len(text)
        while end:
            _value, start, word = best[end]
            if word:
                words.insert(0, Word(word, start, end, tuple(self._meanings[word])))
            end = start
        return without_lone(text, words)


def _joined(text: str, at: int) -> bool:
    """Whether a position is inside a word in Latin letters or figures."""
    return 0 < at < len(text) and _latin(text[at - 1]) and _latin(text[at])


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _unread(text: str, words: list[Word]) -> Iterator[tuple[int, str]]:
    """Yield the parts that no word covers, with their positions: runs of Chinese, words in Latin letters."""
    at = 0
    for start, end in [*((word.start, word.end) for word in words), (len(text), len(text))]:
        for offset, run in _runs(text[at:start]):
            yield at + offset, run
        at = end


def _runs(text: str) -> Iterator[tuple[int, str]]:
    run, began = "", 0
    for at, one in enumerate(text):
        if HAN.fullmatch(one) or _latin(one):
            began = began if run else at
            run += one
        elif run:
            yield began, run
            run = ""
    if run:
        yield began, run
