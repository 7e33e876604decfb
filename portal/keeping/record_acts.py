"""Actions on a record: adding, editing, changing its status, correcting its history.

Those who may edit the registry save; those who may only propose send a proposal from the same forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import text_in_address
from portal.components import link, notice, page_url, tag
from portal.form_problems import FormProblems
from portal.keeping.record_comparison import draw_conflict, draw_three_ways
from portal.keeping.record_form import RecordFormFields
from portal.keeping.registry_frame import do, forget, go
from portal.keeping.status_forms import draw_correction, draw_first_entry, draw_next_entry
from portal.language import _
from portal.navigation import page_named
from portal.page_end import end_page
from portal.storage import engine
from portal.visit import visit
from stations.database import reading
from stations.duty.roles import Actor
from stations.errors import DomainError, InvalidForm
from stations.keeping.doubles import Lookalike, doubles_of
from stations.keeping.editing import (
    EDIT,
    RecordForm,
    add_record,
    change_status,
    check_new,
    correct_history,
    edit_record,
)
from stations.keeping.listing import records_named
from stations.keeping.proposal import Proposal
from stations.keeping.proposing import OPEN, Wish, may_propose_new, open_proposal, propose, resubmit
from stations.keeping.record_merge import ChangedMeanwhile, Settlement
from stations.keeping.station_form import StationForm
from stations.language import label
from stations.registry.dated_entries import EntryForm
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import SHAPES, Record, kind_of
from stations.registry.record_state import RecordState, StationState
from stations.registry.record_terms import Terms

_Draft = tuple[RecordForm, str]


@dataclass(frozen=True)
class Opened:
    """A record as it was when its form was opened; it stays the same over reruns of the page."""

    version: int
    state: RecordState


def add_act(actor: Actor, kind: RecordKind, terms: Terms) -> None:
    """Draw the form for a new record; add or propose it."""
    edits = actor.may_somewhere(EDIT[kind])
    if not edits and not (kind is RecordKind.STATION and may_propose_new(actor)):
        notice(_("Your duty does not include adding records."))
        end_page()
    again = _proposal_to_take_up(actor)
    key = f"add_{kind}"
    if not edits:
        _tell_proposing()
    fields = RecordFormFields(kind, terms, again.wanted if again else None, key)
    form = fields.draw()
    if again:
        held = again.wanted.history[0]
        st.session_state.setdefault(f"{key}_stage", held.stage)
        st.session_state.setdefault(f"{key}_dated", str(held.dated or ""))
    first = draw_first_entry(kind, key, fields.problems)
    reason = _draw_reason(key, fields.problems, needed=not edits)
    confirmed = _draw_doubles(kind, f"{key}_doubles")
    if not st.button(_("Add it") if edits else _("Send the proposal"), type="primary", key=f"{key}_save"):
        return
    present = visit()
    if not confirmed:
        found = _look_for_doubles(kind, form, first, terms, actor)
        st.session_state[f"{key}_doubles"] = found
        if found:
            st.rerun()

    def act(session: Session) -> str:
        if edits:
            return add_record(session, actor, kind, form, first, reason=reason, now=present.now).code
        wish = _wish(form, first)
        if again:
            version = again.version
            return resubmit(session, actor, again.code, wish, version=version, reason=reason, now=present.now).code
        return propose(session, actor, wish, reason=reason, now=present.now).code

    code = do(act, _("The record was added.") if edits else _("The proposal was sent."), fields.problems)
    if code:
        _leave(kind, code, key, proposed=not edits)


def edit_act(actor: Actor, record: Record, state: RecordState, terms: Terms) -> None:
    """Draw the form of a record; save or propose the changes."""
    kind = kind_of(record)
    edits = actor.may(EDIT[kind], record.area)
    again = _proposal_to_take_up(actor)
    key = f"edit_{kind}_{record.code}"
    opened: Opened = st.session_state.setdefault(f"{key}_opened", Opened(record.version, state))
    present = visit()

    def save(draft: _Draft, problems: FormProblems | None, settlement: Settlement | None) -> None:
        form, reason = draft
        st.session_state[f"{key}_draft"] = draft

        def act(session: Session) -> str:
            if edits:
                edit_record(
                    session,
                    actor,
                    kind,
                    record.code,
                    form,
                    version=opened.version,
                    reason=reason,
                    now=present.now,
                    settlement=settlement,
                )
                return record.code
            return _propose(session, actor, _wish(form), again, record, opened, reason, present.now, settlement)

        done = _("The changes were saved.") if edits else _("The proposal was sent.")
        code = do(act, done, problems, conflict=f"{key}_conflict")
        if code:
            _leave(kind, code, key, proposed=not edits)

    conflict = st.session_state.get(f"{key}_conflict")
    if conflict is not None:
        choices = draw_conflict(terms, conflict, key)
        if choices is not None:
            save(st.session_state[f"{key}_draft"], None, Settlement(conflict.version, choices))
        return
    if not edits:
        _tell_proposing()
    fields = RecordFormFields(kind, terms, again.wanted if again else opened.state, key)
    form = fields.draw()
    reason = _draw_reason(key, fields.problems, needed=not edits)
    if st.button(_("Save the changes") if edits else _("Send the proposal"), type="primary", key=f"{key}_save"):
        save((form, reason), fields.problems, None)


def status_act(actor: Actor, record: Record, state: RecordState, terms: Terms) -> None:
    """Draw the form for the next status; save or propose it."""
    kind = kind_of(record)
    edits = actor.may(EDIT[kind], record.area)
    again = _proposal_to_take_up(actor)
    key = f"status_{kind}_{record.code}"
    opened = _reopen_after_conflict(record, state, terms, key)
    if not edits:
        _tell_proposing()
    entry, problems = draw_next_entry(kind, opened.state.history, key)
    if entry is None:
        return
    present = visit()

    def act(session: Session) -> str:
        if edits:
            change_status(session, actor, kind, record.code, entry, version=opened.version, now=present.now)
            return record.code
        why = entry.reason or label(present.language, SHAPES[kind].stages(entry.stage))
        return _propose(session, actor, Wish(entry=entry), again, record, opened, why, present.now)

    done = _("The change of status was saved.") if edits else _("The proposal was sent.")
    code = do(act, done, problems, conflict=f"{key}_conflict")
    if code:
        _leave(kind, code, key, proposed=not edits)


def correct_act(actor: Actor, record: Record, state: RecordState, terms: Terms) -> None:
    """Draw the whole history for correction, and save it."""
    kind = kind_of(record)
    key = f"correct_{kind}_{record.code}"
    opened = _reopen_after_conflict(record, state, terms, key)
    sent, problems = draw_correction(kind, opened.state.history, key)
    if sent is None:
        return
    entries, reason = sent
    now = visit().now

    def act(session: Session) -> str:
        return correct_history(
            session, actor, kind, record.code, entries, version=opened.version, reason=reason, now=now
        ).code

    code = do(act, _("The history was corrected."), problems, conflict=f"{key}_conflict")
    if code:
        _leave(kind, code, key, proposed=False)


def _reopen_after_conflict(record: Record, state: RecordState, terms: Terms, key: str) -> Opened:
    """Return the record as it was when the form was opened; after a conflict show it, and return the current record."""
    conflict: ChangedMeanwhile | None = st.session_state.pop(f"{key}_conflict", None)
    if conflict is not None:
        st.session_state.pop(f"{key}_opened", None)
        told = _(conflict.message, **conflict.params)
        notice(Markup("{} {}").format(told, _("Nothing was saved. Look at what changed, then send it again.")), "warn")
        draw_three_ways(terms, conflict.merge, _("When you opened it"))
    opened: Opened = st.session_state.setdefault(f"{key}_opened", Opened(record.version, state))
    return opened


def _wish(form: RecordForm, entry: EntryForm | None = None) -> Wish:
    if not isinstance(form, StationForm):
        raise TypeError("only changes of stations are proposed")
    return Wish(form, entry)


def _propose(
    session: Session,
    actor: Actor,
    wish: Wish,
    again: Proposal | None,
    record: Record,
    opened: Opened,
    reason: str,
    now: datetime,
    settlement: Settlement | None = None,
) -> str:
    """Propose a change of a record, or send ``again`` an open proposal; return the proposal's code."""
    if again:
        return resubmit(
            session,
            actor,
            again.code,
            wish,
            version=again.version,
            station_version=opened.version,
            reason=reason,
            now=now,
            settlement=settlement,
        ).code
    return propose(
        session,
        actor,
        wish,
        station_code=record.code,
        version=opened.version,
        reason=reason,
        now=now,
        settlement=settlement,
    ).code


def _draw_reason(key: str, problems: FormProblems, *, needed: bool) -> str:
    name = _("Reason")
    reason = st.text_area(
        name if needed else _("{label} (optional)", label=name),
        key=f"{key}_reason",
        placeholder=_("Kept in the history, for whoever asks later"),
    )
    problems.place("reason")
    return reason


def _tell_proposing() -> None:
    notice(_("What you enter goes to the province as a proposal; you are told here what becomes of it."))


def _look_for_doubles(
    kind: RecordKind, form: RecordForm, first: EntryForm, terms: Terms, actor: Actor
) -> list[tuple[str, str, list[str]]]:
    """Return records that the new one may duplicate: code, name, reasons.

    Return [] while the form has errors, which saving reports.
    """
    present = visit()
    try:
        state = check_new(kind, form, first, terms, present.today)
    except InvalidForm:
        return []
    county = terms.counties.get(state.county_adcode or "")
    lon, lat = state.place or (None, None)
    entered = Lookalike(
        code="",
        name=state.name,
        phone=state.phone if isinstance(state, StationState) else None,
        lon=lon,
        lat=lat,
        city_adcode=state.city_adcode,
        county_adcode=state.county_adcode,
        city=terms.cities[state.city_adcode].name,
        county=county.name if county else None,
        sample=actor.sample,
    )
    with reading(engine()) as session:
        found = doubles_of(session, entered, kind)
        records = records_named(session, kind, [double.other for double in found])
    return [
        (double.other, records[double.other].name, [label(present.language, reason) for reason in double.reasons])
        for double in found
    ]


def _draw_doubles(kind: RecordKind, key: str) -> bool:
    """Draw the possible duplicates found on saving; return whether the visitor confirmed that it is none of them."""
    found = st.session_state.get(key) or []
    if not found:
        return False
    lines = Markup("").join(
        Markup("<li>{} {}</li>").format(
            link(page_url("record", kind=kind.value, code=code), f"{name} · {code}"),
            Markup(" ").join(tag(reason, "warn") for reason in reasons),
        )
        for code, name, reasons in found
    )
    told = _("This may be in the registry already. Nothing was sent yet.")
    st.html(Markup('<div class="notice warn" role="alert">{}<ul>{}</ul></div>').format(told, lines))
    return st.checkbox(_("I have looked: it is another one"), key=f"{key}_confirmed")


def _proposal_to_take_up(actor: Actor) -> Proposal | None:
    """Return the visitor's own open proposal named in the address, if any."""
    code = text_in_address("proposal")
    if not code:
        return None
    with reading(engine()) as session:
        try:
            proposal = open_proposal(session, actor, code, samples=visit().samples)
        except DomainError as error:
            notice(_(error.message, **error.params), "warn")
            return None
    return proposal if proposal.proposer == actor.username and proposal.state in OPEN else None


def _leave(kind: RecordKind, code: str, key: str, *, proposed: bool) -> NoReturn:
    """Delete the form's input, and go to the page that shows the result."""
    forget(key)
    if proposed:
        st.switch_page(page_named("proposals"), query_params={"code": code})
    go(kind=kind.value, code=code)
