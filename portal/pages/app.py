"""The script that Streamlit runs for every page: navigation, what stands above and below, the page."""

from __future__ import annotations

import streamlit as st

from portal.frame import draw_footer, draw_header
from portal.language import _
from portal.navigation import pages
from portal.shell import PRODUCT_NAME

st.set_page_config(page_title=_(PRODUCT_NAME), layout="wide", initial_sidebar_state="collapsed")
page = st.navigation(pages(), position="top")
draw_header()
try:
    page.run()
finally:  # a page that has said what is wrong stops there
    draw_footer()
