"""What an act on many requests did to each of them, so that it can be taken back and stays on the record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from stations.database import Base, choice
from stations.language import N_, LabelledEnum
from stations.personal_data import PersonalData
from stations.requests.service_request import RequestMessage, ServiceRequest


class BulkKind(LabelledEnum):
    """What was done to many requests at once."""

    ACCEPT = "accept", N_("Accept")
    ASSIGN = "assign", N_("Assign to a steward")
    TRANSFER = "transfer", N_("Hand over to another station")
    MESSAGE = "message", N_("Write a message")
    URGE = "urge", N_("Urge")


class BulkAct(Base):
    """An act of one person on many requests."""

    __tablename__ = "bulk_act"
    in_caches = False
    personal_data = PersonalData(columns=("username",))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BulkKind] = mapped_column(choice(BulkKind, "kind"))
    at: Mapped[datetime]
    username: Mapped[str] = mapped_column(String(80), index=True)

    items: Mapped[list[BulkActItem]] = relationship(
        back_populates="act", cascade="all, delete-orphan", passive_deletes=True, order_by="BulkActItem.id"
    )


class BulkActItem(Base):
    """One request of an act. ``before``: what the act changed, as it was. ``version``, ``message_id``: the request's
    version and last message right after it; another one means that something followed. ``urging_id``: what it made.
    """

    __tablename__ = "bulk_act_item"
    in_caches = False
    personal_data = PersonalData(
        columns=("taken_back_by",),
        written=("before",),
        kept="until its request is erased (stations.retention)",
        deleted_by=("stations.requests.erasure:erase",),
    )
    __table_args__ = (UniqueConstraint("act_id", "request_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("bulk_act.id", ondelete="CASCADE"))
    request_id: Mapped[int] = mapped_column(ForeignKey("service_request.id", ondelete="CASCADE"), index=True)
    before: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(Integer)
    message_id: Mapped[int] = mapped_column(Integer)
    urging_id: Mapped[int | None] = mapped_column(ForeignKey("urging.id", ondelete="CASCADE"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[str | None] = mapped_column(String(80))

    act: Mapped[BulkAct] = relationship(back_populates="items")
    request: Mapped[ServiceRequest] = relationship()


def state_of(request: ServiceRequest) -> dict[str, Any]:
    """Return what acts on many requests can change, as plain JSON."""
    return {
        "state": request.state.value,
        "station_id": request.station_id,
        "steward": request.steward,
        "steward_username": request.steward_username,
        "routing": request.routing,
        "events": len(request.events),
        "items": {
            item.service_code: [item.institution_id, item.partner_station_id, item.performer] for item in request.items
        },
    }


def last_message(session: Session, request: ServiceRequest) -> int:
    """Return the id of the request's last message, 0 if it has none."""
    found = select(func.max(RequestMessage.id)).where(RequestMessage.request_id == request.id)
    return session.scalar(found) or 0


def remember(
    session: Session, act_id: int, request: ServiceRequest, before: dict[str, Any], *, urging_id: int | None
) -> None:
    """Write down what an act did to a request, which is as it is after it."""
    session.add(
        BulkActItem(
            act_id=act_id,
            request_id=request.id,
            before=before,
            version=request.version,
            message_id=last_message(session, request),
            urging_id=urging_id,
        )
    )


def last_act(session: Session, username: str) -> BulkAct | None:
    """Return the person's last act on many requests; None if there was none, or all of it was taken back."""
    mine = select(BulkAct).where(BulkAct.username == username).order_by(BulkAct.id.desc()).limit(1)
    act = session.scalar(mine)
    return act if act is not None and any(item.taken_back_at is None for item in act.items) else None


def taken_back(session: Session, request: ServiceRequest) -> list[BulkActItem]:
    """Return what was done to a request together with others and was taken back, in order of time."""
    mine = BulkActItem.request_id == request.id
    found = select(BulkActItem).where(mine, BulkActItem.taken_back_at.is_not(None)).order_by(BulkActItem.taken_back_at)
    return list(session.scalars(found))
