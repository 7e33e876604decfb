"""Going on from a click on a map to the page of the county there."""

from __future__ import annotations

import streamlit as st

from geo.counties import locate
from portal.navigation import page_named


def open_county_at(lon: float, lat: float) -> None:
    """Go on to the page of the county at a place in WGS-84 degrees; outside the province stay."""
    county = locate(lon, lat)
    if county:
        st.switch_page(page_named("county"), query_params={"adcode": county.adcode})
