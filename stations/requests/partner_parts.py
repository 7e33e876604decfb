"""The parts of requests that a station does for another one, as its own people see them.

If the answering station has no institution for a service, a partner station does that part
(``stations.requests.routing``). The answering station's steward remains the firm's contact, so the partner sees its own
part and whom to call, but neither the firm nor the other parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import false, func, not_, select
from sqlalchemy.orm import Session, aliased, joinedload

from stations.catalogue.service import Service
from stations.duty.duty_areas import in_duty
from stations.duty.masking import mask_text, sees_personal_data
from stations.duty.roles import Action, Actor
from stations.registry.institutions import Institution
from stations.registry.station import Station
from stations.requests.queue import seen_by
from stations.requests.service_request import RequestItem, ServiceRequest
from stations.requests.states import FINAL, State


@dataclass(frozen=True)
class PartnerPart:
    """One service of a request, to be done by ``partner``; ``station`` answers the request.

    ``product``, ``quantity``, ``remarks``: as the firm wrote them, with numbers and addresses masked for those who may
    not see personal data. ``due_on``: the last day; None if there is no limit.
    """

    number: str
    state: State
    station: Station
    partner: Station
    service: Service
    institution: Institution | None
    product: str
    quantity: str
    remarks: str
    due_on: date | None
    delivered_at: datetime | None
    sample: bool


def list_parts(session: Session, actor: Actor, *, samples: bool, limit: int = 100) -> list[PartnerPart]:
    """Return the parts for partner stations in the actor's duty, of open requests that the actor may not see whole.

    Open parts come first, the most urgent at the top.
    """
    partner = aliased(Station)
    mine = in_duty(actor, partner.area_columns(), {Action.SEE_REQUESTS})
    whole = func.coalesce(seen_by(actor, samples), false())  # NULL, hence false, for a station whose county is unknown
    statement = (
        select(RequestItem, partner)
        .join(RequestItem.request)
        .join(ServiceRequest.station)
        .join(partner, partner.id == RequestItem.partner_station_id)
        .where(mine, not_(whole), ServiceRequest.state.not_in(FINAL))
        .options(
            joinedload(RequestItem.request).joinedload(ServiceRequest.station),
            joinedload(RequestItem.service),
            joinedload(RequestItem.institution),
        )
        .order_by(
            RequestItem.delivered_at.is_not(None), RequestItem.due_on.is_(None), RequestItem.due_on, RequestItem.id
        )
        .limit(limit)
    )
    if actor.sample:
        statement = statement.where(ServiceRequest.sample)
    if not samples:
        statement = statement.where(ServiceRequest.sample.is_(False))
    return [_part(actor, item, station) for item, station in session.execute(statement)]


def _part(actor: Actor, item: RequestItem, partner: Station) -> PartnerPart:
    request = item.request
    clear = sees_personal_data(actor, partner.area)
    product, quantity, remarks = (
        text if clear else mask_text(text) for text in (request.product or "", item.quantity, item.remarks)
    )
    return PartnerPart(
        request.number,
        request.state,
        request.station,
        partner,
        item.service,
        item.institution,
        product,
        quantity,
        remarks,
        item.due_on,
        item.delivered_at,
        request.sample,
    )
