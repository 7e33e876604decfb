"""Performing an action on many requests of the queue at once, and showing the outcome of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.answer_table import draw_answer
from portal.components import notice, tag
from portal.language import _, current, ngettext, pick
from portal.storage import engine
from portal.visit import visit
from stations.answers.bulk_outcomes import OUTCOME_COLUMNS, problem_in_words
from stations.errors import DomainError
from stations.requests.bulk import BulkResult, Outcome, Picked, accepting, assigning, do_all
from stations.requests.handling import may_answer
from stations.requests.moves import MOVES, MoveName
from stations.requests.service_request import ServiceRequest
from stations.requests.states import FINAL
from stations.requests.stewards import stewards_of

_OUTCOMES, _PICKED, _STEWARD = "bulk_outcomes", "bulk_picked", "bulk_steward"


def draw_bulk(session: Session, shown: Sequence[ServiceRequest]) -> None:
    """Draw the selection of requests on this page and the actions for all of them."""
    actor = visit().actor
    open_ones = {
        request.number: request for request in shown if request.state not in FINAL and may_answer(actor, request)
    }
    if not open_ones:
        return
    stations = {request.station.code: request.station for request in open_ones.values()}
    stewards = {
        user.username: f"{user.name} · {pick(station.name, station.name_en)}"
        for station in stations.values()
        for user in stewards_of(session, station)
    }
    new = [number for number, one in open_ones.items() if one.state in MOVES[MoveName.ACCEPT].sources]
    # Requests selected on another page, or closed meanwhile, can't be options here.
    st.session_state[_PICKED] = [one for one in st.session_state.get(_PICKED, []) if one in open_ones]
    versions = {number: request.version for number, request in open_ones.items()}

    def picked() -> list[Picked]:
        return [(number, versions[number]) for number in st.session_state[_PICKED]]

    with st.expander(_("Act on several at once"), expanded=bool(st.session_state[_PICKED])):
        st.multiselect(
            _("Requests of this page"),
            list(open_ones),
            key=_PICKED,
            format_func=lambda number: f"{number} · {open_ones[number].firm_name}",
            placeholder=_("Choose requests"),
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.button(
                ngettext("Pick the {count} new one", "Pick the {count} new ones", len(new)),
                on_click=lambda: st.session_state.update({_PICKED: new}),
                disabled=not new,
                key="bulk_all_new",
            )
            st.button(
                _("Accept those picked"),
                type="primary",
                disabled=not st.session_state[_PICKED],
                on_click=lambda: _do(lambda: do_all(engine(), visit().actor, accepting(), picked(), now=visit().now)),
                key="bulk_accept",
            )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                _("Quality steward"),
                ["", *stewards],
                key=_STEWARD,
                format_func=lambda username: stewards.get(username, _("Nobody by name")),
                width=320,
            )
            st.button(
                _("Assign those picked"),
                disabled=not st.session_state[_PICKED],
                on_click=lambda: _do(
                    lambda: do_all(
                        engine(), visit().actor, assigning(st.session_state[_STEWARD]), picked(), now=visit().now
                    )
                ),
                key="bulk_assign",
            )


def draw_outcomes() -> None:
    """Draw the outcome of the last bulk action once, per request."""
    outcomes: tuple[Outcome, ...] | DomainError | None = st.session_state.pop(_OUTCOMES, None)
    if isinstance(outcomes, DomainError):
        notice(_(outcomes.message, **outcomes.params), "bad")
    elif outcomes:
        done = sum(one.problem is None for one in outcomes)
        notice(
            _("{done} of {count} done.", done=done, count=len(outcomes)), "good" if done == len(outcomes) else "warn"
        )
        if done < len(outcomes):
            draw_answer(
                OUTCOME_COLUMNS,
                outcomes,
                caption=_("Each request by itself"),
                drawn={
                    "done": lambda _one: "",  # in the words of what came of it
                    "problem": _outcome_cell,
                },
                beneath={"done": "problem"},
                file="outcomes",
            )


def _do(act: Callable[[], BulkResult]) -> None:
    try:
        outcomes = act().outcomes
    except DomainError as error:
        st.session_state[_OUTCOMES] = error
        return
    st.session_state[_OUTCOMES] = outcomes
    # Failed requests stay selected for review.
    st.session_state[_PICKED] = [one.number for one in outcomes if one.problem is not None]


def _outcome_cell(outcome: Outcome) -> Markup:
    if outcome.problem is None:
        return tag(_("Done"), "good")
    return Markup("{} {}").format(tag(_("Not done"), "bad"), problem_in_words(outcome.problem, current()))
