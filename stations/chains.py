"""Industrial chains (产业链) that stations and centres serve.

Only chains that a source names are shipped (``stations/data/industrial_chains.csv``).
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Column, ForeignKey, String, Table, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base, choice


class ChainTier(StrEnum):
    """The policy's three lists: 50 key, 30 strong (优势), 10 outstanding (卓越) chains."""

    KEY = "key"
    STRONG = "strong"
    OUTSTANDING = "outstanding"


class IndustrialChain(Base):
    """A chain; ``tier`` is empty where its source does not say which list it is on."""

    __tablename__ = "industrial_chain"

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    tier: Mapped[ChainTier | None] = mapped_column(choice(ChainTier, "chain_tier"))
    name_zh: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(Text)


station_chain = Table(
    "station_chain",
    Base.metadata,
    Column("station_id", ForeignKey("station.id", ondelete="CASCADE"), primary_key=True),
    Column("chain_code", ForeignKey("industrial_chain.code"), primary_key=True, index=True),
)

centre_chain = Table(
    "centre_chain",
    Base.metadata,
    Column("centre_id", ForeignKey("centre.id", ondelete="CASCADE"), primary_key=True),
    Column("chain_code", ForeignKey("industrial_chain.code"), primary_key=True, index=True),
)


def list_chains(session: Session) -> list[IndustrialChain]:
    """Every chain by code."""
    return list(session.scalars(select(IndustrialChain).order_by(IndustrialChain.code)))
