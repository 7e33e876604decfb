"""Computing the deadlines of requests filed by an older version, which did not store any."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from stations.requests.deadlines import settle
from stations.requests.lookup import with_everything
from stations.requests.service_request import RequestItem, ServiceRequest
from stations.requests.states import STATIONS_TURN

_BATCH = 200


def settle_old_requests(session: Session) -> int:
    """Compute the deadlines of every request that lacks them, in batches. Return the number of requests."""
    unsettled = or_(
        ServiceRequest.answer_due_on.is_(None),
        ServiceRequest.state.in_(STATIONS_TURN) & ServiceRequest.due_on.is_(None),
        ServiceRequest.items.any(RequestItem.delivered_at.is_not(None) & RequestItem.working_days.is_(None)),
    )
    after, settled = 0, 0
    while True:
        statement = select(ServiceRequest).where(unsettled, ServiceRequest.id > after)
        batch = session.scalars(with_everything(statement.order_by(ServiceRequest.id).limit(_BATCH))).all()
        if not batch:
            return settled
        for request in batch:
            settle(request)
        session.flush()
        after, settled = batch[-1].id, settled + len(batch)
