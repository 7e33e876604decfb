"""Paging through a long list: each page begins after the record named in the address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import streamlit as st
from markupsafe import Markup

from portal.address_choice import PAGE_PARAMETER, text_in_address
from portal.components import link, page_url

_NUMBER = re.compile(r"[0-9]{1,9}")


def number_in_address(parameter: str = PAGE_PARAMETER) -> int | None:
    """Return the record number in the address under ``parameter``; None if there is none."""
    text = text_in_address(parameter)
    return int(text) if _NUMBER.fullmatch(text) else None


def draw_turns(
    page: str,
    query: Mapping[str, str | Sequence[str]],
    last: object | None,
    more: str,
    *,
    parameter: str = PAGE_PARAMETER,
    beginning: str = "",
) -> None:
    """Draw the links to the next part of the list on ``page`` and, with ``beginning``, back to the first.

    ``query``: the other parameters of the address; ``last``: identifies the last record shown, None at the end of the
    list; ``more``, ``beginning``: the texts of the links; ``parameter``: the query parameter for ``last``.
    """
    kept = {name: value for name, value in query.items() if name != parameter}
    turns = []
    if beginning and text_in_address(parameter):
        turns.append(link(page_url(page, **kept), beginning))
    if last is not None:
        turns.append(link(page_url(page, **kept, **{parameter: str(last)}), more))
    if turns:
        st.html(Markup("<p>{}</p>").format(Markup(" · ").join(turns)))
