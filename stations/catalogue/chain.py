"""Industrial chains (产业链) that stations and centres serve.

The policy speaks of three lists (clause 十六: 重点培育的50条重点产业链、30条优势产业链、10条卓越产业链).
Only chains that a source names are shipped (``stations/data/industrial_chains.csv``); the province
keeps the list from there on (``stations.catalogue.chain_keeping``). A chain is never removed, it is retired.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, ForeignKey, String, Table, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base, Versioned, choice
from stations.errors import NotFound
from stations.language import N_, LabelledEnum


class ChainTier(LabelledEnum):
    """The policy's three lists: 50 key, 30 strong (优势), 10 outstanding (卓越) chains."""

    KEY = "key", N_("Key chain")
    STRONG = "strong", N_("Strong chain")
    OUTSTANDING = "outstanding", N_("Outstanding chain")


LISTED: dict[ChainTier, int] = {ChainTier.KEY: 50, ChainTier.STRONG: 30, ChainTier.OUTSTANDING: 10}
"""How many chains the policy says each list holds."""

LISTED_QUOTE = "支持重点培育的50条重点产业链、30条优势产业链、10条卓越产业链加强先进技术应用，鼓励质量创新"
LISTED_CLAUSE = "（十六）"


class IndustrialChain(Base, Versioned):
    """A chain; ``tier`` is empty where its source does not say which list it is on. ``retired_on``:
    the first day it is no longer on the list."""

    __tablename__ = "industrial_chain"
    in_caches = True
    personal_data = None

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    tier: Mapped[ChainTier | None] = mapped_column(choice(ChainTier, "chain_tier"))
    name_zh: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(Text)
    retired_on: Mapped[date | None]

    def listed_on(self, as_of: date) -> bool:
        """Whether it is on the list that day."""
        return self.retired_on is None or self.retired_on > as_of


station_chain = Table(
    "station_chain",
    Base.metadata,
    Column("station_id", ForeignKey("station.id", ondelete="CASCADE"), primary_key=True),
    Column("chain_code", ForeignKey("industrial_chain.code"), primary_key=True, index=True),
    info={"in_caches": True, "personal_data": None},
)

centre_chain = Table(
    "centre_chain",
    Base.metadata,
    Column("centre_id", ForeignKey("centre.id", ondelete="CASCADE"), primary_key=True),
    Column("chain_code", ForeignKey("industrial_chain.code"), primary_key=True, index=True),
    info={"in_caches": True, "personal_data": None},
)


@dataclass(frozen=True)
class ListOnFile:
    """How much of one of the policy's lists is known: ``on_file`` of ``listed`` chains."""

    tier: ChainTier
    on_file: int
    listed: int


def list_chains(session: Session, as_of: date | None = None) -> list[IndustrialChain]:
    """Every chain by code; with ``as_of`` only those on the list that day."""
    chains = session.scalars(select(IndustrialChain).order_by(IndustrialChain.code))
    return [chain for chain in chains if as_of is None or chain.listed_on(as_of)]


def get_chain(session: Session, code: str) -> IndustrialChain:
    """The chain of that code.

    Raises:
        NotFound: there is none.
    """
    chain = session.get(IndustrialChain, code)
    if chain is None:
        raise NotFound(N_("There is no industrial chain {code}"), code=code)
    return chain


def lists_on_file(chains: list[IndustrialChain]) -> list[ListOnFile]:
    """How many of each list's chains are among ``chains``, in the policy's order."""
    return [ListOnFile(tier, sum(chain.tier is tier for chain in chains), listed) for tier, listed in LISTED.items()]
