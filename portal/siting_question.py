"""Asking where new stations should stand: the choices, kept in the address.

``?model=mclp&p=5&within=20&weights=population&keep=yes``
"""

from __future__ import annotations

import streamlit as st

from portal.address_choice import text_in_address
from portal.language import N_, _
from stations.demand import Weighting
from stations.station_siting import NEEDS_P, NEEDS_WITHIN, SitingModel, SitingQuestion

MODELS = {
    SitingModel.MCLP: N_("Reach most people with a number of new stations (MCLP)"),
    SitingModel.P_MEDIAN: N_("Least average distance (p-median)"),
    SitingModel.P_CENTER: N_("Least distance for the worst-off county (p-center)"),
    SitingModel.LSCP: N_("Reach every county with the fewest stations (LSCP)"),
}
WEIGHTINGS = {
    Weighting.POPULATION: N_("Every resident counts alike"),
    Weighting.EQUAL: N_("Every county counts alike"),
}
WEIGHED = frozenset({SitingModel.MCLP, SitingModel.P_MEDIAN})


def question_in_address() -> SitingQuestion:
    """The question that the address asks; what it does not say, or says wrongly, is the usual one."""
    model, weights = text_in_address("model"), text_in_address("weights")
    model = SitingModel(model) if model in list(SitingModel) else SitingModel.MCLP
    return SitingQuestion(
        model=model,
        p=_number("p", 5, 1, 95) if model in NEEDS_P else None,
        within_km=float(_number("within", 20, 1, 300)),
        weighting=Weighting(weights) if weights in list(Weighting) else Weighting.POPULATION,
        keep_existing=text_in_address("keep") != "no",
    )


def _number(name: str, default: int, least: int, most: int) -> int:
    text = text_in_address(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most else default


def _keep() -> None:
    """Put what was chosen into the address."""
    for name in ("model", "p", "within", "weights"):
        if (value := st.session_state.get(f"siting_{name}")) is not None:
            st.query_params[name] = str(value)
    st.query_params["keep"] = "yes" if st.session_state["siting_keep"] else "no"


def draw_question(question: SitingQuestion) -> None:
    """Draw the choices; a change goes into the address."""
    st.session_state["siting_model"] = question.model
    st.session_state["siting_weights"] = question.weighting
    st.session_state["siting_keep"] = question.keep_existing
    with st.container(border=True):
        left, right = st.columns(2)
        with left:
            _draw_list("siting_model", _("What is wanted?"), MODELS)
            _draw_list("siting_weights", _("Whose way counts?"), WEIGHTINGS, disabled=question.model not in WEIGHED)
        with right:
            if question.model in NEEDS_P:
                st.session_state["siting_p"] = question.p
                st.number_input(_("New stations"), 1, 95, key="siting_p", on_change=_keep)
            if question.model in NEEDS_WITHIN:
                st.session_state["siting_within"] = round(question.within_km)
                st.number_input(_("Reached within kilometres"), 1, 300, key="siting_within", on_change=_keep)
            st.checkbox(_("Stations active today stay and serve"), key="siting_keep", on_change=_keep)


def _draw_list(key: str, title: str, options: dict, *, disabled: bool = False) -> None:
    st.selectbox(
        title,
        list(options),
        key=key,
        format_func=lambda one: _(options[one]),
        filter_mode=None,
        disabled=disabled,
        on_change=_keep,
    )
