"""The policy's targets and their standing on a date, counted by the rule then in force.

The province may change a target's rule (``stations.targets.keeping``). Every rule is stored with the day it came
into force, so figures for an earlier date do not change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Integer, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from stations.coverage.county_coverage import coverage_on
from stations.database import Base, Versioned
from stations.errors import NotFound
from stations.language import N_
from stations.personal_data import PersonalData
from stations.places.counties import County
from stations.registry.centre import Centre, list_centres
from stations.registry.station import Station, Status, status_on
from stations.targets.counting_rule import Bucket, CountingRule, Measure, Period, Subject, bucket_of
from stations.targets.pilot import Pilot, list_pilots

TargetRecord = Centre | Pilot | County


class Target(Base, Versioned):
    """A target: what, how many, by when, in the policy's words. ``at_least``: more is welcome (以上)."""

    __tablename__ = "target"
    in_caches = True
    personal_data = None
    __table_args__ = (
        CheckConstraint("period_start <= period_end", name="period"),
        CheckConstraint("required > 0", name="required"),
    )

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(200))
    required: Mapped[int] = mapped_column(Integer)
    at_least: Mapped[bool] = mapped_column(Boolean)
    period_start: Mapped[date]
    period_end: Mapped[date]
    clause: Mapped[str] = mapped_column(String(20))
    quote: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)

    rules: Mapped[list[TargetRule]] = relationship(
        back_populates="target", cascade="all, delete-orphan", order_by="TargetRule.position", lazy="selectin"
    )

    @property
    def period(self) -> Period:
        """The first and last day."""
        return self.period_start, self.period_end

    def rule_on(self, day: date) -> CountingRule:
        """Return the rule in force on that day; before the first change, the original rule."""
        begun = [entry for entry in self.rules if entry.in_force_from is None or entry.in_force_from <= day]
        return CountingRule.of_data(begun[-1].rule)


class TargetRule(Base):
    """A present or former rule of a target. ``in_force_from``: None for the original rule."""

    __tablename__ = "target_rule"
    in_caches = True
    personal_data = PersonalData(columns=("recorded_by",), written=("reason",))
    __table_args__ = (UniqueConstraint("target_code", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    target_code: Mapped[str] = mapped_column(ForeignKey("target.code", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    in_force_from: Mapped[date | None] = mapped_column(Date)
    rule: Mapped[dict[str, Any]]
    reason: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime]

    target: Mapped[Target] = relationship(back_populates="rules")


@dataclass(frozen=True)
class TargetStanding:
    """The standing of a target on ``as_of``, counted by ``rule``.

    ``records``: for each bucket its centres, pilots or counties. ``sample_codes``: the codes of the samples among
    them (for counties: those that only samples cover).
    """

    target: Target
    rule: CountingRule
    as_of: date
    samples: bool
    records: dict[Bucket, list[TargetRecord]] = field(repr=False)
    sample_codes: frozenset[str] = field(repr=False)

    def count(self, bucket: Bucket) -> int:
        """Return the number of records in the bucket."""
        return len(self.records.get(bucket, ()))

    def sample_count(self, bucket: Bucket) -> int:
        """Return the number of sample records in the bucket."""
        return sum(record_code(record) in self.sample_codes for record in self.records.get(bucket, ()))

    @property
    def counted(self) -> int:
        """The number of records that count toward the target."""
        return self.count(Bucket.COUNTED)

    @property
    def pipeline(self) -> int:
        """The number of records approved or under construction."""
        return self.count(Bucket.PIPELINE)

    @property
    def missing(self) -> int:
        """The number of records still missing, never below 0."""
        return max(0, self.target.required - self.counted)

    @property
    def in_scope(self) -> int:
        """The number of records that the rule applies to."""
        return sum(len(records) for records in self.records.values())

    def narrowed(self, keep: Callable[[TargetRecord], bool]) -> TargetStanding:
        """Return the standing with only the records for which ``keep`` returns True."""
        kept = {bucket: [one for one in records if keep(one)] for bucket, records in self.records.items()}
        return TargetStanding(self.target, self.rule, self.as_of, self.samples, kept, self.sample_codes)


def record_code(record: TargetRecord) -> str:
    """Return the public code of a record that a target counts."""
    return record.adcode if isinstance(record, County) else record.code


def list_targets(session: Session) -> list[Target]:
    """Return every target, the latest period first, within a period in the policy's order."""
    statement = select(Target).options(selectinload(Target.rules))
    return list(session.scalars(statement.order_by(Target.period_end.desc(), Target.position, Target.code)))


def find_target(session: Session, code: str) -> Target | None:
    """Return the target with this code, or None if the province has none."""
    return session.get(Target, code)


def get_target(session: Session, code: str) -> Target:
    """Return the target with this code.

    Raises:
        NotFound: there is none.
    """
    target = find_target(session, code)
    if target is None:
        raise NotFound(N_("There is no target {code}"), code=code)
    return target


def standing_on(
    session: Session,
    target: Target,
    as_of: date,
    *,
    samples: bool,
    rule: CountingRule | None = None,
    scope: Sequence[Centre | Pilot] | None = None,
) -> TargetStanding:
    """Return the standing of a target on ``as_of``, by ``rule`` or else the rule in force that day.

    Sample records count only with ``samples``. ``scope``: the result of ``records_in_scope`` for the rule, if
    already read.
    """
    rule = rule or target.rule_on(as_of)
    if rule.subject is Subject.COUNTY:
        return _county_standing(session, target, rule, as_of, samples)
    if scope is None:
        scope = records_in_scope(session, rule, samples=samples)
    return standing_of(scope, target, as_of, rule=rule, samples=samples)


def standings_on(session: Session, target: Target, days: Sequence[date], *, samples: bool) -> list[TargetStanding]:
    """Return the standing of a target on each of several days. Records are read once for each rule."""
    scopes: dict[str, list[Centre | Pilot]] = {}
    found = []
    for day in days:
        rule = target.rule_on(day)
        if rule.subject is Subject.COUNTY:
            found.append(_county_standing(session, target, rule, day, samples))
            continue
        key = repr(rule)
        if key not in scopes:
            scopes[key] = records_in_scope(session, rule, samples=samples)
        found.append(standing_of(scopes[key], target, day, rule=rule, samples=samples))
    return found


def compare(standing: TargetStanding) -> dict[Measure, TargetStanding]:
    """Return the same records on the same day by each of the compared rules; empty for counties."""
    if standing.rule.subject is Subject.COUNTY:
        return {}
    # The compared rules apply to the same records; only their buckets differ.
    scope = [one for records in standing.records.values() for one in records if not isinstance(one, County)]
    return {
        measure: standing_of(
            scope,
            standing.target,
            standing.as_of,
            rule=standing.rule.measured_by(measure),
            samples=standing.samples,
        )
        for measure in Measure
    }


def standing_of(
    scope: Iterable[Centre | Pilot], target: Target, as_of: date, *, rule: CountingRule, samples: bool
) -> TargetStanding:
    """Return the standing of given records, which must all be in the rule's scope."""
    records: dict[Bucket, list[TargetRecord]] = {}
    sample_codes = set()
    for record in scope:
        records.setdefault(bucket_of(record.history, rule, target.period, as_of), []).append(record)
        if record.sample:
            sample_codes.add(record.code)
    return TargetStanding(target, rule, as_of, samples, records, frozenset(sample_codes))


def records_in_scope(session: Session, rule: CountingRule, *, samples: bool) -> list[Centre | Pilot]:
    """Return the centres or pilots that a rule applies to, with their histories; empty for counties."""
    if rule.subject is Subject.CENTRE:
        return [
            centre
            for centre in list_centres(session, samples=samples)
            if centre.level in rule.levels and centre.kind in rule.kinds
        ]
    if rule.subject is Subject.PILOT:
        return [pilot for pilot in list_pilots(session, samples=samples) if pilot.kind in rule.kinds]
    return []


def _county_standing(
    session: Session, target: Target, rule: CountingRule, as_of: date, samples: bool
) -> TargetStanding:
    coverage = coverage_on(session, as_of, samples=samples)
    status = status_on(as_of).subquery()
    planned = (
        select(Station.county_adcode)
        .distinct()
        .join(status, status.c.station_id == Station.id)
        .where(status.c.status == Status.PLANNED)
    )
    if not samples:
        planned = planned.where(Station.sample.is_(False))
    with_plan = set(session.scalars(planned))
    records: dict[Bucket, list[TargetRecord]] = {}
    for row in coverage.counties:
        bucket = (
            Bucket.COUNTED if row.covered else Bucket.PIPELINE if row.county.adcode in with_plan else Bucket.UNKNOWN
        )
        records.setdefault(bucket, []).append(row.county)
    invented = {row.county.adcode for row in coverage.counties if row.covered and row.stations == row.sample_stations}
    return TargetStanding(target, rule, as_of, samples, records, frozenset(invented))
