"""The policy's targets: the progress of each, and one of them in full."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.columns import Column, Columns, as_plain
from stations.answers.presentation import Presentation, sample_note
from stations.language import N_, Bilingual, Language
from stations.places.counties import City
from stations.province import province_name
from stations.targets.counting_rule import Bucket, Measure
from stations.targets.forecast import ASSUMPTION, OUTCOME_TEXT, Forecast, Range, forecast
from stations.targets.progress import (
    BurnUpPoint,
    Dimension,
    Part,
    burn_up,
    dimensions_of,
    straight_line,
    take_apart,
)
from stations.targets.rule_text import rule_text
from stations.targets.target import Target, TargetStanding, compare, get_target, list_targets, record_code, standing_on

APART = (Bucket.UNDATED, Bucket.BEFORE, Bucket.AFTER, Bucket.PLANNED, Bucket.WITHDRAWN)


@dataclass(frozen=True)
class TargetStandings:
    """A target on a date, counted by the rule in force and by each alternative rule."""

    standing: TargetStanding
    by_measure: Mapping[Measure, TargetStanding]


def targets_on(session: Session, as_of: date, *, samples: bool) -> list[TargetStandings]:
    """Return the progress of every target on ``as_of``."""
    return [
        TargetStandings(standing, compare(standing))
        for target in list_targets(session)
        for standing in [standing_on(session, target, as_of, samples=samples)]
    ]


@dataclass(frozen=True)
class TargetReport:
    """One target on a date: its progress, its course by month, its parts, and the forecast."""

    standings: TargetStandings
    points: tuple[BurnUpPoint, ...]
    parts: Mapping[Dimension, tuple[Part, ...]]
    cities: tuple[Part, ...]
    forecast: Forecast

    @property
    def target(self) -> Target:
        """The target itself."""
        return self.standings.standing.target


def target_report(session: Session, code: str, as_of: date, *, samples: bool) -> TargetReport:
    """Return one target in full on ``as_of``.

    Raises:
        NotFound: there is none with this code.
    """
    target = get_target(session, code)
    standing = standing_on(session, target, as_of, samples=samples)
    return TargetReport(
        standings=TargetStandings(standing, compare(standing)),
        points=tuple(burn_up(session, target, as_of, samples=samples)),
        parts={by: tuple(take_apart(session, standing, by)) for by in dimensions_of(standing.rule)},
        cities=tuple(take_apart(session, standing, Dimension.CITY)),
        forecast=forecast(session, target, as_of, samples=samples),
    )


def _label(bucket: Bucket) -> str:
    return N_("Undated") if bucket is Bucket.UNDATED else bucket.label


def _count(bucket: Bucket) -> Column[TargetStandings]:
    return Column(bucket.value, lambda one: one.standing.count(bucket), _label(bucket))


TARGETS: Columns[TargetStandings] = Columns(
    Column("code", lambda one: one.standing.target.code, N_("Record code")),
    Column(
        "named",
        lambda one: Bilingual(one.standing.target.name_zh, one.standing.target.name_en),
        N_("Target"),
        in_data=False,
    ),
    Column("name_zh", lambda one: one.standing.target.name_zh),
    Column("name_en", lambda one: one.standing.target.name_en),
    Column("on", lambda one: one.standing.as_of, N_("On"), in_data=False),
    Column("required", lambda one: one.standing.target.required, N_("Required")),
    Column("at_least", lambda one: one.standing.target.at_least),
    Column("counted", lambda one: one.standing.counted, N_("Counted")),
    Column("sample_counted", lambda one: one.standing.sample_count(Bucket.COUNTED), N_("Of them samples")),
    Column("missing", lambda one: one.standing.missing, N_("Still missing")),
    Column("pipeline", lambda one: one.standing.pipeline, N_("In the pipeline")),
    *(_count(bucket) for bucket in APART),
    Column("sample_pipeline", lambda one: one.standing.sample_count(Bucket.PIPELINE)),
    Column("period_start", lambda one: one.standing.target.period_start),
    Column("period_end", lambda one: one.standing.target.period_end),
    Column("as_of", lambda one: one.standing.as_of),
    Column("source", lambda one: one.standing.target.source),
    Column("clause", lambda one: one.standing.target.clause),
    Column("quote", lambda one: one.standing.target.quote),
    Column(
        "by_measure",
        lambda one: {
            measure.value: {
                "counted": other.counted,
                "pipeline": other.pipeline,
                "undated": other.count(Bucket.UNDATED),
            }
            for measure, other in one.by_measure.items()
        },
    ),
)

STANDING_COLUMNS = TARGETS.take("on", "counted", "sample_counted", "missing", "pipeline", "undated")
"""The table of one target on several dates, as on the page."""


def _standing_data(one: TargetStandings, language: Language) -> dict[str, Any]:
    return TARGETS.as_data(one) | {"rule": rule_text(language, one.standing.target, one.standing.rule)}


def _samples(standings: Sequence[TargetStandings]) -> int:
    return sum(one.standing.sample_count(Bucket.COUNTED) for one in standings)


STANDINGS: Presentation[Sequence[TargetStandings], TargetStandings] = Presentation(
    data=lambda standings, language: [_standing_data(one, language) for one in standings],
    rows=lambda standings: standings,
    columns=lambda _standings: TARGETS.take(
        "code",
        "named",
        "required",
        "counted",
        "sample_counted",
        "missing",
        "pipeline",
        *(bucket.value for bucket in APART),
    ),
    notes=lambda standings, language: [
        sample_note(language, _samples(standings))
        if standings
        else language.translate(N_("No policy with targets is on file for {province}"), province=province_name())
    ],
)
"""The progress of every target."""


def _part_count(bucket: Bucket) -> Column[Part]:
    return Column(bucket.value, lambda part: part.counts[bucket], _label(bucket))


PARTS: Columns[Part] = Columns(
    Column(
        "part",
        lambda part: Bilingual(part.key.name, part.key.name_en) if isinstance(part.key, City) else part.key,
        N_("City"),
    ),
    *(_part_count(bucket) for bucket in (Bucket.COUNTED, Bucket.PIPELINE, *APART)),
)


def _part_data(by: Dimension, part: Part) -> dict[str, Any]:
    key = part.key.adcode if isinstance(part.key, City) else part.key.value
    return {by.value: key, **{bucket.value: count for bucket, count in part.counts.items() if count}}


def _range(told: Range) -> list[float | None]:
    """Return low, middle and high; None for a value longer than any on record."""
    return [value if math.isfinite(value) else None for value in (told.low, told.middle, told.high)]


def _forecast_data(told: Forecast, language: Language) -> dict[str, Any]:
    say = language.translate
    return {
        "outcome": told.outcome.value,
        "told": say(OUTCOME_TEXT[told.outcome]),
        "from_register": told.from_register,
        "assumption": "" if told.from_register or not told.points else say(ASSUMPTION),
        "finished": told.finished,
        "unfinished": told.unfinished,
        "sample_spells": told.sample_spells,
        "waiting": told.waiting,
        "left_out": told.left_out,
        "usual_days": _range(told.usual_days) if told.usual_days else None,
        "points": [{"day": point.day.isoformat(), "counted": _range(point.counted)} for point in told.points],
        "reached": as_plain(told.reached),
        "chance": told.chance,
    }


def _report_data(report: TargetReport, language: Language) -> dict[str, Any]:
    target = report.target
    return {
        **_standing_data(report.standings, language),
        "rules": [
            {
                "in_force_from": as_plain(entry.in_force_from),
                "rule": entry.rule,
                "reason": entry.reason,
                "recorded_by": entry.recorded_by,
                "recorded_at": entry.recorded_at.isoformat(),
            }
            for entry in target.rules
        ],
        "records": {
            bucket.value: [record_code(one) for one in held]
            for bucket, held in report.standings.standing.records.items()
        },
        "burn_up": [
            {
                "day": point.day.isoformat(),
                "counted": point.counted,
                "undated": point.undated,
                "straight": round(straight_line(target, point.day), 2),
            }
            for point in report.points
        ],
        **{f"by_{by}": [_part_data(by, part) for part in parts] for by, parts in report.parts.items()},
        "forecast": _forecast_data(report.forecast, language),
    }


TARGET: Presentation[TargetReport, Part] = Presentation(
    data=_report_data,
    rows=lambda report: report.cities,
    columns=lambda _report: PARTS.take("part", *(bucket.value for bucket in (Bucket.COUNTED, Bucket.PIPELINE, *APART))),
    notes=lambda report, language: [sample_note(language, report.standings.standing.sample_count(Bucket.COUNTED))],
)
"""One target in full; its table is by city."""


@dataclass(frozen=True)
class ChangedTarget:
    """A target that was added, or that is counted by another rule from ``day`` on."""

    target: Target
    day: date


def _rule(one: ChangedTarget, language: Language) -> str:
    return rule_text(language, one.target, one.target.rule_on(one.day))


CHANGED: Columns[ChangedTarget] = Columns(
    Column("code", lambda one: one.target.code, N_("Record code")),
    Column("version", lambda one: one.target.version),
    Column("rule", lambda one: one, N_("Rule"), show=_rule, in_data=False),
)

CHANGED_TARGET: Presentation[ChangedTarget, ChangedTarget] = Presentation(
    data=lambda one, language: CHANGED.as_data(one) | {"rule": _rule(one, language)},
    rows=lambda one: [one],
    columns=lambda _one: CHANGED.take("code", "rule"),
)
"""The added or changed target."""
