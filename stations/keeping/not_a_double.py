"""Pairs of records that somebody has examined and marked as distinct."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from stations.database import Base, choice
from stations.personal_data import PersonalData
from stations.registry.record_kind import RecordKind


class NotADouble(Base):
    """A pair of distinct records; ``code`` sorts before ``other``."""

    __tablename__ = "not_a_double"
    in_caches = False
    personal_data = PersonalData(columns=("actor", "actor_name"), written=("reason",))
    __table_args__ = (CheckConstraint("code < other", name="ordered"),)

    kind: Mapped[RecordKind] = mapped_column(choice(RecordKind, "kind"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    other: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
    actor: Mapped[str] = mapped_column(String(80))
    actor_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
