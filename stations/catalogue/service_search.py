"""Search for services by a firm's own words: Chinese without spaces, pinyin, English, numbers of standards.

A query is read as known words (``query_reading``). What it is about (a product, an instrument, a standard, a service)
decides; what is to be done (verify, test, certify) chooses among the services for such a thing; words that say neither
(how much, where, a licence) count for nothing. What somebody else does is answered with who does it.

A score is how much of the query speaks for a service, from 0 to 1. From ``SURE`` on the first answer can be taken at
its word; below, the services are those that come into question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from stations.catalogue.query_reading import TRACED, QueryReader, Reading
from stations.catalogue.query_text import HAN
from stations.catalogue.query_words import ACTIVITY, ELSEWHERE, FILLER, Meaning, Word
from stations.catalogue.service import Service
from stations.catalogue.word_tables import (
    ABOUT,
    CONTEXTS,
    GROUP,
    INSTRUMENTS,
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
ASKED = 1.5  # one of several meanings that is what is to be done: 三坐标 is calibrated, and measures parts
MODIFIER = 0.6  # a thing directly before something unknown
BY_ENDING = 0.5  # a thing that only its ending tells
UNFITTING = 0.3  # weight of an activity that none of the things named has a service for
ACTIVITY_ALONE = 0.55  # an activity that several services do; one that leads to a single service names it
GROUP_ALONE = 0.5
CONTEXT_ALONE = 0.5  # who asks, without what for
UNFIT = 0.55  # a thing with something to be done that is not done with such a thing, or that is not read
TOWARD = 0.5  # what a station can do toward something that somebody else does
CORRECTED = 0.85
TESTED = frozenset({"inspect", "commission", "retest"})
OF_ONE_FIRM = "standards.enterprise_self_declaration"
OF_SEVERAL = ("standards.association_standard",)
BUILT = frozenset({"building", "building_material"})
OF_MATERIALS = "testing.materials_testing"
LOOK_UP = ("standards.lookup",)
OF_A_FIRM = frozenset({"declare", "publish", "develop"})
GENERAL = frozenset({"inspect"})  # chooses only where nothing says what of the thing is to be found out
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

    def __init__(self, entries: Iterable[Service]) -> None:
        """Index the services among ``entries``, the groups and services of the catalogue in its order."""
        entries = list(entries)
        self._services = {entry.code: entry for entry in entries if entry.parent_code}
        self._reader = QueryReader(entries)
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
        others = tuple(dict.fromkeys(one.elsewhere for word in reading.words for one in word.meanings if one.elsewhere))
        scores = self._scores(reading, others=bool(others))
        ranked = sorted(
            ((score, code) for code, score in scores.items() if code in self._services),
            key=lambda one: (-one[0], list(self._services).index(one[1])),
        )
        best = [FoundService(self._services[code], round(score, 4)) for score, code in ranked[:limit]]
        least = max(LEAST_SCORE, LEAST_SHARE * best[0].score) if best else 0
        return SearchAnswer(tuple(one for one in best if one.score >= least), others)

    def _scores(self, reading: Reading, *, others: bool) -> dict[str, float]:
        """Return service code → score. ``others``: whether somebody else does a part of what is asked for."""
        wanted = [one.activity for word in reversed(reading.words) for one in word.meanings if one.kind == ACTIVITY]
        if "export" in wanted:  # what a product has to have abroad is a matter of the market's standards
            wanted = [activity for activity in wanted if activity != "certify"]
        if "associate" in wanted:  # a standard of an association, not of a firm
            wanted = [activity for activity in wanted if activity not in OF_A_FIRM]
        wanted.sort(key=GENERAL.__contains__)
        votes = _votes(reading.words, wanted)
        trust = UNEXPLAINED + (1 - UNEXPLAINED) * reading.explained
        if reading.corrected:
            trust *= CORRECTED
        away = others and any(vote.services[0] in LOOK_UP for vote in votes)  # 出口欧盟CE: no look-up is asked for
        if reading.guessed or away or not _fits(reading, wanted):
            trust = min(trust, UNFIT)
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


def _votes(words: Sequence[Word], wanted: Sequence[str]) -> list[_Vote]:
    """Return what the words of a query speak for. ``wanted``: the activities asked for, the last first."""
    meant = [(word, meaning) for word in words for meaning in word.meanings if meaning.kind not in (FILLER, ACTIVITY)]
    named = [_vote(word, meaning, wanted, NAMED) for word, meaning in meant if meaning.kind in (SAYING, STANDARD)]
    traced = {code for activity in TRACED & set(wanted) for code in kinds().get(("", activity), ())}
    named = [replace(vote, weight=vote.weight * ASKED) if traced & set(vote.services) else vote for vote in named]
    if any(meaning.kind == ELSEWHERE for _word, meaning in meant):
        # Things and who asks only describe what somebody else does.
        away = [_Vote(meaning.services, NAMED, TOWARD) for _word, meaning in meant if meaning.kind == ELSEWHERE]
        return _emphasised(named, EARLIER_NAME) or [vote for vote in away if vote.services]
    of_kinds = [(word, meaning) for word, meaning in meant if meaning.kind not in (SAYING, STANDARD, GROUP)]
    around = [(word, meaning) for word, meaning in of_kinds if meaning.kind in CONTEXTS or word.of_maker]
    things = [one for one in of_kinds if one not in around]
    chosen = {activity for activity in wanted for _word, one in things + around if (one.kind, activity) in kinds()}
    for activity in reversed(wanted):
        services = kinds().get((WHATEVER, activity))
        if services and activity not in chosen:
            closer = [vote for vote in named if group_of(vote.services[0]) == group_of(services[0])]
            named = [vote for vote in named if vote not in closer] + (closer or [_Vote(services, NAMED)])
    if "associate" in wanted:
        named = [vote if vote.services[0] != OF_ONE_FIRM else _Vote(OF_SEVERAL, NAMED) for vote in named]
    if any(meaning.kind in BUILT for _word, meaning in things):
        named = [vote for vote in named if vote.services[0] != OF_MATERIALS]  # 楼板开裂: not the material
    if TESTED & set(wanted) and things:
        named = [vote for vote in named if vote.services != LOOK_UP]  # 玩具ASTM检测: by which standard, not what
    if TRACED & set(wanted) and any(meaning.kind in INSTRUMENTS for _word, meaning in things):
        named = [vote for vote in named if group_of(vote.services[0]) == "metrology"]  # what the instrument is for
    alone = 1.0 if named or things or wanted else CONTEXT_ALONE
    votes = [
        *_emphasised(named, EARLIER_NAME),
        *_emphasised(_of_things(things, wanted), EARLIER_THING),
        *(replace(vote, ceiling=min(vote.ceiling, alone)) for one in around for vote in [_vote(*one, wanted, CONTEXT)]),
    ]
    if named:
        return votes
    grouped = {group_of(meaning.services[0]) for _word, meaning in meant if meaning.kind == GROUP}
    if grouped and votes:
        return _of_groups(votes, grouped)
    about = [
        services for activity in wanted for other in wanted if (services := kinds().get((f"{ABOUT}{activity}", other)))
    ]
    if about and not votes:
        return [_Vote(one, NAMED, 1.0 if len(one) == 1 else ACTIVITY_ALONE) for one in about]
    done = {activity: services for activity in wanted if (services := kinds().get(("", activity)))}
    if votes:
        for _word, meaning in things + around:
            for activity in wanted:
                if _done_for(meaning, activity):
                    done.pop(activity, None)
        return votes + [_Vote(services, UNFITTING) for services in done.values()]
    if done:
        return [_Vote(one, NAMED, 1.0 if len(one) == 1 else ACTIVITY_ALONE) for one in done.values()]
    return [_Vote(meaning.services, NAMED, GROUP_ALONE) for _word, meaning in meant if meaning.kind == GROUP]


def _of_things(things: Sequence[tuple[Word, Meaning]], wanted: Sequence[str]) -> list[_Vote]:
    """Return what the things of a query speak for; what is to be done tells which of several it is about."""
    fitting = [any(_done_for(meaning, activity) for activity in wanted) for _word, meaning in things]
    return [
        replace(vote, weight=vote.weight * UNFITTING) if any(fitting) and not fits else vote
        for vote, fits in zip([_vote(*one, wanted, THING) for one in things], fitting, strict=True)
    ]


def _of_groups(votes: Sequence[_Vote], groups: Collection[str]) -> list[_Vote]:
    """Return the votes with the services of the groups of services that a query names first, as 计量 does."""
    sorted_votes = []
    for vote in votes:
        inside = [code for code in vote.services if group_of(code) in groups]
        outside = [code for code in vote.services if group_of(code) not in groups]
        weight = vote.weight if inside else vote.weight * UNFITTING
        sorted_votes.append(replace(vote, services=(*inside, *outside), weight=weight))
    return sorted_votes


def _fits(reading: Reading, wanted: Sequence[str]) -> bool:
    """Whether all that is wanted can be done with the things named; True if a service is named."""
    meanings = [one for word in reading.words for one in word.meanings if one.kind not in (FILLER, ACTIVITY)]
    kinds_named = {one.kind for one in meanings}
    if kinds_named & INSTRUMENTS and any(one.kind == SAYING and OF_MATERIALS in one.services for one in meanings):
        return False  # 加油机铅封断了: of an instrument, or of what it is made of
    if not meanings or any(one.kind in (SAYING, STANDARD, ELSEWHERE) for one in meanings):
        return True
    if not wanted:
        return not reading.unread
    return all(("", activity) in kinds() or any(_done_for(one, activity) for one in meanings) for activity in wanted)


def _done_for(meaning: Meaning, activity: str) -> bool:
    """Whether an activity chooses among the services of a thing."""
    group = group_of((kinds().get(("", activity)) or ("",))[0])
    offered = meaning.services or services_of_kind(meaning.kind)
    return (meaning.kind, activity) in kinds() or any(group_of(code) == group for code in offered)


def _vote(word: Word, meaning: Meaning, wanted: Sequence[str], weight: float) -> _Vote:
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
