"""The policy's targets and where each stands on a date, counted by the target's own rule.

A rule is data (``Target.rule``), one of two shapes:

- ``{"subject": "centre" | "pilot", "levels": […], "kinds": […], "stage": "accepted", "within": "period"}``:
  a record of those levels (centres only) and kinds counts when it reached the stage within the
  target's period (``"within": "any"``: at whatever time);
- ``{"subject": "county"}``: a county counts while ``stations.coverage`` calls it covered.

A stage is held as exactly as its source dates it. A record counts only where every day that the
date can mean lies in the period; one whose date leaves that open is neither counted nor dropped but
set apart as undated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.centres import Centre, CentreStage, Stage, list_centres
from stations.counties import County
from stations.coverage import coverage_on
from stations.database import Base
from stations.dated_stage import holding, span
from stations.errors import NotFound
from stations.language import N_
from stations.pilots import Pilot, PilotStage, list_pilots
from stations.registry import Station, Status, status_on


class Target(Base):
    """One promise: what, how many, by when, in which words. ``at_least``: more is welcome (以上)."""

    __tablename__ = "target"
    __table_args__ = (CheckConstraint("period_start <= period_end", name="period"),)

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
    rule: Mapped[dict[str, Any]]


class Bucket(StrEnum):
    """Where a record stands toward a target. Every record in the rule's scope is in exactly one."""

    COUNTED = "counted"
    PIPELINE = "pipeline"
    PLANNED = "planned"
    UNDATED = "undated"
    BEFORE = "before"
    AFTER = "after"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class TargetStanding:
    """Where a target stands on ``as_of``.

    ``records``: for each bucket the centres, pilots or counties in it. ``sample_codes``: the codes
    of invented ones among them (for counties: those that samples alone cover).
    """

    target: Target
    as_of: date
    samples: bool
    records: dict[Bucket, list[Centre | Pilot | County]] = field(repr=False)
    sample_codes: frozenset[str] = field(repr=False)

    def count(self, bucket: Bucket) -> int:
        """How many records are in the bucket."""
        return len(self.records.get(bucket, ()))

    def sample_count(self, bucket: Bucket) -> int:
        """How many of them are invented."""
        return sum(record_code(record) in self.sample_codes for record in self.records.get(bucket, ()))

    @property
    def counted(self) -> int:
        """How many count toward the target."""
        return self.count(Bucket.COUNTED)

    @property
    def pipeline(self) -> int:
        """How many are approved or under construction."""
        return self.count(Bucket.PIPELINE)

    @property
    def missing(self) -> int:
        """How many are still wanting; never below zero."""
        return max(0, self.target.required - self.counted)

    @property
    def in_scope(self) -> int:
        """How many records the register holds that the rule is about."""
        return sum(len(records) for records in self.records.values())


def record_code(record: Centre | Pilot | County) -> str:
    """The public code of a record that a target counts."""
    return record.adcode if isinstance(record, County) else record.code


def list_targets(session: Session) -> list[Target]:
    """Every target in the policy's order."""
    return list(session.scalars(select(Target).order_by(Target.position)))


def get_target(session: Session, code: str) -> Target:
    """The target of that code.

    Raises:
        NotFound: there is none.
    """
    target = session.get(Target, code)
    if target is None:
        raise NotFound(N_("There is no target {code}"), code=code)
    return target


def standing_on(session: Session, target: Target, as_of: date, *, samples: bool) -> TargetStanding:
    """Where a target stands on ``as_of``; sample records are taken in only where ``samples``."""
    if target.rule["subject"] == "county":
        return _county_standing(session, target, as_of, samples)
    records: dict[Bucket, list[Centre | Pilot | County]] = {}
    sample_codes = set()
    for record in _in_scope(session, target.rule, samples):
        records.setdefault(bucket_of(record.history, target, as_of), []).append(record)
        if record.sample:
            sample_codes.add(record.code)
    return TargetStanding(target, as_of, samples, records, frozenset(sample_codes))


def _in_scope(session: Session, rule: dict[str, Any], samples: bool) -> Iterable[Centre | Pilot]:
    if rule["subject"] == "centre":
        return [
            centre
            for centre in list_centres(session, samples=samples)
            if centre.level in rule["levels"] and centre.kind in rule["kinds"]
        ]
    return [pilot for pilot in list_pilots(session, samples=samples) if pilot.kind in rule["kinds"]]


def bucket_of(history: Sequence[CentreStage | PilotStage], target: Target, as_of: date) -> Bucket:
    """Which bucket a history of stages falls in on ``as_of``, by the target's rule and period."""
    known = holding(history, as_of)
    if not known:
        return Bucket.UNKNOWN
    stages = {entry.stage for entry in known}
    if Stage.WITHDRAWN in stages:
        return Bucket.WITHDRAWN
    reached = next((entry for entry in known if entry.stage == target.rule["stage"]), None)
    if reached is not None:
        if target.rule["within"] == "any":
            return Bucket.COUNTED
        order = list(Stage)
        before = [entry for entry in known if order.index(entry.stage) < order.index(reached.stage)]
        return _bucket_in_period(*span(reached, before), target.period_start, target.period_end)
    if stages & {Stage.APPROVED, Stage.UNDER_CONSTRUCTION, Stage.ACCEPTED}:
        return Bucket.PIPELINE
    return Bucket.PLANNED


def _bucket_in_period(earliest: date | None, latest: date | None, start: date, end: date) -> Bucket:
    if latest is not None and latest < start:
        return Bucket.BEFORE
    if earliest is not None and earliest > end:
        return Bucket.AFTER
    if earliest is not None and latest is not None and start <= earliest and latest <= end:
        return Bucket.COUNTED
    return Bucket.UNDATED


def _county_standing(session: Session, target: Target, as_of: date, samples: bool) -> TargetStanding:
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
    records: dict[Bucket, list[Centre | Pilot | County]] = {}
    for row in coverage.counties:
        bucket = (
            Bucket.COUNTED if row.covered else Bucket.PIPELINE if row.county.adcode in with_plan else Bucket.UNKNOWN
        )
        records.setdefault(bucket, []).append(row.county)
    invented = {row.county.adcode for row in coverage.counties if row.covered and row.stations == row.sample_stations}
    return TargetStanding(target, as_of, samples, records, frozenset(invented))
