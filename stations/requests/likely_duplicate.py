"""Telling a firm, before it files, that a like request of its own is still open.

A credit code is public, so knowing one must not open anything: to most askers no more is said than
that there is such a request. Its number is named only in the browser that filed or opened it, or to
who gives the telephone number it was filed with.
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
    """A request is a likely duplicate of one of the same credit code that was filed ``within`` this
    time, is in one of ``states``, and has ``services`` services in common."""

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
    """A like request: the services in common, and its number where the asker may know it."""

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
    """The newest like request, one whose number the asker may know before others; None without any.

    ``credit_code`` and ``phone`` as they are kept; invented requests are like invented ones only.
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
