"""Drawing of the best places for new stations: improvement, map, list of sites."""

from __future__ import annotations

import json
from collections.abc import Callable

import streamlit as st
from markupsafe import Markup

from geo.siting import Outcome
from portal.answer_table import draw_answer
from portal.components import Figure, figures, link, notice, page_url, sample_tag, source
from portal.language import _, current, ngettext, pick
from portal.maps.county_map import Fill, Marker, county_map
from portal.maps.dots import Dots
from portal.maps.legend import LegendEntry
from portal.maps.open_county import open_county_at
from portal.planning.siting_lines import lines_of
from portal.planning.siting_question import add_point, clicks_add_points
from portal.planning.siting_served import draw_served
from portal.planning.way_words import AVERAGE, DEMAND_WITHIN, LAYER_AVERAGE, LAYER_WITHIN, WITHIN, at_most, way_in_words
from portal.theme import FIGURE_AREAS, MARKERS, AreaStyle
from stations.answers.columns import Column
from stations.answers.siting import reach_note, site_columns
from stations.planning.demand import DemandLayer
from stations.planning.site_reach import Reach
from stations.planning.siting_answer_data import answer_data
from stations.planning.siting_candidates import Candidate, CandidateKind
from stations.planning.siting_question import MODEL_LABELS, NEEDS_WITHIN
from stations.planning.station_siting import SitingAnswer, added_sites, outcome_text, way_by_county
from stations.planning.travel_measure import TravelUnit

MOST_NAMED = 20
"""Places beyond reach that are named; of more, their number is told."""


def _shades(unit: TravelUnit) -> dict[int | None, AreaStyle]:
    """Return the shade for so many kilometres or minutes to the nearest station, darker for nearer."""
    return dict(zip((*unit.reaches, None), reversed(FIGURE_AREAS[:4]), strict=True))


def draw_standing(answer: SitingAnswer) -> None:
    """Draw whether the answer is proven optimal, otherwise the remaining gap."""
    proven = answer.outcome is Outcome.OPTIMAL
    told = _(outcome_text(answer), count=len(answer.uncovered))
    if answer.gap is not None:
        told += " " + _("At most {gap} better is possible.", gap=current().format_percent(answer.gap, 2))
    if answer.uncovered:
        beyond = set(answer.uncovered)
        names = [pick(one.name, one.name_en) for one in answer.demand if one.id in beyond]
        if len(names) > MOST_NAMED:
            names = [*names[:MOST_NAMED], _("{count} more", count=len(names) - MOST_NAMED)]
        told += " " + _("Beyond reach: {names}", names=_(", ").join(names))
    notice(told, "" if proven else "warn")


def draw_gain(answer: SitingAnswer, after: Reach) -> None:
    """Draw how well the sites serve (``after``), compared with the existing stations alone."""
    say, before = current(), answer.before
    unit = answer.unit
    at_one_point = answer.question.demand == DemandLayer.COUNTIES
    nearest = min(unit.reaches, key=lambda reach: abs(reach - answer.question.within(unit)))

    def was(text: str | None) -> str:
        return _("{before} with today’s stations alone", before=text) if text else ""

    figures(
        [
            Figure(
                str(len(answer.added)),
                _("new stations"),
                note=ngettext(
                    "besides {count} that stands", "besides {count} that stand", len(answer.sites) - len(answer.added)
                ),
            ),
            Figure(
                say.format_percent(after.within[nearest], 1),
                _((DEMAND_WITHIN if at_one_point else LAYER_WITHIN)[unit], **{unit.word: nearest}),
                note=was(say.format_percent(before.within[nearest], 1) if before else None),
            ),
            Figure(
                way_in_words(after.average, unit),
                _((AVERAGE if at_one_point else LAYER_AVERAGE)[unit]),
                note=was(way_in_words(before.average, unit) if before else None),
            ),
            Figure(
                way_in_words(after.worst, unit),
                _("farthest county, to one point in it") if at_one_point else _("farthest place of demand"),
                note=was(way_in_words(before.worst, unit) if before else None),
            ),
            *_cost(answer),
        ]
    )
    if samples := sum(one.sample for one in answer.candidates):
        told = _("{count} of the stations that stand are samples, so this answer is one as well.", count=samples)
        notice(Markup("{} {}").format(sample_tag(), told), "sample")


def draw_left_out(count: int) -> None:
    """Draw how many active stations are excluded because only their city is known."""
    if count:
        source(
            ngettext(
                "{count} more active station is known to its city only; it is left out of these figures.",
                "{count} more active stations are known to their city only; they are left out of these figures.",
                count,
            )
        )


def _cost(answer: SitingAnswer) -> list[Figure]:
    """Return a figure with the cost of the new stations, if there is a budget."""
    if answer.question.budget is None:
        return []
    say = current()
    return [
        Figure(
            say.format_number(answer.cost),
            _("×10,000 yuan for new stations"),
            of=say.format_number(answer.question.budget),
        )
    ]


def _shade(way: float, unit: TravelUnit) -> AreaStyle:
    return next(look for reach, look in _shades(unit).items() if reach is None or way <= reach * unit.per)


def draw_siting_map(
    answer: SitingAnswer, key: str = "siting_map", *, height: int = 560, dots: Dots | None = None
) -> None:
    """Draw the new sites, the existing stations, and each county's distance to the nearest.

    A click opens the county's page, or adds a candidate place if the question says so. ``key``: as in ``county_map``.
    """
    standing = [one for one in answer.candidates if one.existing]
    added = set(answer.added)
    clicked = [one for one in answer.candidates if one.kind is CandidateKind.POINT and one.id not in added]
    away, unit = way_by_county(answer), answer.unit
    spokes, lines = lines_of(answer)
    click = county_map(
        {
            one.id: Fill(
                _shade(away[one.id], unit),
                pick(one.name, one.name_en),
                _("{distance} to the nearest station", distance=way_in_words(away[one.id], unit)),
            )
            for one in answer.candidates
            if one.kind is CandidateKind.COUNTY and one.id in away
        },
        key=key,
        height=height,
        dots=dots,
        title=_("New stations and the distance to the nearest one"),
        asked=_asked(answer),
        legend=[
            LegendEntry(MARKERS["new_site"], _("New station")),
            *([LegendEntry(MARKERS["station"], _("Station that stands"))] if standing else []),
            *([LegendEntry(MARKERS["here"], _("Place clicked, not chosen"))] if clicked else []),
            *lines,
            *(
                LegendEntry(look, at_most(reach, unit))
                for reach, look in _shades(unit).items()
            ),
        ],
        markers=[
            *(_marker(one, "station") for one in standing),
            *(_marker(one, "new_site", number) for number, one in enumerate(added_sites(answer), start=1)),
            *(_marker(one, "here") for one in clicked),
        ],
        spokes=spokes,
    )
    if click and clicks_add_points():
        add_point(click.lon, click.lat)
        st.rerun()
    elif click:
        open_county_at(click.lon, click.lat)


def _marker(one: Candidate, kind: str, number: int | None = None) -> Marker:
    return Marker(one.lon, one.lat, MARKERS[kind], pick(one.name, one.name_en), sample=one.sample, number=number)


def _asked(answer: SitingAnswer) -> list[str]:
    """Return a question's model and its numbers as text."""
    say, question, unit = current(), answer.question, answer.unit
    within = say.format_number(question.within(unit))
    return [
        _(MODEL_LABELS[question.model]),
        *([_("New stations: {count}", count=question.p)] if question.p else []),
        *([_(WITHIN[unit], **{unit.word: within})] if question.model in NEEDS_WITHIN else []),
        *(
            [_("Budget: {budget} ×10,000 yuan", budget=say.format_number(question.budget))]
            if question.budget is not None
            else []
        ),
    ]


def draw_sites(answer: SitingAnswer) -> None:
    """Draw the list of new sites, and the downloads."""
    say = current()
    name = f"siting-{answer.question.model}"
    numbers = {one.id: number for number, one in enumerate(added_sites(answer), start=1)}  # as on the map

    def counted(column: Column[Candidate]) -> Callable[[Candidate], str]:
        return lambda one: say.format_number(column.value(one))

    columns = site_columns(answer)
    amounts = {one.key: counted(one) for one in columns if one.key in {"weight", "newly_weight", "served_weight"}}
    draw_answer(
        columns,
        added_sites(answer),
        caption=_("A point inside each county; the exact place is for those who know it"),
        drawn={
            **amounts,
            "newly_weight": lambda one: Markup("<strong>{}</strong>").format(amounts["newly_weight"](one)),
            "name": lambda one: Markup("{}. {}").format(
                numbers[one.id], link(page_url("county", adcode=one.county), pick(one.name, one.name_en))
            ),
            "lon": lambda one: f"{one.lon:.4f}",
            "lat": lambda one: f"{one.lat:.4f}",
            "cost": lambda one: say.format_number(one.cost),
        },
        beneath={"lon": "name", "lat": "name", "newly_places": "newly_weight"},
        small=("lon", "lat"),
        numbers=("weight", "served_weight", "load", "gain", "cost"),
        stacks=True,
        file=name,
    )
    source(reach_note(answer, say))
    draw_served(answer)
    st.download_button(
        _("Save everything, to check it with another solver (JSON)"),
        json.dumps(answer_data(answer), ensure_ascii=False, indent=1),
        file_name=f"{name}.json",
        mime="application/json",
        on_click="ignore",
    )
