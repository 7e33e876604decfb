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
from stations.answers.scenario_lines import names_on_file, travel_name, weighting_name
from stations.language import label
from stations.planning.demand import DemandLayer, Weighting, layers_on_file
from stations.planning.imported_figure import list_figures
from stations.planning.scenario_ground import Ground
from stations.planning.travel import list_measures


def draw_ground(session: Session, usual: Ground, *, today: date, samples: bool) -> Ground:
    """Draw what the figures side by side are measured on, and return it. ``usual``: where nothing is chosen."""
    language = current()
    names = names_on_file(session)
    weightings = [*Weighting, *(one.code for one in list_figures(session, samples=samples)), usual.weighting]
    counted = {str(one): str(in_words(weighting_name(one, names), language)) for one in dict.fromkeys(weightings)}
    on_file = [*layers_on_file(session, samples=samples), DemandLayer(usual.demand)]
    layers = {one.value: label(language, one) for one in dict.fromkeys(on_file)}
    codes = [*(one.code for one in list_measures(session, samples=samples)), usual.travel]
    measures = {code: str(in_words(travel_name(code, names), language)) for code in dict.fromkeys(codes)}
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
