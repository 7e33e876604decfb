"""Possible doubles: pairs of records that may describe the same place, with a score and the reasons.

There are three reasons: names that mean the same, the same telephone line, and a distance of at most 150 metres. One of
them is enough for a pair to be listed. Hotlines, 400 and 800 numbers and lines that records of several counties share
are no reason. The score is the probability that at least one of the reasons is right, with
``WEIGHTS`` as the probability of each and assuming independence: ``1 - Π(1 - weight)``.

Not all pairs are compared. Candidates share a name or a rare pair of characters within a county, share a telephone
line, or are found near each other by a spatial index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from sqlalchemy import ColumnElement, literal, null, select
from sqlalchemy.orm import Session

from geo.distance import great_circle_m
from geo.nearest import pairs_within
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.duty.duty_areas import in_duty
from stations.duty.roles import Action, Actor, require
from stations.entered_text import read_text
from stations.errors import Conflict
from stations.keeping.editing import EDIT, REASON_LIMIT
from stations.keeping.name_likeness import ALIKE, core_name, likeness
from stations.keeping.not_a_double import NotADouble
from stations.keeping.record_writing import hold_record
from stations.language import N_, LabelledEnum
from stations.places.counties import City, County
from stations.readers.telephone import line_of
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import SHAPES
from stations.registry.station import Station

NEAR_M = 150.0
_SHARED_NUMBERS = ("+86400", "+86800")  # one number for a whole organisation
_AT_ONCE = 500  # codes per query; SQLite limits the number of parameters
_CROWD = 30  # in a larger group with the same name or line, only pairs with its first record are compared
_COMMON = 40  # a pair of characters in more names of a county than this is too common to be a sign


class DoubleReason(LabelledEnum):
    """A reason to take two records for doubles."""

    NAME = "name", N_("Same name in other words")
    PHONE = "phone", N_("Same telephone line")
    PLACE = "place", N_("Within 150 m")


WEIGHTS: dict[DoubleReason, float] = {DoubleReason.NAME: 0.7, DoubleReason.PHONE: 0.6, DoubleReason.PLACE: 0.5}


@dataclass(frozen=True, eq=False, slots=True)
class Lookalike:
    """The fields of one record that the search for doubles compares. ``lon``/``lat``: WGS-84 degrees."""

    code: str
    name: str
    phone: str | None
    lon: float | None
    lat: float | None
    city_adcode: str
    county_adcode: str | None
    city: str
    county: str | None
    sample: bool

    @property
    def place(self) -> tuple[float, float] | None:
        """Its longitude and latitude; None if they are unknown."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)

    @property
    def core(self) -> str:
        """The name without the words that many names have in common."""
        return core_name(self.name, filter(None, (self.city, self.county)))


@dataclass(frozen=True)
class Double:
    """Two records that may be doubles; ``code`` sorts before ``other``.

    ``metres``: their distance, None if a place is unknown.
    """

    code: str
    other: str
    score: float
    reasons: tuple[DoubleReason, ...]
    metres: float | None


def lookalikes(
    session: Session, kind: RecordKind, *, samples: bool, within: ColumnElement[bool] | None = None
) -> list[Lookalike]:
    """Return the compared fields of every record of a kind, sorted by code. ``within``: a condition on its table."""
    model = SHAPES[kind].model
    phone = Station.phone if kind is RecordKind.STATION else null()
    statement = (
        select(
            model.code,
            model.name,
            phone,
            model.lon,
            model.lat,
            model.city_adcode,
            model.county_adcode,
            City.name,
            County.name,
            model.sample,
        )
        .join(City, City.adcode == model.city_adcode)
        .outerjoin(County, County.adcode == model.county_adcode)
    )
    if not samples:
        statement = statement.where(model.sample.is_(False))
    if within is not None:
        statement = statement.where(within)
    return [Lookalike(*tuple(row)) for row in session.execute(statement.order_by(model.code))]


def find_doubles(records: Sequence[Lookalike], among: Collection[str] | None = None) -> list[Double]:
    """Return the pairs that may be doubles, highest score first. ``among``: only pairs with one of these codes.

    Sample records are compared only with other sample records.
    """
    found: dict[tuple[str, str], Double] = {}
    cores = {record.code: record.core for record in records}
    for sample in (False, True):
        mine = [record for record in records if record.sample is sample]
        lines = _own_lines(mine)
        for one, other in {*_by_name(mine, cores), *_by_phone(mine, lines), *_by_place(mine)}:
            if among is not None and one.code not in among and other.code not in among:
                continue
            double = _compare(one, other, cores, lines)
            if double is not None:
                found[double.code, double.other] = double
    return sorted(found.values(), key=lambda double: (-double.score, double.code, double.other))


def open_doubles(
    session: Session, actor: Actor, kind: RecordKind, doubles: Iterable[Double], *, samples: bool
) -> list[Double]:
    """Return the pairs to be decided on by the actor.

    These are the pairs within the actor's duty that nobody has marked as distinct and of which both records still
    exist.
    """
    doubles = list(doubles)
    model = SHAPES[kind].model
    named = sorted({code for double in doubles for code in (double.code, double.other)})
    seen: set[str] = set()
    for start in range(0, len(named), _AT_ONCE):
        mine = select(model.code).where(model.code.in_(named[start : start + _AT_ONCE]), _seen_by(actor, kind))
        seen.update(session.scalars(mine if samples else mine.where(model.sample.is_(False))))
    looked_at = select(NotADouble.code, NotADouble.other).where(NotADouble.kind == kind)
    two = {tuple(pair) for pair in session.execute(looked_at)}
    return [
        double
        for double in doubles
        if double.code in seen and double.other in seen and (double.code, double.other) not in two
    ]


def doubles_among(session: Session, kind: RecordKind, codes: Collection[str]) -> list[Double]:
    """Return the possible doubles among a few records, including pairs that were marked as distinct."""
    within = SHAPES[kind].model.code.in_(codes)
    return find_doubles(lookalikes(session, kind, samples=True, within=within))


def doubles_of(session: Session, record: Lookalike, kind: RecordKind) -> list[Double]:
    """Return the possible doubles of one record, stored or only entered in a form, highest score first.

    Compares it with records of its city, and with records near its place across the city's border.
    """
    model = SHAPES[kind].model
    near: ColumnElement[bool] = literal(False)
    if record.lon is not None and record.lat is not None:
        near = model.lon.between(record.lon - 0.002, record.lon + 0.002) & model.lat.between(
            record.lat - 0.002, record.lat + 0.002
        )
    where = (model.code != record.code) & ((model.city_adcode == record.city_adcode) | near)
    others = lookalikes(session, kind, samples=record.sample, within=where)
    return find_doubles([record, *others], among={record.code})


def mark_as_two(
    session: Session, actor: Actor | None, kind: RecordKind, code: str, other: str, *, reason: str, now: datetime
) -> NotADouble:
    """Mark two records as distinct, so that the pair is not listed again.

    Raises:
        Conflict: the pair is marked already, or the two codes are the same.
        NotFound, NotAllowed: a record does not exist, or is outside the actor's duty.
        InvalidInput: the reason is too long.
    """
    first, second = sorted((code, other))
    if first == second:
        raise Conflict(N_("A record is no double of itself"))
    require(actor, EDIT[kind], hold_record(session, kind, first).area)
    actor = require(actor, EDIT[kind], hold_record(session, kind, second).area)
    if session.get(NotADouble, (kind, first, second)):
        raise Conflict(N_("Somebody has said already that these are two"))
    why = read_text("reason", reason, limit=REASON_LIMIT, required=False)
    pair = NotADouble(
        kind=kind, code=first, other=second, actor=actor.username, actor_name=actor.name, at=now, reason=why
    )
    session.add(pair)
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.MARK_AS_TWO,
        subject_kind=AuditSubject(kind.value),
        subject=first,
        other=second,
    )
    return pair


def _own_lines(records: Sequence[Lookalike]) -> dict[str, str]:
    """Return by code the telephone line of each record whose line may be its own: neither a hotline, nor a number of
    400 or 800, nor shared over the border of a county.
    """
    lines = {record.code: line for record in records if (line := line_of(record.phone))}
    counties: dict[str, set[str]] = defaultdict(set)
    for record in records:
        if record.code in lines:
            counties[lines[record.code]].add(record.county_adcode or record.city_adcode)
    return {
        code: line
        for code, line in lines.items()
        if line.startswith("+") and not line.startswith(_SHARED_NUMBERS) and not _over_borders(counties[line])
    }


def _over_borders(areas: Collection[str]) -> bool:
    """Whether these adcodes name several counties; a city's may stand for any county of it."""
    counties = {adcode for adcode in areas if not adcode.endswith("00")}
    return len(counties) > 1 or len({adcode[:4] for adcode in areas}) > 1


def _compare(one: Lookalike, other: Lookalike, cores: dict[str, str], lines: dict[str, str]) -> Double | None:
    name = likeness(cores[one.code], cores[other.code]) if _same_area(one, other) else 0.0
    metres = None
    if one.place is not None and other.place is not None:
        metres = great_circle_m(*one.place, *other.place)
    chances = {}
    if name >= ALIKE:
        chances[DoubleReason.NAME] = WEIGHTS[DoubleReason.NAME] * name
    line = lines.get(one.code)
    if line is not None and line == lines.get(other.code):
        chances[DoubleReason.PHONE] = WEIGHTS[DoubleReason.PHONE]
    if metres is not None and metres <= NEAR_M:
        chances[DoubleReason.PLACE] = WEIGHTS[DoubleReason.PLACE]
    if not chances:
        return None
    doubt = 1.0
    for chance in chances.values():
        doubt *= 1 - chance
    first, second = sorted((one.code, other.code))
    return Double(first, second, round(1 - doubt, 4), tuple(chances), metres)


def _same_area(one: Lookalike, other: Lookalike) -> bool:
    """Whether both may lie in one county: the same one, or one of them unknown within the same city."""
    if one.city_adcode != other.city_adcode:
        return False
    return one.county_adcode is None or other.county_adcode is None or one.county_adcode == other.county_adcode


Pair = tuple[Lookalike, Lookalike]


def _by_name(records: Sequence[Lookalike], cores: dict[str, str]) -> Iterator[Pair]:
    by_city: dict[str, list[Lookalike]] = defaultdict(list)
    for record in records:
        by_city[record.city_adcode].append(record)
    for of_city in by_city.values():
        by_county: dict[str, list[Lookalike]] = defaultdict(list)
        unplaced = [record for record in of_city if record.county_adcode is None]
        for record in of_city:
            if record.county_adcode is not None:
                by_county[record.county_adcode].append(record)
        for block in (*by_county.values(), []):
            yield from _alike_in([*block, *unplaced], cores)


def _alike_in(block: Sequence[Lookalike], cores: dict[str, str]) -> Iterator[Pair]:
    same: dict[str, list[Lookalike]] = defaultdict(list)
    for record in block:
        same[cores[record.code]].append(record)
    for group in same.values():
        yield from _pairs_of(group)
    holding: dict[str, set[str]] = defaultdict(set)
    for core in same:
        for start in range(len(core) - 1):
            holding[core[start : start + 2]].add(core)
    for sharing in holding.values():
        if 1 < len(sharing) <= _COMMON:
            for one, other in combinations(sorted(sharing), 2):
                if likeness(one, other) >= ALIKE:
                    yield from ((first, second) for first in same[one] for second in same[other])


def _by_phone(records: Sequence[Lookalike], lines: dict[str, str]) -> Iterator[Pair]:
    by_line: dict[str, list[Lookalike]] = defaultdict(list)
    for record in records:
        if line := lines.get(record.code):
            by_line[line].append(record)
    for group in by_line.values():
        yield from _pairs_of(group)


def _by_place(records: Sequence[Lookalike]) -> Iterator[Pair]:
    placed = [(record, record.place) for record in records if record.place is not None]
    lons, lats = [place[0] for _, place in placed], [place[1] for _, place in placed]
    pairs, _apart = pairs_within(lons, lats, NEAR_M)
    yield from ((placed[one][0], placed[other][0]) for one, other in pairs)


def _pairs_of(group: Sequence[Lookalike]) -> Iterator[Pair]:
    if len(group) <= _CROWD:
        yield from combinations(group, 2)
    else:
        yield from ((group[0], other) for other in group[1:])


def _seen_by(actor: Actor, kind: RecordKind) -> ColumnElement[bool]:
    """Return the SQL condition that a record lies where the actor may edit, review or propose."""
    actions = {EDIT[kind], Action.REVIEW_PROPOSALS, Action.PROPOSE_STATIONS}
    return in_duty(actor, SHAPES[kind].model.area_columns(), actions)
