"""Pages restricted to signed-in users or to certain duties."""

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
    """Return the link for signing in, which returns to ``address``: path and query of a page of this site."""
    return link(f"/sign-in?next={quote(address, safe='/')}", _("Sign in"))


def end_signed_out(for_whom: str, address: str) -> NoReturn:
    """Say who may use the page at ``address``, with a link for signing in, and end it."""
    notice(Markup("{} {}").format(for_whom, sign_in_link(address)))
    end_page()


def open_page(page: str, title: str, action: Action, *, for_whom: str, not_yours: str) -> Actor:
    """Draw the head of a page and return the signed-in user, who may do ``action`` in some area.

    For others the page ends: signed-out visitors read ``for_whom`` it is, users without the duty read ``not_yours`` and
    which roles have it.
    """
    actor = visit().actor
    st.title(title)
    if actor is None:
        end_signed_out(for_whom, f"/{page}")
    if not actor.may_somewhere(action):
        whose = _("For it, each in the own area: {roles}", roles=names_of_roles(action))
        notice(Markup("{} {} {}").format(not_yours, whose, link("/account", _("My account"))))
        end_page()
    return actor


def open_operator_page(page: str, title: str) -> Actor:
    """Draw the head of a page about the installation and return the signed-in administrator of the province, who is no
    invented person. For others the page ends and says whom it is for.
    """
    actor = open_page(
        page,
        title,
        Action.SEE_OPERATIONS,
        for_whom=_("For administrators of the province."),
        not_yours=_("Your duty does not include the operation of the portal."),
    )
    if actor.sample:
        notice(_("Invented people do not see how the server does."))
        end_page()
    return actor
