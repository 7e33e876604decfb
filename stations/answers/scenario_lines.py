"""The question and the gain of a siting scenario, line by line, and of several side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from geo.siting import SitingModel
from stations.answers.columns import Column, Columns, as_plain, in_words, way
from stations.answers.measures import AVERAGE_LABELS
from stations.language import N_, Bilingual, Language, Worded
from stations.planning.demand import DemandLayer, Weighting
from stations.planning.imported_figure import figure_names
from stations.planning.scenario_ground import Compared, Measured
from stations.planning.site_reach import Reach
from stations.planning.siting_candidates import Candidate
from stations.planning.siting_question import MODEL_LABELS, NEEDS_P, NEEDS_WITHIN
from stations.planning.station_siting import SitingAnswer, added_sites
from stations.planning.travel import ROADS, STRAIGHT, STRAIGHT_LABEL, TravelUnit, measure_names
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


@dataclass(frozen=True)
class Names:
    """What codes in a question are called: imported ``figures`` as what counts, and ``measures`` of the way."""

    figures: Mapping[str, Worded] = field(default_factory=dict)
    measures: Mapping[str, Worded] = field(default_factory=dict)


def names_on_file(session: Session) -> Names:
    """Return the names of all figures and measures that there are."""
    return Names(figure_names(session), measure_names(session))


def asked_lines(answer: SitingAnswer, names: Names) -> list[AskedLine]:
    """Return the question of an answer, line by line."""
    question = answer.question
    lines = [
        AskedLine(N_("Model"), question.model, _model),
        AskedLine(N_("Demand"), weighting_name(question.weighting, names)),
        AskedLine(N_("Where demand is counted"), DemandLayer(question.demand)),
        AskedLine(N_("How ways are measured"), travel_name(question.travel, names)),
    ]
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
        both(Worded(AVERAGE_LABELS[answer.unit]), lambda reach: reach.average, way(answer.unit)),
        both(Worded(N_("Farthest place with demand")), lambda reach: reach.worst, way(answer.unit)),
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


def compared_lines(answers: Sequence[SitingAnswer], compared: Compared, names: Names) -> list[ComparedLine]:
    """Return today's stations and several answers side by side: what each asked, how its sites serve on one ground, and
    the sites that are new in all of them.
    """
    asked = [{line.name: line for line in asked_lines(answer, names)} for answer in answers]
    lines = []
    for name in dict.fromkeys(name for each in asked for name in each):
        found = [each.get(name) for each in asked]
        show = next(line.show for line in found if line)
        lines.append(ComparedLine(name, (None, *(line and line.value for line in found)), show))
    lines += _measured_lines(compared)
    if any(answer.question.budget is not None for answer in answers):
        costs = (None, *(answer.cost if answer.question.budget is not None else None for answer in answers))
        lines.append(ComparedLine(N_("Cost (×10,000 yuan)"), costs, _amount))
    common = [_name(one) for one in new_in_all(answers)]
    lines.append(ComparedLine(N_("New in all of them"), (None, *((common or None,) * len(answers))), _names))
    return lines


def _measured_lines(compared: Compared) -> list[ComparedLine]:
    every = (compared.today, *compared.measured)

    def line(name: str | Worded, read: Callable[[Measured], Any], show: Show) -> ComparedLine:
        return ComparedLine(name, tuple(one and read(one) for one in every), show)

    def within(most: int) -> ComparedLine:
        name = Worded(_DEMAND_WITHIN[compared.unit], {compared.unit.word: most})
        return line(name, lambda one: one.within[most], _share)

    show = way(compared.unit)
    lines = [
        line(N_("Stations"), lambda one: one.stations, in_words),
        line(N_("New among them"), lambda one: one.new, in_words),
        *map(within, compared.unit.reaches),
        line(AVERAGE_LABELS[compared.unit], lambda one: one.average, show),
        line(N_("Farthest place with demand"), lambda one: one.worst, show),
    ]
    if any(one and one.unreached for one in every):
        lines.append(line(N_("Demand without any way there"), lambda one: one.unreached, _share))
    return lines


def new_in_all(answers: Sequence[SitingAnswer]) -> list[Candidate]:
    """Return the sites that are new in every answer, in their order."""
    together = set.intersection(*({one.id for one in added_sites(answer)} for answer in answers))
    return [one for one in added_sites(answers[0]) if one.id in together]


def compared_columns(names: Sequence[str]) -> list[Column[ComparedLine]]:
    """Return the columns of scenarios side by side: what is compared, the date's stations, and each by name."""

    def of(place: int, key: str, name: str | Bilingual) -> Column[ComparedLine]:
        return Column(
            key,
            lambda one: one,
            name,
            show=lambda one, language: _shown(one, one.values[place], language),
            data=lambda one: as_plain(one.values[place]),
        )

    return [
        Column("figure", lambda one: one.name, N_("Figure"), show=_line_name),
        of(0, "today", N_("Stations of the date alone")),
        *(of(place, f"scenario_{place}", Bilingual(name, None)) for place, name in enumerate(names, start=1)),
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


def weighting_name(weighting: str, names: Names) -> Weighting | Worded:
    """Return what counts as demand, by its name; the code of a figure only where the figure is gone."""
    if weighting in list(Weighting):
        return Weighting(weighting)
    return names.figures.get(weighting) or Worded(N_("figure {code}, no longer on file"), {"code": weighting})


def travel_name(code: str, names: Names) -> Worded:
    """Return how ways are measured, by its name; the code of a table only where the table is gone."""
    if code == STRAIGHT:
        return STRAIGHT_LABEL
    gone = Worded(NO_ROADS_ANY_MORE) if code == ROADS else Worded(TABLE_GONE, {"code": code})
    return names.measures.get(code) or gone


NO_ROADS_ANY_MORE = N_("By road; the road data is no longer on file")
TABLE_GONE = N_("table of distances {code}, no longer on file")


def _budget(amount: float, language: Language) -> str:
    return language.translate(N_("{amount} ×10,000 yuan"), amount=f"{amount:g}")


def _amount(amount: float, _language: Language) -> Cell:
    return int(amount) if float(amount).is_integer() else amount


def _share(share: float, language: Language) -> str:
    return language.format_percent(share, 1)
