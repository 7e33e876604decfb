"""A page for the map's own tests: it says what was clicked and lets a widget change the fills."""

import streamlit as st

from geo.counties import county_layer
from portal.maps.county_map import Fill, Marker, county_map
from portal.maps.legend import LegendEntry
from portal.maps.view import around_county
from portal.theme import COVERAGE_AREAS, MARKERS

HOSTILE = "</script><img src=x onerror=alert(1)>{{ 'x' }}'\"`${1}\u2028&lt;b&gt;"

counties = county_layer().counties
st.set_page_config(layout="wide")
st.title("县域覆盖")
shift = st.radio("shift", [0, 1, 2], horizontal=True)
places = st.radio("markers", ["few", "many"], horizontal=True)
follows = "follow" in st.query_params  # the map shows the county that was chosen
statuses = list(COVERAGE_AREAS)

fills = {
    county.adcode: Fill(
        COVERAGE_AREAS[statuses[(index + shift) % 3]],
        HOSTILE if county.adcode == "320505" else county.name,
        f"站点 {index % 4} 个",
    )
    for index, county in enumerate(counties)
}
markers = [
    Marker(
        county.lon,
        county.lat,
        list(MARKERS.values())[index % 3],
        HOSTILE if index == 0 else f"{county.name}质量小站",
        (HOSTILE if index == 0 else "计量、标准",),
        sample=index % 2 == 1,
        href="/about",
        number=index + 1 if places == "few" else None,
    )
    for index, county in enumerate(counties[: 6 if places == "few" else 95])
]
bounds = around_county(st.session_state["chosen"]) if follows and "chosen" in st.session_state else None
if st.button("far"):
    bounds = around_county("320321")
click = county_map(
    fills,
    key="demo",
    title="各县（市、区）覆盖情况",
    legend=[
        *(LegendEntry(look, name) for name, look in COVERAGE_AREAS.items()),
        *(LegendEntry(look, name) for name, look in MARKERS.items()),
        LegendEntry(MARKERS["station"], "sample", sample=True),
    ],
    markers=markers,
    asked=["2026年11月24日"],
    highlight=st.session_state.get("chosen"),
    bounds=bounds,
)
if click:
    found = county_layer().locate(click.lon, click.lat)
    st.session_state["chosen"] = found.adcode if found else None
    st.session_state["place"] = f"{click.lon:.3f} {click.lat:.3f}"
    st.session_state["clicks"] = st.session_state.get("clicks", 0) + 1
    st.rerun()
st.text(f"chosen {st.session_state.get('chosen')} clicks {st.session_state.get('clicks', 0)} shift {shift}")
st.text(f"place {st.session_state.get('place')}")
