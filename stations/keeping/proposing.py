"""Proposing changes to the registry: a county, a city or a station proposes, the province decides.

A proposal is checked like an edit. The proposer can withdraw it, and answer it if it is returned with a question.
``proposal_review`` contains the reviewer's side.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.duty.duty_areas import in_duty
from stations.duty.roles import Action, Actor, Area, AreaKind, outside_duty, require, signed_in
from stations.entered_text import read_text
from stations.errors import Conflict, NotAllowed, NotFound, Problems
from stations.keeping.editing import REASON_LIMIT, area_of_state, bring_together, check_new, check_whole
from stations.keeping.proposal import Proposal, ProposalState, ProposalStep, StepKind
from stations.keeping.record_merge import Settlement
from stations.keeping.record_writing import hold_record
from stations.keeping.station_form import StationForm, check_station
from stations.language import N_, day_in_china
from stations.registry.dated_entries import EntryForm, check_entry, check_follows
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of_station
from stations.registry.record_state import StationState, differences, state_of_a_station
from stations.registry.record_terms import Terms
from stations.secret_codes import ALPHABET

OPEN = frozenset({ProposalState.WAITING, ProposalState.RETURNED})
_SEEN_WITH = (Action.REVIEW_PROPOSALS, Action.PROPOSE_STATIONS)


@dataclass(frozen=True)
class Wish:
    """The wanted change: ``form`` for a station's fields, ``entry`` for its status; both for a station to be added."""

    form: StationForm | None = None
    entry: EntryForm | None = None


def may_propose_new(actor: Actor) -> bool:
    """Whether the actor may propose a new station, which people responsible for a single station may not."""
    return any(
        duty.area_kind is not AreaKind.STATION and Action.PROPOSE_STATIONS in duty.actions
        for duty in actor.duties
    )


def propose(
    session: Session,
    actor: Actor | None,
    wish: Wish,
    *,
    reason: str,
    now: datetime,
    station_code: str | None = None,
    version: int | None = None,
    settlement: Settlement | None = None,
) -> Proposal:
    """Propose to add a station, or to change the station ``station_code`` as it was at ``version``.

    Raises:
        InvalidForm: fields are wrong, or no reason is given; nothing is written.
        ChangedMeanwhile: somebody has saved the station since ``version``; use ``settlement`` as in ``edit_record``.
        Conflict: nothing would change.
        NotFound, NotAllowed: no such station, or it is outside the actor's duty.
    """
    actor, base, wanted, base_version, area = _understand(
        session, actor, wish, reason, station_code, version, settlement, now=now
    )
    proposal = Proposal(
        code=f"P{day_in_china(now):%y%m%d}-" + "".join(secrets.choice(ALPHABET) for _ in range(6)),
        station_code=station_code,
        base_version=base_version,
        base=base,
        wanted=wanted,
        place_confirmed=bool(wish.form and wish.form.place_confirmed),
        reason=reason.strip(),
        state=ProposalState.WAITING,
        proposer=actor.username,
        proposer_name=actor.name,
        told=True,
        city_adcode=area.city,
        county_adcode=area.county,
        sample=area.sample,
        created_at=now,
        updated_at=now,
    )
    session.add(proposal)
    note_step(session, proposal, actor, StepKind.PROPOSED, reason.strip(), now)
    session.flush()
    return proposal


def resubmit(
    session: Session,
    actor: Actor | None,
    code: str,
    wish: Wish,
    *,
    version: int,
    reason: str,
    now: datetime,
    station_version: int | None = None,
    settlement: Settlement | None = None,
) -> Proposal:
    """Submit a returned proposal again, or change one that still waits for a decision.

    ``version``: the proposal's version. ``station_version``: the station's, as in ``propose``.

    Raises:
        InvalidForm, ChangedMeanwhile, NotFound: as in ``propose``.
        Conflict: as in ``propose``, or the proposal has been decided or changed meanwhile.
        NotAllowed: as in ``propose``, or it is somebody else's proposal.
    """
    actor = signed_in(actor)
    proposal = hold_proposal(session, actor, code, version)
    _require_own(actor, proposal)
    _, base, wanted, base_version, _ = _understand(
        session, actor, wish, reason, proposal.station_code, station_version, settlement, now=now
    )
    proposal.base, proposal.wanted, proposal.base_version = base, wanted, base_version
    proposal.place_confirmed = bool(wish.form and wish.form.place_confirmed)
    begun = base or wanted
    proposal.city_adcode, proposal.county_adcode = begun.city_adcode, begun.county_adcode
    proposal.reason, proposal.state, proposal.told = reason.strip(), ProposalState.WAITING, True
    note_step(session, proposal, actor, StepKind.RESUBMITTED, reason.strip(), now)
    return proposal


def withdraw(session: Session, actor: Actor | None, code: str, *, version: int, now: datetime) -> Proposal:
    """Withdraw one's own proposal.

    Raises:
        Conflict: it has been decided or changed meanwhile.
        NotFound, NotAllowed: no such proposal, it is outside the actor's duty, or it is somebody else's.
    """
    actor = signed_in(actor)
    proposal = hold_proposal(session, actor, code, version)
    _require_own(actor, proposal)
    proposal.state = ProposalState.WITHDRAWN
    note_step(session, proposal, actor, StepKind.WITHDRAWN, "", now)
    return proposal


def open_proposal(session: Session, actor: Actor | None, code: str, *, samples: bool = True) -> Proposal:
    """Return a proposal with its steps. Its proposer may see it, and those whose duty covers it.

    Raises:
        NotFound: there is none with this code, or it is a sample and ``samples`` is false.
        NotAllowed: it is outside the actor's duty.
    """
    actor = signed_in(actor)
    proposal = session.scalar(
        select(Proposal).options(selectinload(Proposal.steps)).where(Proposal.code == code.strip().upper())
    )
    if proposal is None or (proposal.sample and not samples):
        raise NotFound(N_("There is no proposal {code}"), code=code)
    area = area_of_proposal(proposal)
    if proposal.proposer != actor.username and not any(actor.may(action, area) for action in _SEEN_WITH):
        raise outside_duty(Action.REVIEW_PROPOSALS, area)
    return proposal


def list_proposals(
    session: Session,
    actor: Actor,
    *,
    samples: bool,
    states: Collection[ProposalState] | None = None,
    mine: bool = False,
    after_id: int | None = None,
    limit: int = 50,
) -> list[Proposal]:
    """Return one page of the proposals that the actor may see, newest first.

    ``mine``: only the actor's own. ``after_id``: the id of the last proposal of the previous page.
    """
    statement = select(Proposal).where(_seen_by(actor, samples))
    if mine:
        statement = statement.where(Proposal.proposer == actor.username)
    if states is not None:
        statement = statement.where(Proposal.state.in_(states))
    if after_id is not None:
        statement = statement.where(Proposal.id < after_id)
    return list(session.scalars(statement.order_by(Proposal.id.desc()).limit(limit)))


def count_proposals(session: Session, actor: Actor, *, samples: bool) -> dict[ProposalState, int]:
    """Return the number of proposals in each state that the actor may see, including states without any."""
    counts = select(Proposal.state, func.count()).where(_seen_by(actor, samples)).group_by(Proposal.state)
    return dict.fromkeys(ProposalState, 0) | {state: count for state, count in session.execute(counts)}


def count_untold(session: Session, actor: Actor) -> int:
    """Return the number of the actor's proposals with an answer that the actor has not seen."""
    own = (Proposal.proposer == actor.username) & Proposal.told.is_(False)
    return session.scalar(select(func.count()).select_from(Proposal).where(own)) or 0


def mark_answer_seen(session: Session, actor: Actor, code: str) -> None:
    """Record that the proposer has seen the answer. Does nothing if it is somebody else's proposal."""
    own = (Proposal.code == code) & (Proposal.proposer == actor.username) & Proposal.told.is_(False)
    proposal = session.scalar(select(Proposal).where(own))
    if proposal is not None:
        proposal.told = True


def hold_proposal(session: Session, actor: Actor | None, code: str, version: int) -> Proposal:
    """Return an open proposal, locked until the transaction ends.

    Raises:
        Conflict: it has been decided or changed meanwhile.
        NotFound, NotAllowed: as in ``open_proposal``.
    """
    proposal = open_proposal(session, actor, code)
    session.refresh(proposal, with_for_update=True)
    if proposal.version != version or proposal.state not in OPEN:
        raise Conflict(N_("The proposal has moved on meanwhile; look at it again before you act"))
    return proposal


def note_step(
    session: Session, proposal: Proposal, actor: Actor, step: StepKind, text: str, now: datetime
) -> ProposalStep:
    """Add a step to a proposal and an entry to the audit log. Return the step."""
    noted = ProposalStep(step=step, at=now, actor=actor.username, actor_name=actor.name, text=text)
    proposal.steps.append(noted)
    if step is not StepKind.PROPOSED:
        proposal.version += 1
        proposal.updated_at = now
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction(f"proposal_{step}"),
        subject_kind=AuditSubject.PROPOSAL,
        subject=proposal.code,
        station=proposal.station_code,
    )
    return noted


def area_of_proposal(proposal: Proposal) -> Area:
    """Return the area of duty of the proposal's station."""
    return area_of_state(proposal, code=proposal.station_code, sample=proposal.sample)


def changed_fields(proposal: Proposal) -> list[str]:
    """Return the fields that a proposal would change, in the order in which they are shown."""
    return list(differences(proposal.base, proposal.wanted))


def _understand(
    session: Session,
    actor: Actor | None,
    wish: Wish,
    reason: str,
    station_code: str | None,
    version: int | None,
    settlement: Settlement | None,
    *,
    now: datetime,
) -> tuple[Actor, StationState | None, StationState, int | None, Area]:
    """Return the actor, who may propose it, the state started from, the wanted state, the station's version, and the
    area of duty.
    """
    problems = Problems()
    today = day_in_china(now)
    terms = Terms.load(session)
    if station_code is None:
        added: StationState = problems.attempt(check_new, RecordKind.STATION, wish.form, wish.entry, terms, today)
        problems.attempt(read_text, "reason", reason, limit=REASON_LIMIT)
        problems.stop()
        area = area_of_state(added, sample=actor.sample if actor else False)
        return require(actor, Action.PROPOSE_STATIONS, area), None, added, None, area
    station = hold_record(session, RecordKind.STATION, station_code)
    area = station.area
    actor = require(actor, Action.PROPOSE_STATIONS, area)
    base = wanted = state_of_station(station)
    problems.attempt(read_text, "reason", reason, limit=REASON_LIMIT)
    if wish.form is not None:
        entered: StationState = problems.attempt(check_station, wish.form, terms)
        problems.stop()
        wanted = state_of_a_station(bring_together(session, station, entered, version=version, settlement=settlement))
        if station.version != version:
            wanted = check_whole(wanted, terms, confirmed=wish.form.place_confirmed)
    if wish.entry is not None:
        entry = problems.attempt(check_entry, RecordKind.STATION, wish.entry, today)
        if entry:
            problems.attempt(check_follows, RecordKind.STATION, base.history, entry)
            wanted = replace(wanted, history=(*base.history, entry))
    problems.stop()
    if wanted == base:
        raise Conflict(N_("Nothing was changed, so there is nothing to propose"))
    return actor, base, wanted, station.version, area


def _require_own(actor: Actor, proposal: Proposal) -> None:
    if proposal.proposer != actor.username:
        raise NotAllowed(N_("Only {name}, whose proposal it is, can do that"), name=proposal.proposer_name)


def _seen_by(actor: Actor, samples: bool) -> ColumnElement[bool]:
    """Return the SQL condition that the actor may see a proposal: the same rule as in ``open_proposal``."""
    seen = in_duty(actor, Proposal.area_columns(), _SEEN_WITH) | (Proposal.proposer == actor.username)
    if actor.sample:
        seen &= Proposal.sample
    if not samples:
        seen &= Proposal.sample.is_(False)
    return seen
