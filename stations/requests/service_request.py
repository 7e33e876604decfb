"""Service requests: one request of a firm for several services, answered by one station.

A firm files a request and gets a tracking number and a secret code; with both it can see the request again, without an
account. Each service is an item that is delivered separately; the request is delivered when all its items are. Every
move is an event, and the events rebuild the state.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from stations.catalogue.chain import IndustrialChain
from stations.catalogue.service import Service
from stations.database import Base, Versioned, choice
from stations.duty.area_columns import AreaColumns
from stations.duty.roles import AreaKind
from stations.language import DEFAULT_LANGUAGE, LanguageCode
from stations.notices.channel import Channel
from stations.notices.channel_table import channel_column
from stations.personal_data import PersonalData
from stations.places.counties import County
from stations.registry.institutions import Institution
from stations.registry.station import Station
from stations.requests.moves import MoveName
from stations.requests.states import OPEN, Party, State


def until_erased(*, columns: tuple[str, ...] = (), written: tuple[str, ...] = ()) -> PersonalData:
    """Declare personal data that is stored until its request is erased."""
    return PersonalData(
        columns=columns,
        written=written,
        kept="until its request is erased (stations.retention); the station's people stay",
        blanked_by=("stations.requests.erasure:erase",),
    )


class ServiceRequest(Base, Versioned):
    """A request.

    - ``number`` is public; of the code only a hash is stored. ``draft_key``: the draft it was filed from, so that
      filing twice creates one request.
    - ``lon``/``lat``: WGS-84 degrees of the firm's place, if given.
    - ``on_site``: the firm asks to be visited (上门服务) instead of coming to the station.
    - ``steward_username``: the responsible account of the station; ``steward``: that person's name.
    - ``office``: whose office answers, because the station had no steward (``stations.requests.answering_office``).
    - ``routing``: why this station answers (``stations.requests.routing_record``). ``consent_version``: the text to
      which the firm agreed (``stations.requests.consent``).
    - ``due_on``: the day by which the station has to act next, empty if it does not have to. ``answer_due_on``: the day
      by which the present station had to accept it, ask for more or refuse it; ``answered_at``: when it first did;
      ``answered_late``: whether that was after the day.
    - ``split_from``: the request that this one was a part of (``stations.requests.splitting``).
    - ``erased_at``: since when nothing in it tells of people or of the firm (``stations.requests.erasure``).
    - ``notice_channel``, ``notice_address``: where notices of each step go, both or neither, in ``language``;
      ``notice_proof``: the code that was sent there, None if none was; ``notice_confirmed_at``: when it came back
      (``stations.requests.notice_way``).
    """

    __tablename__ = "service_request"
    in_caches = False
    personal_data = until_erased(
        columns=("steward", "steward_username", "credit_code", "contact_name", "phone", "email", "notice_address"),
        written=("firm_name", "product", "description", "routing"),
    )
    __table_args__ = (
        Index(None, "created_at"),
        Index(None, "state", "sample"),
        CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="place"),
        CheckConstraint("(notice_channel IS NULL) = (notice_address IS NULL)", name="notice"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    draft_key: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[State] = mapped_column(choice(State, "state"))
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    steward: Mapped[str | None] = mapped_column(String(80))
    steward_username: Mapped[str | None] = mapped_column(String(40), index=True)
    office: Mapped[AreaKind | None] = mapped_column(choice(AreaKind, "office"))
    routing: Mapped[dict[str, Any] | None]
    firm_name: Mapped[str] = mapped_column(String(120))
    credit_code: Mapped[str] = mapped_column(String(18), index=True)
    contact_name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(160))
    county_adcode: Mapped[str] = mapped_column(ForeignKey("county.adcode"), index=True)
    lon: Mapped[float | None] = mapped_column(Float)
    lat: Mapped[float | None] = mapped_column(Float)
    product: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    chain_code: Mapped[str | None] = mapped_column(ForeignKey("industrial_chain.code"))
    wanted_on: Mapped[date | None]
    on_site: Mapped[bool] = mapped_column(Boolean, default=False)
    consented_at: Mapped[datetime]
    consent_version: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[date | None] = mapped_column(index=True)
    answer_due_on: Mapped[date | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    answered_late: Mapped[bool | None]
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("service_request.id", ondelete="SET NULL"), index=True)
    notice_channel: Mapped[Channel | None] = channel_column()
    notice_address: Mapped[str | None] = mapped_column(String(500))
    notice_proof: Mapped[str | None] = mapped_column(String(40), unique=True, index=True)
    notice_confirmed_at: Mapped[datetime | None]
    language: Mapped[LanguageCode] = mapped_column(String(10), default=DEFAULT_LANGUAGE)
    erased_at: Mapped[datetime | None] = mapped_column(index=True)
    sample: Mapped[bool] = mapped_column(Boolean, index=True)

    station: Mapped[Station] = relationship()
    county: Mapped[County] = relationship()
    chain: Mapped[IndustrialChain | None] = relationship()
    split_from: Mapped[ServiceRequest | None] = relationship(remote_side=[id], back_populates="split_off")
    split_off: Mapped[list[ServiceRequest]] = relationship(
        back_populates="split_from", order_by="ServiceRequest.id", passive_deletes=True
    )
    items: Mapped[list[RequestItem]] = relationship(
        back_populates="request", cascade="all, delete-orphan", order_by="RequestItem.position"
    )
    events: Mapped[list[RequestEvent]] = relationship(
        back_populates="request", cascade="all, delete-orphan", order_by="RequestEvent.position"
    )
    messages: Mapped[list[RequestMessage]] = relationship(
        back_populates="request", cascade="all, delete-orphan", order_by="RequestMessage.id"
    )

    @property
    def place(self) -> tuple[float, float]:
        """The firm's place as longitude and latitude, or else a point inside its county."""
        if self.lon is not None and self.lat is not None:
            return self.lon, self.lat
        return self.county.lon, self.county.lat

    @property
    def family(self) -> list[ServiceRequest]:
        """What it was split from and every part of that, itself among them: all that one code opens."""
        root = self
        while root.split_from is not None:
            root = root.split_from
        found = [root]
        for one in found:  # grows while it is gone through
            found += one.split_off
        return found

    @classmethod
    def is_open(cls) -> ColumnElement[bool]:
        """Return the SQL condition that services of a request are still to be done.

        An erased request is open in no state: nobody can go on with it, and its firm can't answer any more.
        """
        return cls.state.in_(OPEN) & cls.erased_at.is_(None)

    @classmethod
    def area_columns(cls) -> AreaColumns:
        """Return the columns that give a request's area of duty, that of its station; join ``Station``."""
        return replace(Station.area_columns(), sample=cls.sample)


class RequestItem(Base):
    """One service of a request, with the firm's notes on it (``quantity``, ``remarks``).

    ``institution``: who is to do the work, as routed; ``performer``: who did it, as entered by the steward.
    ``partner_station``: the station whose institutions do this part, if the answering one has none. ``due_on``: the
    last day for delivery, once the request is accepted; ``working_days``: how many the delivery took;
    ``delivered_late``: whether it was after that day.
    """

    __tablename__ = "request_item"
    in_caches = False
    personal_data = until_erased(written=("performer", "remarks", "result"))
    __table_args__ = (
        UniqueConstraint("request_id", "service_code"),
        Index(None, "due_on", "delivered_at", "request_id", "delivered_late"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("service_request.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    service_code: Mapped[str] = mapped_column(ForeignKey("service.code"), index=True)
    quantity: Mapped[str] = mapped_column(String(60), default="")
    remarks: Mapped[str] = mapped_column(Text, default="")
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id", ondelete="SET NULL"), index=True)
    partner_station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
    performer: Mapped[str | None] = mapped_column(String(160))
    due_on: Mapped[date | None]
    delivered_at: Mapped[datetime | None] = mapped_column(index=True)
    working_days: Mapped[int | None] = mapped_column(Integer)
    delivered_late: Mapped[bool | None]
    result: Mapped[str | None] = mapped_column(Text)

    request: Mapped[ServiceRequest] = relationship(back_populates="items")
    service: Mapped[Service] = relationship()
    institution: Mapped[Institution | None] = relationship()
    partner_station: Mapped[Station | None] = relationship()


class RequestEvent(Base):
    """One move of a request, or the delivery of one item (``item_id``, no ``move``).

    The first one has no ``source``; the firm made it, or a station if the request was split off from another.
    ``station``: who answers from here on; set at the filing and at each transfer. ``taken_over``: an office took the
    request on in the place of a station that has stewards, which still owes its own first step.
    """

    __tablename__ = "request_event"
    in_caches = False
    personal_data = until_erased(columns=("actor",), written=("note",))
    __table_args__ = (UniqueConstraint("request_id", "position"), Index(None, "move", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("service_request.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(index=True)
    party: Mapped[Party] = mapped_column(choice(Party, "party"))
    actor: Mapped[str] = mapped_column(String(80))
    move: Mapped[MoveName | None] = mapped_column(choice(MoveName, "move"))
    source: Mapped[State | None] = mapped_column(choice(State, "source"))
    target: Mapped[State] = mapped_column(choice(State, "target"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("request_item.id", ondelete="CASCADE"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    note: Mapped[str] = mapped_column(Text)
    taken_over: Mapped[bool] = mapped_column(Boolean, default=False)

    request: Mapped[ServiceRequest] = relationship(back_populates="events")
    item: Mapped[RequestItem | None] = relationship()
    station: Mapped[Station | None] = relationship()


class RequestMessage(Base):
    """A message between the firm and the station."""

    __tablename__ = "request_message"
    in_caches = False
    personal_data = PersonalData(
        columns=("author",),
        written=("text",),
        kept="until its request is erased (stations.retention)",
        deleted_by=("stations.requests.erasure:erase",),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("service_request.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    party: Mapped[Party] = mapped_column(choice(Party, "party"))
    author: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)

    request: Mapped[ServiceRequest] = relationship(back_populates="messages")
