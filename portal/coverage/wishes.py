"""What firms in an office's area wait for."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from portal.answer_table import draw_answer
from portal.components import source
from portal.language import _
from stations.answers.wishes import WISH_COLUMNS
from stations.duty.roles import Actor
from stations.firms.wishes import list_wishes


def draw_wishes(session: Session, actor: Actor) -> None:
    """Draw the table of registered wishes in the actor's area; nothing if there are none."""
    wishes = list_wishes(session, actor)
    if not wishes:
        return
    st.subheader(_("Firms waiting for a service"))
    caption = _("What firms wait for in their county")
    draw_answer(WISH_COLUMNS, wishes, caption=caption, numbers=("firms", "confirmed"), stacks=True)
    source(_("Who they are is not shown. Each is told once a station of the county offers it."))
