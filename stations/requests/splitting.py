"""Splitting a request: some of its services go to another station as a separate request.

The firm's code opens both requests. The firm's entries, its consent and its choice of notices are copied, as are the
files of the filing, and the new request starts with its station's first day. The services that remain have the same
deadlines as before. If a part is only to be *done* elsewhere, it is routed through a partner station instead
(``stations.requests.routing``) and one steward remains responsible for all of it; the partner sees its own part
(``stations.requests.partner_parts``).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from stations.audit import log
from stations.audit.vocabulary import AuditSubject
from stations.duty.roles import Action, Actor, signed_in
from stations.errors import InvalidInput
from stations.language import N_, day_in_china
from stations.requests.attachments import Attachment
from stations.requests.filing import free_number
from stations.requests.handling import hold_for_answer
from stations.requests.moves import MoveName, check_move
from stations.requests.routing_record import reroute
from stations.requests.service_request import RequestEvent, RequestItem, ServiceRequest
from stations.requests.states import Party, State
from stations.requests.steps import begin, take_step
from stations.requests.transfer import read_taker

KEPT = (
    "code_hash",
    "firm_name",
    "credit_code",
    "contact_name",
    "phone",
    "email",
    "county_adcode",
    "lon",
    "lat",
    "product",
    "description",
    "chain_code",
    "wanted_on",
    "consented_at",
    "consent_version",
    "notice_channel",
    "notice_address",
    "notice_confirmed_at",
    "language",
    "sample",
)
"""The columns that a part has from the request it was split from; all others are its own."""


def split(
    session: Session,
    actor: Actor | None,
    number: str,
    services: Sequence[str],
    station_code: str,
    *,
    version: int,
    note: str,
    now: datetime,
) -> ServiceRequest:
    """Hand the services with these codes to the station with this code. Return the new request.

    Raises:
        NotFound, NotAllowed, Conflict: as for every step of a station; a request in progress can't be split.
        InvalidInput: no reason is given (field ``note``); none or all of the services are named (field ``services``);
            the station can't take them (field ``station_code``, see ``transfer``).
    """
    request = hold_for_answer(session, actor, number, version, Action.TRANSFER_REQUESTS)
    actor = signed_in(actor)
    check_move(MoveName.SPLIT, Party.STATION, request.state, note)
    going = [item for item in request.items if item.service_code in services]
    if not going or len(going) != len(set(services)):
        raise InvalidInput("services", N_("Choose the services that go to the other station"))
    if len(going) == len(request.items):
        raise InvalidInput("services", N_("At least one service has to stay; hand the whole request over instead"))
    station = read_taker(session, request, going, station_code, day_in_china(now))
    part = ServiceRequest(
        number=free_number(session, day_in_china(now)),
        draft_key=f"split-{secrets.token_urlsafe(24)}",
        state=State.SUBMITTED,
        station=station,
        county=request.county,
        split_from=request,
        version=1,
        created_at=now,
        updated_at=now,
        items=[
            RequestItem(
                position=position,
                service=item.service,
                service_code=item.service_code,
                quantity=item.quantity,
                remarks=item.remarks,
            )
            for position, item in enumerate(going)
        ],
        events=[
            RequestEvent(
                position=0, at=now, party=Party.STATION, actor=actor.username, target=State.SUBMITTED, note=note.strip()
            )
        ],
        **{name: getattr(request, name) for name in KEPT},
    )
    session.add(part)
    reroute(session, part, station, day_in_china(now))
    for item in going:
        request.items.remove(item)
    for position, item in enumerate(request.items):
        item.position = position
    session.flush()
    copy_files(session, request, part)
    take_step(session, request, MoveName.SPLIT, Party.STATION, actor.username, note, now)
    begin(session, part)
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=MoveName.SPLIT,
        subject_kind=AuditSubject.SERVICE_REQUEST,
        subject=part.number,
        station=station.code,
        services=[item.service_code for item in going],
        split_from=request.number,
    )
    return part


def copy_files(session: Session, request: ServiceRequest, part: ServiceRequest) -> None:
    """Copy the files of a filing to a part of it."""
    filed = select(Attachment).where(
        Attachment.request_id == request.id, Attachment.message_id.is_(None), Attachment.event_id.is_(None)
    )
    for file in session.scalars(filed.options(undefer(Attachment.content)).order_by(Attachment.id)).all():
        session.add(
            Attachment(
                code=secrets.token_urlsafe(16),
                request=part,
                at=file.at,
                party=file.party,
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                digest=file.digest,
                content=file.content,
            )
        )
