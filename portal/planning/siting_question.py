"""The question for the best places of new stations, stored in the address.

``?model=mclp&p=5&within=20&weights=population&keep=yes&must=…&places=yes&point=120.98,31.39&budget=500``
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st
from markupsafe import Markup

from geo.counties import county_layer
from geo.siting import SitingModel
from portal.address_choice import text_in_address
from portal.components import link, notice, page_url, source
from portal.language import N_, _, current, pick
from portal.option_labels import distinct
from stations.errors import DomainError, InvalidInput
from stations.language import label
from stations.places.counties import County
from stations.planning.demand import DemandLayer, Weighting
from stations.planning.imported_figure import ImportedFigure
from stations.planning.siting_candidates import placed_by_name
from stations.planning.siting_question import (
    DEFAULT_REQUESTS,
    MODEL_LABELS,
    MOST_SITES,
    NEEDS_P,
    NEEDS_WITHIN,
    NO_CAPACITIES,
    SitingQuestion,
    read_points,
)
from stations.planning.travel import STRAIGHT, Measure, TravelUnit
from stations.readers.numbers import read_whole_number

WEIGHED = frozenset({SitingModel.MCLP, SitingModel.P_MEDIAN})
_MOST = 10**10 - 1  # limit of numbers in the address; meaningful ones are smaller
REACHED = {
    TravelUnit.METRES: ("within", N_("Reached within kilometres (1 to 1000)")),
    TravelUnit.SECONDS: ("minutes", N_("Reached within minutes (1 to 1000)")),
}
MODELS = (SitingModel.MCLP, SitingModel.P_MEDIAN, SitingModel.P_CENTER, SitingModel.LSCP)


def question_in_address(
    adcodes: Sequence[str],
    figures: Sequence[ImportedFigure],
    layers: Sequence[DemandLayer],
    measures: Sequence[Measure],
) -> SitingQuestion:
    """Return the question in the address.

    Missing values take their defaults; so do unknown ones, with a warning. The domain checks whether numbers make
    sense.
    """
    codes = [figure.code for figure in figures]
    model = SitingModel(_known("model", SitingModel, SitingModel.MCLP))
    budget = _number("budget", 0)
    costs = _known("costs", codes, "")
    return SitingQuestion(
        model=model,
        p=_number("p", 5) if model in NEEDS_P else None,
        within_km=float(_number("within", 20)),
        within_minutes=float(_number("minutes", 30)),
        travel=_known("travel", [one.code for one in measures], STRAIGHT),
        weighting=_known("weights", [*Weighting, *codes], Weighting.POPULATION),
        demand=_known("demand", layers, DemandLayer.COUNTIES),
        keep_existing=text_in_address("keep") != "no",
        must=_listed("must", adcodes),
        forbid=_listed("forbid", adcodes),
        counties=text_in_address("counties") != "no",
        places=text_in_address("places") == "yes",
        seats=text_in_address("seats") == "yes",
        towns=text_in_address("towns") == "yes",
        points=_points(),
        budget=float(budget) or None,
        site_cost=float(_number("cost", 100)) if budget else 1.0,
        cost_figure=(costs or None) if budget else None,
        **_capacities(model, codes),
    )


def _capacities(model: SitingModel, codes: Sequence[str]) -> dict[str, Any]:
    """Return the fields of capacity in the address, of models that have them."""
    if model in NO_CAPACITIES:
        return {}
    return {
        "capacity": float(_number("capacity", 0)) or None,
        "existing_capacity": float(_number("standing", 0)) or None,
        "capacity_figure": _known("capacities", codes, "") or None,
        "requests_per_10000": float(_number("requests", round(DEFAULT_REQUESTS))),
    }


def _tell_left_out(name: str, text: str) -> None:
    told = _("“{value}” in the address ({name}) is not known; it is left out.", value=text, name=name)
    notice(told, "warn")


def _known(name: str, options: Iterable[str], usual: str) -> str:
    text = text_in_address(name)
    if text in list(options):
        return text
    if text:
        _tell_left_out(name, text)
    return usual


def _number(name: str, usual: int) -> int:
    text = text_in_address(name)
    if not text:
        return usual
    try:
        return read_whole_number(name, text, -_MOST, _MOST)
    except InvalidInput:
        _tell_left_out(name, text)
        return usual


def _listed(name: str, known: Sequence[str]) -> tuple[str, ...]:
    given = dict.fromkeys(st.query_params.get_all(name))
    for one in given:
        if one not in known:
            _tell_left_out(name, one)
    return tuple(one for one in given if one in known)


def _points() -> tuple[tuple[float, float], ...]:
    try:
        return read_points(st.query_params.get_all("point"))
    except DomainError as error:
        notice(_(error.message, **error.params), "warn")
        return ()


def clicks_add_points() -> bool:
    """Whether a click on the map adds a candidate place instead of opening the county's page."""
    return text_in_address("click") == "add"


def add_point(lon: float, lat: float) -> None:
    """Add a candidate place to the address, in WGS-84 degrees."""
    st.query_params["point"] = [*st.query_params.get_all("point"), f"{lon:.5f},{lat:.5f}"]


def _remove_points() -> None:
    st.query_params.pop("point", None)


def _keep(name: str, write: Callable[[Any], str | Iterable[str]] = str) -> Callable[[], None]:
    """Return a callback that writes a changed value to the address; ``write``: as text, or as a list of texts."""

    def change() -> None:
        st.query_params[name] = write(st.session_state[f"siting_{name}"])

    return change


def _yes_no(chosen: object) -> str:
    return "yes" if chosen else "no"


def draw_question(
    question: SitingQuestion,
    counties: Sequence[County],
    figures: Sequence[ImportedFigure],
    places: int,
    layers: Sequence[DemandLayer],
    measures: Sequence[Measure],
) -> None:
    """Draw the fields; a change is written to the address. ``places``: the number of imported places. ``layers``: of
    demand, that something is on file for. ``measures``: of the way.
    """
    unit = next((one.unit for one in measures if one.code == question.travel), TravelUnit.METRES)
    with st.container(border=True):
        _choice("model", _("What is wanted?"), {one: _(MODEL_LABELS[one]) for one in MODELS}, question.model)
        counted = {one.value: label(current(), one) for one in layers}
        _choice("demand", _("Where people are counted"), counted, question.demand)
        if question.model in WEIGHED:
            weightings = {one.value: label(current(), one) for one in (Weighting.POPULATION, Weighting.EQUAL)}
            weightings |= {one.code: _("By {name} ({year})", name=one.name, year=one.year) for one in figures}
            _choice("weights", _("Whose way counts?"), weightings, question.weighting)
        if len(measures) > 1:
            labels = {one.code: _(one.label.message, **one.label.params) for one in measures}
            _choice("travel", _("How the way is measured"), labels, question.travel)
        if question.model in NEEDS_P and question.p is not None:
            title = (
                _("New stations at most (1 to {most})", most=MOST_SITES)
                if question.budget
                else _("New stations (1 to {most})", most=MOST_SITES)
            )
            _count("p", title, question.p)
        if question.model in NEEDS_WITHIN:
            # One field for both: a browser that swaps one number field for another sends the old number once more.
            name, title = REACHED[unit]
            _count(name, _(title), round(question.within(unit)), field="within")
        _tick("keep", _("Stations active today stay and serve"), question.keep_existing)
        taken_in = question.points or question.places or question.seats or question.towns
        narrowed = taken_in or not question.counties or question.must or question.forbid
        with st.expander(_("Which places may be chosen"), expanded=bool(narrowed) or clicks_add_points()):
            _draw_places(question, counties, places)
        with st.expander(_("Budget"), expanded=question.budget is not None):
            _draw_budget(question, figures)
        if question.model not in NO_CAPACITIES:
            with st.expander(_("Capacity of stations"), expanded=question.has_capacities):
                _draw_capacities(question, figures)


def _draw_places(question: SitingQuestion, counties: Sequence[County], places: int) -> None:
    _tick("counties", _("A point inside each county ({count})", count=len(county_layer().counties)), question.counties)
    placed = placed_by_name()
    _tick("seats", _("Seats of counties ({count} of {all} are placed)", count=placed.seats, all=placed.counties),
          question.seats)  # fmt: skip
    towns = _("Towns and subdistricts ({count} of {all} are placed)", count=placed.towns, all=placed.every_town)
    _tick("towns", towns, question.towns)
    _tick("places", _("Imported places such as parks ({count})", count=places), question.places, disabled=not places)
    if not places:
        where = link(page_url("reach"), _("Reach, at its foot"))
        told = _("None is imported yet. Planners and the province’s administrators import them here:")
        source(Markup("{} {}").format(told, where))
    st.session_state["siting_click"] = clicks_add_points()
    st.checkbox(
        _("A click on the map adds a place"),
        key="siting_click",
        on_change=_keep("click", lambda on: "add" if on else "open"),
    )
    if question.points:
        _draw_clicked(question)
        st.button(
            _("Remove the {count} places clicked", count=len(question.points)),
            on_click=_remove_points,
        )
    names = distinct({one.adcode: pick(one.name, one.name_en) for one in counties})
    for name, title, chosen in (
        ("must", _("These counties must get one"), question.must),
        ("forbid", _("These counties can't"), question.forbid),
    ):
        st.session_state[f"siting_{name}"] = list(chosen)
        st.multiselect(
            title,
            list(names),
            key=f"siting_{name}",
            format_func=names.__getitem__,
            placeholder=_("None"),
            filter_mode="contains",
            on_change=_keep(name, list),
        )


def _draw_clicked(question: SitingQuestion) -> None:
    """Draw the places clicked; each can be taken out by itself."""
    names = {}
    for lon, lat in question.points:
        county = county_layer().locate(lon, lat)
        names[f"{lon:.5f},{lat:.5f}"] = f"{lon:.4f}, {lat:.4f} {pick(county.name, county.name_en) if county else ''}"
    st.session_state["siting_point"] = list(names)
    st.multiselect(
        _("Places clicked; take out any"),
        list(names),
        key="siting_point",
        format_func=names.__getitem__,
        placeholder=_("None"),
        filter_mode="contains",
        on_change=_keep("point", list),
    )


def _draw_budget(question: SitingQuestion, figures: Sequence[ImportedFigure]) -> None:
    _count("budget", _("Budget in 10,000 yuan (0: none)"), round(question.budget or 0))
    if question.budget is None:
        return
    _count("cost", _("One station costs (10,000 yuan)"), round(question.site_cost))
    if figures:
        options = {"": _("the same in every county")}
        options |= {one.code: _("By {name} ({year})", name=one.name, year=one.year) for one in figures}
        _choice("costs", _("What a station costs in a county"), options, question.cost_figure or "")


def _draw_capacities(question: SitingQuestion, figures: Sequence[ImportedFigure]) -> None:
    _count("capacity", _("Requests a year that a new station handles (0: no limit)"), round(question.capacity or 0))
    if question.keep_existing:
        standing = _("Requests a year that a station that stands handles (0: no limit)")
        _count("standing", standing, round(question.existing_capacity or 0))
    if figures:
        options = {"": _("the same in every county")}
        options |= {one.code: _("By {name} ({year})", name=one.name, year=one.year) for one in figures}
        _choice("capacities", _("What a station handles in a county"), options, question.capacity_figure or "")
    if question.has_capacities:
        _count("requests", _("Requests a year from 10,000 of demand"), round(question.requests_per_10000))


def _choice(name: str, title: str, options: Mapping[str, str], chosen: str) -> None:
    # As texts: Streamlit accepts members of one enum only.
    options = distinct({str(one): words for one, words in options.items()})
    st.session_state[f"siting_{name}"] = str(chosen)
    st.selectbox(
        title,
        list(options),
        key=f"siting_{name}",
        format_func=lambda one: options.get(one, one),
        filter_mode=None,
        on_change=_keep(name),
    )


def _count(name: str, title: str, chosen: int, *, field: str = "") -> None:
    """Draw a field for a whole number. ``field``: its key, by default its name in the address.

    The widget has no bounds: a browser would not send a number outside them, and the answer to the previous number
    would remain beside it.
    """
    key = f"siting_{field or name}"
    st.session_state[key] = chosen

    def change() -> None:
        st.query_params[name] = str(st.session_state[key])

    st.number_input(title, key=key, step=1, on_change=change)


def _tick(name: str, title: str, chosen: bool, *, disabled: bool = False) -> None:
    st.session_state[f"siting_{name}"] = chosen
    st.checkbox(title, key=f"siting_{name}", disabled=disabled, on_change=_keep(name, _yes_no))
