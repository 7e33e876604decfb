"""工作台: the requests that the signed-in person's duty covers, and answering them. ``?number=…&state=…``."""

import re
from collections.abc import Callable, Sequence

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import text_in_address
from portal.components import link, notice, page_url, sample_tag, table, tag
from portal.delivery_form import draw_delivery_forms
from portal.duties import duty_in_words
from portal.language import _, current, ngettext, pick
from portal.message_form import draw_message_form
from portal.outbox_view import draw_outbox
from portal.page_action import draw_outcome
from portal.page_end import end_page
from portal.rating_form import draw_given_rating
from portal.request_actions import draw_moves
from portal.request_deadlines import due_tag
from portal.request_view import STATE_TONES, draw_facts, draw_services, draw_standing, draw_timeline
from portal.storage import engine
from portal.transfer_form import draw_transfer
from portal.visit import visit
from stations.access import Action, AreaKind
from stations.attached_file import CheckedFile
from stations.attachments import list_attachments
from stations.database import reading
from stations.deadlines import day_of, is_reminded
from stations.errors import DomainError
from stations.labels import label
from stations.masked_request import shown_files, shown_rating, shown_to
from stations.request_handling import (
    count_requests,
    list_requests,
    may_answer,
    move_as_station,
    open_request,
    write_as_station,
)
from stations.request_moves import FINAL, MoveName, Party, State, moves_open_to
from stations.satisfaction import get_rating

PAGE = 30
YOUR_TURN = (State.SUBMITTED, State.ACCEPTED, State.IN_PROGRESS)

present = visit()
actor = present.actor
st.title(_("Work desk"))
if actor is None:
    told = _("For stewards and administrators.")
    notice(Markup("{} {}").format(told, link("/sign-in?next=/desk", _("Sign in"))))
    end_page()
with reading(engine()) as session:
    duties = [duty_in_words(session, duty) for duty in actor.duties]
st.html(Markup('<p class="lead">{} {}</p>').format(actor.name, Markup(" ").join(tag(duty) for duty in duties)))
onward = {
    Action.SEE_ALERTS: link(page_url("alerts"), _("Coverage alerts")),
    Action.SEND_BULLETIN: link(page_url("bulletin"), _("Monthly bulletin")),
}
ways = [link(page_url("registry"), _("Registry of stations and centres"))]
ways += [way for action, way in onward.items() if actor.may_somewhere(action)]
st.html(Markup('<nav class="onward">{}</nav>').format(Markup(" ").join(ways)))
if not actor.may_somewhere(Action.SEE_REQUESTS):
    notice(_("Your duty does not include requests. Coverage, centres and targets are open to everybody."))
    end_page()
number = text_in_address("number")


def draw_list(session: Session) -> None:
    """The requests, newest first, a page at a time."""
    counts = count_requests(session, actor, samples=present.samples)
    wanted = [state for state in State if state in st.query_params.get_all("state")]
    choices = {state: f"{label(current(), state)} {counts[state]}" for state in State}

    def choose() -> None:
        st.query_params["state"] = [state.value for state in st.session_state["desk_states"]]
        st.query_params.pop("before", None)

    st.session_state["desk_states"] = wanted
    st.pills(
        _("States: none chosen shows all"),
        list(State),
        key="desk_states",
        selection_mode="multi",
        format_func=choices.__getitem__,
        on_change=choose,
        wrap=True,
    )
    turn = sum(counts[state] for state in YOUR_TURN)
    st.html(
        Markup("<p><strong>{}</strong></p>").format(
            ngettext("{count} request waits for the station", "{count} requests wait for the station", turn)
        )
    )
    before = text_in_address("before")
    found = list_requests(
        session,
        actor,
        samples=present.samples,
        states=frozenset(wanted) if wanted else None,
        after_id=int(before) if re.fullmatch(r"[0-9]{1,12}", before) else None,
        limit=PAGE + 1,
    )
    if not found:
        notice(_("There are no requests here."))
        return
    wide = any(duty.area_kind is not AreaKind.STATION for duty in actor.duties)
    state_query = {"state": [state.value for state in wanted]} if wanted else {}
    comma = "、" if current().code == "zh_CN" else ", "
    table(
        [
            _("Tracking number"),
            _("State"),
            _("Due"),
            _("Filed"),
            _("Firm"),
            _("Services"),
            *([_("Station")] if wide else []),
        ],
        [
            [
                Markup('<span class="nowrap">{}</span>').format(
                    link(page_url("desk", number=request.number, **state_query), request.number)
                ),
                Markup("{} {} {}").format(
                    tag(label(current(), request.state), STATE_TONES[request.state]),
                    tag(_("Reminded"), "bad") if is_reminded(request) else "",
                    sample_tag() if request.sample else "",
                ),
                due_tag(request.due_on, present.today) if request.due_on else "",
                current().format_date(day_of(request.created_at)),
                request.firm_name,
                comma.join(pick(item.service.name_zh, item.service.name_en) for item in request.items),
                *([pick(request.station.name, request.station.name_en)] if wide else []),
            ]
            for request in found[:PAGE]
        ],
        caption=_("Requests, newest first"),
    )
    if len(found) > PAGE:
        older = page_url("desk", before=str(found[PAGE - 1].id), **state_query)
        st.html(Markup("<p>{}</p>").format(link(older, _("Older requests"))))


def draw_one(session: Session, number: str) -> None:
    """One request and what the actor may do with it."""
    back = {"state": st.query_params.get_all("state")} if "state" in st.query_params else {}
    st.html(Markup("<p>{}</p>").format(link(page_url("desk", **back), _("Back to all requests"))))
    try:
        request = open_request(session, actor, number, samples=present.samples)
    except DomainError as error:
        notice(_(error.message, **error.params), "warn")
        return
    draw_outcome()
    files = shown_files(actor, request, list_attachments(session, request))
    rating = shown_rating(actor, request, get_rating(session, request))
    request = shown_to(actor, request)
    draw_standing(request, Party.STATION, present.today)
    version = request.version

    def make(name: MoveName, note: str, _files: Sequence[CheckedFile]) -> Callable[[Session], object]:
        return lambda session: move_as_station(
            session, visit().actor, number, name, version=version, note=note, now=visit().now
        )

    def write(text: str, sent: Sequence[CheckedFile]) -> Callable[[Session], object]:
        return lambda session: write_as_station(session, visit().actor, number, text, files=sent, now=visit().now)

    answers = may_answer(actor, request)
    if answers:
        draw_moves(moves_open_to(Party.STATION, request.state), make, f"desk_{number}")
        draw_transfer(session, request)
    draw_services(request, files, present.today)
    if answers:
        draw_delivery_forms(request)
    if rating:
        draw_given_rating(request, rating)
    st.subheader(_("Steps and messages"))
    draw_timeline(request, files)
    if answers and request.state not in FINAL:
        draw_message_form(write, f"desk_{number}")
    st.subheader(_("What was filed"))
    draw_facts(request, files, Party.STATION)


with reading(engine()) as session:
    if number:
        draw_one(session, number)
    else:
        draw_outcome()
        draw_list(session)
        draw_outbox(session)
