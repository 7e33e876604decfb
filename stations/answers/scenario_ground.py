"""In words: the ground that scenarios are measured on side by side, and where one was solved on another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stations.answers.columns import in_words
from stations.answers.scenario_lines import Names, travel_name, weighting_name
from stations.language import N_, Language
from stations.planning.demand import DemandLayer
from stations.planning.scenario import Scenario
from stations.planning.scenario_ground import Compared, Ground, Measured, differing, ground_of
from stations.planning.travel import STRAIGHT

ONE_GROUND = N_(
    "All columns are measured on one ground: {ground}. A scenario's new sites stand where it put them; stations that "
    "it keeps are those active on that date."
)
_DIFFERS = N_("“{name}” was solved on another ground: {own}. Here it is measured on: {here}.")

_PARTS = {
    "demand": N_("demand at: {value}"),
    "weighting": N_("what counts: {value}"),
    "travel": N_("distance: {value}"),
    "as_of": N_("stations of {value}"),
}


def ground_words(ground: Ground, names: Names, language: Language, parts: Sequence[str] = tuple(_PARTS)) -> str:
    """Return the ``parts`` of a ground (names of its fields) as text."""
    values: dict[str, Any] = {
        "demand": DemandLayer(ground.demand),
        "weighting": weighting_name(ground.weighting, names),
        "travel": travel_name(ground.travel, names),
    }
    told = {name: str(in_words(value, language)) for name, value in values.items()}
    told["as_of"] = language.format_date(ground.as_of)
    return language.semicolon.join(language.translate(_PARTS[part], value=told[part]) for part in parts)


def difference_notes(scenarios: Sequence[Scenario], ground: Ground, names: Names, language: Language) -> list[str]:
    """Return, for each scenario that was solved on another ground, which one it is and in what its own differs."""
    return [
        language.translate(
            _DIFFERS,
            name=one.name,
            own=ground_words(ground_of(one), names, language, parts),
            here=ground_words(ground, names, language, parts),
        )
        for one in scenarios
        if (parts := differing(one, ground))
    ]


def about_travel(compared: Compared, language: Language) -> list[str]:
    """Return what the ways are measured by and where that is from, where it is not the straight line."""
    about = compared.about
    return [] if compared.ground.travel == STRAIGHT else [language.translate(about.message, **about.params)]


def ground_data(ground: Ground) -> dict[str, str]:
    """Return a ground for JSON."""
    return {
        "demand": ground.demand,
        "weights": ground.weighting,
        "travel": ground.travel,
        "as_of": ground.as_of.isoformat(),
    }


def compared_data(compared: Compared, scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Return scenarios on one ground for JSON: shares from 0 to 1, ways in ``unit``."""
    return {
        **ground_data(compared.ground),
        "unit": compared.unit.value,
        "today": _measured_data(compared.today),
        "scenarios": [
            {
                "code": scenario.code,
                "solved_on": ground_data(ground_of(scenario)),
                "differs_in": [_KEYS.get(name, name) for name in differing(scenario, compared.ground)],
                "measured": _measured_data(measured),
            }
            for scenario, measured in zip(scenarios, compared.measured, strict=True)
        ],
    }


_KEYS = {"weighting": "weights"}


def _measured_data(one: Measured | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "stations": one.stations,
        "new": one.new,
        "within": {str(reach): round(share, 6) for reach, share in one.within.items()},
        "average": one.average and round(one.average, 1),
        "worst": one.worst and round(one.worst, 1),
        "unreached": round(one.unreached, 6),
    }
