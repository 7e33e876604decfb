"""Charts in pages: their texts in colours that can be read (WCAG 2.2, 1.4.3), and told in words."""

from __future__ import annotations

import altair as alt
import streamlit as st

from portal.theme import COLOURS


def draw_chart(chart: alt.Chart | alt.LayerChart | alt.FacetChart, told: str) -> None:
    """Draw a chart as wide as its place. ``told``: what it shows, for those who don't see it."""
    read, soft = COLOURS["ink"], COLOURS["ink-soft"]
    readable = chart.configure_axis(labelColor=soft, titleColor=soft).configure_legend(labelColor=read, titleColor=read)
    st.altair_chart(readable, width="stretch", alt=told)
