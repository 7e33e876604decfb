"""How a target has come along: month by month against the straight line, and by city, level and kind."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy.orm import Session

from stations.coverage.county_coverage import covered_on_each
from stations.places.counties import City, list_cities, list_counties
from stations.registry.centre import Centre
from stations.targets.counting_rule import Bucket, CountingRule, Subject
from stations.targets.pilot import Pilot
from stations.targets.target import Target, TargetRecord, TargetStanding, record_code, records_in_scope, standing_of


@dataclass(frozen=True)
class BurnUpPoint:
    """Where a target stood on ``day``. ``undated`` may count too, no source says for sure;
    ``straight``: where it would stand had it gone evenly from none to all over the period; None for a
    part, of which the target requires no number."""

    day: date
    counted: int
    samples: int
    undated: int
    straight: float | None


class Dimension(StrEnum):
    """By what a figure is taken apart."""

    CITY = "city"
    LEVEL = "level"
    KIND = "kind"


WHOLE: Mapping[Dimension, str] = MappingProxyType({})
"""No part, but all of it."""


@dataclass(frozen=True)
class Part:
    """One part of a standing: its city, level or kind, and how many records each bucket holds."""

    key: City | StrEnum
    counts: dict[Bucket, int]
    samples: dict[Bucket, int]

    @property
    def total(self) -> int:
        """All its records, whatever their bucket."""
        return sum(self.counts.values())


def straight_line(target: Target, day: date) -> float:
    """How many there would be on ``day`` at an even pace: none before the first day of the period,
    all at the end of its last."""
    elapsed = (day - target.period_start).days + 1
    whole = (target.period_end - target.period_start).days + 1
    return target.required * min(1.0, max(0.0, elapsed / whole))


def months_until(start: date, until: date) -> list[date]:
    """The last day of every month from ``start``'s on, and ``until`` itself as the last; none where
    it lies before ``start``."""
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
    """The target month by month from the day before its period to ``as_of``.

    One rule counts every month, so that the line means one thing: ``rule``, else the one in force
    on ``as_of``. Each point tells what was known by that day. ``part``: only of that city, level or kind.
    ``scope``: as ``standing_on`` takes it.
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
    """By what the rule's records can be taken apart."""
    return {
        Subject.CENTRE: (Dimension.CITY, Dimension.LEVEL, Dimension.KIND),
        Subject.PILOT: (Dimension.CITY, Dimension.KIND),
        Subject.COUNTY: (Dimension.CITY,),
    }[rule.subject]


def part_of(record: TargetRecord, by: Dimension) -> str:
    """Which part a record belongs to: its city's adcode, its level or its kind."""
    if by is Dimension.CITY:
        return record.city_adcode
    return str(getattr(record, by.value).value)


def in_part(record: TargetRecord, part: Mapping[Dimension, str]) -> bool:
    """Whether a record is of that city, level and kind, where they are named."""
    return all(part_of(record, by) == value for by, value in part.items())


def take_apart(session: Session, standing: TargetStanding, by: Dimension) -> list[Part]:
    """The standing by city, level or kind: every record in exactly one part; empty parts are kept."""
    keys: Sequence[City | StrEnum]
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
