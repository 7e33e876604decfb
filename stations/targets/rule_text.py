"""Counting rules in words."""

from __future__ import annotations

from collections.abc import Iterable

from stations.language import N_, Labelled, Language, label
from stations.targets.counting_rule import CountingRule, Subject, Within
from stations.targets.target import Target

_COUNTY = N_("Counted: counties that are covered, that is, with at least one active station.")
_IN_PERIOD = N_(
    "Counted: {what}, with the stage “{stage}” reached from {start} to {end}; "
    "where the date known leaves that open, the record is set apart and not counted."
)
_ANY_TIME = N_("Counted: {what}, with the stage “{stage}” reached at whatever time.")


def rule_text(language: Language, target: Target, rule: CountingRule) -> str:
    """Return a counting rule of the target as a sentence, made from the rule itself."""
    if rule.subject is Subject.COUNTY:
        return language.translate(_COUNTY)
    parts: tuple[Iterable[Labelled], ...] = (rule.levels, rule.kinds) if rule.levels else (rule.kinds,)
    what = language.semicolon.join(" / ".join(label(language, member) for member in members) for members in parts)
    sentence = _IN_PERIOD if rule.within is Within.PERIOD else _ANY_TIME
    return language.translate(
        sentence,
        what=what,
        stage=label(language, rule.stage),
        start=target.period_start.isoformat(),
        end=target.period_end.isoformat(),
    )
