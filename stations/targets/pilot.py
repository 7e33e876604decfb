"""Standardization pilots that the policy sets targets for, with the dated stages of each.

No public list of them was found: the register starts empty and the pages say so.
"""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from stations.database import Base, Versioned, choice
from stations.language import N_, LabelledEnum
from stations.personal_data import PersonalData
from stations.places.counties import City, County
from stations.registry.centre import Stage
from stations.registry.dated_stage import DatedStage
from stations.registry.register_page import WHOLE, RegisterPage
from stations.registry.unread import UnreadWords


class PilotKind(LabelledEnum):
    """国家农业标准化试点示范; 国家社会管理和公共服务综合标准化试点."""

    AGRICULTURAL = "agricultural_standardization", N_("Agricultural standardization pilot")
    SOCIAL = "social_management_and_public_service", N_("Social-management and public-service standardization pilot")


class Pilot(Base, Versioned):
    """A standardization pilot and its host."""

    __tablename__ = "pilot"
    in_caches = True
    personal_data = None

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str | None] = mapped_column(String(240))
    kind: Mapped[PilotKind] = mapped_column(choice(PilotKind, "kind"))
    host: Mapped[str | None] = mapped_column(String(160))
    city_adcode: Mapped[str] = mapped_column(ForeignKey("city.adcode"), index=True)
    county_adcode: Mapped[str | None] = mapped_column(ForeignKey("county.adcode"), index=True)
    source: Mapped[str] = mapped_column(Text)
    sample: Mapped[bool] = mapped_column(Boolean, index=True)

    city: Mapped[City] = relationship()
    county: Mapped[County | None] = relationship()
    history: Mapped[list[PilotStage]] = relationship(
        back_populates="pilot", cascade="all, delete-orphan", order_by="PilotStage.position"
    )
    unread: Mapped[list[PilotUnread]] = relationship(cascade="all, delete-orphan", order_by="PilotUnread.field")


class PilotUnread(Base, UnreadWords):
    """What could not be read of one field of a pilot."""

    __tablename__ = "pilot_unread"
    in_caches = True
    personal_data = PersonalData(written=("words",))

    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id", ondelete="CASCADE"), primary_key=True)


class PilotStage(Base, DatedStage):
    """An entry of a pilot's dated history of stages."""

    __tablename__ = "pilot_stage"
    in_caches = True
    personal_data = PersonalData(columns=("recorded_by",), written=("reason",))
    __table_args__ = (UniqueConstraint("pilot_id", "position"),)

    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id", ondelete="CASCADE"), index=True)
    stage: Mapped[Stage] = mapped_column(choice(Stage, "stage"))

    pilot: Mapped[Pilot] = relationship(back_populates="history")


def list_pilots(
    session: Session, *, samples: bool, kind: PilotKind | None = None, page: RegisterPage = WHOLE
) -> list[Pilot]:
    """Return every pilot by code with its history; sample pilots only with ``samples``, else those of ``kind`` and
    ``page``.
    """
    statement = select(Pilot).options(
        selectinload(Pilot.history),
        selectinload(Pilot.unread),
        selectinload(Pilot.city),
        selectinload(Pilot.county),
    )
    if not samples:
        statement = statement.where(Pilot.sample.is_(False))
    if kind is not None:
        statement = statement.where(Pilot.kind == kind)
    return list(session.scalars(page.of(statement, Pilot)))
