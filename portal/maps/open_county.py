"""Opening the page of a county by a click on a map."""

from __future__ import annotations

import streamlit as st

from geo.counties import locate
from portal.navigation import page_named


def open_county_at(lon: float, lat: float) -> None:
    """Open the page of the county at a position in WGS-84 degrees; ``county_map`` answers a click outside of all."""
    county = locate(lon, lat)
    if county:
        st.switch_page(page_named("county"), query_params={"adcode": county.adcode})
