"""Codes of records that were merged into another one: each still leads to the record that remains."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base, choice
from stations.registry.record_kind import RecordKind


class MergedCode(Base):
    """The code of a record that was merged away, and the code of the record that replaces it (``survivor``)."""

    __tablename__ = "merged_code"
    in_caches = True
    personal_data = None

    kind: Mapped[RecordKind] = mapped_column(choice(RecordKind, "kind"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    survivor: Mapped[str] = mapped_column(String(40), index=True)
    at: Mapped[datetime]


def survivor_of(session: Session, kind: RecordKind, code: str) -> str | None:
    """Return the code of the record that this one was merged into; None if it was not merged."""
    return session.scalar(select(MergedCode.survivor).where(MergedCode.kind == kind, MergedCode.code == code))


def codes_merged_into(session: Session, kind: RecordKind, code: str) -> list[str]:
    """Return the codes of the records that were merged into this one, sorted."""
    statement = select(MergedCode.code).where(MergedCode.kind == kind, MergedCode.survivor == code)
    return list(session.scalars(statement.order_by(MergedCode.code)))
