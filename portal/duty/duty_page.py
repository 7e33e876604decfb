"""Pages that only who is signed in, or only some duties, open."""

from __future__ import annotations

from typing import NoReturn
from urllib.parse import quote

import streamlit as st
from markupsafe import Markup

from portal.components import link, notice
from portal.language import _
from portal.page_end import end_page
from portal.visit import visit
from stations.duty.roles import Action, Actor, names_of_roles


def sign_in_link(address: str) -> Markup:
    """The link to signing in, which leads back to ``address``: path and query of a page of ours."""
    return link(f"/sign-in?next={quote(address, safe='/')}", _("Sign in"))


def end_signed_out(for_whom: str, address: str) -> NoReturn:
    """Say for whom the page at ``address`` is, with the way to sign in, and end it."""
    notice(Markup("{} {}").format(for_whom, sign_in_link(address)))
    end_page()


def open_page(page: str, title: str, action: Action, *, for_whom: str, not_yours: str) -> Actor:
    """Draw the head of a page and give back who is signed in and may do ``action`` somewhere; others are told
    ``for_whom`` the page is, or that it is ``not_yours`` and whose, and the page ends."""
    actor = visit().actor
    st.title(title)
    if actor is None:
        end_signed_out(for_whom, f"/{page}")
    if not actor.may_somewhere(action):
        whose = _("For it, each in the own area: {roles}", roles=names_of_roles(action))
        notice(Markup("{} {} {}").format(not_yours, whose, link("/account", _("My account"))))
        end_page()
    return actor
