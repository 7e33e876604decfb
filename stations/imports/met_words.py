"""The words of a list that were not understood, and those that were read as they had been taught; each once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from stations.errors import InvalidInput
from stations.imports.columns import COLUMNS
from stations.imports.word_mapping import LEFT_OUT, LONGEST_WORD, TaughtWord, WordKind, WordMapping
from stations.language import N_, Bilingual, Listed, Worded
from stations.registry.record_terms import Terms
from stations.registry.station import Status

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

    mapping: WordMapping
    _met: dict[tuple[WordKind, str], MetWord] = field(default_factory=dict)
    _last: dict[tuple[WordKind, str], int] = field(default_factory=dict)

    def meet(self, kind: WordKind, written: str, row: int, problem: InvalidInput | None = None) -> None:
        """Take note of a word in a row. ``problem``: why it was not understood; None if it was taught."""
        key = (kind, kind.key(written))
        if not key[1] or max(len(key[1]), len(written)) > LONGEST_WORD or self._last.get(key) == row:
            return
        self._met.setdefault(key, MetWord(kind, written, row, problem)).rows += 1
        self._last[key] = row

    def head(self, heading: str, row: int, rows: int, *, ticks: bool) -> None:
        """Take note of the heading of a column that is not read. ``rows``: how many rows fill it, the first ``row``."""
        key = (WordKind.HEADING, WordKind.HEADING.key(heading))
        if key[1] not in _ONLY_COUNTS and len(heading) <= LONGEST_WORD and key not in self.mapping.by_key:
            told = InvalidInput("file", N_("No field of a station has this heading"))
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


def meaning(word: TaughtWord, terms: Terms) -> Worded | Listed:
    """Return what a word means, in words.

    Raises:
        KeyError: it means something that is not on file any more.
    """
    if word.means == LEFT_OUT:
        return Worded(LEFT_OUT_LABELS.get(word.kind, _LEFT_OUT))
    return Listed(_NAMES[word.kind](code, terms) for code in word.means)


_LEFT_OUT = N_("Leave it out")
LEFT_OUT_LABELS = {
    WordKind.AREA: N_("The county where the row’s coordinates or address lie"),
    WordKind.STATUS: N_("As if the cell were empty"),
}


def _named(one: Any) -> Worded:
    return Worded("{name}", {"name": Bilingual(one.name_zh, one.name_en)})


def _area(code: str, terms: Terms) -> Worded:
    county = terms.counties.get(code)
    if county is None:
        city = terms.cities[code]
        return Worded("{name}", {"name": Bilingual(city.name, city.name_en)})
    city = terms.cities[county.city_adcode]
    names = {"county": Bilingual(county.name, county.name_en), "city": Bilingual(city.name, city.name_en)}
    return Worded(N_("{county} ({city})"), names)


def _field(code: str, _terms: Terms) -> Worded:
    return Worded(next(column.label for column in COLUMNS if column.name == code))


_NAMES: dict[WordKind, Callable[[str, Terms], Worded]] = {
    WordKind.HEADING: _field,
    WordKind.SERVICE: lambda code, terms: _named(terms.services[code]),
    WordKind.CHAIN: lambda code, terms: _named(terms.chains[code]),
    WordKind.AREA: _area,
    WordKind.STATUS: lambda code, _terms: Worded(Status(code).label),
}
