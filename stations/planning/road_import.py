"""Putting a road network that was built to use, and taking it out of use: who may, and what the log says of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from geo.roads.network import Facts
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.duty.roles import Action, Actor, require, whole_province
from stations.errors import NotFound
from stations.language import N_
from stations.planning.road_data import forget_network, road_facts, use_network

SUBJECT = "roads"


def import_roads(session: Session, actor: Actor | None, built: Facts, *, now: datetime) -> None:
    """Put a network to use that ``build_roads`` has built; the one before is removed.

    Raises:
        NotAllowed: the actor may not import data of planning; roads are everybody's, so an invented person may not.
        InvalidInput: the folder can't be written.
    """
    actor = _require(actor)
    _log(session, actor, AuditAction.IMPORT_ROADS, built, now)
    use_network(built, now)


def remove_roads(session: Session, actor: Actor | None, *, now: datetime) -> Facts:
    """Take the road network out of use, and remove it. Return what it was.

    Raises:
        NotAllowed: as ``import_roads``.
        NotFound: no roads are imported.
        InvalidInput: the folder can't be written.
    """
    actor, facts = _require(actor), road_facts()
    if facts is None:
        raise NotFound(N_("No roads are imported, so there is nothing to remove"))
    _log(session, actor, AuditAction.REMOVE_ROADS, facts, now)
    forget_network()
    return facts


def _require(actor: Actor | None) -> Actor:
    return require(actor, Action.IMPORT_FIGURES, whole_province())


def _log(session: Session, actor: Actor, action: AuditAction, facts: Facts, now: datetime) -> None:
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=action,
        subject_kind=AuditSubject.ROAD_NETWORK,
        subject=SUBJECT,
        file=facts.file,
        data_of=facts.as_of.date().isoformat() if facts.as_of else None,
        junctions=facts.junctions,
        pieces=facts.pieces,
        left=facts.left_out,
    )
