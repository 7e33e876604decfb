"""The policy's targets: the progress of each, and one of them in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from stations.accounts.accounts import names_of_people
from stations.answers.columns import Column, Columns, as_plain
from stations.answers.presentation import Presentation, sample_note
from stations.answers.target_course import forecast_data, months_data
from stations.answers.target_parts import APART, PartRow, part_columns, part_data, part_rows
from stations.answers.target_records import HELD, held_records
from stations.language import N_, Bilingual, Language
from stations.province import province_name
from stations.targets.counting_rule import Bucket, Measure
from stations.targets.forecast import Forecast, forecast
from stations.targets.progress import (
    BurnUpPoint,
    Dimension,
    Part,
    burn_up,
    dimensions_of,
    take_apart,
)
from stations.targets.rule_text import rule_text
from stations.targets.target import Target, TargetStanding, compare, get_target, list_targets, record_code, standing_on


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
    """One target on a date: its progress, its course by month, its parts, and the forecast. ``people``: the names of
    those who set its rules, by user name.
    """

    standings: TargetStandings
    points: tuple[BurnUpPoint, ...]
    parts: Mapping[Dimension, tuple[Part, ...]]
    cities: tuple[Part, ...]
    forecast: Forecast
    people: Mapping[str, str]

    @property
    def target(self) -> Target:
        """The target itself."""
        return self.standings.standing.target


def target_report(
    session: Session, code: str, as_of: date, *, samples: bool, approvals_a_year: int = 0
) -> TargetReport:
    """Return one target in full on ``as_of``. ``approvals_a_year``: as in ``forecast``.

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
        forecast=forecast(session, target, as_of, samples=samples, approvals_a_year=approvals_a_year),
        people=names_of_people(session, [entry.recorded_by for entry in target.rules]),
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
                "recorded_by_name": report.people.get(entry.recorded_by),
                "recorded_at": entry.recorded_at.isoformat(),
            }
            for entry in target.rules
        ],
        "records": {
            bucket.value: [record_code(one) for one in held]
            for bucket, held in report.standings.standing.records.items()
        },
        "held": [HELD.as_data(one) for one in held_records(report.standings.standing)],
        "burn_up": months_data(report.points),
        **{f"by_{by}": [part_data(by, part) for part in parts] for by, parts in report.parts.items()},
        "forecast": forecast_data(report.forecast, language),
    }


TARGET: Presentation[TargetReport, PartRow] = Presentation(
    data=_report_data,
    rows=lambda report: part_rows(report.cities, report.standings.standing),
    columns=lambda report: part_columns(Dimension.CITY, report.standings.standing.rule.subject),
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
