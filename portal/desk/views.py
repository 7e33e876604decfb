"""The views of the queue: the usual ones, each with its number, and those that the user has saved."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import page_url
from portal.desk.filters import filters_in_address, view_in_address
from portal.language import _
from portal.markdown_text import plain
from portal.page_action import draw_problems, perform
from portal.visit import visit
from stations.duty.roles import Actor
from stations.requests.desk_figures import desk_figures
from stations.requests.saved_views import NAME_LIMIT, list_views, remove_view, save_view
from stations.requests.states import STATIONS_TURN, State

_NAME = "view_name"
Filters = dict[str, list[str]]


def draw_views(session: Session, actor: Actor, wide: bool) -> None:
    """Draw a link to each view. ``wide``: the user's duty is wider than one station."""
    present = visit()
    known = desk_figures(session, actor, samples=present.samples, today=present.today)
    turn = [state.value for state in State if state in STATIONS_TURN]
    usual: list[tuple[str, int | None, Filters]] = [
        (_("All"), None, {}),
        (_("wait for the station"), known.waiting, {"state": turn}),
        (_("overdue"), known.overdue, {"overdue": ["1"]}),
        (_("being urged"), known.urged, {"urged": ["1"]}),
    ]
    if known.to_answer:
        usual.append((_("urged, yours to answer"), known.to_answer, {"urged": ["mine"]}))
    if wide:
        usual.append((_("escalated to you"), known.escalated, {"escalated": ["1"]}))
    if known.mine or not wide:
        usual.append((_("yours to act on"), known.mine, {"mine": ["1"], "state": turn}))
    saved = [(view.name, None, view.filters) for view in list_views(session, actor)]
    here = filters_in_address()
    drawn = Markup("").join(_view(*one, here=one[2] == here) for one in [*usual, *saved])
    st.html(Markup('<nav class="views" aria-label="{}">{}</nav>').format(_("Views"), drawn))


def _view(name: str, count: int | None, filters: Filters, *, here: bool) -> Markup:
    return Markup('<a href="{}" target="_self"{}>{}{}</a>').format(
        page_url("desk", **filters),
        Markup(' aria-current="page"') if here else "",
        name,
        "" if count is None else Markup(" <b>{}</b>").format(count),
    )


def draw_saving(session: Session, actor: Actor) -> None:
    """Draw the form that saves filters and order under a name, and the buttons that remove saved views."""
    views, filters = list_views(session, actor), view_in_address()
    with st.popover(_("Save view")):
        with st.form("save_view", border=False):
            st.text_input(_("Name of the view"), key=_NAME, max_chars=NAME_LIMIT)
            st.caption(_("Filters and order as they are now. A view of the same name is replaced."))
            draw_problems(_NAME)
            st.form_submit_button(
                _("Save"),
                type="primary",
                on_click=lambda: perform(
                    lambda session: save_view(
                        session, visit().actor, st.session_state[_NAME], filters, now=visit().now
                    ),
                    _("The view is saved."),
                    _NAME,
                    beside=_NAME,
                ),
            )
        for view in views:
            st.button(
                _("Remove “{name}”", name=plain(view.name)),
                key=f"remove_view_{view.id}",
                on_click=lambda one=view.id: perform(
                    lambda session: remove_view(session, visit().actor, one), _("The view is removed.")
                ),
            )
