"""Telling in words by which rule a target is counted."""

from __future__ import annotations

from stations.centres import CentreKind, CentreLevel, Stage
from stations.labels import label
from stations.language import N_, Language
from stations.pilots import PilotKind
from stations.targets import Target

_COUNTY = N_("Counted: counties that are covered, that is, with at least one active station.")
_IN_PERIOD = N_(
    "Counted: {what}, with the stage “{stage}” reached from {start} to {end}; "
    "where the date known leaves that open, the record is set apart and not counted."
)
_ANY_TIME = N_("Counted: {what}, with the stage “{stage}” reached at whatever time.")


def rule_text(language: Language, target: Target) -> str:
    """The target's counting rule as a sentence, made from the rule itself."""
    rule = target.rule
    if rule["subject"] == "county":
        return language.translate(_COUNTY)
    if rule["subject"] == "centre":
        parts = [CentreLevel(level) for level in rule["levels"]], [CentreKind(kind) for kind in rule["kinds"]]
    else:
        parts = ([PilotKind(kind) for kind in rule["kinds"]],)
    what = "; ".join(" / ".join(label(language, member) for member in members) for members in parts)
    sentence = _IN_PERIOD if rule["within"] == "period" else _ANY_TIME
    return language.translate(
        sentence,
        what=what,
        stage=label(language, Stage(rule["stage"])),
        start=target.period_start.isoformat(),
        end=target.period_end.isoformat(),
    )
