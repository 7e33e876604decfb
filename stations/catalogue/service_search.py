"""Search for services by a firm's own words: Chinese without spaces, pinyin, English, numbers of standards.

A query is read as known words (``query_reading``). What it is about (a product, an instrument, a standard, a service)
decides; what is to be done (verify, test, certify) chooses among the services for such a thing; words that say neither
(how much, where, a licence) count for nothing. What somebody else does is answered with who does it.

A score is how much of the query speaks for a service, from 0 to 1. From ``SURE`` on the first answer can be taken at
its word; below, the services are those that come into question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from stations.catalogue.query_reading import ACTIVITY, ELSEWHERE, FILLER, Meaning, QueryReader, Reading, Word
from stations.catalogue.query_text import HAN
from stations.catalogue.service import Service
from stations.catalogue.word_tables import (
    CONTEXTS,
    GROUP,
    SAYING,
    STANDARD,
    WHATEVER,
    Elsewhere,
    kinds,
    services_of_kind,
)

SURE = 0.6
LEAST_SCORE = 0.2
LEAST_SHARE = 0.3  # of the best score; results below share only a side meaning
BY_POSITION = (1.0, 0.7, 0.5, 0.4, 0.3)  # how the services of one word compare, in the order of its table

NAMED, THING, CONTEXT = 1.0, 0.5, 0.25  # weight of a service or standard, of a thing, of who asks
# Of several words of a sort the last is what the query is about: 粉尘 in 粉尘检测仪 only describes it.
EARLIER_NAME, EARLIER_THING = 0.7, 0.4
MODIFIER = 0.6  # a thing directly before something unknown
BY_ENDING = 0.5  # a thing that only its ending tells
ACTIVITY_ALONE = 0.55  # an activity that several services do; one that leads to a single service names it
GROUP_ALONE = 0.5
TOWARD = 0.5  # what a station can do toward something that somebody else does
CORRECTED = 0.85
UNEXPLAINED = 0.35  # what is left of a score when nothing else of the query is read
PARTLY_ALIKE, LEAST_ALIKE = 0.5, 0.6  # words that share that part of their pairs of characters with something unread


@dataclass(frozen=True)
class FoundService:
    """A search result. ``score``: from 0 to 1, see ``SURE``."""

    service: Service
    score: float


@dataclass(frozen=True)
class SearchAnswer:
    """The services that match a query, best first, and who does the part of it that no station does."""

    found: tuple[FoundService, ...]
    elsewhere: tuple[Elsewhere, ...]

    @property
    def sure(self) -> bool:
        """Whether the first service can be taken at its word."""
        return bool(self.found) and self.found[0].score >= SURE


class ServiceIndex:
    """The services of a catalogue by the words that lead to them."""

    def __init__(self, groups: Iterable[Service]) -> None:
        """Index the services of ``groups``, which must be loaded."""
        groups = list(groups)
        self._services = {service.code: service for group in groups for service in group.services}
        self._reader = QueryReader(groups)
        self._by_pair: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for service in self._services.values():
            for word in (service.name_zh, *service.keywords):
                if HAN.fullmatch(word):
                    for pair in _pairs(word):
                        self._by_pair[pair].add((word, service.code))

    def search(self, query: str, limit: int = 10) -> list[FoundService]:
        """Return the services that match ``query``, best first; empty if it contains no usable word."""
        return list(self.answer(query, limit).found)

    def answer(self, query: str, limit: int = 10) -> SearchAnswer:
        """Return the services that match ``query``, best first, and who does what no station does."""
        reading = self._reader.read(query)
        others = tuple(
            dict.fromkeys(meaning.elsewhere for word in reading.words for meaning in word.meanings if meaning.elsewhere)
        )
        scores = self._scores(reading)
        ranked = sorted(
            ((score, code) for code, score in scores.items() if code in self._services),
            key=lambda one: (-one[0], list(self._services).index(one[1])),
        )
        best = [FoundService(self._services[code], round(score, 4)) for score, code in ranked[:limit]]
        least = max(LEAST_SCORE, LEAST_SHARE * best[0].score) if best else 0
        return SearchAnswer(tuple(one for one in best if one.score >= least), others)

    def _scores(self, reading: Reading) -> dict[str, float]:
        """Return service code → score."""
        wanted = [meaning.activity for word in reading.words for meaning in word.meanings if meaning.kind == ACTIVITY]
        votes = _votes(reading.words, wanted)
        trust = UNEXPLAINED + (1 - UNEXPLAINED) * reading.explained
        if reading.corrected:
            trust *= CORRECTED
        if not votes:
            return self._by_likeness(reading.unread)
        whole = sum(vote.weight for vote in votes)
        scores: dict[str, float] = defaultdict(float)
        for vote in votes:
            for code, share in zip(vote.services, _shares(len(vote.services)), strict=True):
                scores[code] += vote.weight * share * vote.ceiling / whole
        return {code: score * trust for code, score in scores.items()}

    def _by_likeness(self, unread: Iterable[str]) -> dict[str, float]:
        """Return the services whose names or keywords share most of their pairs of characters with something unread."""
        scores: dict[str, float] = {}
        for run in unread:
            pairs = set(_pairs(run))
            for word, code in {one for pair in pairs for one in self._by_pair.get(pair, ())}:
                alike = len(pairs & set(_pairs(word))) / len(set(_pairs(word)))
                if alike >= LEAST_ALIKE and len(word) > 2:
                    scores[code] = max(scores.get(code, 0), PARTLY_ALIKE * alike)
        return scores


@dataclass(frozen=True)
class _Vote:
    """What a word speaks for. ``weight``: against the other words; ``ceiling``: the score if it is alone."""

    services: tuple[str, ...]
    weight: float
    ceiling: float = 1.0


def _votes(words: Iterable[Word], wanted: list[str]) -> list[_Vote]:
    meant = [(word, meaning) for word in words for meaning in word.meanings if meaning.kind not in (FILLER, ACTIVITY)]
    named = [_vote(word, meaning, wanted, NAMED) for word, meaning in meant if meaning.kind in (SAYING, STANDARD)]
    away = [_Vote(meaning.services, NAMED, TOWARD) for _word, meaning in meant if meaning.kind == ELSEWHERE]
    if away:  # things and who asks only describe what somebody else does
        return _emphasised(named, EARLIER_NAME) or [vote for vote in away if vote.services]
    things = [
        _vote(word, meaning, wanted, THING)
        for word, meaning in meant
        if meaning.kind not in (SAYING, STANDARD, GROUP, *CONTEXTS)
    ]
    around = [_vote(word, meaning, wanted, CONTEXT) for word, meaning in meant if meaning.kind in CONTEXTS]
    named += [_Vote(services, NAMED) for activity in wanted if (services := kinds().get((WHATEVER, activity)))]
    votes = [*_emphasised(named, EARLIER_NAME), *_emphasised(things, EARLIER_THING), *around]
    if votes:
        return votes
    done = [services for activity in wanted if (services := kinds().get(("", activity)))]
    if done:
        return [_Vote(one, NAMED, 1.0 if len(one) == 1 else ACTIVITY_ALONE) for one in done]
    return [_Vote(meaning.services, NAMED, GROUP_ALONE) for _word, meaning in meant if meaning.kind == GROUP]


def _vote(word: Word, meaning: Meaning, wanted: list[str], weight: float) -> _Vote:
    services = meaning.services
    chosen = next((one for activity in wanted if (one := kinds().get((meaning.kind, activity)))), None)
    if chosen:
        services = tuple(dict.fromkeys((*chosen, *services)))
    services = services or services_of_kind(meaning.kind)
    fitting = {group_of(code) for activity in wanted for code in kinds().get(("", activity), ())[:1]} - {"standards"}
    services = tuple(sorted(services, key=lambda code: group_of(code) not in fitting))
    ceiling = BY_ENDING if word.by_ending else MODIFIER if word.before_unread else 1.0
    return _Vote(services, weight * ceiling / len(word.meanings), ceiling)


def _emphasised(votes: list[_Vote], earlier: float) -> list[_Vote]:
    return [replace(vote, weight=vote.weight * earlier) for vote in votes[:-1]] + votes[-1:]


def _shares(count: int) -> list[float]:
    return [BY_POSITION[min(at, len(BY_POSITION) - 1)] for at in range(count)]


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


def group_of(code: str) -> str:
    """Return the code of the group to which a service belongs."""
    return code.partition(".")[0]
