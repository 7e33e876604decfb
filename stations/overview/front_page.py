"""The figures of the first page, which everybody asks for and which change with the registry and the day only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from stations.catalogue.service import list_groups
from stations.language import LANGUAGES, Language
from stations.registry.centre import list_centres
from stations.registry.registry_snapshot import registry_snapshot
from stations.targets.counting_rule import Bucket
from stations.targets.rule_text import counted_by
from stations.targets.target import TargetStanding, find_target, standing_on

CENTRES = "qi_centres"
"""The target for centres of quality infrastructure."""


@dataclass(frozen=True)
class CentreProgress:
    """Centres of the target: ``ended_counted`` of ``required`` were accepted on ``period_end``.

    The others are of today: ``samples`` of the ``counted`` are samples; ``pipeline`` are approved or being built;
    ``undated`` have no date and don't count. ``counted_by``: the rule, or the rules, by code of language.
    """

    required: int
    period_end: date
    ended_counted: int
    counted: int
    samples: int
    pipeline: int
    undated: int
    counted_by: Mapping[str, str]


@dataclass(frozen=True)
class FrontPage:
    """``centre_progress``: None where no target for centres is on file. ``centres``: on record, of which
    ``sample_centres`` are samples. ``services``: in the catalogue.
    """

    centre_progress: CentreProgress | None
    centres: int
    sample_centres: int
    services: int


def front_page(session: Session, today: date, *, samples: bool) -> FrontPage:
    """Return the figures of the first page on a day; they are counted once for each state of the registry."""
    snapshot = registry_snapshot(session)
    return snapshot.remembered(("front_page", today, samples), lambda: _count(session, today, samples))


def _count(session: Session, today: date, samples: bool) -> FrontPage:
    target = find_target(session, CENTRES)
    held = list_centres(session, samples=samples)
    return FrontPage(
        centre_progress=_progress(
            standing_on(session, target, target.period_end, samples=samples),
            standing_on(session, target, today, samples=samples),
        )
        if target
        else None,
        centres=len(held),
        sample_centres=sum(centre.sample for centre in held),
        services=sum(len(group.services) for group in list_groups(session)),
    )


def _progress(ended: TargetStanding, stands: TargetStanding) -> CentreProgress:
    return CentreProgress(
        required=ended.target.required,
        period_end=ended.target.period_end,
        ended_counted=ended.counted,
        counted=stands.counted,
        samples=stands.sample_count(Bucket.COUNTED),
        pipeline=stands.pipeline,
        undated=stands.count(Bucket.UNDATED),
        counted_by={code: counted_by(Language(code), [ended, stands]) for code in LANGUAGES},
    )
