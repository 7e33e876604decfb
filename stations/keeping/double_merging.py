"""Merging of two records that describe the same place, without losing anything of either.

The survivor remains; the other is deleted. Everything that refers to the other then refers to the survivor, its code
leads to the survivor (``merged_code``), and its whole state remains in its change history, which is shown with the
survivor's.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from stations.accounts.accounts import Duty
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import count_changed
from stations.duty.roles import Actor, AreaKind, require
from stations.entered_text import read_text
from stations.errors import Conflict
from stations.keeping.editing import EDIT, REASON_LIMIT, changed_meanwhile
from stations.keeping.merged_history import both_histories
from stations.keeping.not_a_double import NotADouble
from stations.keeping.proposal import Proposal
from stations.keeping.proposing import OPEN
from stations.keeping.record_merge import merge
from stations.keeping.record_writing import hold_record
from stations.language import N_, LabelledEnum
from stations.registry.merged_code import MergedCode
from stations.registry.record_history import ChangeKind, begin_history, note_change
from stations.registry.record_kind import RecordKind
from stations.registry.record_references import repoint
from stations.registry.record_rows import SHAPES, Record, put_state, state_of
from stations.registry.record_state import FieldValue, RecordState, StationState, differences, values_of, with_values
from stations.registry.record_terms import Terms
from stations.registry.unread import Unread

_MERGED = {RecordKind.STATION: AuditAction.MERGE_STATION, RecordKind.CENTRE: AuditAction.MERGE_CENTRE}


class HistoryChoice(LabelledEnum):
    """Which entries the merged record's dated history consists of."""

    BOTH = "both", N_("The entries of both, in the order of their dates")
    SURVIVOR = "survivor", N_("Only those of the record that stays")


def merged_state(
    kind: RecordKind, survivor: RecordState, other: RecordState, *, take: Collection[str] = (), history: HistoryChoice
) -> RecordState:
    """Return the state of the merged record.

    It has the survivor's fields; the other's if the survivor's are empty or if ``take`` names them; the services and
    chains of both; and the history as chosen (for both: the entries that may follow each other, see
    ``merged_history``).
    """
    if "county_adcode" in take:
        take = {*take, "city_adcode"}
    merged: dict[str, FieldValue] = {
        field: getattr(other, field) if field in take or value in (None, "") else value
        for field, value in values_of(survivor).items()
    }
    # A county that fills a gap must lie in the city that the merged record has.
    if survivor.county_adcode is None and other.city_adcode != merged["city_adcode"]:
        merged["county_adcode"] = None
    merged["chains"] = tuple(sorted({*survivor.chains, *other.chains}))
    if isinstance(survivor, StationState) and isinstance(other, StationState):
        offers = {offer.service_code: offer for offer in (*other.services, *survivor.services)}
        merged["services"] = tuple(offers[code] for code in sorted(offers))
    words = dict(other.unread) | dict(survivor.unread)
    merged["unread"] = tuple(Unread(*one) for one in sorted(words.items()))
    merged["history"] = survivor.history
    if history is HistoryChoice.BOTH:
        merged["history"] = both_histories(kind, survivor.history, other.history).entries
    return with_values(survivor, merged)


def suggested_history(kind: RecordKind, survivor: RecordState, other: RecordState) -> HistoryChoice:
    """Return BOTH, unless the merged history would end in another status or stage than the survivor's."""
    both = both_histories(kind, survivor.history, other.history).entries
    same = [entry.stage for entry in both[-1:]] == [entry.stage for entry in survivor.history[-1:]]
    return HistoryChoice.BOTH if same else HistoryChoice.SURVIVOR


def merge_records(
    session: Session,
    actor: Actor | None,
    kind: RecordKind,
    survivor_code: str,
    other_code: str,
    *,
    versions: tuple[int, int],
    history: HistoryChoice,
    take: Collection[str] = (),
    reason: str = "",
    now: datetime,
) -> Record:
    """Merge one record into another and return the survivor.

    ``versions``: those of the survivor and of the other that the actor saw.

    Raises:
        ChangedMeanwhile: somebody has saved one of them since.
        Conflict: the two codes are the same, only one record is a sample, or a proposal on the other is open.
        NotFound, NotAllowed: a record does not exist, or is outside the actor's duty.
    """
    actor, survivor, other = _hold_both(session, actor, kind, survivor_code, other_code, versions)
    why = read_text("reason", reason, limit=REASON_LIMIT, required=False)
    terms = Terms.load(session)
    begin_history(session, [survivor, other])
    before, gone = state_of(survivor), state_of(other)
    state = merged_state(kind, before, gone, take=take, history=history)
    put_state(survivor, state, terms, by=actor.username, now=now)
    _keep_recorders(kind, survivor, other, now)
    survivor.version += 1
    survivor.updated_at = now
    note_change(
        session, survivor, before, change=ChangeKind.MERGED, actor=actor, reason=why, now=now, other=other.code
    )
    session.flush()

    moved = repoint(session, other, survivor)
    moved |= _repoint_codes(session, kind, other.code, survivor.code, now)
    other.version += 1
    farewell = note_change(
        session, other, gone, change=ChangeKind.MERGED_AWAY, actor=actor, reason=why, now=now, other=survivor.code
    )
    farewell.fields = differences(gone, None)
    session.flush()
    session.expire(other)
    session.delete(other)
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=_MERGED[kind],
        subject_kind=AuditSubject(kind.value),
        subject=survivor.code,
        merged=other_code,
        version=survivor.version,
        moved=moved,
    )
    session.flush()
    return survivor


def _hold_both(
    session: Session, actor: Actor | None, kind: RecordKind, survivor: str, other: str, versions: tuple[int, int]
) -> tuple[Actor, Record, Record]:
    """Return the actor, who may edit both records, and the two, locked."""
    if survivor == other:
        raise Conflict(N_("A record is no double of itself"))
    # Always lock in the same order, to prevent a deadlock between two merges.
    first, second = sorted((survivor, other))
    held = {code: hold_record(session, kind, code) for code in (first, second)}
    require(actor, EDIT[kind], held[first].area)
    actor = require(actor, EDIT[kind], held[second].area)
    if held[survivor].sample != held[other].sample:
        raise Conflict(N_("An invented record can't be merged with a documented one"))
    for code, version in zip((survivor, other), versions, strict=True):
        if held[code].version != version:
            stands = state_of(held[code])
            raise changed_meanwhile(session, held[code], merge(stands, stands, stands))
    if kind is RecordKind.STATION:
        waiting = select(Proposal.code).where(Proposal.station_code == other, Proposal.state.in_(OPEN))
        if proposal := session.scalar(waiting.limit(1)):
            raise Conflict(N_("Decide on the proposal {proposal} for {code} first"), proposal=proposal, code=other)
    return actor, held[survivor], held[other]


def _keep_recorders(kind: RecordKind, survivor: Record, other: Record, now: datetime) -> None:
    """Restore who recorded each entry, so that entries of the other record do not name the person who merged."""
    stage = SHAPES[kind].stage
    recorded = {
        (getattr(entry, stage), entry.dated, entry.as_of): (entry.recorded_by, entry.recorded_at)
        for entry in (*other.history, *(entry for entry in survivor.history if entry.recorded_at != now))
    }
    for entry in survivor.history:
        known = recorded.get((getattr(entry, stage), entry.dated, entry.as_of))
        if known:
            entry.recorded_by, entry.recorded_at = known


def _repoint_codes(session: Session, kind: RecordKind, old: str, new: str, now: datetime) -> dict[str, int]:
    """Replace the old code by the new one wherever it is used as text. Return the number of changed rows by table."""
    moved = {}
    session.execute(update(MergedCode).where(MergedCode.kind == kind, MergedCode.survivor == old).values(survivor=new))
    session.add(MergedCode(kind=kind, code=old, survivor=new, at=now))
    named = select(NotADouble).where(NotADouble.kind == kind, or_(NotADouble.code == old, NotADouble.other == old))
    for pair in list(session.scalars(named)):
        third = pair.other if pair.code == old else pair.code
        first, second = sorted((third, new))
        session.execute(
            delete(NotADouble).where(
                NotADouble.kind == kind, NotADouble.code == pair.code, NotADouble.other == pair.other
            )
        )
        if third != new and not session.get(NotADouble, (kind, first, second)):
            session.add(
                NotADouble(
                    kind=kind,
                    code=first,
                    other=second,
                    actor=pair.actor,
                    actor_name=pair.actor_name,
                    at=pair.at,
                    reason=pair.reason,
                )
            )
    if kind is RecordKind.STATION:
        duties = update(Duty).where(Duty.area_kind == AreaKind.STATION, Duty.area_code == old).values(area_code=new)
        moved["duty"] = count_changed(session, duties)
    return {table: count for table, count in moved.items() if count}
