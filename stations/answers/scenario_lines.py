"""The question and the gain of a siting scenario, line by line, and of several side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from geo.siting import SitingModel
from stations.answers.columns import Column, Columns, as_plain, in_words, way
from stations.language import N_, Bilingual, Language, Worded, label
from stations.planning.demand import Weighting
from stations.planning.site_reach import Reach
from stations.planning.siting_candidates import Candidate
from stations.planning.siting_question import MODEL_LABELS, NEEDS_P, NEEDS_WITHIN
from stations.planning.station_siting import SitingAnswer, added_sites
from stations.planning.travel_measure import TravelUnit
from stations.tables.table import Cell

_DEMAND_WITHIN = {
    TravelUnit.METRES: N_("Demand within {km} km"),
    TravelUnit.SECONDS: N_("Demand within {min} minutes"),
}

Show = Callable[[Any, Language], Cell]


@dataclass(frozen=True)
class AskedLine:
    """A line of a question: its name, and its value, shown by ``show``."""

    name: str
    value: Any
    show: Show = in_words


@dataclass(frozen=True)
class GainedLine:
    """A line of a result: a figure before and after; None before where no station exists, or the figure is of new ones.

    ``show``: as in ``AskedLine``.
    """

    name: Worded
    before: float | None
    after: float | None
    show: Show


@dataclass(frozen=True)
class ComparedLine:
    """A line of scenarios side by side; a value is None where a scenario's question or result has no such line."""

    name: str | Worded
    values: tuple[Any, ...]
    show: Show


def asked_lines(answer: SitingAnswer) -> list[AskedLine]:
    """Return the question of an answer, line by line."""
    question = answer.question
    lines = [AskedLine(N_("Model"), question.model, _model), AskedLine(N_("Demand"), question.weighting, _weighting)]
    if question.model in NEEDS_P and question.p is not None:
        lines.append(
            AskedLine(N_("New stations") if question.budget is None else N_("New stations at most"), question.p)
        )
    if question.model in NEEDS_WITHIN:
        reach = question.within(answer.unit) * answer.unit.per
        lines.append(AskedLine(N_("Reached within"), reach, way(answer.unit)))
    if question.budget is not None:
        lines.append(AskedLine(N_("Budget"), question.budget, _budget))
    lines.append(AskedLine(N_("Stations that stand are kept"), question.keep_existing))
    for name, chosen in ((N_("Places that must get one"), question.must), (N_("Places that can't"), question.forbid)):
        if chosen:
            places = [_name(one) for one in answer.candidates if one.id in set(chosen)]
            lines.append(AskedLine(name, places, _names))
    return lines


def gained_lines(answer: SitingAnswer) -> list[GainedLine]:
    """Return the result of an answer, line by line: its stations, how they serve, and their cost if there is a budget.
    """

    def both(name: Worded, read: Callable[[Reach], float], show: Show) -> GainedLine:
        return GainedLine(
            name, read(answer.before) if answer.before else None, read(answer.after) if answer.after else None, show
        )

    def within(most: int) -> GainedLine:
        name = Worded(_DEMAND_WITHIN[answer.unit], {answer.unit.word: most})
        return both(name, lambda reach: reach.within[most], _share)

    lines = [
        GainedLine(Worded(N_("Stations")), len(answer.sites) - len(answer.added), len(answer.sites), in_words),
        GainedLine(Worded(N_("New among them")), None, len(answer.added), in_words),
        *map(within, answer.unit.reaches),
        both(Worded(N_("Average distance")), lambda reach: reach.average, way(answer.unit)),
        both(Worded(N_("Farthest county")), lambda reach: reach.worst, way(answer.unit)),
    ]
    if answer.question.budget is not None:
        lines.append(GainedLine(Worded(N_("Cost (×10,000 yuan)")), None, answer.cost, _amount))
    return lines


GAINED: Columns[GainedLine] = Columns(
    Column("what", lambda one: one.name, N_("What is gained")),
    Column(
        "before",
        lambda one: one,
        N_("Before"),
        show=lambda one, language: _shown(one, one.before, language),
        data=lambda one: one.before,
    ),
    Column(
        "after",
        lambda one: one,
        N_("After"),
        show=lambda one, language: _shown(one, one.after, language),
        data=lambda one: one.after,
    ),
)
GAINED_COLUMNS = GAINED.take("what", "before", "after")
"""The table of a scenario: before and after."""


def compared_lines(answers: Sequence[SitingAnswer]) -> list[ComparedLine]:
    """Return the questions and results of several answers side by side, and the sites that are new in all of them."""
    asked = [{line.name: line for line in asked_lines(answer)} for answer in answers]
    gained = [{str(line.name): line for line in gained_lines(answer)} for answer in answers]
    lines = []
    for name in dict.fromkeys(name for each in asked for name in each):
        found = [each.get(name) for each in asked]
        show = next(line.show for line in found if line)
        lines.append(ComparedLine(name, tuple(line and line.value for line in found), show))
    for name in dict.fromkeys(name for each in gained for name in each):
        results = [each.get(name) for each in gained]
        first = next(line for line in results if line)
        lines.append(ComparedLine(first.name, tuple(line and line.after for line in results), first.show))
    common = [_name(one) for one in new_in_all(answers)]
    lines.append(ComparedLine(N_("New in all of them"), (common or None,) * len(answers), _names))
    return lines


def new_in_all(answers: Sequence[SitingAnswer]) -> list[Candidate]:
    """Return the sites that are new in every answer, in their order."""
    together = set.intersection(*({one.id for one in added_sites(answer)} for answer in answers))
    return [one for one in added_sites(answers[0]) if one.id in together]


def compared_columns(names: Sequence[str]) -> list[Column[ComparedLine]]:
    """Return the columns of scenarios side by side: what is compared, then one for each scenario by its name."""

    def of(place: int, name: str) -> Column[ComparedLine]:
        return Column(
            f"scenario_{place + 1}",
            lambda one: one,
            Bilingual(name, None),
            show=lambda one, language: _shown(one, one.values[place], language),
            data=lambda one: as_plain(one.values[place]),
        )

    return [
        Column("figure", lambda one: one.name, N_("Figure"), show=_line_name),
        *(of(place, name) for place, name in enumerate(names)),
    ]


def _shown(line: GainedLine | ComparedLine, value: Any, language: Language) -> Cell:
    return None if value is None else line.show(value, language)


def _line_name(name: str | Worded, language: Language) -> Cell:
    return in_words(name if isinstance(name, Worded) else Worded(name), language)


def _name(one: Candidate) -> Bilingual:
    return Bilingual(one.name, one.name_en)


def _names(places: Sequence[Bilingual], language: Language) -> str:
    return language.comma.join(language.pick(*one) for one in places)


def _model(model: SitingModel, language: Language) -> str:
    return language.translate(MODEL_LABELS[model])


def _weighting(weighting: str, language: Language) -> str:
    if weighting in list(Weighting):
        return label(language, Weighting(weighting))
    return language.translate(N_("imported figure {code}"), code=weighting)


def _budget(amount: float, language: Language) -> str:
    return language.translate(N_("{amount} ×10,000 yuan"), amount=f"{amount:g}")


def _amount(amount: float, _language: Language) -> Cell:
    return int(amount) if float(amount).is_integer() else amount


def _share(share: float, language: Language) -> str:
    return language.format_percent(share, 1)
