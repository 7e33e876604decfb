"""HTML components of pages. Every text is escaped, except ``Markup``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup, escape

from portal.language import _
from portal.table_downloads import draw_downloads
from stations.readers.telephone import BETWEEN, telephones_in
from stations.tables.table import SavedTable

Tone = Literal["", "good", "warn", "bad", "sample"]


@dataclass(frozen=True)
class Figure:
    """A key figure: ``number``, optionally ``of`` a total, ``label``, a note below it and the page it links to."""

    number: str
    label: str
    of: str = ""
    note: str | Markup = ""
    href: str = ""


def page_url(page: str, /, **query: str | Sequence[str]) -> str:
    """Return the address of a page of this site with its query, e.g. ``page_url("station", code="S-3201-001")``."""
    return f"/{page}" + (f"?{urlencode(query, doseq=True)}" if query else "")


def link(href: str, text: str) -> Markup:
    """Return a link to a page of this site."""
    return Markup('<a href="{}" target="_self">{}</a>').format(href, text)


def phone_link(numbers: str) -> Markup:
    """Return each telephone number of a text as a link that dials it; a text that holds none as it is."""
    read = telephones_in(numbers)
    if not read:
        return escape(numbers)
    return Markup(BETWEEN).join(Markup('<a href="{}">{}</a>').format(one.dialled, one.alone) for one in read)


def tag(text: str, tone: Tone = "") -> Markup:
    """Return a short text in a box."""
    return Markup('<span class="tag {}">{}</span>').format(tone, text)


def sample_tag() -> Markup:
    """Return the mark of a sample record, or of a figure that includes some."""
    return tag(_("Sample"), "sample")


def figures(cards: Sequence[Figure]) -> None:
    """Draw figures side by side, or one below the other on a phone."""
    drawn = []
    for card in cards:
        of = Markup(" <small>/ {}</small>").format(card.of) if card.of else ""
        note = Markup("<p>{}</p>").format(card.note) if card.note else ""
        body = Markup('<span class="figure">{}{}</span><strong>{}</strong>{}').format(card.number, of, card.label, note)
        drawn.append(
            Markup('<a class="card" href="{}" target="_self">{}</a>').format(card.href, body)
            if card.href
            else Markup('<div class="card">{}</div>').format(body)
        )
    st.html(Markup('<div class="cards figures">{}</div>').format(Markup("").join(drawn)))


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str | Markup]],
    *,
    caption: str,
    numbers: Collection[int] = (),
    stacks: bool = False,
    notes: Sequence[str] = (),
    saved: SavedTable | None = None,
    file: str = "",
) -> None:
    """Draw a table; one of an answer is drawn by ``portal.answer_table``.

    On a phone the table scrolls sideways or, if it ``stacks``, becomes a list of records. ``headings``: one of several
    lines is ``Markup`` with ``<br>`` between them. ``numbers``: indices of the columns aligned to the right. ``saved``:
    the table as data, saved as a file by the buttons below; without it there are none. ``notes``: lines such as rule
    and source, added to the file. ``file``: the subject for its name; by default the caption.
    """
    st.html(table_markup(headings, rows, caption=caption, numbers=numbers, stacks=stacks))
    if saved and rows:
        draw_downloads(replace(saved, notes=[*saved.notes, *notes]), file)


def table_markup(
    headings: Sequence[str],
    rows: Sequence[Sequence[str | Markup]],
    *,
    caption: str,
    numbers: Collection[int] = (),
    stacks: bool = False,
) -> Markup:
    """Return the table of ``table`` as HTML, for use inside other HTML."""

    def cells(name: str, row: Sequence[str | Markup]) -> Markup:
        labelled = stacks and name == "td"
        return Markup("").join(
            Markup("<{0}{1}{2}>{3}</{0}>").format(
                Markup(name),
                Markup(' class="number"') if index in numbers else "",
                Markup(' data-label="{}"').format(" / ".join(_lines(headings[index]))) if labelled else "",
                Markup("<div>{}</div>").format(cell) if labelled and cell else cell if cell is not None else "",
            )
            for index, cell in enumerate(row)
        )

    body = Markup("").join(Markup("<tr>{}</tr>").format(cells("td", row)) for row in rows)
    return Markup(
        '<div class="table-wrap"><table class="table{}"><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(" stacks" if stacks else "", caption, cells("th", headings), body)


def _lines(heading: str) -> list[str]:
    """Return the lines of a heading as plain text."""
    return [Markup(line).striptags() for line in heading.split("<br>")] if isinstance(heading, Markup) else [heading]


def facts(pairs: Sequence[tuple[str, str | Markup]]) -> None:
    """Draw the facts of one record, a name and a value per line; empty values are left out."""
    drawn = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value) for name, value in pairs if value
    )
    st.html(Markup('<dl class="facts">{}</dl>').format(drawn))


def notice(text: str | Markup, tone: Tone = "") -> None:
    """Draw a highlighted message."""
    st.html(Markup('<div class="notice {}">{}</div>').format(tone, text))


def source(text: str | Markup) -> None:
    """Draw the source or the rule of a figure in small print."""
    st.html(Markup('<p class="source">{}</p>').format(escape(text)))
