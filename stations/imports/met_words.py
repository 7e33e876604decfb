"""The words of a list that were not understood, and those that were read as they had been taught; each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from stations.catalogue.words import NamedInCell
from stations.errors import InvalidInput
from stations.imports.status_words import status_word
from stations.imports.unread_cell import value_in
from stations.imports.vocabulary import Choice
from stations.imports.word_mapping import DATED, LONGEST_WORD, NO_MAPPING, TaughtWord, WordKind, WordMapping
from stations.language import N_
from stations.tables.sheet import SheetRow
from stations.tables.table import LIST_MARK

_ONLY_COUNTS = frozenset({"序号", "no", "no."})  # numbers of rows, in the form in which headings are compared


@dataclass
class MetWord:
    """A word of a list.

    ``written``: as the list first writes it. ``rows``: how many rows hold it. ``example``: the number of the first of
    them. ``problem``: why it was not understood; None if it was taught. ``ticks``: whether it heads a column of ticks.
    """

    kind: WordKind
    written: str
    example: int
    problem: InvalidInput | None = None
    rows: int = 0
    ticks: bool = False

    @property
    def likely(self) -> str:
        """The code of the service or chain that is likely meant, "" if none is."""
        return str(self.problem.params.get("code", "")) if self.problem else ""


@dataclass
class MetWords:
    """Gathers the words while the rows of a list are read, from the first to the last. ``mapping``: what was taught."""

    mapping: WordMapping = NO_MAPPING
    _met: dict[tuple[WordKind, str], MetWord] = field(default_factory=dict)
    _last: dict[tuple[WordKind, str], int] = field(default_factory=dict)

    def meet(self, kind: WordKind, written: str, row: int, problem: InvalidInput | None = None) -> None:
        """Take note of a word in a row. ``problem``: why it was not understood; None if it was taught."""
        key = (kind, kind.key(written))
        if not key[1] or max(len(key[1]), len(written)) > LONGEST_WORD or self._last.get(key) == row:
            return
        self._met.setdefault(key, MetWord(kind, written, row, problem)).rows += 1
        self._last[key] = row

    def meet_named(self, kind: WordKind, named: NamedInCell, row: int) -> None:
        """Take note of the services or chains in a cell that are not understood, or were taught."""
        for word in named.taught:
            self.meet(kind, word, row)
        for word, problem in named.unknown:
            self.meet(kind, word, row, problem)

    def meet_choices(self, choices: Iterable[Choice], row: SheetRow) -> None:
        """Take note of the words in the columns of a row with few choices that are not understood, or were taught."""
        problems = {one.column: one for one in row.problems}
        for choice in choices:
            cell, problem = value_in(row.cells.get(choice.column)), problems.get(choice.column)
            if not isinstance(cell, str):
                continue
            for word in choice.taught_words(cell, self.mapping):
                self._meet_choice(choice.kind, word, row.number)
            if problem is not None and "text" in problem.params:  # others are no words, such as a formula
                for word in str(problem.params["text"]).split(LIST_MARK):
                    self._meet_choice(choice.kind, word, row.number, problem)

    def _meet_choice(self, kind: WordKind, written: str, row: int, problem: InvalidInput | None = None) -> None:
        self.meet(kind, status_word(written) if kind in DATED else written.strip(), row, problem)

    def head(self, heading: str, row: int, rows: int, *, ticks: bool) -> None:
        """Take note of the heading of a column that is not read. ``rows``: how many rows fill it, the first ``row``."""
        key = (WordKind.HEADING, WordKind.HEADING.key(heading))
        if key[1] not in _ONLY_COUNTS and len(heading) <= LONGEST_WORD and key not in self.mapping.by_key:
            told = InvalidInput("file", N_("No field of such a list has this heading"))
            self._met.setdefault(key, MetWord(WordKind.HEADING, heading, row, told, rows, ticks))

    @property
    def unknown(self) -> list[MetWord]:
        """The words that were not understood: by kind, headings last; those in most rows first."""
        kinds = [*(kind for kind in WordKind if kind is not WordKind.HEADING), WordKind.HEADING]
        met = [word for word in self._met.values() if word.problem is not None]
        return sorted(met, key=lambda word: (kinds.index(word.kind), -word.rows, word.example))

    @property
    def applied(self) -> list[tuple[TaughtWord, int]]:
        """The words that were read as they had been taught, each with the number of rows that hold it."""
        counted = ((self.mapping.by_key.get(key), word.rows) for key, word in self._met.items() if not word.problem)
        return [(taught, rows) for taught, rows in counted if taught is not None]
