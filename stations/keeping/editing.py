"""Editing the registry: adding, changing, suspending and closing stations and centres.

Every change checks the whole record, adds a row to its change history (``record_history``), and is refused if somebody
else has saved the record meanwhile (``record_merge``). Earlier statuses or stages are never overwritten: a new entry
follows them. An error in a dated history is corrected by a separate action; the wrong history remains in the change
history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Protocol, Unpack

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail
from stations.duty.roles import Action, Actor, Area, require
from stations.entered_text import read_text
from stations.errors import Conflict, InvalidForm, InvalidInput, Problems
from stations.keeping.centre_form import CentreForm, centre_form_of, check_centre
from stations.keeping.record_checks import check_place_in_area
from stations.keeping.record_codes import check_free, new_code, read_code
from stations.keeping.record_merge import ChangedMeanwhile, Merge, Settlement, merge
from stations.keeping.record_writing import hold_record, insert_record, update_record
from stations.keeping.station_form import StationForm, check_station, station_form_of
from stations.language import N_, day_in_china
from stations.registry.dated_entries import EntryForm, check_entry, check_follows, check_order
from stations.registry.record_history import ChangeKind, list_changes, state_at
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import Record, kind_of, state_of
from stations.registry.record_state import HistoryEntry, RecordState, State, differences
from stations.registry.record_terms import Terms

REASON_LIMIT = 2000
_TRIES = 5  # for a new code, in case of simultaneous additions

RecordForm = StationForm | CentreForm

EDIT: dict[RecordKind, Action] = {RecordKind.STATION: Action.EDIT_STATIONS, RecordKind.CENTRE: Action.EDIT_CENTRES}
CHECK: dict[RecordKind, Callable[[Any, Terms], RecordState]] = {
    RecordKind.STATION: check_station,
    RecordKind.CENTRE: check_centre,
}
FORM_OF: dict[RecordKind, Callable[[Any], RecordForm]] = {
    RecordKind.STATION: station_form_of,
    RecordKind.CENTRE: centre_form_of,
}
_ADDED = {RecordKind.STATION: AuditAction.ADD_STATION, RecordKind.CENTRE: AuditAction.ADD_CENTRE}
_EDITED = {RecordKind.STATION: AuditAction.EDIT_STATION, RecordKind.CENTRE: AuditAction.EDIT_CENTRE}


def add_record(
    session: Session,
    actor: Actor | None,
    kind: RecordKind,
    form: RecordForm,
    first: EntryForm,
    *,
    reason: str = "",
    code: str = "",
    now: datetime,
) -> Record:
    """Add a station or centre, with ``first`` as the first entry of its dated history.

    ``code``: a chosen code, or empty for an automatic one. A sample actor adds a sample record.

    Raises:
        InvalidForm: fields are wrong; nothing is written.
        NotAllowed: the record is outside the actor's duty.
    """
    terms = Terms.load(session)
    state = check_new(kind, form, first, terms, day_in_china(now))
    actor = require(actor, EDIT[kind], area_of_state(state, sample=actor.sample if actor else False))
    record = insert_with_code(session, kind, state, terms, code=code, actor=actor, reason=reason.strip(), now=now)
    _audit(session, actor, _ADDED[kind_of(record)], record, now)
    return record


def edit_record(
    session: Session,
    actor: Actor | None,
    kind: RecordKind,
    code: str,
    form: RecordForm,
    *,
    version: int,
    reason: str = "",
    now: datetime,
    settlement: Settlement | None = None,
) -> Record:
    """Save an edited record without changing its dated history.

    ``version``: the version that the actor started from. ``settlement``: the actor's decision on a conflict that was
    reported before.

    Raises:
        InvalidForm: fields are wrong; nothing is written.
        ChangedMeanwhile: somebody else has saved the record since ``version``.
        Conflict: nothing would change.
        NotFound, NotAllowed: no such record, or it is outside the actor's duty, before or after the change.
    """
    record = hold_record(session, kind, code)
    require(actor, EDIT[kind], record.area)
    terms = Terms.load(session)
    wanted = CHECK[kind](form, terms)
    reason = read_text("reason", reason, limit=REASON_LIMIT, required=False)
    state = bring_together(session, record, wanted, version=version, settlement=settlement)
    if record.version != version:
        state = check_whole(state, terms, confirmed=form.place_confirmed)
    actor = require(actor, EDIT[kind], area_of_state(state, code=code, sample=record.sample))
    changed = differences(state_of(record), state)
    if not changed:
        raise Conflict(N_("Nothing was changed, so nothing was saved"))
    update_record(session, record, state, terms, change=ChangeKind.EDITED, actor=actor, reason=reason, now=now)
    _audit(session, actor, _EDITED[kind_of(record)], record, now, fields=list(changed))
    return record


def change_status(
    session: Session,
    actor: Actor | None,
    kind: RecordKind,
    code: str,
    form: EntryForm,
    *,
    version: int,
    now: datetime,
) -> Record:
    """Add a status or stage after the last one: open, suspend or close a station, or move a centre on.

    Raises:
        InvalidForm: the entry is wrong, may not follow the last one, or is dated before it.
        ChangedMeanwhile: somebody else has saved the record since ``version``.
        NotFound, NotAllowed: no such record, or it is outside the actor's duty.
    """
    actor, record = _hold_for_edit(session, actor, kind, code, version)
    entry = check_entry(kind, form, day_in_china(now))
    state = state_of(record)
    problems = Problems()
    problems.attempt(check_follows, kind, state.history, entry)
    problems.stop()
    state = replace(state, history=(*state.history, entry))
    update_record(
        session,
        record,
        state,
        Terms.load(session),
        change=ChangeKind.STATUS,
        actor=actor,
        reason=entry.reason or "",
        now=now,
    )
    dated = str(entry.dated or entry.as_of)
    _audit(session, actor, AuditAction.CHANGE_STATUS, record, now, status=form.stage, dated=dated)
    return record


def correct_history(
    session: Session,
    actor: Actor | None,
    kind: RecordKind,
    code: str,
    entries: Sequence[EntryForm],
    *,
    version: int,
    reason: str,
    now: datetime,
) -> Record:
    """Replace a wrong dated history. The old one remains in the record's change history.

    Raises:
        InvalidForm: an entry is wrong (the problem gives its number), there is none, they are not in order, or no
            reason is given.
        ChangedMeanwhile, Conflict, NotFound, NotAllowed: as in ``edit_record``.
    """
    actor, record = _hold_for_edit(session, actor, kind, code, version)
    problems = Problems()
    why = problems.attempt(read_text, "reason", reason, limit=REASON_LIMIT)
    history = problems.attempt(_check_entries, kind, entries, day_in_china(now))
    problems.stop()
    state = state_of(record)
    if state.history == history:
        raise Conflict(N_("Nothing was changed, so nothing was saved"))
    state = replace(state, history=history)
    update_record(
        session,
        record,
        state,
        Terms.load(session),
        change=ChangeKind.CORRECTED,
        actor=actor,
        reason=why,
        now=now,
    )
    _audit(session, actor, AuditAction.CORRECT_HISTORY, record, now)
    return record


def check_new(kind: RecordKind, form: RecordForm, first: EntryForm, terms: Terms, today: date) -> RecordState:
    """Return the state of a record to be added, including its first history entry.

    Raises:
        InvalidForm: with one problem for each wrong field, including those of the first entry.
    """
    problems = Problems()
    state = problems.attempt(CHECK[kind], form, terms)
    entry = problems.attempt(check_entry, kind, first, today)
    problems.stop()
    checked: RecordState = replace(state, history=(entry,))
    return checked


def insert_with_code(
    session: Session,
    kind: RecordKind,
    state: RecordState,
    terms: Terms,
    *,
    code: str,
    actor: Actor,
    reason: str,
    now: datetime,
    proposal: str | None = None,
    sample: bool | None = None,
) -> Record:
    """Add a record with the chosen ``code``, or with a new code if it is empty.

    Raises:
        InvalidForm: the chosen code is taken or invalid.
    """
    sample = actor.sample if sample is None else sample
    if code.strip():
        problems = Problems()
        chosen = problems.attempt(read_code, code)
        if chosen:
            problems.attempt(check_free, session, kind, chosen)
        problems.stop()
    for tries_left in reversed(range(_TRIES)):
        given = chosen if code.strip() else new_code(session, kind, state.city_adcode, sample=sample)
        try:
            with session.begin_nested():
                record = insert_record(
                    session,
                    kind,
                    given,
                    state,
                    terms,
                    sample=sample,
                    actor=actor,
                    reason=reason,
                    now=now,
                    proposal=proposal,
                )
        except IntegrityError:
            # Another transaction used the same code first.
            if not tries_left:
                raise
        else:
            return record
    raise AssertionError("unreachable")


def bring_together(
    session: Session, record: Record, wanted: RecordState, *, version: int | None, settlement: Settlement | None
) -> RecordState:
    """Return the state to save: ``wanted`` with the record's own history, merged with what others saved meanwhile.

    If nobody saved the record since ``version`` (None: no version was seen), nothing is merged. Otherwise
    ``settlement`` decides the clashes.

    Raises:
        ChangedMeanwhile: somebody saved the record meanwhile and there is no settlement for its present version.
    """
    theirs = state_of(record)
    if record.version == version:
        return replace(wanted, history=theirs.history)
    compared = compare(session, record, wanted, version=version)
    settled = None
    if settlement is not None and settlement.version == record.version:
        settled = compared.settled(settlement.choices)
    if settled is None:
        raise changed_meanwhile(session, record, compared)
    return settled


def compare(session: Session, record: Record, wanted: RecordState, *, version: int | None) -> Merge:
    """Return the three-way merge of a record since ``version``, except its history (``wanted`` has none)."""
    kind = kind_of(record)
    theirs = state_of(record)
    base = (None if version is None else state_at(session, kind, record.code, version)) or theirs
    return merge(base, theirs, replace(wanted, history=base.history))


def changed_meanwhile(session: Session, record: Record, compared: Merge) -> ChangedMeanwhile:
    """Return the error that says who saved the record last, with both sides of the merge."""
    last = list_changes(session, kind_of(record), [record.code], limit=1)
    by = last[0].actor_name if last else ""
    return ChangedMeanwhile(compared, version=record.version, by=by, at=record.updated_at)


def check_whole(state: State, terms: Terms, *, confirmed: bool) -> State:
    """Check that a merged state is consistent, and return it with the city of its county.

    Raises:
        InvalidForm: its place lies outside the county that the other side entered.
    """
    if state.county_adcode:
        state = replace(state, city_adcode=terms.counties[state.county_adcode].city_adcode)
    if not confirmed:
        problems = Problems()
        problems.attempt(check_place_in_area, state.place, state.city_adcode, state.county_adcode, terms)
        problems.stop()
    return state


class _Lying(Protocol):
    @property
    def city_adcode(self) -> str: ...
    @property
    def county_adcode(self) -> str | None: ...


def area_of_state(state: _Lying, *, code: str | None = None, sample: bool) -> Area:
    """Return the area of duty of a record with this state."""
    return Area.of_codes(state.city_adcode, state.county_adcode, code, sample=sample)


def _hold_for_edit(
    session: Session, actor: Actor | None, kind: RecordKind, code: str, version: int
) -> tuple[Actor, Record]:
    """Return the actor, who may edit the record, and the record, locked and still at ``version``."""
    record = hold_record(session, kind, code)
    actor = require(actor, EDIT[kind], record.area)
    if record.version != version:
        theirs = state_of(record)
        base = state_at(session, kind, code, version) or theirs
        raise changed_meanwhile(session, record, merge(base, theirs, base))
    return actor, record


def _check_entries(kind: RecordKind, entries: Sequence[EntryForm], today: date) -> tuple[HistoryEntry, ...]:
    """Return the history made of the entries. A problem of entry n has the field ``history_n``, counted from 1."""
    if not entries:
        raise InvalidInput("history", N_("A record needs at least one entry in its history"))
    history, found = [], []
    for number, form in enumerate(entries, start=1):
        try:
            history.append(check_entry(kind, form, today))
        except InvalidForm as several:
            found += [
                InvalidInput(f"history_{number}", problem.message, **problem.params) for problem in several.problems
            ]
    if found:
        raise InvalidForm(found)
    try:
        check_order(history)
    except InvalidInput as problem:
        raise InvalidInput("history", problem.message, **problem.params) from None
    return tuple(history)


def _audit(
    session: Session, actor: Actor, action: AuditAction, record: Record, now: datetime, **detail: Unpack[Detail]
) -> None:
    detail["version"] = record.version
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=action,
        subject_kind=AuditSubject(kind_of(record).value),
        subject=record.code,
        **detail,
    )
