"""The queue of the work desk: its views, its search, what can be done with several at once, and the rows."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import text_in_address
from portal.components import link, notice, page_url
from portal.desk.bulk_actions import draw_bulk
from portal.desk.figure_behind import draw_figure_asked_for
from portal.desk.filters import (
    draw_filters,
    figure_in_address,
    filters_in_address,
    order_in_address,
    read_filters,
)
from portal.desk.rows import draw_head, draw_rows
from portal.desk.views import draw_saving, draw_views
from portal.language import _, current
from portal.paged_list import draw_turns
from portal.table_downloads import draw_downloads
from portal.visit import visit
from stations.answers.presentation import saved_table
from stations.answers.queue import queue_columns, queue_of
from stations.duty.roles import Action, Actor, AreaKind
from stations.requests.handling import may_answer
from stations.requests.queue import count_requests
from stations.requests.queue_order import read_place
from stations.requests.states import FINAL

PAGE = 30


def draw_head_of_queue(session: Session, actor: Actor) -> None:
    """Draw the views with their figures, or the figure of the evaluation whose requests are listed."""
    wide = _is_wide(actor)
    if figure := figure_in_address():
        draw_figure_asked_for(session, actor, *figure)
    else:
        # They cover the user's whole area, not only the requests behind a figure.
        draw_views(session, actor, wide)


def draw_queue(session: Session, actor: Actor, *, open_number: str) -> None:
    """Draw the filters, the bulk actions and the rows. ``open_number``: the request that is open beside them."""
    present = visit()
    queue = queue_of(
        session,
        actor,
        read_filters(actor),
        samples=present.samples,
        today=present.today,
        figure=figure_in_address(),
        order=order_in_address(),
        after=read_place(text_in_address("after")),
        limit=PAGE,
    )
    pickable = [one for one in queue.requests if may_answer(actor, one.request) and one.request.state not in FINAL]
    with st.container(horizontal=True, vertical_alignment="center", key="desk_tools"):
        counts = count_requests(session, actor, samples=present.samples)
        draw_filters(session, actor, counts, wide=_is_wide(actor))
        draw_saving(session, actor)
        if actor.may_somewhere(Action.ANSWER_REQUESTS) and not open_number:
            draw_bulk(session, actor, [one.request for one in pickable])
    if not queue.requests:
        none = _("There are no requests here.")
        every = link(page_url("desk"), _("Show all requests")) if filters_in_address() else ""
        notice(Markup("{} {}").format(none, every))
        return
    draw_head(pickable, judged=figure_in_address() is not None)
    draw_rows(queue.requests, pickable, open_number=open_number)
    draw_turns("desk", filters_in_address(), queue.after, _("More requests"))
    caption = _("Requests listed")
    table = saved_table(queue_columns(queue), queue.requests, current(), title=caption, notes=[caption])
    draw_downloads(table, "requests")


def _is_wide(actor: Actor) -> bool:
    return any(duty.area_kind is not AreaKind.STATION for duty in actor.duties)
