"""Progress of a target: month by month against a straight line, and by city, level and kind."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy.orm import Session

from stations.coverage.county_coverage import covered_on_each
from stations.language import LabelledEnum
from stations.places.counties import City, list_cities, list_counties
from stations.registry.centre import Centre
from stations.targets.counting_rule import Bucket, CountingRule, Subject
from stations.targets.pilot import Pilot
from stations.targets.target import Target, TargetRecord, TargetStanding, record_code, records_in_scope, standing_of


@dataclass(frozen=True)
class BurnUpPoint:
    """The count of a target on ``day``.

    ``undated``: records that may count too, but no source makes it certain. ``straight``: the count at an even pace
    over the period; None for a part, which has no required number.
    """

    day: date
    counted: int
    samples: int
    undated: int
    straight: float | None


class Dimension(StrEnum):
    """The dimension by which a figure is split."""

    CITY = "city"
    LEVEL = "level"
    KIND = "kind"


WHOLE: Mapping[Dimension, str] = MappingProxyType({})
"""No restriction: all records."""


@dataclass(frozen=True)
class Part:
    """A part of a standing: a city, level or kind, with the number of records in each bucket."""

    key: City | LabelledEnum
    counts: dict[Bucket, int]
    samples: dict[Bucket, int]

    @property
    def total(self) -> int:
        """The number of its records in all buckets."""
        return sum(self.counts.values())


def straight_line(target: Target, day: date) -> float:
    """Return the count on ``day`` at an even pace: 0 before the first day of the period, all at the end of the last."""
    elapsed = (day - target.period_start).days + 1
    whole = (target.period_end - target.period_start).days + 1
    return target.required * min(1.0, max(0.0, elapsed / whole))


def months_until(start: date, until: date) -> list[date]:
    """Return the last day of every month from that of ``start`` on, and ``until`` as the last; empty if ``until`` is
    before ``start``.
    """
    days, year, month = [], start.year, start.month
    while (last := date(year, month, calendar.monthrange(year, month)[1])) < until:
        days.append(last)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return [*days, until] if until >= start else []


def burn_up(
    session: Session,
    target: Target,
    as_of: date,
    *,
    samples: bool,
    rule: CountingRule | None = None,
    part: Mapping[Dimension, str] = WHOLE,
    scope: Sequence[Centre | Pilot] | None = None,
) -> list[BurnUpPoint]:
    """Return the count of a target month by month, from the day before its period to ``as_of``.

    One rule counts every month, so that the line has one meaning: ``rule``, else the one in force on ``as_of``.
    Each point uses what was known by that day. ``part``: only that city, level or kind. ``scope``: as in
    ``standing_on``.
    """
    rule = rule or target.rule_on(as_of)
    days = [target.period_start - timedelta(days=1), *months_until(target.period_start, as_of)]
    if len(days) == 1:
        return []
    if rule.subject is Subject.COUNTY:
        inside = {county.adcode for county in list_counties(session) if in_part(county, part)}
        tallies = []
        for covered in covered_on_each(session, days, samples=samples):
            by_samples_only = [only for adcode, only in covered.items() if adcode in inside]
            tallies.append((len(by_samples_only), sum(by_samples_only), 0))
    else:
        if scope is None:
            scope = records_in_scope(session, rule, samples=samples)
        inner = [record for record in scope if in_part(record, part)]
        standings = [standing_of(inner, target, day, rule=rule, samples=samples) for day in days]
        tallies = [
            (standing.counted, standing.sample_count(Bucket.COUNTED), standing.count(Bucket.UNDATED))
            for standing in standings
        ]
    return [
        BurnUpPoint(day, counted, invented, undated, None if part else straight_line(target, day))
        for day, (counted, invented, undated) in zip(days, tallies, strict=True)
    ]


def dimensions_of(rule: CountingRule) -> tuple[Dimension, ...]:
    """Return the dimensions by which the rule's records can be split."""
    return {
        Subject.CENTRE: (Dimension.CITY, Dimension.LEVEL, Dimension.KIND),
        Subject.PILOT: (Dimension.CITY, Dimension.KIND),
        Subject.COUNTY: (Dimension.CITY,),
    }[rule.subject]


def part_of(record: TargetRecord, by: Dimension) -> str:
    """Return the part of a record: its city's adcode, its level or its kind."""
    if by is Dimension.CITY:
        return record.city_adcode
    return str(getattr(record, by.value).value)


def in_part(record: TargetRecord, part: Mapping[Dimension, str]) -> bool:
    """Whether a record matches every city, level and kind that ``part`` names."""
    return all(part_of(record, by) == value for by, value in part.items())


def take_apart(session: Session, standing: TargetStanding, by: Dimension) -> list[Part]:
    """Split a standing by city, level or kind. Every record is in exactly one part; empty parts are included."""
    keys: Sequence[City | LabelledEnum]
    if by is Dimension.CITY:
        keys = list_cities(session)
    else:
        keys = standing.rule.levels if by is Dimension.LEVEL else standing.rule.kinds
    parts = {
        key.adcode if isinstance(key, City) else key.value: Part(
            key, dict.fromkeys(Bucket, 0), dict.fromkeys(Bucket, 0)
        )
        for key in keys
    }
    for bucket, records in standing.records.items():
        for record in records:
            part = parts[part_of(record, by)]
            part.counts[bucket] += 1
            part.samples[bucket] += record_code(record) in standing.sample_codes
    return list(parts.values())
