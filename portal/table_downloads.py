"""Saving the tables of pages as CSV and Excel: one way for all of them, offered below each.

What is saved is what is drawn, as plain text and numbers, unless the page hands over a
``SavedTable`` of its own. The notes carry what the caption says (date, what is counted), the page's
own notes (rule, source), the word on samples, and when it was saved.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from portal.language import _, current
from portal.navigation import ENTRIES
from portal.samples import samples_shown
from stations import clock
from stations.language import CHINA_TIME
from stations.province import portal_title
from stations.tables.table import LIST_MARK, SavedTable, csv_file
from stations.tables.workbooks import MIME, as_workbook

_STRUCK_OUT = re.compile(r"<s\b[^>]*>.*?</s>", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>| · ")
_DATED = re.compile(r"\d{4}\D{1,3}\d{1,2}|\d{1,2} \w+ \d{4}")
_NUMBER = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})*(\.[0-9]+)?|-?[0-9]+(\.[0-9]+)?")


def begin_tables() -> None:
    """Begin a run of a page: no table is drawn yet."""
    st.session_state["tables_drawn"] = set()


def drawn_as_saved(
    headings: Sequence[str], rows: Sequence[Sequence[str | Markup]], caption: str, numbers: Collection[int]
) -> SavedTable:
    """What a table that is drawn says, without the drawing; ``numbers``: columns that hold numbers."""

    def value(cell: str | Markup | None, column: int) -> object:
        text = _plain(cell) if isinstance(cell, Markup) else cell
        if column in numbers and isinstance(text, str) and _NUMBER.fullmatch(text):
            plain = text.replace(",", "")
            return float(plain) if "." in plain else int(plain)
        return text

    return SavedTable(
        caption, headings, [[value(cell, column) for column, cell in enumerate(row)] for row in rows], [caption]
    )


def _plain(drawn: Markup) -> str:
    """The words of a piece of HTML: what is struck out is left out, lines are parted by semicolons."""
    kept = _BREAK.sub(LIST_MARK, _STRUCK_OUT.sub("", drawn))
    return Markup(kept).striptags()


def draw_downloads(table: SavedTable, name: str = "") -> None:
    """Draw the ways to save a table. ``name``: what it is about, for the name of the file; else its title."""
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
    """The page, what the table is about, and the date it tells of where neither says so."""
    page = next((_(entry.title) for entry in ENTRIES if f"/{entry.name}" == urlsplit(st.context.url or "/").path), "")
    parts = [page] if page and page not in subject else []
    parts.append(subject[:60])
    if not _DATED.search(subject):
        parts.append(st.query_params.get("as_of") or clock.now().astimezone(CHINA_TIME).date().isoformat())
    return re.sub(r"[^\w-]+", "-", "-".join(parts)).strip("-")


def _page_and_date() -> str:
    """The page being drawn and the date it tells of; nothing else of its address, which may name a request."""
    page = urlsplit(st.context.url or "/").path or "/"
    as_of = st.query_params.get("as_of")
    return f"{page}?as_of={as_of}" if as_of else page


def _key(table: SavedTable) -> str:
    """A name for the table that no other drawn in this run has."""
    drawn: set[str] = st.session_state.setdefault("tables_drawn", set())
    content = repr((table.title, table.headings, table.rows)).encode()
    key = first = sha256(content).hexdigest()[:16]
    while key in drawn:
        key = f"{first}_{len(drawn)}"
    drawn.add(key)
    return key
