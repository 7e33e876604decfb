"""Saved siting scenarios: lists of them, and several side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation, listing, sample_note
from stations.answers.scenario_lines import ComparedLine, compared_columns, compared_lines, new_in_all
from stations.language import N_, Language, day_in_china
from stations.planning.scenario import Scenario, changed_since
from stations.planning.station_siting import SitingAnswer, answer_data

SCENARIOS: Columns[Scenario] = Columns(
    Column("code", lambda one: one.code, N_("Reference code")),
    Column("name", lambda one: one.name, N_("Scenario")),
    Column("token", lambda one: one.token),
    Column("owner_name", lambda one: one.owner_name),
    Column("created_at", lambda one: one.created_at, N_("Saved")),
    Column("as_of", lambda one: one.as_of),
    Column("new_stations", lambda one: len(one.answer["added"]), N_("New stations")),
    Column("planned_on", lambda one: one.planned_at and day_in_china(one.planned_at), N_("Entered as planned")),
    Column("samples", lambda one: one.samples),
    Column("sample", lambda one: one.sample),
)
OWN_COLUMNS = SCENARIOS.take("name", "created_at", "new_stations", "planned_on")
"""The table of somebody's scenarios on the page."""

OWN_SCENARIOS = listing(
    SCENARIOS, "code", "token", "name", "created_at", "new_stations", "planned_on", samples=lambda one: one.sample
)
"""Somebody's scenarios."""


@dataclass(frozen=True)
class OpenedScenario:
    """A scenario with its answer. ``changed``: whether data behind the answer have changed since."""

    scenario: Scenario
    answer: SitingAnswer
    changed: bool


def open_scenarios(session: Session, scenarios: Sequence[Scenario]) -> list[OpenedScenario]:
    """Return the scenarios with their answers."""
    return [OpenedScenario(one, one.read_answer(), changed_since(session, one)) for one in scenarios]


def _data(opened: Sequence[OpenedScenario], _language: Language) -> dict[str, Any]:
    return {
        "scenarios": [
            {**SCENARIOS.as_data(one.scenario), "changed": one.changed, "answer": answer_data(one.answer)}
            for one in opened
        ],
        "new_in_all": [one.id for one in new_in_all([each.answer for each in opened])],
    }


def _notes(opened: Sequence[OpenedScenario], language: Language) -> list[str]:
    say = language.translate
    changed = N_("{scenario}: the data have changed since: computed anew, the answer may be another one.")
    return [
        *(say(changed, scenario=one.scenario.code) for one in opened if one.changed),
        sample_note(language, max(sum(place.sample for place in one.answer.candidates) for one in opened)),
    ]


COMPARED_SCENARIOS: Presentation[Sequence[OpenedScenario], ComparedLine] = Presentation(
    data=_data,
    rows=lambda opened: compared_lines([one.answer for one in opened]),
    columns=lambda opened: compared_columns([one.scenario.name for one in opened]),
    notes=_notes,
)
"""One or more scenarios, side by side."""
