"""The script that Streamlit runs for every page: navigation, header, the page itself, footer."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from portal.frame import draw_footer, draw_header
from portal.language import begin_language, pick
from portal.metrics import counted_page
from portal.navigation import ENTRIES, pages
from portal.page_end import PageEnd
from portal.page_turns import turns
from portal.table_downloads import begin_tables
from portal.upload_field import begin_upload_fields, end_upload_fields
from portal.visit import visit
from stations.province import portal_title
from stations.reference import begin_reference

begin_reference()
begin_language()
with turns.turn():
    st.set_page_config(page_title=pick(*portal_title()), layout="wide", initial_sidebar_state="collapsed")
    page = st.navigation(pages(visit().actor), position="top")
    begin_tables()
    begin_upload_fields()
    draw_header()
    with counted_page(page.url_path or ENTRIES[0].name), suppress(PageEnd):
        page.run()
    end_upload_fields()
    draw_footer()
