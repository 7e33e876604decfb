"""Invented proposals of the sample network: one in every state, made in the weeks before the day of loading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from stations.keeping.proposal import Proposal, ProposalState, ProposalStep, StepKind
from stations.language import CHINA_TIME
from stations.partial_date import PartialDate
from stations.province import sample_facts
from stations.registry.record_rows import state_of_station
from stations.registry.record_state import HistoryEntry, Place, StationState
from stations.registry.station import Station, Status
from stations.samples.people import county_official
from stations.working_days import is_working_day

PROVINCE = ("sample-province", "示例·省管理员")

ANSWERS = {
    ProposalState.ACCEPTED: StepKind.ACCEPTED,
    ProposalState.REFUSED: StepKind.REFUSED,
    ProposalState.WITHDRAWN: StepKind.WITHDRAWN,
    ProposalState.RETURNED: StepKind.RETURNED,
}


@dataclass(frozen=True)
class _Case:
    """A proposal: asked for and answered so many working days before the day of loading."""

    state: ProposalState
    base: StationState
    wanted: StationState
    reason: str
    asked: int
    answered: int = 0
    answer: str = ""


def add_sample_proposals(session: Session, stations: Sequence[Station], today: date) -> None:
    """Add the proposals, for the first sample station of the sample county administrator's county."""
    station = next(one for one in stations if one.county_adcode == sample_facts().county.adcode)
    session.add_all(
        _proposal(station, number, case, today) for number, case in enumerate(_cases(station, today), start=1)
    )


def _cases(station: Station, today: date) -> Sequence[_Case]:
    facts = sample_facts()
    base = state_of_station(station)
    moved = replace(base, name=f"{base.name}（新址）", address=f"示例地址：{facts.county.name}{facts.town}创新路 8 号")
    if base.place:
        moved = replace(moved, place=Place(round(base.place.lon + 0.02, 5), round(base.place.lat + 0.01, 5)))
    begins = today.replace(day=1) + relativedelta(months=1)
    closed = HistoryEntry(Status.SUSPENDED, PartialDate(begins.year, begins.month, begins.day), reason="示例：场所装修")
    paused = replace(base, history=(*base.history, closed))
    before = replace(base, hours="Mo-Fr 09:00-16:30")  # what is on file now was proposed then
    renamed = replace(base, name=f"{base.name}（总站）")
    state = ProposalState
    return (
        _Case(state.ACCEPTED, before, base, "示例：调整服务时间", 41, 39),
        _Case(state.REFUSED, base, renamed, "示例：更名", 24, 22, "示例：名称应与批复文件一致"),
        _Case(state.WITHDRAWN, base, replace(base, address=moved.address), "示例：地址有误", 12, 11),
        _Case(state.RETURNED, base, paused, "示例：装修期间暂停服务", 5, 3, "示例：请说明停业期间由哪个站点代办"),
        _Case(state.WAITING, base, moved, "示例：迁址", 5),
    )


def _working_days_ago(today: date, days: int) -> datetime:
    """Return half past ten on the working day that lies that many working days before ``today``."""
    day = today
    while days:
        day -= timedelta(days=1)
        days -= is_working_day(day)
    return datetime(day.year, day.month, day.day, 10, 30, tzinfo=CHINA_TIME)


def _proposal(station: Station, number: int, case: _Case, today: date) -> Proposal:
    proposer = ("sample-county", county_official())
    at = _working_days_ago(today, case.asked)
    steps = [(StepKind.PROPOSED, proposer, at, case.reason)]
    if case.state in ANSWERS:
        who = proposer if case.state is ProposalState.WITHDRAWN else PROVINCE
        steps.append((ANSWERS[case.state], who, _working_days_ago(today, case.answered), case.answer))
    return Proposal(
        code=f"P{at:%y%m%d}-SAMP0{number}",
        station_code=station.code,
        base_version=station.version,
        base=case.base,
        wanted=case.wanted,
        place_confirmed=False,
        reason=case.reason,
        state=case.state,
        proposer=proposer[0],
        proposer_name=proposer[1],
        told=case.state is not ProposalState.RETURNED,
        city_adcode=station.city_adcode,
        county_adcode=station.county_adcode,
        sample=True,
        version=len(steps),
        created_at=at,
        updated_at=steps[-1][2],
        steps=[
            ProposalStep(step=step, actor=actor, actor_name=name, at=when, text=text)
            for step, (actor, name), when, text in steps
        ],
    )
