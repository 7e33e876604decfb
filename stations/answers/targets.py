"""What the commands on targets answer: ``targets``, ``target``, ``change-rule``, ``add-target``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from stations.accounts.accounts import actor_named
from stations.answers.answer import Answer, Question, headings_of, sample_note
from stations.database import reading, transaction
from stations.duty.roles import Actor
from stations.errors import InvalidInput
from stations.language import CHINA_TIME, N_
from stations.province import province_name
from stations.registry.centre import CentreLevel
from stations.targets.counting_rule import KINDS_OF, Bucket, CountingRule, Measure, Subject, Within
from stations.targets.forecast import ASSUMPTION, OUTCOME_TEXT, Forecast, Range, forecast
from stations.targets.keeping import TargetDraft, add_target, change_rule
from stations.targets.progress import Dimension, burn_up, dimensions_of, straight_line, take_apart
from stations.targets.rule_text import rule_text
from stations.targets.target import Target, TargetStanding, compare, get_target, list_targets, record_code, standing_on

APART = (Bucket.UNDATED, Bucket.BEFORE, Bucket.AFTER, Bucket.PLANNED, Bucket.WITHDRAWN)


def targets(question: Question) -> Answer:
    """Every target and where it stands."""
    language = question.language
    with reading(question.engine) as session:
        standings = [
            (standing, _by_measure(session, standing))
            for target in list_targets(session)
            for standing in [standing_on(session, target, question.as_of, samples=question.samples)]
        ]
    data = [{**_standing(question, standing), "by_measure": measures} for standing, measures in standings]
    columns = ("code", "required", "counted", "sample_counted", "pipeline", *(bucket.value for bucket in APART))
    rows = [[row[column] for column in columns] for row in data]
    samples = sum(standing.sample_count(Bucket.COUNTED) for standing, _ in standings)
    note = sample_note(language, samples)
    if not standings:
        note = language.translate(N_("No policy with targets is on file for {province}"), province=province_name())
    return Answer(data, headings_of(language, *columns), rows, note)


def target(question: Question) -> Answer:
    """One target: its rules, its records, month by month, taken apart, and what is to be expected."""
    language, as_of, samples = question.language, question.as_of, question.samples
    with reading(question.engine) as session:
        asked = get_target(session, question.options.code)
        standing = standing_on(session, asked, as_of, samples=samples)
        points = burn_up(session, asked, as_of, samples=samples)
        data = {
            **_standing(question, standing),
            "by_measure": _by_measure(session, standing),
            "rules": [
                {
                    "in_force_from": entry.in_force_from.isoformat() if entry.in_force_from else None,
                    "rule": entry.rule,
                    "reason": entry.reason,
                    "recorded_by": entry.recorded_by,
                    "recorded_at": entry.recorded_at.isoformat(),
                }
                for entry in asked.rules
            ],
            "records": {bucket.value: [record_code(one) for one in held] for bucket, held in standing.records.items()},
            "burn_up": [
                {
                    "day": point.day.isoformat(),
                    "counted": point.counted,
                    "undated": point.undated,
                    "straight": round(straight_line(asked, point.day), 2),
                }
                for point in points
            ],
            **{
                f"by_{by}": [
                    {
                        by.value: part.key.value if isinstance(part.key, StrEnum) else part.key.adcode,
                        **{bucket.value: count for bucket, count in part.counts.items() if count},
                    }
                    for part in take_apart(session, standing, by)
                ]
                for by in dimensions_of(standing.rule)
            },
            "forecast": _forecast(question, forecast(session, asked, as_of, samples=samples)),
        }
        parts = take_apart(session, standing, Dimension.CITY)
        buckets = (Bucket.COUNTED, Bucket.PIPELINE, *APART)
        rows = [
            [language.pick(part.key.name, part.key.name_en), *(part.counts[bucket] for bucket in buckets)]
            for part in parts
        ]
    headings = headings_of(language, "city", *(bucket.value for bucket in buckets))
    return Answer(data, headings, rows, sample_note(language, standing.sample_count(Bucket.COUNTED)))


def change_target_rule(question: Question) -> Answer:
    """Count a target by another rule from today on."""
    options = question.options
    with transaction(question.engine) as session:
        actor = _actor(session, question)
        asked = get_target(session, options.code)
        rule = asked.rule_on(question.now.astimezone(CHINA_TIME).date()).measured_by(
            _known("measure", Measure, options.measure)
        )
        changed = change_rule(
            session, actor, options.code, rule, reason=options.reason, version=asked.version, now=question.now
        )
    return _kept(question, changed)


def add_later_target(question: Question) -> Answer:
    """Add a target of a period."""
    options = question.options
    subject = _known("subject", Subject, options.subject)
    rule = CountingRule(Subject.COUNTY)
    if subject is not Subject.COUNTY:
        rule = CountingRule.of_data(
            {
                "subject": subject.value,
                "levels": options.level or list(CentreLevel),
                "kinds": options.kind or list(KINDS_OF[subject]),
                "stage": "accepted",
                "within": Within.PERIOD.value,
            }
        ).measured_by(_known("measure", Measure, options.measure))
    with transaction(question.engine) as session:
        added = add_target(
            session,
            _actor(session, question),
            TargetDraft(
                name_zh=options.name_zh,
                name_en=options.name_en,
                required=options.required,
                at_least=options.at_least,
                period_start=options.period_start,
                period_end=options.period_end,
                clause=options.clause,
                quote=options.quote,
                source=options.source,
                rule=rule,
            ),
            now=question.now,
        )
    return _kept(question, added)


def _actor(session: Session, question: Question) -> Actor:
    return actor_named(session, question.options.by, samples=question.samples)


def _known(field: str, kind: type[StrEnum], value: str) -> Any:
    if value not in list(kind):
        raise InvalidInput(field, N_("“{value}” is not known; use one of: {known}"), value=value, known=", ".join(kind))
    return kind(value)


def _kept(question: Question, kept: Target) -> Answer:
    told = rule_text(question.language, kept, kept.rule_on(question.today))
    data = {"code": kept.code, "version": kept.version, "rule": told}
    return Answer(data, headings_of(question.language, "code", "rule"), [[kept.code, told]])


def _standing(question: Question, standing: TargetStanding) -> dict[str, Any]:
    asked = standing.target
    return {
        "code": asked.code,
        "required": asked.required,
        "at_least": asked.at_least,
        "counted": standing.counted,
        "pipeline": standing.pipeline,
        "period_start": asked.period_start.isoformat(),
        "period_end": asked.period_end.isoformat(),
        "rule": rule_text(question.language, asked, standing.rule),
        "as_of": standing.as_of.isoformat(),
        "missing": standing.missing,
        **{bucket.value: standing.count(bucket) for bucket in APART},
        "sample_counted": standing.sample_count(Bucket.COUNTED),
        "sample_pipeline": standing.sample_count(Bucket.PIPELINE),
    }


def _by_measure(session: Session, standing: TargetStanding) -> dict[str, dict[str, int]]:
    """What each of the compared rules counts; nothing for counties, which have one rule only."""
    return {
        measure.value: {"counted": other.counted, "pipeline": other.pipeline, "undated": other.count(Bucket.UNDATED)}
        for measure, other in compare(standing).items()
    }


def _forecast(question: Question, told: Forecast) -> dict[str, Any]:
    say = question.language.translate
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
        "usual_days": _numbers(told.usual_days) if told.usual_days else None,
        "points": [{"day": point.day.isoformat(), "counted": _numbers(point.counted)} for point in told.points],
        "reached": [day.isoformat() if day else None for day in told.reached],
        "chance": told.chance,
    }


def _numbers(told: Range) -> Sequence[float | None]:
    """Low, middle, high; null for what is longer than any on record."""
    return [value if math.isfinite(value) else None for value in (told.low, told.middle, told.high)]
