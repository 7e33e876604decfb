"""Marking the fields of a form that must be filled in: one sign, explained once at the head of the form."""

from __future__ import annotations

import re

import streamlit as st
from markupsafe import Markup

from portal.language import _


def mark_required(*keys: str, told: bool = True) -> None:
    """Put a star behind the labels of the fields with these widget keys, and say what it means unless the form is so
    short that it goes without saying (``told``). A key that ends with ``*`` stands for all that begin so.

    A screen reader reads the star as part of the field's name.
    """
    marks = ", ".join(f'[class{_match(key)}] [data-testid="stWidgetLabel"] p::after' for key in keys)
    style = Markup('<style>{} {{ content: " *"; color: var(--bad); }}</style>').format(Markup(marks))
    told_first = Markup('<p class="source">{}</p>').format(_("Fields marked * must be filled in.")) if told else ""
    st.html(Markup("{}{}").format(told_first, style))


def _match(key: str) -> str:
    # Streamlit makes the class of a widget from its key in this way.
    name = "st-key-" + re.sub(r"[^A-Za-z0-9_-]", "-", key.removesuffix("*"))
    return f'*="{name}"' if key.endswith("*") else f'~="{name}"'
