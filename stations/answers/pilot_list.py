"""The pilots as the list that the import reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stations.answers.columns import Column, Columns
from stations.answers.presentation import listing
from stations.language import Bilingual
from stations.registry.centre import Stage
from stations.targets.pilot import Pilot, PilotStage
from stations.targets.pilot_list import COLUMNS, DATED, KIND_WORDS, STAGE_WORDS


def _entry(pilot: Pilot, stage: Stage) -> PilotStage | None:
    return next((entry for entry in pilot.history if entry.stage is stage), None)


def _dated(stage: Stage) -> Callable[[Pilot], Any]:
    def read(pilot: Pilot) -> str | None:
        entry = _entry(pilot, stage)
        return str(entry.dated) if entry and entry.dated else None

    return read


def _last(pilot: Pilot) -> PilotStage | None:
    return max(pilot.history, key=lambda entry: entry.position, default=None)


def _as_of(pilot: Pilot) -> str | None:
    last = _last(pilot)
    return str(last.as_of) if last and last.as_of and not last.dated else None


_VALUES: dict[str, Callable[[Pilot], Any]] = {
    "kind": lambda pilot: KIND_WORDS[pilot.kind],
    "city": lambda pilot: pilot.city.name,
    "county": lambda pilot: pilot.county and pilot.county.name,
    "status": lambda pilot: (last := _last(pilot)) and STAGE_WORDS[last.stage],
    "as_of": _as_of,
    **{name: _dated(stage) for name, stage in DATED.items()},
}


def _column(name: str, headings: tuple[str, ...]) -> Column[Pilot]:
    value = _VALUES.get(name) or (lambda pilot: getattr(pilot, name))
    return Column(name, value, Bilingual(headings[0], headings[-1]))


PILOT_LIST = listing(Columns(*(_column(*one) for one in COLUMNS.items())), *COLUMNS, samples=lambda one: one.sample)
"""Every field of every pilot; a file of it can be changed and imported."""
