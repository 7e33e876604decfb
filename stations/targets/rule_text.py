"""Counting rules in words, and by which rule the figures that stand side by side are counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stations.language import N_, Labelled, Language, label
from stations.targets.counting_rule import CountingRule, Period, Subject, Within
from stations.targets.target import Target, TargetStanding

_COUNTY = N_("Counted: counties that are covered, that is, with at least one active station.")
_IN_PERIOD = N_(
    "Counted: {what}, with the stage “{stage}” reached from {start} to {end}; "
    "where the date known leaves that open, the record is set apart and not counted."
)
_ANY_TIME = N_("Counted: {what}, with the stage “{stage}” reached at whatever time.")

REGISTER_NOT_TARGET = N_(
    "The figures of the target count by its rule; map, tables and reach tell each centre by its last stage known on "
    "the date shown, whenever that was reached."
)
"""Says it where a target's figures stand beside those of the register."""

_ON = N_("Two rules: on {first} and on {second} it was counted differently. {first}: {rule} {second}: {other}")


def rule_text(language: Language, target: Target, rule: CountingRule) -> str:
    """Return a counting rule of the target as a sentence, made from the rule itself."""
    return rule_sentence(language, target.period, rule)


def rule_sentence(language: Language, period: Period, rule: CountingRule) -> str:
    """Return a counting rule as a sentence. ``period``: the first and last day of the target's."""
    if rule.subject is Subject.COUNTY:
        return language.translate(_COUNTY)
    parts: tuple[Iterable[Labelled], ...] = (rule.levels, rule.kinds) if rule.levels else (rule.kinds,)
    what = language.semicolon.join(" / ".join(label(language, member) for member in members) for members in parts)
    sentence = _IN_PERIOD if rule.within is Within.PERIOD else _ANY_TIME
    start, end = period
    return language.translate(
        sentence, what=what, stage=label(language, rule.stage), start=start.isoformat(), end=end.isoformat()
    )


def short_rule_text(language: Language, rule: CountingRule) -> str:
    """Return a counting rule in a few words, for lists."""
    if rule.subject is Subject.COUNTY:
        return label(language, rule.subject)
    if rule.measure:
        return label(language, rule.measure)
    when = N_("{stage}, in the period") if rule.within is Within.PERIOD else N_("{stage}, at whatever time")
    return language.translate(when, stage=label(language, rule.stage))


def counted_by(language: Language, standings: Sequence[TargetStanding]) -> str:
    """Return by which rule the figures of one target side by side are counted; if by two, both with their days."""
    first, last = standings[0], standings[-1]
    one = rule_text(language, first.target, first.rule)
    if first.rule == last.rule:
        return one
    return language.translate(
        _ON,
        first=language.format_date(first.as_of),
        second=language.format_date(last.as_of),
        rule=one,
        other=rule_text(language, last.target, last.rule),
    )
