"""Editing the list of industrial chains, and the links to centres and stations that serve them.

The province adds, renames, moves, retires and restores chains; an administrator whose area contains a centre or a
station links it to chains. The audit log records every change with values before and after and the reason; it is
the history of a chain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail
from stations.catalogue.chain import ChainTier, IndustrialChain, get_chain, list_chains, listed_numbers
from stations.changes import feed
from stations.changes.kinds import Happening, Subject
from stations.duty.roles import Action, Actor, require, whole_province
from stations.entered_text import read_text
from stations.errors import Conflict, InvalidForm, InvalidInput
from stations.language import N_, LabelledEnum, Language, day_in_china
from stations.registry.centre import Centre, get_centre
from stations.registry.station import Station, get_station

_TEXTS = {"name_zh": 80, "name_en": 120, "source": 1000}


class Server(LabelledEnum):
    """The kind of record that serves a chain."""

    CENTRE = "centre", N_("Centre")
    STATION = "station", N_("Station")


@dataclass(frozen=True)
class ChainDraft:
    """The entered values of a chain. ``tier``: None if the source does not name the list."""

    name_zh: str
    name_en: str
    tier: ChainTier | None
    source: str


def add_chain(session: Session, actor: Actor | None, draft: ChainDraft, *, now: datetime) -> IndustrialChain:
    """Add a chain to the list. Its code is made from its English name, else from its pinyin.

    Raises:
        NotAllowed: the actor may not edit the province's list.
        InvalidForm: the input is invalid; one problem for each wrong field.
        Conflict: a chain of that name is on the list.
    """
    actor = require(actor, Action.EDIT_CHAINS, whole_province())
    told = _read(session, draft, None)
    chain = IndustrialChain(code=_free_code(session, told), created_at=now, updated_at=now, **told)
    session.add(chain)
    _note(session, actor, now, AuditAction.ADD_CHAIN, chain, after=_data(told))
    session.flush()
    return chain


def change_chain(
    session: Session,
    actor: Actor | None,
    code: str,
    draft: ChainDraft,
    *,
    reason: str,
    version: int,
    now: datetime,
) -> IndustrialChain:
    """Rename a chain, move it to another list, or change its source.

    Raises:
        NotAllowed, InvalidForm, Conflict: as for ``add_chain``; Conflict also if somebody has changed it in the
            meantime.
        NotFound: there is no such chain.
        InvalidInput: no reason is given, or nothing is changed.
    """
    actor, chain = _open(session, actor, code, version)
    reason = read_text("reason", reason, limit=1000)
    before = {name: getattr(chain, name) for name in ("name_zh", "name_en", "tier", "source")}
    told = _read(session, draft, chain)
    if told == before:
        raise InvalidInput("name_zh", N_("Nothing is changed"))
    for name, value in told.items():
        setattr(chain, name, value)
    _keep(session, actor, now, AuditAction.CHANGE_CHAIN, chain, before=_data(before), after=_data(told), reason=reason)
    return chain


def retire_chain(
    session: Session, actor: Actor | None, code: str, *, reason: str, version: int, now: datetime
) -> IndustrialChain:
    """Take a chain off the list from today on; its links to centres and stations stay.

    Raises:
        NotAllowed, NotFound, Conflict, InvalidInput: as for ``change_chain``; Conflict also if it is off the list
            already.
    """
    return _set_retired(session, actor, code, reason, version, now, off=True)


def restore_chain(
    session: Session, actor: Actor | None, code: str, *, reason: str, version: int, now: datetime
) -> IndustrialChain:
    """Put a retired chain back on the list.

    Raises:
        NotAllowed, NotFound, Conflict, InvalidInput: as for ``change_chain``; Conflict also if it is on the list
            already.
    """
    return _set_retired(session, actor, code, reason, version, now, off=False)


def link_chain(
    session: Session, actor: Actor | None, chain_code: str, server: Server, server_code: str, *, now: datetime
) -> Centre | Station:
    """Record that a centre or a station serves a chain.

    Raises:
        NotFound: there is no such chain, centre or station.
        NotAllowed: the record is outside the actor's area of duty.
        Conflict: the link exists already, or the chain is off the list.
    """
    actor, chain, record = _server(session, actor, chain_code, server, server_code)
    if not chain.listed_on(day_in_china(now)):
        raise Conflict(N_("This chain is no longer on the list"))
    if chain in record.chains:
        raise Conflict(N_("{record} serves this chain already"), record=record.name)
    record.chains.append(chain)
    _touch(session, actor, now, AuditAction.LINK_CHAIN, record, server, chain)
    return record


def unlink_chain(
    session: Session, actor: Actor | None, chain_code: str, server: Server, server_code: str, *, now: datetime
) -> Centre | Station:
    """Record that a centre or a station no longer serves a chain.

    Raises:
        NotFound, NotAllowed: as for ``link_chain``.
        Conflict: there is no such link.
    """
    actor, chain, record = _server(session, actor, chain_code, server, server_code)
    if chain not in record.chains:
        raise Conflict(N_("{record} does not serve this chain"), record=record.name)
    record.chains.remove(chain)
    _touch(session, actor, now, AuditAction.UNLINK_CHAIN, record, server, chain)
    return record


_ACTIONS = {
    AuditAction.ADD_CHAIN: N_("Put on the list"),
    AuditAction.CHANGE_CHAIN: N_("Changed"),
    AuditAction.RETIRE_CHAIN: N_("Taken off the list"),
    AuditAction.RESTORE_CHAIN: N_("Put back on the list"),
}
_FIELDS = {
    "name_zh": N_("name in Chinese"),
    "name_en": N_("name in English"),
    "tier": N_("list"),
    "source": N_("source"),
}


def change_in_words(language: Language, entry: log.AuditEntry) -> str:
    """Return the change in an entry of a chain's history, in words: “Changed: name in English “A” → “B””."""
    say = language.translate
    told = say(_ACTIONS[AuditAction(entry.action)])
    before, after = entry.detail.get("before") or {}, entry.detail.get("after") or {}
    changes = [
        f"{say(name)} “{before[field] or '–'}” → “{after[field] or '–'}”"
        for field, name in _FIELDS.items()
        if field in before and before[field] != after.get(field)
    ]
    return f"{told}: {'; '.join(changes)}" if changes else told


def _open(session: Session, actor: Actor | None, code: str, version: int) -> tuple[Actor, IndustrialChain]:
    actor = require(actor, Action.EDIT_CHAINS, whole_province())
    chain = get_chain(session, code)
    session.flush()
    session.refresh(chain, with_for_update=True)
    if chain.version != version:
        raise Conflict(N_("Somebody has changed this chain meanwhile; look at it again"))
    return actor, chain


def _set_retired(
    session: Session, actor: Actor | None, code: str, reason: str, version: int, now: datetime, *, off: bool
) -> IndustrialChain:
    actor, chain = _open(session, actor, code, version)
    reason = read_text("reason", reason, limit=1000)
    today = day_in_china(now)
    if chain.listed_on(today) is not off:
        raise Conflict(N_("This chain is off the list already") if off else N_("This chain is on the list already"))
    if not off:
        _check_room(session, chain.tier, chain)
        _check_name(session, chain.name_zh, chain)
    before, chain.retired_on = chain.retired_on, today if off else None
    _keep(
        session,
        actor,
        now,
        AuditAction.RETIRE_CHAIN if off else AuditAction.RESTORE_CHAIN,
        chain,
        before={"retired_on": before.isoformat() if before else None},
        after={"retired_on": today.isoformat() if off else None},
        reason=reason,
    )
    return chain


def _read(session: Session, draft: ChainDraft, chain: IndustrialChain | None) -> dict[str, Any]:
    problems: list[InvalidInput] = []
    told: dict[str, Any] = {"tier": draft.tier}
    for field, limit in _TEXTS.items():
        try:
            told[field] = read_text(field, getattr(draft, field), limit=limit, required=field != "name_en")
        except InvalidInput as problem:
            problems.append(problem)
    try:
        _check_room(session, draft.tier, chain)
    except InvalidInput as problem:
        problems.append(problem)
    if problems:
        raise InvalidForm(problems)
    _check_name(session, told["name_zh"], chain)
    return told


def _check_name(session: Session, name_zh: str, chain: IndustrialChain | None) -> None:
    same = session.scalars(
        select(IndustrialChain).where(IndustrialChain.name_zh == name_zh, IndustrialChain.retired_on.is_(None))
    )
    if any(one is not chain for one in same):
        raise Conflict(N_("A chain called “{name}” is on the list already"), name=name_zh)


def _check_room(session: Session, tier: ChainTier | None, chain: IndustrialChain | None) -> None:
    if tier is None:
        return
    others = [one for one in list_chains(session) if one.tier is tier and one.retired_on is None and one is not chain]
    most = listed_numbers().get(tier)
    if most is not None and len(others) >= most:
        raise InvalidInput("tier", N_("This list is full: the policy names {count}; take one off first"), count=most)


def _free_code(session: Session, told: dict[str, Any]) -> str:
    from pypinyin import lazy_pinyin  # a big table that only this needs

    words = told["name_en"] or " ".join(lazy_pinyin(told["name_zh"]))
    stem = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:50].strip("_") or "chain"
    taken = {chain.code for chain in list_chains(session)}
    return next(
        code
        for number in range(1, len(taken) + 2)
        if (code := stem if number == 1 else f"{stem}_{number}") not in taken
    )


def _data(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "tier": told["tier"].value if told["tier"] else None}


def _keep(
    session: Session,
    actor: Actor,
    now: datetime,
    action: AuditAction,
    chain: IndustrialChain,
    /,
    **detail: Unpack[Detail],
) -> None:
    chain.version += 1
    chain.updated_at = now
    _note(session, actor, now, action, chain, **detail)


def _note(
    session: Session,
    actor: Actor,
    now: datetime,
    action: AuditAction,
    chain: IndustrialChain,
    /,
    **detail: Unpack[Detail],
) -> None:
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=action,
        subject_kind=AuditSubject.CHAIN,
        subject=chain.code,
        **detail,
    )


def _server(
    session: Session, actor: Actor | None, chain_code: str, server: Server, server_code: str
) -> tuple[Actor, IndustrialChain, Centre | Station]:
    chain = get_chain(session, chain_code)
    record = (get_centre if server is Server.CENTRE else get_station)(session, server_code, samples=True)
    area = record.area
    actor = require(actor, Action.LINK_CHAINS, area)
    session.flush()
    session.refresh(record, with_for_update=True)
    return actor, chain, record


def _touch(
    session: Session,
    actor: Actor,
    now: datetime,
    action: AuditAction,
    record: Centre | Station,
    server: Server,
    chain: IndustrialChain,
) -> None:
    record.version += 1
    record.updated_at = now
    feed.note_change(
        session,
        Subject(server.value),
        Happening.CHANGED,
        record.code,
        record.area,
        actor=actor.username,
        now=now,
        version=record.version,
    )
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=action,
        subject_kind=AuditSubject(server.value),
        subject=record.code,
        chain=chain.code,
    )
