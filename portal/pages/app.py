"""The script that Streamlit runs for every page: navigation, what stands above and below, the page."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from portal.frame import draw_footer, draw_header
from portal.language import _
from portal.navigation import pages
from portal.page_end import PageEnd
from portal.shell import PRODUCT_NAME
from portal.table_downloads import begin_tables
from portal.visit import visit

st.set_page_config(page_title=_(PRODUCT_NAME), layout="wide", initial_sidebar_state="collapsed")
page = st.navigation(pages(visit().actor), position="top")
begin_tables()
draw_header()
with suppress(PageEnd):
    page.run()
draw_footer()
