"""Where the next stations would serve best."""

from __future__ import annotations

from dataclasses import replace

from geo.siting import SitingModel
from stations.answers.columns import Column, Columns
from stations.answers.measures import gaps_in_words
from stations.answers.presentation import Presentation, sample_note
from stations.answers.siting_service import demand_unit, gain_in_words, places_in_words, services_by_site
from stations.answers.ways import reach_text
from stations.language import N_, Bilingual, Language, Worded
from stations.planning.demand import DemandLayer
from stations.planning.demand_notes import counted_note
from stations.planning.siting_answer_data import answer_data
from stations.planning.siting_candidates import Candidate
from stations.planning.station_siting import SitingAnswer, added_sites, outcome_text
from stations.planning.travel import STRAIGHT

GREAT_CIRCLE = N_("Distances are great-circle distances.")

SITES: Columns[Candidate] = Columns(
    Column("name", lambda one: Bilingual(one.name, one.name_en), N_("Place")),
    Column("id", lambda one: one.id, N_("Reference code")),
    Column("weight", lambda one: round(one.weight if one.local is None else one.local), N_("Demand there")),
    Column("lon", lambda one: one.lon, N_("Longitude"), show=lambda degrees, _language: round(degrees, 5)),
    Column("lat", lambda one: one.lat, N_("Latitude"), show=lambda degrees, _language: round(degrees, 5)),
    Column("cost", lambda one: one.cost, N_("Cost (10,000 yuan)")),
)

SITE_FILE_COLUMNS = SITES.take("id", "name", "lon", "lat", "cost", "weight")
"""The table of sites in the files of a scenario."""

GAIN_LABELS: dict[SitingModel, str] = {
    SitingModel.LSCP: N_("Lost without it ({unit})"),
    SitingModel.MCLP: N_("Lost without it ({unit})"),
    SitingModel.P_MEDIAN: N_("What it adds over the others"),
    SitingModel.P_CENTER: N_("What it adds over the others"),
}


SERVED_LABELS = {False: N_("Nearest station of ({unit})"), True: N_("Served by it ({unit})")}
"""By whether stations have capacities."""


def _load_column(answer: SitingAnswer) -> Column[Candidate]:
    loads = answer.detail.loads if answer.detail else {}
    return Column(
        "load",
        lambda one: (loads.get(one.id, 0.0), one.capacity),
        N_("Requests a year, of its capacity"),
        show=load_text,
        data=lambda load: load[0],
    )


def load_columns(answer: SitingAnswer) -> tuple[Column[Candidate], ...]:
    """Return the columns of the stations with their load."""
    kind = Column[Candidate]("kind", lambda one: one.existing, N_("Stands already"))
    return (*SITES.take("name", "id"), kind, _load_column(answer))


def load_text(load: tuple[float, float | None], language: Language) -> str:
    """Return the requests a year of a station, and of how many it can handle."""
    requests, capacity = load
    told = language.format_number(round(requests))
    if not capacity:
        return told
    return language.translate(
        N_("{requests} of {capacity} ({share})"),
        requests=told,
        capacity=language.format_number(round(capacity)),
        share=language.format_percent(requests / capacity),
    )


def site_columns(answer: SitingAnswer) -> tuple[Column[Candidate], ...]:
    """Return the columns of the added sites: what each does, where that is told; its cost if there is a budget."""
    cost = ["cost"] if answer.question.budget is not None else []
    name, code, weight, *rest = SITES.take("name", "id", "weight", "lon", "lat", *cost)
    if answer.detail is None:
        return (name, code, weight, *rest)
    services, unit = services_by_site(answer), demand_unit(answer)
    local = replace(weight, label=Worded(N_("Within reach of it ({unit})"), {"unit": unit}))
    return (
        name,
        code,
        local,
        Column(
            "newly_weight",
            lambda one: round(services[one.id].newly_weight),
            Worded(N_("Newly reached ({unit})"), {"unit": unit}),
        ),
        Column(
            "newly_places",
            lambda one: [place.demand for place in services[one.id].places if place.newly],
            N_("Whom it newly reaches"),
            show=lambda ids, language: places_in_words(answer, ids, language),
        ),
        Column(
            "served_weight",
            lambda one: round(services[one.id].served_weight),
            Worded(SERVED_LABELS[answer.question.has_capacities], {"unit": unit}),
        ),
        *([_load_column(answer)] if answer.question.has_capacities else []),
        Column(
            "gain",
            lambda one: services[one.id].gain,
            Worded(GAIN_LABELS[answer.question.model], {"unit": unit}),
            show=lambda gain, language: gain_in_words(answer, gain, language),
        ),
        *rest,
    )


def _notes(answer: SitingAnswer, language: Language) -> list[str]:
    told = language.translate(outcome_text(answer), count=len(answer.uncovered))
    if answer.gap is not None:
        told += " " + language.translate(
            N_("At most {gap} better is possible."), gap=language.format_percent(answer.gap, 2)
        )
    how = answer.about_travel
    return [
        told,
        reach_note(answer, language),
        language.translate(how.message, **how.params) if how and answer.question.travel != STRAIGHT else "",
        *gaps_in_words(answer.gaps, answer.pairs_without_way, language),
        language.translate(GREAT_CIRCLE) if answer.question.travel == STRAIGHT else "",
        counted_note(DemandLayer(answer.question.demand), len(answer.demand), language),
        sample_note(language, sum(one.sample for one in answer.candidates)),
    ]


def reach_note(answer: SitingAnswer, language: Language) -> str:
    """Return what the columns of sites mean by reach; empty without them."""
    if answer.detail is None:
        return ""
    return language.translate(
        N_(
            "Within reach: {way} or less. Newly reached: within reach of this station and of none that stands today. "
            "Two new stations may newly reach the same place."
        ),
        way=reach_text(answer.detail.within, answer.detail.unit, language),
    )


SITING: Presentation[SitingAnswer, Candidate] = Presentation(
    data=lambda answer, _language: answer_data(answer), rows=added_sites, columns=site_columns, notes=_notes
)
"""The added sites; the JSON contains all that another solver needs to check them."""
