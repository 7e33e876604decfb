"""The filters of the queue, all stored in the address.

``?state=…&overdue=1&escalated=1&urged=1&mine=1&steward=…&station=…&county=…&service=…&q=…&sort=…``; ``urged=mine`` for
those that the user is to answer; for the requests behind a figure of the evaluation also ``&figure=…&period=…``.
"""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from portal.address_choice import draw_choice, draw_choice_of_one, text_in_address
from portal.language import _, current, pick
from portal.visit import visit
from stations.catalogue.service import list_groups
from stations.duty.roles import Actor
from stations.errors import InvalidInput
from stations.evaluation.basis import LISTED, requests_behind
from stations.evaluation.indicators import Indicator
from stations.evaluation.period import Period, read_period
from stations.language import label
from stations.requests.queue import UNASSIGNED, QueueFilter, stations_in_queue, stewards_in_queue
from stations.requests.queue_order import QueueOrder, read_order
from stations.requests.states import State

PARAMETERS = (
    "state",
    "overdue",
    "escalated",
    "urged",
    "mine",
    "steward",
    "station",
    "county",
    "city",
    "service",
    "q",
    "figure",
    "period",
    "sort",
)
TEXT_LIMIT = 80


def filters_in_address() -> dict[str, list[str]]:
    """Return the filters in the address, for passing on to another address."""
    return {name: st.query_params.get_all(name) for name in PARAMETERS if name in st.query_params}


def view_in_address() -> dict[str, list[str]]:
    """Return what a saved view keeps of the address: all but the figure of the evaluation."""
    return {name: values for name, values in filters_in_address().items() if name not in {"figure", "period"}}


def order_in_address() -> QueueOrder:
    """Return the order in the address; the most urgent first if there is none."""
    return read_order(text_in_address("sort"))


def read_filters(actor: Actor) -> QueueFilter:
    """Return the filters in the address; invalid values are ignored."""
    return QueueFilter(
        states=frozenset(state for state in State if state in st.query_params.get_all("state")),
        overdue_on=visit().today if text_in_address("overdue") == "1" else None,
        station=text_in_address("station"),
        county=text_in_address("county"),
        city=text_in_address("city"),
        service=text_in_address("service"),
        steward=text_in_address("steward"),
        mine=text_in_address("mine") == "1",
        text=text_in_address("q")[:TEXT_LIMIT],
        escalated=text_in_address("escalated") == "1",
        urged=text_in_address("urged") == "1",
        urged_to_answer=text_in_address("urged") == "mine",
        behind=requests_behind(*figure, visit().today) if (figure := figure_in_address()) else None,
    )


def figure_in_address() -> tuple[Indicator, Period] | None:
    """Return the figure of the evaluation in the address, and its period; None if there is none."""
    name = text_in_address("figure")
    if name not in {indicator.value for indicator in LISTED}:
        return None
    try:
        return Indicator(name), read_period(text_in_address("period"))
    except InvalidInput:
        return None


def draw_filters(session: Session, actor: Actor, counts: dict[State, int], *, wide: bool) -> None:
    """Draw the filters.

    ``counts``: the number of requests in each state; ``wide``: whether the actor is responsible for more than one
    station. For a figure of the evaluation states can't be chosen, because the figure counts requests in every state.
    """
    st.session_state["desk_text"] = text_in_address("q")
    st.text_input(
        _("Number, firm or product"),
        key="desk_text",
        on_change=_search,
        max_chars=TEXT_LIMIT,
        placeholder=_("Number, firm or product, e.g. bearings"),
        label_visibility="collapsed",
        width=230,
    )
    used = sum(name in st.query_params for name in ("state", "steward", "station", "county", "city", "service"))
    with st.popover(_("Filters ({count})", count=used) if used else _("Filters")):
        if figure_in_address() is None:
            draw_choice(
                "state",
                _("States: none chosen shows all"),
                {state.value: f"{label(current(), state)} {counts[state]}" for state in State},
            )
        _draw_choices(session, actor, wide=wide)


def _draw_choices(session: Session, actor: Actor, *, wide: bool) -> None:
    samples = visit().samples
    if wide:
        stations = stations_in_queue(session, actor, samples=samples)
        draw_choice_of_one("station", _("Station"), {one.code: pick(one.name, one.name_en) for one in stations})
        cities = {one.city.adcode: pick(one.city.name, one.city.name_en) for one in stations}
        draw_choice_of_one("city", _("City of the station"), dict(sorted(cities.items())))
        counties = {one.county.adcode: one.county for one in stations if one.county}
        draw_choice_of_one(
            "county",
            _("County of the station"),
            {adcode: pick(one.name, one.name_en) for adcode, one in sorted(counties.items())},
        )
    services = {}
    for group in list_groups(session):
        services[group.code] = pick(group.name_zh, group.name_en)
        services |= {one.code: f"　{pick(one.name_zh, one.name_en)}" for one in group.services}
    draw_choice_of_one("service", _("Service"), services)
    names = stewards_in_queue(session, actor, samples=samples)
    draw_choice_of_one("steward", _("Quality steward"), {UNASSIGNED: _("Nobody yet"), **names})


def _search() -> None:
    st.query_params["q"] = st.session_state["desk_text"]
    st.query_params.pop("after", None)
