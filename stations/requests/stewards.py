"""The stewards of a station, and whether somebody is one of them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.accounts.accounts import Duty, User
from stations.duty.roles import Action, Actor, AreaKind, Role
from stations.registry.station import Station


def stewards_of(session: Session, station: Station) -> list[User]:
    """Return the station's stewards with an active account, sorted by name."""
    statement = (
        select(User)
        .join(Duty, Duty.user_id == User.id)
        .where(
            Duty.role == Role.STATION,
            Duty.area_kind == AreaKind.STATION,
            Duty.area_code == station.code,
            User.active,
            User.sample == station.sample,
        )
        .order_by(User.name, User.username)
    )
    return list(session.scalars(statement))


def is_steward_of(actor: Actor, station: Station) -> bool:
    """Whether the actor is a steward of the station, not an office above it."""
    return any(
        duty.role is Role.STATION and duty.holds(station.area) for duty in actor.duties_for(Action.ANSWER_REQUESTS)
    )
