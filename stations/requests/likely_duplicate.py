"""Warning a firm, before it files, that a similar request of its own is still open.

A credit code is public, so knowing one must not reveal anything: most people who ask learn only that there is such a
request. Its number is shown only in the browser that filed or opened it, or to somebody who enters the telephone number
with which it was filed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from stations.catalogue.service import Service
from stations.requests.code_session import is_opened
from stations.requests.service_request import RequestItem, ServiceRequest
from stations.requests.states import OPEN, State


@dataclass(frozen=True)
class DuplicateRule:
    """The rule for likely duplicates.

    A request is one if another with the same credit code was filed ``within`` this time, is in one of ``states``, and
    has at least ``services`` services in common.
    """

    within: timedelta
    states: frozenset[State]
    services: int


RULE = DuplicateRule(
    within=timedelta(days=30),
    states=OPEN,
    services=1,
)


@dataclass(frozen=True)
class LikelyDuplicate:
    """A similar request: the services in common, and its number if the person asking may know it."""

    services: tuple[Service, ...]
    number: str | None


def find_duplicate(
    session: Session,
    *,
    credit_code: str,
    phone: str,
    services: Sequence[Service],
    browser: str | None,
    sample: bool,
    now: datetime,
    rule: DuplicateRule = RULE,
) -> LikelyDuplicate | None:
    """Return the newest similar request, preferably one whose number may be shown; None if there is none.

    ``credit_code`` and ``phone``: as stored. ``sample``: compare with sample requests only, or with the others only.
    """
    codes = [service.code for service in services]
    candidates = session.scalars(
        select(ServiceRequest)
        .where(
            ServiceRequest.credit_code == credit_code,
            ServiceRequest.created_at > now - rule.within,
            ServiceRequest.state.in_(rule.states),
            ServiceRequest.sample.is_(sample),
            ServiceRequest.items.any(RequestItem.service_code.in_(codes)),
        )
        .options(selectinload(ServiceRequest.items))
        .order_by(ServiceRequest.id.desc())
    )
    found = []
    for request in candidates:
        there = {item.service_code for item in request.items}
        common = tuple(service for service in services if service.code in there)
        if len(common) >= rule.services:
            known = _digits(request.phone) == _digits(phone) or is_opened(session, browser, request, now)
            found.append(LikelyDuplicate(common, request.number if known else None))
    return min(found, key=lambda one: one.number is None, default=None)


def _digits(phone: str) -> str:
    return "".join(filter(str.isdigit, phone))
