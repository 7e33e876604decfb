"""Industrial chains (产业链) that stations and centres serve.

A province's policy may name three lists and the number of chains on each (``listed_numbers``). Only chains with a
source are shipped (``industrial_chains.csv`` of the province); after that the province edits the list
(``stations.chains.chain_keeping``). A chain is never deleted, only retired.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, ForeignKey, String, Table, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base, Versioned, choice
from stations.entered_text import comparable
from stations.errors import NotFound
from stations.language import N_, LabelledEnum, Listed
from stations.province import policy


class ChainTier(LabelledEnum):
    """A policy's three lists: key (重点), strong (优势), outstanding (卓越) chains."""

    KEY = "key", N_("Key chain")
    STRONG = "strong", N_("Strong chain")
    OUTSTANDING = "outstanding", N_("Outstanding chain")




def listed_numbers() -> dict[ChainTier, int]:
    """Return the number of chains on each list according to the province's policy; empty if it names no lists."""
    rests_on = policy()
    return {ChainTier(tier): number for tier, number in rests_on.chains.numbers.items()} if rests_on else {}


class IndustrialChain(Base, Versioned):
    """An industrial chain. ``tier``: None if its source does not name the list. ``retired_on``: the first day it is no
    longer on the list.
    """

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
        """Whether the chain is on the list that day."""
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
    """How much of one of the policy's lists is in the database: ``on_file`` of ``listed`` chains."""

    tier: ChainTier
    on_file: int
    listed: int


def list_chains(session: Session, as_of: date | None = None) -> list[IndustrialChain]:
    """Return every chain by code; with ``as_of`` only those on the list that day."""
    chains = session.scalars(select(IndustrialChain).order_by(IndustrialChain.code))
    return [chain for chain in chains if as_of is None or chain.listed_on(as_of)]


def get_chain(session: Session, code: str) -> IndustrialChain:
    """Return the chain with this code.

    Raises:
        NotFound: there is none.
    """
    chain = session.get(IndustrialChain, code)
    if chain is None:
        raise NotFound(N_("There is no industrial chain {code}"), code=code)
    return chain


def chain_called(session: Session, text: str) -> IndustrialChain:
    """Return the chain with this code or name; a name may be without 产业链, or the only one that it is part of.

    Raises:
        NotFound: there is none, or there are several.
    """
    wanted = comparable(text)
    chains = list(session.scalars(select(IndustrialChain)))
    bare = wanted.removesuffix("产业链") or wanted
    names = {one.code: (comparable(one.name_zh).removesuffix("产业链"), comparable(one.name_en)) for one in chains}
    by_code = [one for one in chains if comparable(one.code) == wanted]
    by_name = [one for one in chains if bare in names[one.code]]
    by_part = [one for one in chains if bare and any(bare in name for name in names[one.code])]
    for found in (by_code, by_name, by_part):
        if len(found) == 1:
            return found[0]
        if found:
            several = Listed(f"{one.name_zh} ({one.code})" for one in found)
            raise NotFound(N_("“{text}” can mean several industrial chains: {chains}"), text=text, chains=several)
    raise NotFound(N_("There is no industrial chain “{text}”; the command “chains” lists their codes"), text=text)


def lists_on_file(chains: list[IndustrialChain]) -> list[ListOnFile]:
    """Return how many chains of each list are among ``chains``, in the policy's order."""
    return [
        ListOnFile(tier, sum(chain.tier is tier for chain in chains), listed)
        for tier, listed in listed_numbers().items()
    ]
