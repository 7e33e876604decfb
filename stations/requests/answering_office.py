"""Which office answers for a station that has no quality steward: its county's, else its city's, else the province's.

The nearest one with an active account answers, so that no request waits where nobody looks.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from stations.accounts.accounts import Duty, User
from stations.duty.duty_areas import in_duty
from stations.duty.roles import Action, Actor, AreaKind, Responsibility, Role
from stations.language import N_, Bilingual
from stations.notices.outbox import Notice
from stations.places.area_names import area_name
from stations.registry.station import Station
from stations.requests.desk_notices import DESK_LANGUAGE, office_addresses, tell_at_desk
from stations.requests.service_request import ServiceRequest

_OFFICES = {AreaKind.COUNTY: Role.COUNTY, AreaKind.CITY: Role.CITY, AreaKind.PROVINCE: Role.PROVINCE}
"""The offices by the kind of their area, nearest first, with the role of their people."""


def office_for(session: Session, station: Station) -> AreaKind:
    """Return whose office answers for a station without a steward; the province's if no office has an account."""
    area = station.area
    codes = {kind: getattr(area, kind) for kind in _OFFICES}
    statement = (
        select(Duty.area_kind)
        .join(User, User.id == Duty.user_id)
        .where(
            User.active,
            or_(
                false(),
                *(
                    (Duty.role == role) & (Duty.area_kind == kind) & (Duty.area_code == codes[kind])
                    for kind, role in _OFFICES.items()
                    if codes[kind]
                ),
            ),
        )
    )
    if not station.sample:  # an invented person reaches sample records only
        statement = statement.where(User.sample.is_(False))
    manned = set(session.scalars(statement))
    return next((kind for kind in _OFFICES if kind in manned), AreaKind.PROVINCE)


def office_name(station: Station, office: AreaKind) -> Bilingual:
    """Return the name of the area whose office answers for a station."""
    return area_name(getattr(station.area, office))


def is_answered_by(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition that a request waits for an office of the actor's, because its station has no steward.

    The statement must join ``Station``.
    """

    def by_office(duty: Responsibility) -> ColumnElement[bool]:
        return ServiceRequest.office == duty.area_kind if _OFFICES.get(duty.area_kind) is duty.role else false()

    mine = in_duty(actor, ServiceRequest.area_columns(), {Action.ANSWER_REQUESTS}, also=by_office)
    return ServiceRequest.steward_username.is_(None) & mine


def tell_office(session: Session, request: ServiceRequest, now: datetime) -> list[Notice]:
    """Put a notice into the outbox for each address of the office that answers a request; none if a steward does.

    It says which request of which station has come in, but never whose it is or what it is about.
    """
    if request.office is None:
        return []
    say = DESK_LANGUAGE.translate
    return tell_at_desk(
        session,
        request,
        office_addresses(session, request, request.office),
        key=f"office/{request.number}/{request.station.code}/{request.office}",
        subject=say(N_("Request {number} is yours to answer"), number=request.number),
        told=say(
            N_("Request {number} has come in at {station}, which has no quality steward yet. Your office answers it."),
            number=request.number,
            station=request.station.name,
        ),
        data={"kind": "request_for_office", "level": request.office.value},
        now=now,
    )
