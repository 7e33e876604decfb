"""Requests as a list for others than their firm: which there are, and how they stand. Who asks is in no answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from stations.requests.service_request import RequestItem, ServiceRequest
from stations.requests.states import State


@dataclass(frozen=True)
class Wanted:
    """Which requests are wanted: all that fit. Empty collections and None do not restrict.

    ``since``, ``until``: the time of filing, both included.
    """

    numbers: Collection[str] = ()
    services: Collection[str] = ()
    states: Collection[State] = ()
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return it as conditions on a request."""
        found: list[ColumnElement[bool]] = [ServiceRequest.erased_at.is_(None)]
        if self.numbers:
            found.append(ServiceRequest.number.in_(self.numbers))
        if self.services:
            found.append(ServiceRequest.items.any(RequestItem.service_code.in_(self.services)))
        if self.states:
            found.append(ServiceRequest.state.in_(self.states))
        if self.since is not None:
            found.append(ServiceRequest.created_at >= self.since)
        if self.until is not None:
            found.append(ServiceRequest.created_at <= self.until)
        return found


def list_requests(
    session: Session, wanted: Wanted, *, samples: bool, limit: int, skip: int = 0
) -> list[ServiceRequest]:
    """Return the wanted requests, newest first, with what is told of them loaded."""
    conditions = wanted.conditions() if samples else [*wanted.conditions(), ServiceRequest.sample.is_(False)]
    statement = (
        select(ServiceRequest)
        .where(*conditions)
        .order_by(ServiceRequest.created_at.desc(), ServiceRequest.id.desc())
        .offset(skip)
        .limit(limit)
        .options(
            selectinload(ServiceRequest.items).joinedload(RequestItem.service),
            joinedload(ServiceRequest.station),
            joinedload(ServiceRequest.county),
        )
    )
    return list(session.scalars(statement))
