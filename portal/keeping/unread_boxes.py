"""What was not understood of a record that is edited, each with a box that drops the words."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st
from markupsafe import Markup

from portal.language import _, current
from portal.markdown_text import plain
from portal.registry.record_words import field_name
from stations.registry.unread import Unread
from stations.registry.unread_names import UNREAD_NAMES


def draw_unread(unread: Iterable[Unread], key: str) -> tuple[str, ...]:
    """Draw the words; return the fields of those that are to be dropped. ``key``: what the boxes' keys begin with."""
    words: dict[str, list[str]] = {}
    for one in unread:
        words.setdefault(one.field, []).append(one.words)
    if not words:
        return ()
    st.subheader(field_name("unread"))
    st.html(
        Markup("<p>{}</p>").format(
            _("Set the fields above as they are meant: these words then go. Tick what needs no field.")
        )
    )
    return tuple(
        field
        for field, told in words.items()
        if st.checkbox(
            _(
                "{field}: “{words}” – done, to be dropped",
                field=_(UNREAD_NAMES[field]),
                words=plain(current().semicolon.join(dict.fromkeys(told))),
            ),
            key=f"{key}_{field}",
        )
    )
