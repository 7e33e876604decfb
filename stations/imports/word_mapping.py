"""An office's own words taught once: which field a heading is, which service, area, status or role a word means.

A mapping applies while a list is read, so that nothing of its words is guessed. It comes from a file
(``mapping_file``), from what an office taught before (``remembered_words``), or from the preview of a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import TypeVar

from stations.entered_text import comparable
from stations.errors import InvalidInput
from stations.imports.status_words import status_word
from stations.language import N_, LabelledEnum
from stations.tables.column import Column
from stations.tables.heading_rows import plain_heading

LONGEST_WORD = 200
"""Characters of a word that can be taught; more is a sentence, which no second list has."""

LEFT_OUT: tuple[str, ...] = ()
"""The meaning of a word that is read as if it were not there; of an area, that the row's place says its county."""


class WordKind(LabelledEnum):
    """What a word of a list is."""

    HEADING = "heading", N_("Heading")
    SERVICE = "service", N_("Service")
    CHAIN = "chain", N_("Industrial chain")
    AREA = "area", N_("County or city")
    STATUS = "status", N_("Status")
    LEVEL = "level", N_("Level")
    KIND = "kind", N_("Kind")
    STAGE = "stage", N_("Stage")
    ROLE = "role", N_("Role")
    STATE = "state", N_("State")

    def key(self, word: str) -> str:
        """Return the form in which words of this kind are compared."""
        if self is WordKind.HEADING:
            return plain_heading(word)
        return status_word(word) if self in DATED else comparable(word)


DATED = frozenset({WordKind.STATUS, WordKind.STAGE})
"""The kinds of words beside which a date may stand, which is no part of the word."""


class Origin(Enum):
    """Who says what a word means; of two that say different things, the later one here counts."""

    REMEMBERED = N_("Remembered")
    FILE = N_("As the mapping file says")
    NOW = N_("As taught here")


@dataclass(frozen=True)
class TaughtWord:
    """A word and its meaning.

    ``written``: as lists write it. ``means``: the name of a column, codes of services or chains, the adcode of a county
    or city, or the values of a choice; ``LEFT_OUT`` to read the list as if the word were not there.
    """

    kind: WordKind
    written: str
    means: tuple[str, ...]
    origin: Origin = Origin.FILE

    @property
    def key(self) -> tuple[WordKind, str]:
        """The word as it is compared."""
        return self.kind, self.kind.key(self.written)

    def check(self, field: str) -> None:
        """Check that the word can be taught.

        Raises:
            InvalidInput: there is no word (a status that is only a date), or it is too long.
        """
        key = self.key[1]
        if not key:
            raise InvalidInput(field, N_("Write a word, and what it means"))
        if max(len(key), len(self.written)) > LONGEST_WORD:
            raise InvalidInput(field, N_("This is too long; {limit} characters at most"), limit=LONGEST_WORD)


AColumn = TypeVar("AColumn", bound=Column)


@dataclass(frozen=True)
class WordMapping:
    """What words of a list mean. ``file``: the name of the file that says so, if one does. Of two meanings of a word
    the last one counts.
    """

    file: str = ""
    words: tuple[TaughtWord, ...] = ()

    def __len__(self) -> int:
        return len(self.by_key)

    @cached_property
    def by_key(self) -> Mapping[tuple[WordKind, str], TaughtWord]:
        """Each word by its kind and the form in which it is compared."""
        return {word.key: word for word in self.words}

    def of(self, kind: WordKind) -> dict[str, tuple[str, ...]]:
        """Return word → meaning of the words of a kind, each in the form in which it is compared."""
        return {key: word.means for (one, key), word in self.by_key.items() if one is kind}

    def taught(self, kind: WordKind, written: str) -> TaughtWord | None:
        """Return the word that a text of the list is, None if it was not taught."""
        return self.by_key.get((kind, kind.key(written))) if self.words else None

    def with_words(self, more: Iterable[TaughtWord]) -> WordMapping:
        """Return the mapping with further words, which count before those that it has."""
        return replace(self, words=(*self.words, *more))

    def columns(self, columns: Sequence[AColumn]) -> tuple[AColumn, ...]:
        """Return the columns with the headings that the mapping gives them, which no other column keeps."""
        headings = self.of(WordKind.HEADING)
        return tuple(
            replace(
                column,
                headings=(
                    *(heading for heading, means in headings.items() if means == (column.name,)),
                    *(heading for heading in column.headings if plain_heading(heading) not in headings),
                ),
            )
            for column in columns
        )


NO_MAPPING = WordMapping()
