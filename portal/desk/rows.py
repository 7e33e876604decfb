"""The rows of the queue: one line each at a desk, a card on a phone; a box to pick each, and a link that opens it.

A link opens its request beside the list without loading the page anew: ``static/desk_keys.js`` presses the button
with the same number, which is not shown. Without scripts, or into another tab, the link works by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from portal.components import Tone, page_url, sample_tag, tag
from portal.desk.filters import filters_in_address, order_in_address
from portal.desk.picking import pick_all, picked_key
from portal.language import N_, _, current, ngettext, pick
from portal.requests.deadlines import day_in_words, due_tag
from portal.visit import visit
from stations.answers.queue import QueuedRequest, Remark, remark_in_words, remarks_on
from stations.answers.queue_counted import counted_in_words
from stations.language import day_in_china, label
from stations.requests.queue_order import MOST_URGENT, QueueOrder, SortedBy

TONES: dict[Remark, Tone] = {Remark.WISH_PASSED: "warn", Remark.ON_SITE: ""}
_HEADS: tuple[tuple[str, SortedBy | None], ...] = (
    (N_("Filed"), SortedBy.FILED),
    (N_("State"), SortedBy.STATE),
    (N_("Due"), SortedBy.URGENCY),
    (N_("Firm"), SortedBy.FIRM),
    (N_("Services"), None),
    (N_("Station"), SortedBy.STATION),
)


def draw_head(pickable: Sequence[QueuedRequest], *, judged: bool) -> None:
    """Draw the box that picks all of this page, and the columns' headings, which sort.

    ``judged``: the rows say what a figure of the evaluation counts, in place of the services.
    """
    order = order_in_address()
    with st.container(horizontal=True, vertical_alignment="center", key="queue_head"):
        numbers = [one.request.number for one in pickable]
        st.session_state["pick_all"] = bool(numbers) and all(st.session_state.get(picked_key(one)) for one in numbers)
        st.checkbox(
            _("Pick all on this page"),
            key="pick_all",
            label_visibility="collapsed",
            disabled=not numbers,
            on_change=lambda: pick_all(numbers, st.session_state["pick_all"]),
        )
        with st.container(key="queue_heads"):
            for name, by in _HEADS:
                if by is None:
                    st.html(Markup("<strong>{}</strong>").format(_("What is counted") if judged else _(name)))
                    continue
                arrow = "" if order.by is not by else " ↓" if order.down else " ↑"
                st.button(
                    _(name) + arrow,
                    type="tertiary",
                    key=f"sort_{by.value}",
                    on_click=_sort,
                    args=(QueueOrder(by, order.by is by and not order.down),),
                )


def _sort(order: QueueOrder) -> None:
    st.query_params.pop("after", None)
    if order == MOST_URGENT:
        st.query_params.pop("sort", None)
    else:
        st.query_params["sort"] = str(order)


def draw_rows(rows: Sequence[QueuedRequest], pickable: Sequence[QueuedRequest], *, open_number: str) -> None:
    """Draw the rows; those that are not ``pickable`` have a box that can't be ticked."""
    numbers = {one.request.number for one in pickable}
    with st.container(key="queue_rows"):
        for one in rows:
            number = one.request.number
            with st.container(horizontal=True, key=f"row_{number}"):
                st.checkbox(
                    _("Pick {number}", number=number),
                    key=picked_key(number),
                    label_visibility="collapsed",
                    disabled=number not in numbers,
                )
                st.html(_row(one, here=number == open_number))
                with st.container(key=f"pressed_{number}"):
                    st.button(number, key=f"open_{number}", on_click=_open, args=(number,))


def _open(number: str) -> None:
    st.query_params["number"] = number


def _row(one: QueuedRequest, *, here: bool) -> Markup:
    request = one.request
    href = page_url("desk", number=request.number, **filters_in_address())
    number = Markup('<a href="{}" target="_self" data-presses="open_{}"{}>{}</a>').format(
        href, request.number, Markup(' aria-current="true"') if here else "", request.number
    )
    due: str | Markup = "—"
    if request.due_on:
        due = Markup('<span class="nowrap">{}</span><br><span title="{}">{}</span>').format(
            request.due_on.isoformat(), day_in_words(request.due_on), due_tag(request.due_on, visit().today, short=True)
        )
    cells = (
        ("number", _("Tracking number"), Markup("{}<small>{}{}</small>").format(number, _day(one), _sample(one))),
        ("state", _("State"), Markup(" ").join((_state(one), *_remarks(one)))),
        ("due", _("Due"), due),
        ("firm", _("Firm"), _("erased") if request.erased_at else request.firm_name),
        ("services", _("Services"), _counted(one) or _services(one)),
        ("station", _("Station and steward"), _station(one)),
    )
    drawn = Markup("").join(
        Markup('<div class="{}"><span class="unseen">{}</span> {}</div>').format(name, told, value)
        for name, told, value in cells
    )
    return Markup('<div class="queue-row{}">{}</div>').format(" here" if here else "", drawn)


def _day(one: QueuedRequest) -> str:
    return day_in_china(one.request.created_at).isoformat()


def _state(one: QueuedRequest) -> Markup:
    return tag(label(current(), one.request.state), one.request.state.facts.tone)


def _remarks(one: QueuedRequest) -> list[Markup]:
    told = [tag(_("To {level}", level=label(current(), one.level)), "bad")] if one.level else []
    remarks = (remark for remark in remarks_on(one) if remark is not Remark.SAMPLE)  # beside the number
    return told + [tag(remark_in_words(one, remark, current()), TONES.get(remark, "bad")) for remark in remarks]


def _sample(one: QueuedRequest) -> Markup:
    return Markup(" {}").format(sample_tag()) if one.request.sample else Markup("")


def _services(one: QueuedRequest) -> Markup:
    """Return the first service and how many more there are, with all of them where the pointer rests."""
    names = [pick(item.service.name_zh, item.service.name_en) for item in one.request.items]
    if len(names) == 1:
        return Markup("{}").format(names[0])
    more = ngettext("and {count} more", "and {count} more", len(names) - 1)
    return Markup('<span title="{}">{} {}</span>').format(current().comma.join(names), names[0], more)


def _counted(one: QueuedRequest) -> Markup:
    told = [(*counted_in_words(part, current()), part.in_time) for part in one.counted or ()]
    return Markup("<br>").join(
        Markup("{} {}").format(words, tag(judged, "good" if in_time else "bad")) for words, judged, in_time in told
    )


def _station(one: QueuedRequest) -> Markup:
    name = pick(one.request.station.name, one.request.station.name_en)
    return Markup("{} <small>{}</small>").format(name, one.steward) if one.steward else Markup("{}").format(name)
