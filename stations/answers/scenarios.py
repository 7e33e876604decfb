"""Saved siting scenarios: lists of them, and several side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation, listing, sample_note
from stations.answers.scenario_ground import ONE_GROUND, about_travel, compared_data, difference_notes, ground_words
from stations.answers.scenario_lines import (
    ComparedLine,
    Names,
    compared_columns,
    compared_lines,
    names_on_file,
    new_in_all,
)
from stations.language import N_, Language, day_in_china
from stations.planning.scenario import Scenario, changed_since
from stations.planning.scenario_ground import Compared, Ground, compare_on, ground_of
from stations.planning.siting_answer_data import answer_data
from stations.planning.station_siting import SitingAnswer
from stations.planning.travel import STRAIGHT, measure_names

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


@dataclass(frozen=True)
class Comparison:
    """Scenarios side by side on one ground. ``names``: of the figures and measures on file."""

    opened: tuple[OpenedScenario, ...]
    compared: Compared
    names: Names

    @property
    def scenarios(self) -> list[Scenario]:
        """The scenarios, in order."""
        return [one.scenario for one in self.opened]

    @property
    def answers(self) -> list[SitingAnswer]:
        """Their answers as they were saved."""
        return [one.answer for one in self.opened]


def usual_ground(session: Session, scenario: Scenario, today: date) -> Ground:
    """Return the ground on which scenarios are measured where nobody chooses another: the first one's, today; the
    straight line where its measure of the way is no longer on file.
    """
    own = ground_of(scenario)
    travel = own.travel if own.travel in measure_names(session) else STRAIGHT
    return replace(own, travel=travel, as_of=today)


def compare_scenarios(
    session: Session,
    scenarios: Sequence[Scenario],
    ground: Ground,
    *,
    samples: bool,
    report: Callable[[float], None] | None = None,
) -> Comparison:
    """Return the scenarios side by side on a ground. ``report``: called with the share of long measuring that is done.

    Raises:
        InvalidInput, NotFound: as ``compare_on``.
    """
    return Comparison(
        tuple(OpenedScenario(one, one.read_answer(), changed_since(session, one)) for one in scenarios),
        compare_on(session, ground, scenarios, samples=samples, report=report),
        names_on_file(session),
    )


def _data(comparison: Comparison, _language: Language) -> dict[str, Any]:
    return {
        "scenarios": [
            {**SCENARIOS.as_data(one.scenario), "changed": one.changed, "answer": answer_data(one.answer)}
            for one in comparison.opened
        ],
        "new_in_all": [one.id for one in new_in_all(comparison.answers)],
        "on_one_ground": compared_data(comparison.compared, comparison.scenarios),
    }


def comparison_notes(comparison: Comparison, language: Language) -> list[str]:
    """Return on what all are measured, and which of them was solved on something else."""
    ground = comparison.compared.ground
    return [
        language.translate(ONE_GROUND, ground=ground_words(ground, comparison.names, language)),
        *difference_notes(comparison.scenarios, ground, comparison.names, language),
        *about_travel(comparison.compared, language),
    ]


def _notes(comparison: Comparison, language: Language) -> list[str]:
    say = language.translate
    changed = N_("{scenario}: the data have changed since: computed anew, the answer may be another one.")
    samples = (sum(place.sample for place in one.candidates) for one in comparison.answers)
    return [
        *comparison_notes(comparison, language),
        *(say(changed, scenario=one.scenario.code) for one in comparison.opened if one.changed),
        sample_note(language, max(comparison.compared.samples, *samples)),
    ]


COMPARED_SCENARIOS: Presentation[Comparison, ComparedLine] = Presentation(
    data=_data,
    rows=lambda one: compared_lines(one.answers, one.compared, one.names),
    columns=lambda one: compared_columns([each.name for each in one.scenarios]),
    notes=_notes,
)
"""One or more scenarios, side by side."""
