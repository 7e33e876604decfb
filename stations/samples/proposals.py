"""Invented proposals of the sample network: one waiting for a decision, one returned with a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from stations.keeping.proposal import Proposal, ProposalState, ProposalStep, StepKind
from stations.partial_date import PartialDate
from stations.province import sample_facts
from stations.registry.record_rows import state_of_station
from stations.registry.record_state import HistoryEntry, Place, StationState
from stations.registry.station import Station, Status
from stations.samples.people import county_official

PROVINCE = ("sample-province", "示例·省管理员")
Step = tuple[StepKind, tuple[str, str], datetime, str]


def add_sample_proposals(session: Session, stations: Sequence[Station]) -> None:
    """Add the proposals, for the first sample station of the sample county administrator's county."""
    facts = sample_facts()
    station = next(one for one in stations if one.county_adcode == facts.county.adcode)
    base = state_of_station(station)
    address = f"示例地址：{facts.county.name}{facts.town}创新路 8 号"
    moved = replace(base, name=f"{base.name}（新址）", address=address)
    if base.place:
        moved = replace(moved, place=Place(round(base.place.lon + 0.02, 5), round(base.place.lat + 0.01, 5)))
    closed = HistoryEntry(Status.SUSPENDED, PartialDate(2026, 12, 1), reason="示例：场所装修")
    paused = replace(base, history=(*base.history, closed))
    asked, answered = (datetime(2026, 11, day, 2, 30, tzinfo=UTC) for day in (17, 19))
    session.add_all(
        [
            _proposal(
                station,
                "P261117-SAMP01",
                base,
                paused,
                ProposalState.RETURNED,
                "示例：装修期间暂停服务",
                asked,
                (StepKind.RETURNED, PROVINCE, answered, "示例：请说明停业期间由哪个站点代办"),
            ),
            _proposal(station, "P261117-SAMP02", base, moved, ProposalState.WAITING, "示例：迁址", asked),
        ]
    )


def _proposal(
    station: Station,
    code: str,
    base: StationState,
    wanted: StationState,
    state: ProposalState,
    reason: str,
    at: datetime,
    *more: Step,
) -> Proposal:
    proposer = ("sample-county", county_official())
    steps: list[Step] = [(StepKind.PROPOSED, proposer, at, reason), *more]
    return Proposal(
        code=code,
        station_code=station.code,
        base_version=station.version,
        base=base,
        wanted=wanted,
        place_confirmed=False,
        reason=reason,
        state=state,
        proposer=proposer[0],
        proposer_name=proposer[1],
        told=state is not ProposalState.RETURNED,
        city_adcode=station.city_adcode,
        county_adcode=station.county_adcode,
        sample=True,
        version=len(steps),
        created_at=at,
        updated_at=steps[-1][2],
        steps=[
            ProposalStep(step=step, actor=who[0], actor_name=who[1], at=when, text=text)
            for step, who, when, text in steps
        ],
    )
