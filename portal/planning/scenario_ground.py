"""The choice of the ground on which scenarios stand side by side."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import draw_setting
from portal.as_of_date import draw_date_input
from portal.language import _, current
from stations.answers.columns import in_words
from stations.answers.scenario_ground import TRAVEL_NAMES
from stations.answers.scenario_lines import weighting_name
from stations.language import label
from stations.planning.demand import DemandLayer, Weighting
from stations.planning.imported_figure import figure_names, list_figures
from stations.planning.scenario_ground import Ground


def draw_ground(session: Session, usual: Ground, *, today: date, samples: bool) -> Ground:
    """Draw what the figures side by side are measured on, and return it. ``usual``: where nothing is chosen."""
    language = current()
    names = figure_names(session)
    weightings = [*Weighting, *(one.code for one in list_figures(session, samples=samples)), usual.weighting]
    counted = {str(one): str(in_words(weighting_name(one, names), language)) for one in dict.fromkeys(weightings)}
    layers = {one.value: label(language, one) for one in DemandLayer}
    measures = {code: str(in_words(name, language)) for code, name in TRAVEL_NAMES.items()}
    with st.container(border=True):
        st.html(Markup("<strong>{}</strong>").format(_("Measured on one ground")))
        first, second, third, fourth = st.columns(4)
        with first:
            demand = draw_setting("demand", _("Where demand is counted"), layers, usual.demand)
        with second:
            weighting = draw_setting("weights", _("What counts"), counted, usual.weighting)
        with third:
            travel = draw_setting("travel", _("How ways are measured"), measures, usual.travel)
        with fourth:
            draw_date_input(usual.as_of, today)
    return replace(usual, demand=demand, weighting=weighting, travel=travel)
