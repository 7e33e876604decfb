"""A row of a bulk change as a proposal, where the key may not change stations itself: people decide on it.

The same row sent again is the same proposal; another one under the same id renews the proposal while it is open. Once
it is accepted, the id stands for the station. What was refused is told as refused until the row says something else.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from stations.duty.roles import Action, require
from stations.errors import Conflict, InvalidInput
from stations.keeping.proposal import Proposal, ProposalState, ProposalStep, StepKind
from stations.keeping.proposing import OPEN, Wish, propose, resubmit
from stations.keeping.record_merge import Settlement
from stations.keeping.record_writing import hold_record
from stations.keeping.station_form import StationForm, check_station, station_form_of
from stations.language import N_
from stations.partners.external_id import ExternalId, link
from stations.partners.interface_key import KeyInUse
from stations.partners.row_merge import STATION, Clash, fields_of, merged, stage_of, status_wanted
from stations.partners.row_result import Outcome, RowResult
from stations.partners.station_row import StationRow
from stations.registry.dated_entries import EntryForm
from stations.registry.record_history import state_at
from stations.registry.record_rows import state_of
from stations.registry.record_state import HistoryEntry, StationState, state_of_a_station
from stations.registry.record_terms import Terms
from stations.registry.station import Station

_ANSWERS = frozenset({StepKind.RETURNED, StepKind.REFUSED, StepKind.ACCEPTED})


def accepted_as(session: Session, system: str, external_id: str, now: datetime) -> ExternalId | None:
    """Return what a system's id stands for since its proposal of a new station was accepted; None if none was."""
    proposal = _newest(session, system, external_id)
    if proposal is None or proposal.state is not ProposalState.ACCEPTED or proposal.station_code is None:
        return None
    return link(session, system, external_id, proposal.station_code, 1, now)


def started_from(
    session: Session, station: Station, row: StationRow, known: ExternalId | None
) -> tuple[int, StationState]:
    """Return the version and the state that a row started from.

    Raises:
        Conflict: there is no such version.
    """
    version = row.version or (known.version if known else station.version)
    base = state_at(session, STATION, station.code, version) if version < station.version else state_of(station)
    if base is None or version > station.version:
        raise Conflict(N_("There is no version {version} of this record; read it anew"), version=version)
    return version, state_of_a_station(base)


def propose_row(
    session: Session,
    key: KeyInUse,
    number: int,
    row: StationRow,
    known: ExternalId | None,
    code: str,
    terms: Terms,
    now: datetime,
) -> RowResult:
    """Propose what a row says. ``code``: of the station that it would change; "" for a new one.

    Raises:
        Clash: fields were changed on both sides.
        Conflict: the same was proposed before and refused.
        InvalidForm, InvalidInput, NotAllowed, NotFound: as ``propose``.
    """
    earlier = _newest(session, key.system, row.external_id)
    mine = earlier if earlier and earlier.state in OPEN and earlier.proposer == key.actor.username else None
    if not code:
        wish, wanted = _new_station(row, mine, terms)
        if earlier and (told := _told_before(earlier, wanted, number, row, "", None)):
            return told
        proposal = _send(session, key, row, mine, wish, None, None, now)
        return RowResult(number, row.external_id, Outcome.PROPOSED, proposal=proposal.code)
    station = hold_record(session, STATION, code)
    require(key.actor, Action.PROPOSE_STATIONS, station.area)
    version, base = started_from(session, station, row, known)
    if known is None:
        link(session, key.system, row.external_id, code, station.version, now)
    form = row.form_from(station_form_of(mine.wanted if mine else base))
    ours = state_of_a_station(state_of(station))
    moves, clashes = status_wanted(row, ours, base, station.version)
    entry = row.status if moves else _own_entry(mine)
    wanted = replace(check_station(form, terms), history=ours.history)
    stage = entry.stage if entry else stage_of(ours)
    if earlier and (told := _told_before(earlier, wanted, number, row, code, station.version, stage)):
        return told
    sent: list[Proposal] = []

    def save(settlement: Settlement | None) -> None:
        wish = Wish(form, entry)
        sent.append(_send(session, key, row, mine, wish, code, version, now, settlement))

    if fields_of(wanted) != fields_of(base) or entry is not None:
        clashes += merged(row, save)
    if clashes:
        raise Clash(code, clashes, wanted, version, station.version)
    if not sent:
        return RowResult(number, row.external_id, Outcome.UNCHANGED, code, station.version)
    return RowResult(number, row.external_id, Outcome.PROPOSED, code, station.version, sent[0].code)


def proposals_of_system(
    session: Session, system: str, *, after: int | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """Return a page of what a system proposed, the newest first, as JSON. ``after``: the last id of the page before."""
    statement = select(Proposal).options(selectinload(Proposal.steps)).where(Proposal.system == system)
    if after is not None:
        statement = statement.where(Proposal.id < after)
    found = session.scalars(statement.order_by(Proposal.id.desc()).limit(limit))
    return [
        {
            "number": one.id,
            "proposal": one.code,
            "id": one.external_id,
            "code": one.station_code,
            "state": one.state.value,
            "at": one.created_at.isoformat(),
            "updated_at": one.updated_at.isoformat(),
            "answer": _answer_to(one),
        }
        for one in found
    ]


def _newest(session: Session, system: str, external_id: str) -> Proposal | None:
    mine = (Proposal.system == system) & (Proposal.external_id == external_id)
    return session.scalar(select(Proposal).where(mine).order_by(Proposal.id.desc()).limit(1))


def _new_station(row: StationRow, mine: Proposal | None, terms: Terms) -> tuple[Wish, StationState]:
    """Return a new station as wished for, and its fields."""
    if row.version is not None:
        raise InvalidInput("version", N_("This id is new here, so it has no version; give the code of the record too"))
    entry = row.status or _own_entry(mine)
    if entry is None:
        raise InvalidInput("status", N_("Say what a new station is, and since when"))
    form = row.form_from(station_form_of(mine.wanted) if mine else StationForm())
    return Wish(form, entry), check_station(form, terms)


def _told_before(
    earlier: Proposal,
    wanted: StationState,
    number: int,
    row: StationRow,
    code: str,
    version: int | None,
    stage: str | None = None,
) -> RowResult | None:
    """Return what came of a row that says what was proposed before; None if it says something else.

    Raises:
        Conflict: it was refused.
    """
    stage = stage or (row.status.stage if row.status else stage_of(earlier.wanted))
    if fields_of(wanted) != fields_of(earlier.wanted) or stage != stage_of(earlier.wanted):
        return None
    if earlier.state is ProposalState.REFUSED:
        told = N_("This was proposed as {proposal} and refused: {reason}")
        raise Conflict(told, proposal=earlier.code, reason=_answer_to(earlier) or "")
    if earlier.state not in OPEN:
        return None
    return RowResult(number, row.external_id, Outcome.PROPOSED, code, version, earlier.code)


def _send(
    session: Session,
    key: KeyInUse,
    row: StationRow,
    mine: Proposal | None,
    wish: Wish,
    code: str | None,
    version: int | None,
    now: datetime,
    settlement: Settlement | None = None,
) -> Proposal:
    reason = f"{key.name} {row.external_id}"
    if mine is not None:
        return resubmit(
            session,
            key.actor,
            mine.code,
            wish,
            version=mine.version,
            reason=reason,
            now=now,
            station_version=version,
            settlement=settlement,
        )
    made = propose(
        session,
        key.actor,
        wish,
        reason=reason,
        now=now,
        station_code=code,
        version=version,
        settlement=settlement,
    )
    made.system, made.external_id = key.system, row.external_id
    session.flush()
    return made


def _own_entry(mine: Proposal | None) -> EntryForm | None:
    """Return the entry that an open proposal adds to the history; None if it adds none."""
    if mine is None or (mine.base is not None and mine.wanted.history == mine.base.history):
        return None
    entry: HistoryEntry = mine.wanted.history[-1]
    return EntryForm(
        entry.stage.value, str(entry.dated or ""), str(entry.as_of or ""), entry.reason or "", entry.source or ""
    )


def _answer_to(proposal: Proposal) -> str | None:
    answers: list[ProposalStep] = [step for step in proposal.steps if step.step in _ANSWERS]
    return answers[-1].text or None if answers else None
