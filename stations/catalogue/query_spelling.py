"""What a word that no table knows was meant to be: pinyin, a misspelling, a character that sounds or looks alike."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from stations.catalogue.query_text import HAN

SHORTEST_PINYIN = 4  # letters; a shorter word occurs inside too many others
SHORTEST_INITIALS = 3  # letters; two are the initials of too many words
LEAST_BEGUN = 0.6  # share of a word in pinyin from which it is completed
SHORTEST_ENGLISH = 5  # letters; a shorter word is too close to too many others
ALIKE = 0.8  # share of an English word that must be right: one mistake in 5 letters
SHORTEST_ALIKE = 5  # Chinese characters of which one may be wrong, missing, doubled
LONGEST_ALIKE = 12
_LOOKALIKE = str.maketrans("淮椎抨枰坪泙俭捡险侧厕仗呗剂恃枝", "准准秤秤秤秤检检验测测仪规计持校")
"""Character taken by its look → the one that is meant, where that makes a known word."""

_MISREAD = {"校": "xiao", "秤": "ping", "称": "chen"}
"""Character with several sounds → the one that is wrong in the words of this field, but often typed."""

_LATIN_RUN = re.compile(r"(?<![0-9a-z])[a-z]+(?:[\s']+[a-z]+)*(?![0-9a-z])")


class Spelling:
    """Corrects queries toward known words; what it needs is made at the first word that is not known."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(words)
        self._whole = frozenset(self._words)
        self._known: frozenset[str] = frozenset()

    def allow(self, words: Iterable[str]) -> None:
        """Take the words in Latin letters as spelt correctly, fillers too."""
        self._known = frozenset(part for word in words if word.isascii() for part in re.findall("[a-z]+", word))

    @functools.cached_property
    def _by_sound(self) -> dict[str, str]:
        """Pinyin without tones → the first word that sounds so."""
        sounds: dict[str, str] = {}
        for word in self._words:
            if len(word) > 1 and HAN.fullmatch(word):
                for sound in _spoken_ways(_sounds(word), word):
                    sounds.setdefault(sound, word)
        return sounds

    @functools.cached_property
    def _by_initials(self) -> dict[str, str]:
        """The first letters of the pinyin of each character of a word → the first such word."""
        initials: dict[str, str] = {}
        for word in self._words:
            if len(word) >= SHORTEST_INITIALS and HAN.fullmatch(word):
                initials.setdefault("".join(sound[0] for sound in _sounds(word)), word)
        return initials

    @functools.cached_property
    def _by_shorter(self) -> dict[str, str]:
        """A word, and it with any one character left out → the word."""
        shorter: dict[str, str] = {}
        for word in self._words:
            if SHORTEST_ALIKE <= len(word) <= LONGEST_ALIKE and HAN.fullmatch(word):
                for key in _shorter(word):
                    shorter.setdefault(key, word)
        return shorter

    def of_initials(self, text: str) -> str | None:
        """Return the known word whose characters begin in pinyin with the letters of a text: ylb is 压力表."""
        return self._by_initials.get(text)

    def corrected(self, text: str, covered: Sequence[tuple[int, int]]) -> str:
        """Return a text with what is not read replaced by the known words that it is close to. ``covered``: the
        positions, start and end, of what is read.
        """
        unread = [True] * len(text)
        for start, end in covered:
            unread[start:end] = [False] * (end - start)
        text = self._chinese(text, unread)
        return _LATIN_RUN.sub(lambda run: self._latin(run[0]), text)

    def _chinese(self, text: str, unread: list[bool]) -> str:
        """Return a text with one Chinese word after the other replaced that is known by its sound or by all but one of
        its characters, the longest first.
        """
        sounds = _sounds(text)
        for size in range(min(LONGEST_ALIKE, len(text)), 1, -1):
            for start in range(len(text) - size + 1):
                end = start + size
                window = text[start:end]
                if not any(unread[start:end]) or not HAN.fullmatch(window):
                    continue
                if size == 2 and (start and unread[start - 1] or unread[end : end + 1] == [True]):
                    continue  # two characters inside something unknown sound like a word by chance
                word = self._alike(window, "".join(sounds[start:end]), unread[start:end])
                if word:
                    return self._chinese(
                        text[:start] + word + text[end:], [*unread[:start], *[False] * len(word), *unread[end:]]
                    )
        return text

    def _alike(self, window: str, sound: str, unread: Sequence[bool]) -> str | None:
        """Return the known word that sounds like a text, or differs from it in one character that is not read."""
        sounding = self._by_sound.get(sound)
        if sounding and len(sounding) == len(window) and set(sounding) & set(window):
            return sounding
        looking = window.translate(_LOOKALIKE)
        if looking != window and looking in self._whole:
            return looking
        if len(window) < SHORTEST_ALIKE:
            return None
        for key in _shorter(window):
            word = self._by_shorter.get(key)
            if word and OSA.distance(word, window) == 1:
                changes = [change for change in Levenshtein.editops(window, word) if change.tag != "insert"]
                edge = {0, len(window) - 1}  # what differs there is another word beside it
                if all(unread[change.src_pos] and change.src_pos not in edge for change in changes):
                    return word
        return None

    def _latin(self, run: str) -> str:
        words = re.findall("[a-z]+", run)
        if all(word in self._known for word in words):
            return run
        for part in ([words], [[word] for word in words if word not in self._known]):
            for some in part:
                spoken = self._spoken("".join(some))
                if spoken:
                    run = re.sub(r"[\s']+".join(some), f" {spoken} ", run, count=1)
        return re.sub("[a-z]+", lambda word: self._english(word[0]), run)

    def _spoken(self, letters: str) -> str | None:
        """Return the Chinese words that letters spell as pinyin, all of them, in as few words as possible; the letters
        of an unfinished word find the shortest word that begins so.
        """
        if len(letters) < SHORTEST_PINYIN:
            return None
        best: list[tuple[str, ...] | None] = [(), *[None] * len(letters)]
        for end in range(1, len(letters) + 1):
            for start in range(end - 1):
                before, word = best[start], self._by_sound.get(letters[start:end])
                if before is None or word is None or (end - start < SHORTEST_PINYIN and end - start < len(letters)):
                    continue
                chosen = best[end]
                if chosen is None or len(before) + 1 < len(chosen):
                    best[end] = (*before, word)
        if whole := best[-1]:
            return " ".join(whole)
        longest = len(letters) / LEAST_BEGUN
        begun = sorted((one for one in self._by_sound if one.startswith(letters) and len(one) <= longest), key=len)
        return self._by_sound[begun[0]] if begun else None

    def _english(self, word: str) -> str:
        if word in self._known or len(word) < SHORTEST_ENGLISH:
            return word
        near = process.extractOne(
            word,
            [one for one in self._known if one[0] == word[0]],
            scorer=OSA.normalized_similarity,
            score_cutoff=ALIKE,
        )
        return near[0] if near else word


def _sounds(text: str) -> list[str]:
    """Return the pinyin, without tones, of each Chinese character of a text, as it is read in its run; "" of others."""
    from pypinyin import lazy_pinyin  # a big table that only an unknown word needs

    sounds = [""] * len(text)
    for run in HAN.finditer(text):
        sounds[run.start() : run.end()] = lazy_pinyin(run[0])
    return sounds


def _spoken_ways(sounds: Sequence[str], word: str) -> Iterator[str]:
    """Yield the pinyin of a word, and what people say who read a character with two sounds the other way."""
    yield "".join(sounds)
    if other := set(word) & _MISREAD.keys():
        yield "".join(_MISREAD[one] if one in other else sound for one, sound in zip(word, sounds, strict=True))


def _shorter(word: str) -> Iterator[str]:
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
