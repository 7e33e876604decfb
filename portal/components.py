"""Pieces of HTML that pages are built from. Every text is escaped; only ``Markup`` passes as it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup, escape

from portal.language import _
from portal.table_downloads import draw_downloads, drawn_as_saved
from stations.tables.table import SavedTable

Tone = Literal["", "good", "warn", "bad", "sample"]


@dataclass(frozen=True)
class Figure:
    """A number that matters: ``of`` what, what it says, a note under it, and the page it opens."""

    number: str
    label: str
    of: str = ""
    note: str | Markup = ""
    href: str = ""


def page_url(page: str, /, **query: str | Sequence[str]) -> str:
    """Address of a page of ours with its query, e.g. ``page_url("station", code="S-3201-001")``."""
    return f"/{page}" + (f"?{urlencode(query, doseq=True)}" if query else "")


def link(href: str, text: str) -> Markup:
    """A link to a page of ours."""
    return Markup('<a href="{}" target="_self">{}</a>').format(href, text)


def phone_link(number: str) -> Markup:
    """A telephone number that dials itself; RFC 3966 allows no blanks in it."""
    return Markup('<a href="tel:{}">{}</a>').format("".join(number.split()), number)


def tag(text: str, tone: Tone = "") -> Markup:
    """A short word in a box."""
    return Markup('<span class="tag {}">{}</span>').format(tone, text)


def sample_tag() -> Markup:
    """What marks an invented record or a figure that holds some."""
    return tag(_("Sample"), "sample")


def figures(cards: Sequence[Figure]) -> None:
    """Draw figures side by side; on a phone one under the other."""
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
    saving: bool = True,
) -> None:
    """Draw a table that scrolls sideways on a phone, or, where it ``stacks``, is a list of records
    there; ``numbers`` are the columns set to the right.

    Below it stand the ways to save it, with ``notes`` (its rule, its source); ``file``: what the file is about,
    where the caption does not say it;
    ``saved``: what to save where that is not what is drawn. Not ``saving``: within a form, where no
    button to save can stand.
    """
    st.html(table_markup(headings, rows, caption=caption, numbers=numbers, stacks=stacks))
    if saving and rows:
        kept = saved or drawn_as_saved(headings, rows, caption, numbers)
        draw_downloads(replace(kept, notes=[*kept.notes, *notes]), file)


def table_markup(
    headings: Sequence[str],
    rows: Sequence[Sequence[str | Markup]],
    *,
    caption: str,
    numbers: Collection[int] = (),
    stacks: bool = False,
) -> Markup:
    """The same table, to stand inside other HTML."""

    def cells(name: str, row: Sequence[str | Markup]) -> Markup:
        labelled = stacks and name == "td"
        return Markup("").join(
            Markup("<{0}{1}{2}>{3}</{0}>").format(
                Markup(name),
                Markup(' class="number"') if index in numbers else "",
                Markup(' data-label="{}"').format(headings[index]) if labelled else "",
                Markup("<div>{}</div>").format(cell) if labelled and cell else cell if cell is not None else "",
            )
            for index, cell in enumerate(row)
        )

    body = Markup("").join(Markup("<tr>{}</tr>").format(cells("td", row)) for row in rows)
    return Markup(
        '<div class="table-wrap"><table class="table{}"><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(" stacks" if stacks else "", caption, cells("th", headings), body)


def facts(pairs: Sequence[tuple[str, str | Markup]]) -> None:
    """Draw what is known of one record: a name and a value a line; empty values are left out."""
    drawn = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value) for name, value in pairs if value
    )
    st.html(Markup('<dl class="facts">{}</dl>').format(drawn))


def notice(text: str | Markup, tone: Tone = "") -> None:
    """Draw a remark that stands out."""
    st.html(Markup('<div class="notice {}">{}</div>').format(tone, text))


def source(text: str | Markup) -> None:
    """Draw where a figure comes from, or the rule it is counted by, in small print."""
    st.html(Markup('<p class="source">{}</p>').format(escape(text)))
