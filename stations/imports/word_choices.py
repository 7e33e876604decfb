"""What a word that was not understood may be taught to mean, and an example of it in the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stations.imports.met_words import MetWord
from stations.imports.plan import Plan
from stations.imports.vocabulary import Vocabulary
from stations.imports.word_mapping import LEFT_OUT, Origin, TaughtWord, WordKind
from stations.language import Listed, Worded
from stations.places.area_words import SeveralCounties
from stations.registry.record_terms import Terms
from stations.tables.corrections import written


@dataclass(frozen=True)
class WordChoice:
    """A meaning that a word may be given. ``kind``: of the word that is then taught. ``label``: it in words."""

    kind: WordKind
    means: tuple[str, ...]
    label: Worded | Listed

    def taught(self, word: MetWord) -> TaughtWord:
        """Return the word with this meaning, taught now."""
        return TaughtWord(self.kind, word.written, self.means, Origin.NOW)


class WordChoices:
    """The choices for the words of one list; made once for each kind of word."""

    def __init__(self, vocabulary: Vocabulary, terms: Terms, plan: Plan[Any]) -> None:
        self._vocabulary, self._terms, self._read = vocabulary, terms, plan.sheet.headings
        self._made: dict[WordKind, list[WordChoice]] = {}

    def of(self, word: MetWord) -> list[WordChoice]:
        """Return the meanings that a word may be given: the likely ones first, then to leave it out.

        The heading of a column of ticks may be a service as well; of the fields, those that the list has already come
        last.
        """
        choices = self._of_kind(word.kind)
        likely = {word.likely} if word.likely else set()
        if isinstance(word.problem, SeveralCounties):
            likely |= word.problem.adcodes
        first = [one for one in choices if likely.intersection(one.means)]
        rest = [one for one in choices if one not in first]
        if word.kind is WordKind.HEADING:
            rest.sort(key=lambda one: bool(self._read.keys() & set(one.means)))
        services = self._of_kind(WordKind.SERVICE) if word.ticks else []
        return [*first, self._choice(word.kind, LEFT_OUT), *services, *rest]

    def _of_kind(self, kind: WordKind) -> list[WordChoice]:
        if kind not in self._made:
            codes = self._vocabulary.meanings[kind].codes(self._terms)
            self._made[kind] = [self._choice(kind, (code,)) for code in codes]
        return self._made[kind]

    def _choice(self, kind: WordKind, means: tuple[str, ...]) -> WordChoice:
        return WordChoice(kind, means, self._vocabulary.meaning(TaughtWord(kind, "", means), self._terms))


def example_of(plan: Plan[Any], word: MetWord) -> str:
    """Return what the example row of a word holds: of a heading its cell, of another word the record's name."""
    if word.kind is not WordKind.HEADING:
        return next((row.name for row in plan.rows if row.number == word.example), "")
    row = next(row for row in plan.sheet.rows if row.number == word.example)
    places = (place for place, (name, heading) in enumerate(plan.sheet.columns) if not name and heading == word.written)
    return next((written(row.whole[place]) for place in places if place < len(row.whole)), "")
