"""Acts on the picked requests: what each needs, the question before it is done, its outcome, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.answer_table import draw_answer
from portal.components import notice, tag
from portal.desk.bulk_forms import draw_assigning, draw_handing_over, draw_urging, draw_writing
from portal.desk.picking import pick_all, picked_of
from portal.done_notice import tell_done
from portal.form_problems import list_problems
from portal.language import _, current, ngettext
from portal.storage import engine
from portal.visit import visit
from stations.answers.bulk_outcomes import OUTCOME_COLUMNS, problem_in_words
from stations.duty.roles import Action, Actor
from stations.errors import DomainError
from stations.language import label
from stations.requests.bulk import BulkAction, Outcome, Picked, accepting, do_all, foresee
from stations.requests.bulk_record import BulkKind, last_act
from stations.requests.bulk_undo import take_back
from stations.requests.moves import MOVES, MoveName
from stations.requests.service_request import ServiceRequest
from stations.requests.stewards import is_steward_of

_ASKED, _OUTCOMES = "bulk_asked", "bulk_outcomes"


@dataclass(frozen=True)
class _Asked:
    """An act that waits for the user's yes. ``firms``: the firm of each request, as drawn."""

    action: BulkAction
    picked: list[Picked]
    foreseen: list[Outcome]
    firms: dict[str, str]
    office: bool


def draw_bulk(session: Session, actor: Actor, shown: Sequence[ServiceRequest]) -> None:
    """Draw what can be done with those picked of the requests on this page."""
    picked = picked_of(shown)
    numbers = {number for number, _version in picked}
    chosen = [one for one in shown if one.number in numbers]
    firms = {one.number: one.firm_name for one in chosen}
    office = any(not is_steward_of(actor, one.station) for one in chosen)

    def ask(make: Callable[[], BulkAction]) -> None:
        try:
            action = make()
            foreseen = foresee(engine(), visit().actor, action, picked, now=visit().now)
        except DomainError as error:
            st.session_state[_OUTCOMES] = error
        else:
            st.session_state[_ASKED] = _Asked(action, picked, foreseen, firms, office)

    told = ngettext("{count} picked", "{count} picked", len(picked)) if picked else _("None picked")
    st.html(Markup('<span class="picked">{}</span>').format(told))
    new = [one.number for one in shown if one.state in MOVES[MoveName.ACCEPT].sources]
    st.button(
        ngettext("Pick the {count} new one", "Pick the {count} new ones", len(new)),
        key="bulk_all_new",
        disabled=not new,
        on_click=pick_all,
        args=(new, True),
    )
    st.button(
        label(current(), BulkKind.ACCEPT), key="bulk_accept", disabled=not picked, on_click=ask, args=(accepting,)
    )
    draw_assigning(session, chosen, ask)
    draw_handing_over(session, chosen, ask)
    draw_writing(chosen, ask)
    if actor.may_somewhere(Action.URGE):
        draw_urging(actor, chosen, ask)


def draw_asked() -> None:
    """Draw the question before an act on several: how many change, which, and which do not, and why."""
    asked: _Asked | None = st.session_state.get(_ASKED)
    if asked is None:
        return
    kind = asked.action.kind
    will = [one.number for one in asked.foreseen if one.problem is None]
    with st.container(border=True, key="bulk_question"):
        st.html(
            Markup('<h2 class="asked">{}</h2>{}').format(
                _("{act}: {count} of {all} will change", act=label(current(), kind), count=len(will),
                  all=len(asked.picked)),
                Markup("<p>{}</p>").format(
                    _("You take them on in the place of their stations: you become nobody's steward, and what is late "
                      "stays late until the station itself begins.")
                )
                if kind is BulkKind.ACCEPT and asked.office
                else "",
            )
        )  # fmt: skip
        lines = Markup("").join(
            Markup("<li>{} · {}{}</li>").format(one.number, asked.firms[one.number], _why_not(one))
            for one in asked.foreseen
        )
        st.html(Markup('<ul class="asked" tabindex="0">{}</ul>').format(lines))
        with st.container(horizontal=True):
            st.button(
                ngettext("Yes, do it for {count}", "Yes, do it for {count}", len(will)),
                type="primary",
                key="bulk_yes",
                disabled=not will,
                on_click=_do,
                args=(asked,),
            )
            st.button(_("No, change nothing"), key="bulk_no", on_click=lambda: st.session_state.pop(_ASKED, None))


def _why_not(outcome: Outcome) -> Markup:
    if outcome.problem is None:
        return Markup("")
    return Markup(" {} {}").format(tag(_("stays as it is"), "warn"), problem_in_words(outcome.problem, current()))


def _do(asked: _Asked) -> None:
    st.session_state.pop(_ASKED, None)
    try:
        result = do_all(engine(), visit().actor, asked.action, asked.picked, now=visit().now)
    except DomainError as error:
        st.session_state[_OUTCOMES] = error
        return
    st.session_state[_OUTCOMES] = result.outcomes
    # Failed requests stay picked for review.
    pick_all([one.number for one in result.outcomes if one.problem is None], False)


def draw_outcomes() -> None:
    """Draw the outcome of the last act on several once, per request where one was not done."""
    outcomes: Sequence[Outcome] | DomainError | None = st.session_state.pop(_OUTCOMES, None)
    if isinstance(outcomes, DomainError):
        told = [told for _problem, told in list_problems(outcomes)] or [_(outcomes.message, **outcomes.params)]
        notice(Markup("<br>").join(told), "bad")
    elif outcomes:
        done = sum(one.problem is None for one in outcomes)
        whole = done == len(outcomes)
        notice(_("{done} of {count} done.", done=done, count=len(outcomes)), "good" if whole else "warn")
        if not whole:
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


def draw_last_act(session: Session, actor: Actor) -> None:
    """Draw the user's last act on several, with the button that takes it back; nothing if there is none of today."""
    act = last_act(session, actor.username)
    if act is None or (visit().now - act.at).days:
        return
    waiting = [one for one in act.items if one.taken_back_at is None]
    with st.container(horizontal=True, vertical_alignment="center", key="last_act"):
        st.html(
            Markup("<span>{}</span>").format(
                ngettext(
                    "Last done together: {act}, {count} request, {at}",
                    "Last done together: {act}, {count} requests, {at}",
                    len(waiting),
                    act=label(current(), act.kind),
                    at=current().format_datetime(act.at),
                )
            )
        )
        st.button(_("Take it back"), key="take_back", on_click=_take_back, args=(act.id,))


def _take_back(act_id: int) -> None:
    try:
        outcomes = take_back(engine(), visit().actor, act_id, now=visit().now)
    except DomainError as error:
        st.session_state[_OUTCOMES] = error
        return
    if all(one.problem is None for one in outcomes):
        tell_done(ngettext("{count} request is as before.", "{count} requests are as before.", len(outcomes)))
    else:
        st.session_state[_OUTCOMES] = outcomes


def _outcome_cell(outcome: Outcome) -> Markup:
    if outcome.problem is None:
        return tag(_("Done"), "good")
    return Markup("{} {}").format(tag(_("Not done"), "bad"), problem_in_words(outcome.problem, current()))
