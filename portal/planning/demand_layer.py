"""What the demand of a layer rests on, in words and county by county."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from portal.answer_table import draw_answer
from portal.components import source
from portal.language import _, current
from stations.answers.population import RASTER_COUNTIES
from stations.planning.demand import Demand, DemandLayer
from stations.planning.demand_notes import demand_notes
from stations.planning.population_layer import compared_with_census


def draw_demand_notes(demand: Demand) -> None:
    """Draw what the demand rests on: its rule, its source, and how much of it is estimated."""
    for told in demand_notes(demand, current()):
        source(told)


def draw_raster_comparison(session: Session, layer: str, *, samples: bool) -> None:
    """Draw each county's people by the raster beside the census, where the raster is the layer."""
    if layer != DemandLayer.RASTER:
        return
    compared = compared_with_census(session, samples=samples)
    if compared is None:
        return
    with st.expander(_("The raster beside the census, county by county")):
        draw_answer(
            RASTER_COUNTIES.take("name", "people", "census", "ratio"),
            compared.counties,
            caption=_("People by {name} ({year}) and by the census of 2020", name=compared.name, year=compared.year),
            numbers=("people", "census", "ratio"),
        )
