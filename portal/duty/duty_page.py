"""Pages that only some duties open."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.components import link, notice, page_url
from portal.language import _
from portal.page_end import end_page
from portal.visit import visit
from stations.duty.roles import Action, Actor, names_of_roles


def open_page(page: str, title: str, action: Action, *, for_whom: str, not_yours: str) -> Actor:
    """Draw the head of a page and give back who is signed in and may do ``action`` somewhere; others are told
    ``for_whom`` the page is, or that it is ``not_yours`` and whose, and the page ends."""
    actor = visit().actor
    st.title(title)
    if actor is None:
        notice(Markup("{} {}").format(for_whom, link(page_url("sign-in", next=f"/{page}"), _("Sign in"))))
        end_page()
    if not actor.may_somewhere(action):
        whose = _("For it, each in the own area: {roles}", roles=names_of_roles(action))
        notice(Markup("{} {} {}").format(not_yours, whose, link("/account", _("My account"))))
        end_page()
    return actor
