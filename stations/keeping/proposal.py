"""Proposals to change a station's record, made by people who may not change it themselves.

A proposal contains the state it started from (None for a station to be added) and the wanted state. Its steps record
what was done with it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from stations.database import Base, Versioned, choice
from stations.duty.area_columns import AreaColumns
from stations.language import N_, LabelledEnum
from stations.personal_data import PersonalData
from stations.registry.record_json import StationStateColumn
from stations.registry.record_state import StationState


class ProposalState(LabelledEnum):
    """The state of a proposal."""

    WAITING = "waiting", N_("Waits for a decision")
    RETURNED = "returned", N_("Returned with a question")
    ACCEPTED = "accepted", N_("Proposal accepted")
    REFUSED = "refused", N_("Proposal refused")
    WITHDRAWN = "withdrawn", N_("Taken back")


class StepKind(LabelledEnum):
    """What somebody did with a proposal."""

    PROPOSED = "proposed", N_("Proposed")
    COMMENTED = "commented", N_("Comment on the proposal")
    RETURNED = "returned", N_("Returned with a question")
    RESUBMITTED = "resubmitted", N_("Submitted again")
    ACCEPTED = "accepted", N_("Proposal accepted")
    REFUSED = "refused", N_("Proposal refused")
    WITHDRAWN = "withdrawn", N_("Taken back")


class Proposal(Base, Versioned):
    """A proposal.

    ``station_code``: the station it would change, or, once accepted, the one that it added. ``base_version``: the
    version it started from; empty for a station to be added. ``told``: whether the proposer has seen the answer.
    ``system``, ``external_id``: the other office's system that proposed it, and its id of the record; None of people's.
    """

    __tablename__ = "proposal"
    __table_args__ = (Index("ix_proposal_system_external_id", "system", "external_id"),)
    in_caches = False
    personal_data = PersonalData(columns=("proposer", "proposer_name"), written=("reason", "base", "wanted"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    station_code: Mapped[str | None] = mapped_column(String(40), index=True)
    base_version: Mapped[int | None]
    base: Mapped[StationState | None] = mapped_column(StationStateColumn, nullable=False)
    wanted: Mapped[StationState] = mapped_column(StationStateColumn)
    place_confirmed: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[ProposalState] = mapped_column(choice(ProposalState, "state"), index=True)
    proposer: Mapped[str] = mapped_column(String(80), index=True)
    proposer_name: Mapped[str] = mapped_column(String(80))
    told: Mapped[bool] = mapped_column(Boolean)
    city_adcode: Mapped[str] = mapped_column(ForeignKey("city.adcode"), index=True)
    county_adcode: Mapped[str | None] = mapped_column(ForeignKey("county.adcode"), index=True)
    sample: Mapped[bool] = mapped_column(Boolean, index=True)
    system: Mapped[str | None] = mapped_column(String(40))
    external_id: Mapped[str | None] = mapped_column(String(80))

    steps: Mapped[list[ProposalStep]] = relationship(
        back_populates="proposal", cascade="all, delete-orphan", order_by="ProposalStep.id"
    )

    @classmethod
    def area_columns(cls) -> AreaColumns:
        """Return the columns that give the area of duty of the proposal's station."""
        return AreaColumns(cls.city_adcode, cls.county_adcode, cls.sample, station=cls.station_code)


class ProposalStep(Base):
    """One step: what somebody did with a proposal, and when."""

    __tablename__ = "proposal_step"
    in_caches = False
    personal_data = PersonalData(columns=("actor", "actor_name"), written=("text",))

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    step: Mapped[StepKind] = mapped_column(choice(StepKind, "step"))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    actor_name: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)

    proposal: Mapped[Proposal] = relationship(back_populates="steps")
