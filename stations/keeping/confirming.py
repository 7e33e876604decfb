"""Confirming once a year that the record of a station is still right, and asking for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.duty.duty_areas import in_duty
from stations.duty.roles import Action, Actor, require, signed_in
from stations.errors import Conflict
from stations.keeping.record_writing import hold_record
from stations.language import N_
from stations.registry.confirmation import (
    Confirmation,
    Confirmed,
    StationConfirmation,
    confirmations_of,
    to_be_confirmed,
)
from stations.registry.record_kind import RecordKind
from stations.registry.station import Station, Status, status_on


@dataclass(frozen=True)
class DueStation:
    """A station whose record is to be confirmed."""

    station: Station
    confirmation: Confirmation
    standing: Confirmed


def confirm_station(session: Session, actor: Actor | None, code: str, *, version: int, now: datetime) -> None:
    """Record that the record of a station is right as it stands.

    Raises:
        NotFound, NotAllowed: no such station, or it is outside the actor's duty.
        Conflict: somebody has changed the record since ``version``.
    """
    station = hold_record(session, RecordKind.STATION, code)
    actor = require(actor, Action.CONFIRM_STATIONS, station.area)
    if station.version != version:
        raise Conflict(N_("The record has been changed meanwhile; look at it again before you confirm it"))
    session.add(
        StationConfirmation(
            station=station, at=now, confirmed_by=actor.username, confirmed_by_name=actor.name, version=version
        )
    )
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.CONFIRM_STATION,
        subject_kind=AuditSubject.STATION,
        subject=code,
        version=version,
    )


def stations_to_confirm(session: Session, actor: Actor | None, today: date, *, samples: bool) -> list[DueStation]:
    """Return the stations in somebody's duty whose record is to be confirmed soon or long since, the first due first.

    Raises:
        NotAllowed: nobody is signed in.
    """
    actor = signed_in(actor)
    mine = in_duty(actor, Station.area_columns(), {Action.CONFIRM_STATIONS})
    return due_stations(session, today, samples=samples, mine=mine)


def due_stations(
    session: Session, today: date, *, samples: bool, mine: ColumnElement[bool] | None = None
) -> list[DueStation]:
    """Return the active stations whose record is to be confirmed, the first due first. ``mine``: an SQL condition."""
    status = status_on(today).subquery()
    to_confirm = status.c[1] == Status.ACTIVE, to_be_confirmed(today)
    statement = select(Station).join(status, status.c[0] == Station.id).where(*to_confirm)
    if mine is not None:
        statement = statement.where(mine)
    if not samples:
        statement = statement.where(Station.sample.is_(False))
    stations: Sequence[Station] = session.scalars(statement).all()
    standing = confirmations_of(session, stations)
    due = [DueStation(one, standing[one.code], standing[one.code].standing(today)) for one in stations]
    return sorted(due, key=lambda one: (one.confirmation.due_on, one.station.code))
