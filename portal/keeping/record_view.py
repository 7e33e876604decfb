"""The page of one record: its facts and history, and the actions that the visitor may take."""

from __future__ import annotations

from typing import Protocol

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import text_in_address
from portal.components import facts, link, notice, page_url, sample_tag, tag
from portal.keeping.record_acts import add_act, correct_act, edit_act, status_act
from portal.keeping.record_comparison import draw_places
from portal.keeping.record_timeline import draw_changes_timeline
from portal.keeping.registry_frame import open_registry
from portal.language import _, current, pick
from portal.page_action import draw_outcome, perform
from portal.page_end import end_page
from portal.paged_list import draw_turns, number_in_address
from portal.registry.record_words import CONFIRMED_TONES, area_name, field_name, value_in_words
from portal.storage import engine
from portal.visit import visit
from stations.database import reading
from stations.duty.masking import sees_personal_data
from stations.duty.roles import Action, Actor
from stations.errors import DomainError
from stations.keeping.confirming import confirm_station
from stations.keeping.editing import EDIT
from stations.keeping.listing import history_of, require_in_area
from stations.language import label
from stations.registry.centre import get_centre
from stations.registry.confirmation import Confirmed, confirmations_of
from stations.registry.record_kind import RecordKind
from stations.registry.record_masking import masked_state
from stations.registry.record_references import count_references
from stations.registry.record_rows import Record, kind_of, state_of
from stations.registry.record_state import FieldValue, RecordState, values_of
from stations.registry.record_terms import Terms
from stations.registry.station import Station, get_station

CHANGES = 20


class _Getter(Protocol):
    def __call__(self, session: Session, code: str, *, samples: bool) -> Record: ...


GETTERS: dict[RecordKind, _Getter] = {RecordKind.STATION: get_station, RecordKind.CENTRE: get_centre}
_SHOWN_APART = {"city_adcode", "place", "history"}


def draw_record_page() -> None:
    """Draw the page for the parameters in its address."""
    kind = RecordKind.CENTRE if text_in_address("kind") == RecordKind.CENTRE else RecordKind.STATION
    code = text_in_address("code")
    if not code:
        adding = _("Add a station") if kind is RecordKind.STATION else _("Add a centre")
        actor = open_registry(adding, "registry")
        with reading(engine()) as session:
            terms = Terms.load(session)
        add_act(actor, kind, terms)
        return
    actor = open_registry(_("Registry record"), "registry")
    draw_outcome()
    with reading(engine()) as session:
        try:
            record = GETTERS[kind](session, code, samples=visit().samples)
            require_in_area(actor, record)
        except DomainError as error:
            told = _(error.message, **error.params)
            notice(Markup("{} {}").format(told, link(page_url("registry"), _("Registry"))), "warn")
            end_page()
        terms, state = Terms.load(session), state_of(record)
        _draw_head(record, code)
        clear = sees_personal_data(actor, record.area)
        acts = _acts(actor, record)
        do = text_in_address("do")
        _draw_acts(record, acts, do)
        if isinstance(record, Station):
            _draw_confirmation(session, actor, record)
        if do not in acts:
            _draw_facts(terms, record, state if clear else masked_state(state))
            references = count_references(session, record)
            if waiting := references.get("service_request"):
                st.html(Markup('<p class="source">{}</p>').format(_("Service requests: {count}", count=waiting)))
            _draw_history(session, actor, record, terms, clear=clear)
            return
    acts_drawn = {"edit": edit_act, "status": status_act, "correct": correct_act}
    acts_drawn[do](actor, record, state, terms)


def _draw_head(record: Record, asked: str) -> None:
    st.html(
        Markup('<h2 class="record-title">{} {} {}</h2>').format(
            pick(record.name, record.name_en), tag(record.code), sample_tag() if record.sample else ""
        )
    )
    if record.code != asked:
        notice(_("{old} was merged into {code}, which is shown.", old=asked, code=record.code), "warn")


def _acts(actor: Actor, record: Record) -> dict[str, str]:
    """Return the actions open to the actor: their name in the address → their label."""
    kind, area = kind_of(record), record.area
    if actor.may(EDIT[kind], area):
        return {"edit": _("Edit"), "status": _("Change the status"), "correct": _("Correct the history")}
    if kind is RecordKind.STATION and actor.may(Action.PROPOSE_STATIONS, area):
        return {"edit": _("Propose a change"), "status": _("Propose a change of status")}
    return {}


def _draw_acts(record: Record, acts: dict[str, str], do: str) -> None:
    address = {"kind": kind_of(record).value, "code": record.code}
    buttons = [
        Markup('<a class="button{}" href="{}" target="_self">{}</a>').format(
            "" if name == do else " quiet", page_url("record", **address, do=name), text
        )
        for name, text in acts.items()
    ]
    public = page_url(kind_of(record).value, code=record.code)
    back = (
        link(page_url("record", **address), _("Back to the record"))
        if do in acts
        else link(public, _("As everybody sees it"))
    )
    st.html(
        Markup('<div class="title-row"><span class="acts">{}</span>{}</div>').format(Markup(" ").join(buttons), back)
    )


def _draw_confirmation(session: Session, actor: Actor, station: Station) -> None:
    """Draw when the record was confirmed last and is to be confirmed again, and the button for who may."""
    confirmation = confirmations_of(session, [station])[station.code]
    spoken, standing = current(), confirmation.standing(visit().today)
    told = (
        _("Confirmed on {date}", date=spoken.format_date(confirmation.last))
        if confirmation.last
        else _("Never confirmed yet")
    )
    due = _("to be confirmed by {date}", date=spoken.format_date(confirmation.due_on))
    mark = "" if standing is Confirmed.FRESH else tag(label(spoken, standing), CONFIRMED_TONES[standing])
    st.html(Markup("<p>{} · {} {}</p>").format(told, due, mark))
    if not actor.may(Action.CONFIRM_STATIONS, station.area):
        return
    code, version = station.code, station.version
    st.button(
        _("All of this is right: confirm"),
        key="confirm_record",
        type="secondary" if standing is Confirmed.FRESH else "primary",
        on_click=lambda: perform(
            lambda writing: confirm_station(writing, visit().actor, code, version=version, now=visit().now),
            _("The record is confirmed for a year."),
        ),
    )


def _draw_facts(terms: Terms, record: Record, state: RecordState) -> None:
    left, right = st.columns([3, 2], gap="large")
    with left:
        shown = {field: value for field, value in values_of(state).items() if field not in _SHOWN_APART}
        shown["county_adcode"] = state.county_adcode or state.city_adcode
        facts(
            [
                *((field_name(field), _fact(terms, field, value)) for field, value in shown.items()),
                (field_name("history"), value_in_words(terms, "history", state.history)),
                (
                    _("Version"),
                    _("{number}, of {when}", number=record.version, when=current().format_datetime(record.updated_at)),
                ),
            ]
        )
    with right:
        if getattr(record, "misplaced", False):
            notice(_("Its coordinates lie outside the county it states; one of the two is wrong."), "warn")
        draw_places(None, state, _("Where {name} is", name=record.name), f"record_map_{record.code}")


def _fact(terms: Terms, field: str, value: FieldValue) -> str | Markup:
    return (
        area_name(terms, value)
        if field == "county_adcode" and isinstance(value, str)
        else value_in_words(terms, field, value)
    )


def _draw_history(session: Session, actor: Actor, record: Record, terms: Terms, *, clear: bool) -> None:
    st.subheader(_("Changes"))
    changes = history_of(
        session,
        actor,
        record,
        before_id=number_in_address("before"),
        limit=CHANGES + 1,
    )
    if not changes:
        notice(_("Nobody has changed this record since it was loaded."))
        return
    draw_changes_timeline(changes[:CHANGES], record.code, terms, clear=clear)
    here = {"kind": kind_of(record).value, "code": record.code}
    last = changes[CHANGES - 1].id if len(changes) > CHANGES else None
    draw_turns("record", here, last, _("Older changes"), parameter="before")
