"""Saving the tables of pages as CSV and Excel, with buttons below each table.

The notes of a file contain the caption (date, what is counted), the page's notes (rule, source), the notice about
samples, and the time of saving.
"""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from portal.language import _, current
from portal.navigation import ENTRIES
from portal.samples import samples_shown
from stations import clock
from stations.language import day_in_china
from stations.province import portal_title
from stations.tables.table import SavedTable, csv_file
from stations.tables.workbooks import MIME, as_workbook

_DATED = re.compile(r"\d{4}\D{1,3}\d{1,2}|\d{1,2} \w+ \d{4}")


def begin_tables() -> None:
    """Begin a run of a page, before any table is drawn."""
    st.session_state["tables_drawn"] = set()


def draw_downloads(table: SavedTable, name: str = "") -> None:
    """Draw the buttons that save a table. ``name``: the subject for the file name; by default the table's title."""
    language = current()
    notes = [*table.notes]
    if samples_shown():
        notes.append(_("Invented sample records may be included; each is named “Sample”, figures may hold some."))
    notes.append(_("Page: {address}", address=_page_and_date()))
    when = language.format_datetime(clock.now())
    notes.append(_("Saved {when} from {portal}", when=when, portal=portal_title()))
    saved = replace(table, notes=notes)
    file = _file_name(name or table.title)
    key = _key(table)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"save_{key}"):
        st.html(Markup('<span class="save-as">{}</span>').format(_("Save this table:")), width="content")
        st.download_button(
            "CSV",
            lambda: csv_file(saved),
            file_name=f"{file}.csv",
            mime="text/csv",
            key=f"csv_{key}",
            on_click="ignore",
            type="tertiary",
        )
        st.download_button(
            "Excel",
            lambda: as_workbook(saved, language),
            file_name=f"{file}.xlsx",
            mime=MIME,
            key=f"xlsx_{key}",
            on_click="ignore",
            type="tertiary",
        )


def _file_name(subject: str) -> str:
    """Return the page's title and the subject, followed by the date if the subject does not contain one."""
    page = next((_(entry.title) for entry in ENTRIES if f"/{entry.name}" == urlsplit(st.context.url or "/").path), "")
    parts = [page] if page and page not in subject else []
    parts.append(subject[:60])
    if not _DATED.search(subject):
        parts.append(st.query_params.get("as_of") or day_in_china(clock.now()).isoformat())
    return re.sub(r"[^\w-]+", "-", "-".join(parts)).strip("-")


def _page_and_date() -> str:
    """Return the path of the page being drawn and its date, without other parameters, which may identify a request."""
    page = urlsplit(st.context.url or "/").path or "/"
    as_of = st.query_params.get("as_of")
    return f"{page}?as_of={as_of}" if as_of else page


def _key(table: SavedTable) -> str:
    """Return a key for the table that is unique in this run."""
    drawn: set[str] = st.session_state.setdefault("tables_drawn", set())
    content = repr((table.title, table.headings, table.rows)).encode()
    key = first = sha256(content).hexdigest()[:16]
    while key in drawn:
        key = f"{first}_{len(drawn)}"
    drawn.add(key)
    return key
