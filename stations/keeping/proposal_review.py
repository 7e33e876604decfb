"""Reviewing proposals: comparing, commenting, returning, refusing, accepting.

The province decides on every proposal. A city may comment on those in its area, and decide on those that change only
the fields in ``DECIDED_BY_CITY``. Nobody decides on their own proposal. Accepting writes the change with the same
functions as an edit, in one transaction with the decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.duty.roles import Action, Actor, AreaKind, outside_duty, require, signed_in
from stations.entered_text import read_text
from stations.errors import Conflict, NotAllowed, Problems
from stations.keeping.editing import area_of_state, changed_meanwhile, check_whole, insert_with_code
from stations.keeping.proposal import Proposal, ProposalState, StepKind
from stations.keeping.proposing import OPEN, area_of_proposal, changed_fields, hold_proposal, note_step, open_proposal
from stations.keeping.record_merge import Merge, Side, merge
from stations.keeping.record_writing import hold_record, update_record
from stations.language import N_
from stations.registry.dated_entries import check_order
from stations.registry.record_history import ChangeKind
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import Record, state_of
from stations.registry.record_state import differences
from stations.registry.record_terms import Terms
from stations.registry.station import Station

COMMENT_LIMIT = 2000

DECIDED_BY_CITY = frozenset({"hours", "phone", "name_en", "services"})
"""The fields on which a city may decide for its stations; the province decides on all others."""


@dataclass(frozen=True)
class Review:
    """What a reviewer sees.

    ``merge``: the states before, now and wanted. ``station``: the record it would change; None for a station to be
    added. ``moved_on``: whether the record was saved since the proposal.
    """

    proposal: Proposal
    station: Station | None
    merge: Merge
    moved_on: bool
    may_comment: bool
    may_decide: bool


def review(session: Session, actor: Actor | None, code: str, *, samples: bool = True) -> Review:
    """Return a proposal, compared with the present record.

    Raises:
        NotFound, NotAllowed: no such proposal, or it is outside the actor's duty.
    """
    actor = signed_in(actor)
    proposal = open_proposal(session, actor, code, samples=samples)
    station = None
    if proposal.station_code and proposal.base_version is not None:
        station = session.scalar(select(Station).where(Station.code == proposal.station_code))
    theirs = state_of(station) if station and proposal.state in OPEN else proposal.base
    return Review(
        proposal,
        station,
        merge(proposal.base, theirs, proposal.wanted),
        moved_on=station is not None and station.version != proposal.base_version and proposal.state in OPEN,
        may_comment=may_comment(actor, proposal),
        may_decide=may_decide(actor, proposal),
    )


def may_comment(actor: Actor, proposal: Proposal) -> bool:
    """Whether the actor may comment on a proposal that is still open."""
    own = proposal.proposer == actor.username
    return proposal.state in OPEN and (own or actor.may(Action.REVIEW_PROPOSALS, area_of_proposal(proposal)))


def may_decide(actor: Actor, proposal: Proposal) -> bool:
    """Whether the actor may accept, return or refuse the proposal."""
    if proposal.state is not ProposalState.WAITING or proposal.proposer == actor.username:
        return False
    # If the proposal moves the station, the actor must be responsible for both areas.
    wanted = area_of_state(proposal.wanted, code=proposal.station_code, sample=proposal.sample)
    areas = (area_of_proposal(proposal), wanted)
    if not all(actor.may(Action.REVIEW_PROPOSALS, area) for area in areas):
        return False
    small = proposal.base_version is not None and DECIDED_BY_CITY.issuperset(changed_fields(proposal))
    return small or any(
        duty.area_kind is AreaKind.PROVINCE and Action.REVIEW_PROPOSALS in duty.actions for duty in actor.duties
    )


def comment(session: Session, actor: Actor | None, code: str, text: str, *, now: datetime) -> Proposal:
    """Add a comment to a proposal, for its proposer and its reviewers.

    Raises:
        InvalidInput: the text is empty or too long.
        Conflict: the proposal is decided already.
        NotFound, NotAllowed: no such proposal, or it is outside the actor's duty.
    """
    actor = signed_in(actor)
    proposal = open_proposal(session, actor, code)
    if proposal.state not in OPEN:
        raise Conflict(N_("The proposal is decided; nothing can be added to it"))
    if not may_comment(actor, proposal):
        raise outside_duty(Action.REVIEW_PROPOSALS, area_of_proposal(proposal))
    note_step(session, proposal, actor, StepKind.COMMENTED, read_text("text", text, limit=COMMENT_LIMIT), now)
    proposal.told = proposal.told and proposal.proposer == actor.username
    return proposal


def send_back(
    session: Session, actor: Actor | None, code: str, *, version: int, reason: str, now: datetime
) -> Proposal:
    """Return a proposal to its proposer with a question.

    Raises:
        InvalidInput: no reason is given.
        Conflict, NotFound, NotAllowed: as in ``accept``.
    """
    return _decide(session, actor, code, version, ProposalState.RETURNED, StepKind.RETURNED, reason, now)


def refuse(session: Session, actor: Actor | None, code: str, *, version: int, reason: str, now: datetime) -> Proposal:
    """Refuse a proposal for good. Raises as ``send_back`` does."""
    return _decide(session, actor, code, version, ProposalState.REFUSED, StepKind.REFUSED, reason, now)


def accept(
    session: Session,
    actor: Actor | None,
    code: str,
    *,
    version: int,
    station_version: int | None = None,
    choices: Mapping[str, Side] | None = None,
    note: str = "",
    now: datetime,
) -> Proposal:
    """Accept a proposal and change the registry accordingly.

    ``version``, ``station_version``: the versions of the proposal and of the station that the actor saw. ``choices``:
    for each field changed both by the proposal and in the registry since, whose value to use.

    Raises:
        ChangedMeanwhile: the station has been saved since the actor looked, or ``choices`` lacks a field changed on
            both sides.
        Conflict: the proposal is decided or changed, or the registry has all of it already.
        InvalidForm: the merged state is not consistent.
        NotFound, NotAllowed: no such proposal, or the actor may not decide on it.
    """
    actor, proposal = _hold_to_decide(session, actor, code, version)
    terms = Terms.load(session)
    why = note.strip() or proposal.reason
    if proposal.station_code is None:
        station: Record = insert_with_code(
            session,
            RecordKind.STATION,
            proposal.wanted,
            terms,
            code="",
            actor=actor,
            reason=why,
            now=now,
            proposal=proposal.code,
            sample=proposal.sample,
        )
        proposal.station_code = station.code
    else:
        station = hold_record(session, RecordKind.STATION, proposal.station_code)
        theirs = state_of(station)
        compared = merge(proposal.base, theirs, proposal.wanted)
        state = compared.settled(choices or {}) if station.version == station_version else None
        if state is None:
            raise changed_meanwhile(session, station, compared)
        changed = differences(theirs, state)
        if not changed:
            raise Conflict(N_("The registry says all of this already; return or refuse the proposal"))
        problems = Problems()
        whole = problems.attempt(check_whole, state, terms, confirmed=proposal.place_confirmed)
        problems.attempt(check_order, state.history)
        problems.stop()
        state = whole
        # The actor must also be responsible for the area in which the station ends up.
        require(actor, Action.REVIEW_PROPOSALS, area_of_state(state, code=station.code, sample=station.sample))
        kind = ChangeKind.STATUS if list(changed) == ["history"] else ChangeKind.EDITED
        update_record(
            session, station, state, terms, change=kind, actor=actor, reason=why, now=now, proposal=proposal.code
        )
    proposal.state, proposal.told = ProposalState.ACCEPTED, False
    note_step(session, proposal, actor, StepKind.ACCEPTED, note.strip(), now)
    return proposal


def _decide(
    session: Session,
    actor: Actor | None,
    code: str,
    version: int,
    state: ProposalState,
    step: StepKind,
    reason: str,
    now: datetime,
) -> Proposal:
    actor, proposal = _hold_to_decide(session, actor, code, version)
    text = read_text("reason", reason, limit=COMMENT_LIMIT)
    proposal.state, proposal.told = state, False
    note_step(session, proposal, actor, step, text, now)
    return proposal


def _hold_to_decide(session: Session, actor: Actor | None, code: str, version: int) -> tuple[Actor, Proposal]:
    """Return the actor, who may decide on the proposal, and the proposal, locked and waiting for a decision."""
    actor = signed_in(actor)
    proposal = hold_proposal(session, actor, code, version)
    if proposal.state is not ProposalState.WAITING:
        raise Conflict(N_("The proposal waits for its proposer's answer"))
    if proposal.proposer == actor.username:
        raise NotAllowed(N_("Somebody else has to decide on a proposal of yours"))
    if not may_decide(actor, proposal):
        raise NotAllowed(N_("This is not yours to decide; your comment goes to whoever decides"))
    return actor, proposal
