"""By which rule a record counts toward a target, and where its dated history puts it.

A rule is data, kept as JSON of one of two shapes:

- ``{"subject": "centre" | "pilot", "levels": […], "kinds": […], "stage": "accepted", "within": "period"}``:
  a record of those levels (centres only) and kinds counts when it reached the stage within the
  target's period (``"within": "any"``: at whatever time);
- ``{"subject": "county"}``: a county counts while ``stations.coverage.county_coverage`` calls it covered.

A stage is held as exactly as its source dates it. A record counts only where every day that the
date can mean lies in the period; one whose date leaves that open is neither counted nor dropped but
set apart as undated. Who has reached a later stage has reached the earlier ones, no later than that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from stations.errors import InvalidInput
from stations.language import N_, LabelledEnum
from stations.registry.centre import CentreKind, CentreLevel, CentreStage, Stage
from stations.registry.dated_stage import holding, known_from
from stations.targets.pilot import PilotKind, PilotStage


class Subject(LabelledEnum):
    """What a target counts."""

    CENTRE = "centre", N_("Centres")
    PILOT = "pilot", N_("Pilots")
    COUNTY = "county", N_("Counties covered")


class Within(StrEnum):
    """When the stage has to be reached."""

    PERIOD = "period"
    ANY = "any"


class Measure(LabelledEnum):
    """The rules that are compared for every target of centres or pilots."""

    ACCEPTED_IN_PERIOD = "accepted_in_period", N_("Accepted in the period")
    APPROVED_IN_PERIOD = "approved_in_period", N_("Approved in the period")
    IN_BEING = "in_being", N_("In being")


MEASURES: dict[Measure, tuple[Stage, Within]] = {
    Measure.ACCEPTED_IN_PERIOD: (Stage.ACCEPTED, Within.PERIOD),
    Measure.APPROVED_IN_PERIOD: (Stage.APPROVED, Within.PERIOD),
    Measure.IN_BEING: (Stage.ACCEPTED, Within.ANY),
}

KINDS_OF: dict[Subject, type[StrEnum]] = {Subject.CENTRE: CentreKind, Subject.PILOT: PilotKind}

_ORDER = {stage: position for position, stage in enumerate(Stage)}


class Bucket(LabelledEnum):
    """Where a record stands toward a target. Every record in the rule's scope is in exactly one."""

    COUNTED = "counted", N_("Counted")
    PIPELINE = "pipeline", N_("In the pipeline")
    PLANNED = "planned", N_("Only planned")
    UNDATED = "undated", N_("Reached, date not known well enough")
    BEFORE = "before", N_("Reached before the period")
    AFTER = "after", N_("Reached after the period")
    WITHDRAWN = "withdrawn", N_("Withdrawn")
    UNKNOWN = "unknown", N_("Nothing known by that date")


@dataclass(frozen=True)
class CountingRule:
    """A rule. ``levels``: for centres; ``kinds``, ``stage``, ``within``: for centres and pilots."""

    subject: Subject
    levels: tuple[CentreLevel, ...] = ()
    kinds: tuple[LabelledEnum, ...] = ()
    stage: Stage = Stage.ACCEPTED
    within: Within = Within.PERIOD

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> CountingRule:
        """Read the JSON shape.

        Raises:
            InvalidInput: a word is not known, or a list is empty; the field is named.
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
        """The JSON shape."""
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
        """The same levels and kinds, counted by another measure; for counties the rule itself."""
        stage, within = MEASURES[measure]
        return self if self.subject is Subject.COUNTY else replace(self, stage=stage, within=within)

    @property
    def measure(self) -> Measure | None:
        """Which of the compared measures it is, if any."""
        if self.subject is Subject.COUNTY:
            return None
        return next((measure for measure, parts in MEASURES.items() if parts == (self.stage, self.within)), None)


def _member(field: str, kind: type[StrEnum], value: Any) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise InvalidInput(
            field, N_("“{value}” is not known; use one of: {known}"), value=value or "", known=", ".join(kind)
        ) from None


def _members(field: str, kind: type[StrEnum], values: Any) -> tuple[Any, ...]:
    chosen = {_member(field, kind, value) for value in values or ()}
    if not chosen:
        raise InvalidInput(field, N_("Choose at least one of: {known}"), known=", ".join(kind))
    return tuple(member for member in kind if member in chosen)


def bucket_of(
    history: Iterable[CentreStage | PilotStage], rule: CountingRule, period: tuple[date, date], as_of: date
) -> Bucket:
    """Which bucket a history of stages falls in on ``as_of``; ``period``: first and last day."""
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
    """The first and last day on which a stage can have been reached, by all that is known of it.

    The stage's own date bounds both; without one it was reached after every dated stage before it,
    and no later than the first source that reports it or a stage beyond it. None: no bound known.
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
