"""Asking where new stations should stand: the choices, kept in the address.

``?model=mclp&p=5&within=20&weights=population&keep=yes&must=320583&places=yes&point=120.98,31.39&budget=500``
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from portal.address_choice import text_in_address
from portal.components import notice
from portal.language import _, current, pick
from stations.counties import County
from stations.demand import Weighting
from stations.errors import DomainError
from stations.imported_figure import ImportedFigure
from stations.labels import label
from stations.siting_question import NEEDS_P, NEEDS_WITHIN, SitingModel, SitingQuestion, read_points

WEIGHED = frozenset({SitingModel.MCLP, SitingModel.P_MEDIAN})
MODELS = (SitingModel.MCLP, SitingModel.P_MEDIAN, SitingModel.P_CENTER, SitingModel.LSCP)
MOST_SITES = 300


def question_in_address(adcodes: Sequence[str], figures: Sequence[ImportedFigure]) -> SitingQuestion:
    """The question that the address asks; what it does not say, or says wrongly, is the usual one."""
    model, weights = text_in_address("model"), text_in_address("weights")
    model = SitingModel(model) if model in list(SitingModel) else SitingModel.MCLP
    codes = [figure.code for figure in figures]
    budget = _number("budget", 0, 1, 10**9)
    costs = text_in_address("costs")
    must = _listed("must", adcodes)
    return SitingQuestion(
        model=model,
        p=_number("p", 5, 1, MOST_SITES) if model in NEEDS_P else None,
        within_km=float(_number("within", 20, 1, 300)),
        weighting=weights if weights in {*Weighting, *codes} else Weighting.POPULATION,
        keep_existing=text_in_address("keep") != "no",
        must=must,
        forbid=tuple(one for one in _listed("forbid", adcodes) if one not in must),
        counties=text_in_address("counties") != "no",
        places=text_in_address("places") == "yes",
        points=_points(),
        budget=float(budget) or None,
        site_cost=float(_number("cost", 100, 0, 10**9)) if budget else 1.0,
        cost_figure=costs if budget and costs in codes else None,
    )


def _number(name: str, default: int, least: int, most: int) -> int:
    text = text_in_address(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 and least <= int(text) <= most else default


def _listed(name: str, known: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in dict.fromkeys(st.query_params.get_all(name)) if one in known)


def _points() -> tuple[tuple[float, float], ...]:
    try:
        return read_points(st.query_params.get_all("point"))
    except DomainError as error:
        notice(_(error.message, **error.params), "warn")
        return ()


def clicks_add_points() -> bool:
    """Whether a click on the map adds a place to choose from, rather than opening the county."""
    return text_in_address("click") == "add"


def add_point(lon: float, lat: float) -> None:
    """Put a place into the address, one more to choose from."""
    st.query_params["point"] = [*st.query_params.get_all("point"), f"{lon:.5f},{lat:.5f}"]


def _keep(name: str, write: Callable[[object], object] = str) -> Callable[[], None]:
    """What puts a changed choice into the address."""

    def change() -> None:
        st.query_params[name] = write(st.session_state[f"siting_{name}"])

    return change


def _yes_no(chosen: object) -> str:
    return "yes" if chosen else "no"


def draw_question(
    question: SitingQuestion, counties: Sequence[County], figures: Sequence[ImportedFigure], places: int
) -> None:
    """Draw the choices; a change goes into the address. ``places``: how many were imported."""
    with st.container(border=True):
        _choice("model", _("What is wanted?"), {one: label(current(), one) for one in MODELS}, question.model)
        if question.model in WEIGHED:
            weightings = {one: label(current(), one) for one in (Weighting.POPULATION, Weighting.EQUAL)}
            weightings |= {one.code: _("By {name} ({year})", name=one.name, year=one.year) for one in figures}
            _choice("weights", _("Whose way counts?"), weightings, question.weighting)
        if question.model in NEEDS_P:
            _count("p", _("New stations") if not question.budget else _("New stations at most"), question.p, MOST_SITES)
        if question.model in NEEDS_WITHIN:
            _count("within", _("Reached within kilometres"), round(question.within_km), 300)
        _tick("keep", _("Stations active today stay and serve"), question.keep_existing)
        narrowed = question.points or question.places or not question.counties or question.must or question.forbid
        with st.expander(_("Which places may be chosen"), expanded=bool(narrowed) or clicks_add_points()):
            _draw_places(question, counties, places)
        with st.expander(_("Budget"), expanded=question.budget is not None):
            _draw_budget(question, figures)


def _draw_places(question: SitingQuestion, counties: Sequence[County], places: int) -> None:
    _tick("counties", _("A point inside each county (95)"), question.counties)
    _tick("places", _("Imported places such as parks ({count})", count=places), question.places, disabled=not places)
    st.session_state["siting_click"] = clicks_add_points()
    st.checkbox(
        _("A click on the map adds a place"),
        key="siting_click",
        on_change=_keep("click", lambda on: "add" if on else "open"),
    )
    if question.points:
        st.button(
            _("Remove the {count} places clicked", count=len(question.points)),
            on_click=lambda: st.query_params.pop("point", None),
        )
    names = {one.adcode: pick(one.name, one.name_en) for one in counties}
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


def _draw_budget(question: SitingQuestion, figures: Sequence[ImportedFigure]) -> None:
    _count("budget", _("Budget in 10,000 yuan (0: none)"), round(question.budget or 0), 10**9, least=0)
    if question.budget is None:
        return
    _count("cost", _("One station costs (10,000 yuan)"), round(question.site_cost), 10**9, least=0)
    if figures:
        options = {"": _("the same in every county")}
        options |= {one.code: _("By {name} ({year})", name=one.name, year=one.year) for one in figures}
        _choice("costs", _("What a station costs in a county"), options, question.cost_figure or "")


def _choice(name: str, title: str, options: Mapping[str, str], chosen: str) -> None:
    options = {str(one): words for one, words in options.items()}  # Streamlit takes members of one enum only
    st.session_state[f"siting_{name}"] = str(chosen)
    st.selectbox(
        title,
        list(options),
        key=f"siting_{name}",
        format_func=lambda one: options.get(one, one),
        filter_mode=None,
        on_change=_keep(name),
    )


def _count(name: str, title: str, chosen: int, most: int, *, least: int = 1) -> None:
    st.session_state[f"siting_{name}"] = chosen
    st.number_input(title, least, most, key=f"siting_{name}", on_change=_keep(name))


def _tick(name: str, title: str, chosen: bool, *, disabled: bool = False) -> None:
    st.session_state[f"siting_{name}"] = chosen
    st.checkbox(title, key=f"siting_{name}", disabled=disabled, on_change=_keep(name, _yes_no))
