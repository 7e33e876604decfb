"""Rules by which a record counts toward a target, and the bucket of a record by its dated history.

A rule is data, stored as JSON in one of two forms:

- ``{"subject": "centre" | "pilot", "levels": […], "kinds": […], "stage": "accepted", "within": "period"}``: a
  record of those levels (centres only) and kinds counts if it reached the stage within the target's period
  (``"within": "any"``: at any time);
- ``{"subject": "county"}``: a county counts while it is covered by the rule of
  ``stations.coverage.county_coverage``.

A stage is stored with the precision of its source's date. A record counts only if every day that the date can mean
is in the period. If the date leaves this open, the record is listed separately as undated. A record that has
reached a later stage has also reached the earlier ones, no later than that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from stations.errors import InvalidInput
from stations.language import N_, LabelledEnum, ListedAsWritten
from stations.registry.centre import CentreKind, CentreLevel, CentreStage, Stage
from stations.registry.dated_stage import holding, known_from
from stations.targets.pilot import PilotKind, PilotStage


class Subject(LabelledEnum):
    """The kind of record that a target counts."""

    CENTRE = "centre", N_("Centres")
    PILOT = "pilot", N_("Pilots")
    COUNTY = "county", N_("Counties covered")


class Within(StrEnum):
    """When the stage must be reached."""

    PERIOD = "period"
    ANY = "any"


class Measure(LabelledEnum):
    """The rules that are compared for every target of centres or pilots."""

    ACCEPTED_IN_PERIOD = "accepted_in_period", N_("Accepted in the period")
    APPROVED_IN_PERIOD = "approved_in_period", N_("Approved in the period")
    ACCEPTED_AT_ANY_TIME = "in_being", N_("In being")


MEASURES: dict[Measure, tuple[Stage, Within]] = {
    Measure.ACCEPTED_IN_PERIOD: (Stage.ACCEPTED, Within.PERIOD),
    Measure.APPROVED_IN_PERIOD: (Stage.APPROVED, Within.PERIOD),
    Measure.ACCEPTED_AT_ANY_TIME: (Stage.ACCEPTED, Within.ANY),
}

KINDS_OF: dict[Subject, type[StrEnum]] = {Subject.CENTRE: CentreKind, Subject.PILOT: PilotKind}

Period = tuple[date, date]
"""The first and last day of a target's period."""

_ORDER = {stage: position for position, stage in enumerate(Stage)}


class Bucket(LabelledEnum):
    """The position of a record relative to a target. Every record in the rule's scope is in exactly one."""

    COUNTED = "counted", N_("Counted")
    PIPELINE = "pipeline", N_("In the pipeline")
    PLANNED = "planned", N_("Only planned")
    UNDATED = "undated", N_("Reached, date not known well enough")
    BEFORE = "before", N_("Reached before the period")
    AFTER = "after", N_("Reached after the period")
    WITHDRAWN = "withdrawn", N_("Withdrawn")
    UNKNOWN = "unknown", N_("Stage not known by that date")


@dataclass(frozen=True)
class CountingRule:
    """A counting rule. ``levels``: for centres. ``kinds``, ``stage``, ``within``: for centres and pilots."""

    subject: Subject
    levels: tuple[CentreLevel, ...] = ()
    kinds: tuple[LabelledEnum, ...] = ()
    stage: Stage = Stage.ACCEPTED
    within: Within = Within.PERIOD

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> CountingRule:
        """Parse the JSON form.

        Raises:
            InvalidInput: a value is unknown or a list is empty; ``field`` names it.
        """
        subject = _member("subject", Subject, data.get("subject"))
        if subject is Subject.COUNTY:
            return cls(subject)
        levels = _members("levels", CentreLevel, data.get("levels")) if subject is Subject.CENTRE else ()
        stage = _member("stage", Stage, data.get("stage"))
        if stage is Stage.WITHDRAWN:
            raise InvalidInput("stage", N_("A withdrawn record counts toward nothing; choose another stage"))
        return cls(
            subject,
            levels,
            _members("kinds", KINDS_OF[subject], data.get("kinds")),
            stage,
            _member("within", Within, data.get("within")),
        )

    def as_data(self) -> dict[str, Any]:
        """Return the JSON form."""
        if self.subject is Subject.COUNTY:
            return {"subject": self.subject.value}
        levels = {"levels": [level.value for level in self.levels]} if self.subject is Subject.CENTRE else {}
        return {
            "subject": self.subject.value,
            **levels,
            "kinds": [kind.value for kind in self.kinds],
            "stage": self.stage.value,
            "within": self.within.value,
        }

    def measured_by(self, measure: Measure) -> CountingRule:
        """Return the rule with another measure and the same levels and kinds; for counties the rule itself."""
        stage, within = MEASURES[measure]
        return self if self.subject is Subject.COUNTY else replace(self, stage=stage, within=within)

    @property
    def measure(self) -> Measure | None:
        """The compared measure that this rule uses, or None."""
        if self.subject is Subject.COUNTY:
            return None
        return next((measure for measure, parts in MEASURES.items() if parts == (self.stage, self.within)), None)


def _member(field: str, kind: type[StrEnum], value: Any) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise InvalidInput(
            field, N_("“{value}” is not known; use one of: {known}"), value=value or "", known=ListedAsWritten(kind)
        ) from None


def _members(field: str, kind: type[StrEnum], values: Any) -> tuple[Any, ...]:
    chosen = {_member(field, kind, value) for value in values or ()}
    if not chosen:
        raise InvalidInput(field, N_("Choose at least one of: {known}"), known=ListedAsWritten(kind))
    return tuple(member for member in kind if member in chosen)


def bucket_of(
    history: Iterable[CentreStage | PilotStage], rule: CountingRule, period: tuple[date, date], as_of: date
) -> Bucket:
    """Return the bucket of a record by its history of stages on ``as_of``. ``period``: first and last day."""
    known = holding(history, as_of)
    if not known:
        return Bucket.UNKNOWN
    stages = {entry.stage for entry in known}
    if Stage.WITHDRAWN in stages:
        return Bucket.WITHDRAWN
    if any(_ORDER[stage] >= _ORDER[rule.stage] for stage in stages):
        if rule.within is Within.ANY:
            return Bucket.COUNTED
        return _bucket_in_period(*reached_between(known, rule.stage), *period)
    if stages & {Stage.APPROVED, Stage.UNDER_CONSTRUCTION}:
        return Bucket.PIPELINE
    return Bucket.PLANNED


def reached_between(known: Sequence[CentreStage | PilotStage], stage: Stage) -> tuple[date | None, date | None]:
    """Return the first and last day on which a stage can have been reached; None where there is no bound.

    The stage's own date bounds both. Without one, it was reached after every dated earlier stage, and no later than
    the first source that reports it or a later stage.
    """
    own = [entry.dated.earliest for entry in known if entry.stage is stage and entry.dated]
    before = [entry.dated.earliest for entry in known if _ORDER[entry.stage] < _ORDER[stage] and entry.dated]
    beyond = [
        known_from(entry.dated, entry.as_of)
        for entry in known
        if _ORDER[stage] <= _ORDER[entry.stage] < _ORDER[Stage.WITHDRAWN]
    ]
    earliest = min(own) if own else max(before, default=None)
    return earliest, min((day for day in beyond if day), default=None)


def _bucket_in_period(earliest: date | None, latest: date | None, start: date, end: date) -> Bucket:
    if earliest and latest and earliest > latest:
        return Bucket.UNDATED  # the sources contradict each other
    if latest is not None and latest < start:
        return Bucket.BEFORE
    if earliest is not None and earliest > end:
        return Bucket.AFTER
    if earliest is not None and latest is not None and start <= earliest and latest <= end:
        return Bucket.COUNTED
    return Bucket.UNDATED
