"""The words of a query that are known, and what they mean beside each other: what an instrument measures, and where it
is fitted, says nothing about the service.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest

from stations.catalogue.query_text import HAN
from stations.catalogue.word_tables import CONTEXTS, GROUP, INSTRUMENTS, SAYING, STANDARD, Elsewhere, services_of_kind

ACTIVITY, FILLER, ELSEWHERE = "activity", "filler", "elsewhere"
MAKERS = frozenset({"厂", "厂家", "工厂", "店", "公司", "企业", "车间"})
TESTS = frozenset(
    f"testing.{kind}_testing"
    for kind in ("product", "commissioned", "food", "agricultural", "building_materials", "materials")
) | {"testing.reliability_environment_emc"}


@dataclass(frozen=True)
class Meaning:
    """What a word means. ``kind``: of a thing in the tables, or ``ACTIVITY``, ``FILLER``, ``ELSEWHERE``. ``services``:
    to which it leads, likeliest first; empty if those of its kind.
    """

    kind: str
    services: tuple[str, ...] = ()
    activity: str = ""
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True)
class Word:
    """A word of the query that is known, and where it is. ``before_unread``: what follows it directly is not read, so
    that it may only be the modifier of something unknown. ``by_ending``: only its ending is known. ``of_maker``: what
    the firm that asks makes or sells, as in 饮料厂, rather than what it asks about.
    """

    text: str
    start: int
    end: int
    meanings: tuple[Meaning, ...]
    before_unread: bool = False
    by_ending: bool = False
    of_maker: bool = False

    @property
    def filler(self) -> bool:
        """Whether it says nothing about the service."""
        return all(meaning.kind == FILLER for meaning in self.meanings)


def without_lone(text: str, words: list[Word]) -> list[Word]:
    """Return the words without single Chinese characters beside unread ones: 茶 in 茶几 is not tea."""
    covered = {at for word in words for at in range(word.start, word.end)}

    def beside_unread(word: Word) -> bool:
        return any(
            0 <= at < len(text) and at not in covered and HAN.fullmatch(text[at]) for at in (word.start - 1, word.end)
        )

    return [word for word in words if len(word.text) > 1 or word.filler or not beside_unread(word)]


def with_makers(words: list[Word]) -> list[Word]:
    """Return the words, with each thing directly before a word for a firm marked as what that firm makes or sells."""
    return [
        replace(word, of_maker=True)
        if after and after.start == word.end and after.text in MAKERS and not word.filler
        else word
        for word, after in zip_longest(words, words[1:])
    ]


def tested(word: Word) -> bool:
    """Whether a word is a thing, or a property, that is tested."""
    return all(
        one.kind not in (ACTIVITY, FILLER, ELSEWHERE, GROUP, STANDARD, *CONTEXTS)
        and (one.services or services_of_kind(one.kind))[0] in TESTS
        for one in word.meanings
    )


def without_measured(words: list[Word]) -> list[Word]:
    """Return the words without the properties directly before an instrument, which say what it measures: 绝缘 in
    绝缘测试仪.
    """
    kept: list[Word] = []
    for word in reversed(words):
        measures = kept and kept[0].start == word.end and any(one.kind in INSTRUMENTS for one in kept[0].meanings)
        if measures and tested(word) and all(one.kind == SAYING for one in word.meanings):
            kept[0] = replace(kept[0], text=word.text + kept[0].text, start=word.start)
        else:
            kept.insert(0, word)
    return kept


def without_bearers(words: list[Word]) -> list[Word]:
    """Return the words without what somebody else does where an instrument follows: the gauge on a gas cylinder is
    verified, though the cylinder is inspected elsewhere. What is done elsewhere to the instrument itself stays.
    """
    last = max(
        (at for at, word in enumerate(words) if any(one.kind in INSTRUMENTS for one in word.meanings)), default=0
    )
    return [
        word
        for at, word in enumerate(words)
        if at >= last or not any(one.elsewhere and not one.elsewhere.act for one in word.meanings)
    ]
