"""Editing of targets: the province changes a counting rule, or adds the target of a later period.

A changed rule applies from the day of the change. Figures for earlier days still use the rule of that day, so a
finished period stays as it ended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.duty.roles import Action, Actor, require, whole_province
from stations.entered_text import read_text
from stations.errors import Conflict, InvalidInput, NotFound, Problems
from stations.language import N_, day_in_china
from stations.places.counties import County
from stations.targets.counting_rule import CountingRule, Subject
from stations.targets.target import Target, TargetRule

MOST_REQUIRED = 1_000_000


@dataclass(frozen=True)
class TargetDraft:
    """The values of a new target.

    ``period_start``/``period_end``: first and last day. ``quote``: the policy's own words. ``clause``: their place
    in the policy. ``source``: the policy.
    """

    name_zh: str
    name_en: str
    required: int
    at_least: bool
    period_start: date
    period_end: date
    clause: str
    quote: str
    source: str
    rule: CountingRule


def change_rule(
    session: Session, actor: Actor | None, code: str, rule: CountingRule, *, reason: str, version: int, now: datetime
) -> Target:
    """Count a target by another rule from today on. ``version``: the target's version that the actor saw.

    Raises:
        NotAllowed: the actor may not edit the province's targets.
        NotFound: there is no such target.
        Conflict: somebody has changed it in the meantime.
        InvalidInput: no reason is given, the rule is already in force, or it counts another kind of record.
    """
    actor = require(actor, Action.EDIT_TARGETS, whole_province())
    target = session.get(Target, code, with_for_update=True, populate_existing=True)
    if target is None:
        raise NotFound(N_("There is no target {code}"), code=code)
    if target.version != version:
        raise Conflict(N_("Somebody has changed this target meanwhile; look at it again"))
    reason = read_text("reason", reason, limit=1000)
    today = day_in_china(now)
    before = target.rule_on(today)
    if rule.subject is not before.subject:
        raise InvalidInput("subject", N_("A target keeps what it counts; add a new target instead"))
    if rule == before:
        raise InvalidInput("rule", N_("This is the rule already in force"))
    target.rules.append(
        TargetRule(
            position=len(target.rules),
            in_force_from=today,
            rule=rule.as_data(),
            reason=reason,
            recorded_by=actor.username,
            recorded_at=now,
        )
    )
    target.version += 1
    target.updated_at = now
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.CHANGE_RULE,
        subject_kind=AuditSubject.TARGET,
        subject=code,
        before=before.as_data(),
        after=rule.as_data(),
        reason=reason,
    )
    return target


def add_target(session: Session, actor: Actor | None, draft: TargetDraft, *, now: datetime) -> Target:
    """Add a target for a period; existing targets stay unchanged.

    Raises:
        NotAllowed: the actor may not edit the province's targets.
        InvalidForm: the input is invalid; one problem for each wrong field.
    """
    actor = require(actor, Action.EDIT_TARGETS, whole_province())
    texts = _read(session, draft)
    target = Target(
        code=_free_code(session, draft),
        position=(session.scalar(select(func.max(Target.position))) or 0) + 1,
        required=draft.required,
        at_least=draft.at_least,
        period_start=draft.period_start,
        period_end=draft.period_end,
        created_at=now,
        updated_at=now,
        rules=[TargetRule(position=0, rule=draft.rule.as_data(), recorded_by=actor.username, recorded_at=now)],
        **texts,
    )
    session.add(target)
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.ADD_TARGET,
        subject_kind=AuditSubject.TARGET,
        subject=target.code,
        after={
            **texts,
            "required": draft.required,
            "at_least": draft.at_least,
            "period_start": draft.period_start.isoformat(),
            "period_end": draft.period_end.isoformat(),
            "rule": draft.rule.as_data(),
        },
    )
    session.flush()
    return target


_TEXTS = {"name_zh": 120, "name_en": 200, "clause": 20, "quote": 1000, "source": 300}


def _read(session: Session, draft: TargetDraft) -> dict[str, str]:
    problems = Problems()
    texts = {
        field: problems.attempt(read_text, field, getattr(draft, field), limit=limit, required=field != "name_en")
        for field, limit in _TEXTS.items()
    }
    if draft.period_start > draft.period_end:
        problems.add("period_end", N_("The last day lies before the first; correct one of them"))
    most = MOST_REQUIRED
    if draft.rule.subject is Subject.COUNTY:
        most = session.scalar(select(func.count()).select_from(County)) or 0
    if not 1 <= draft.required <= most:
        problems.add("required", N_("Give a whole number from 1 to {most}"), most=most)
    problems.stop()
    return texts


def _free_code(session: Session, draft: TargetDraft) -> str:
    """Return an unused code made from the subject and the period: ``centre_2026_2030``."""
    stem = f"{draft.rule.subject}_{draft.period_start.year}_{draft.period_end.year}"
    taken = set(session.scalars(select(Target.code).where(Target.code.startswith(stem, autoescape=True))))
    numbers = [int(match[1] or 1) for code in taken if (match := re.fullmatch(rf"{stem}(?:_(\d+))?", code))]
    return f"{stem}_{max(numbers) + 1}" if numbers else stem
