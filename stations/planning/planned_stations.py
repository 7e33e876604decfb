"""Create planned stations in the registry from a scenario's new sites."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.province import province_in_use
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.duty.roles import Action, Actor, Area, require, signed_in
from stations.errors import NotFound
from stations.language import N_, day_in_china
from stations.partial_date import PartialDate
from stations.places.counties import get_county
from stations.planning.scenario import Scenario
from stations.planning.siting_candidates import Candidate, CandidateKind
from stations.planning.station_siting import added_sites
from stations.registry.record_history import ChangeKind, note_change
from stations.registry.station import Station, StationStatus, Status


@dataclass(frozen=True)
class Planned:
    """The codes of a scenario's stations: ``made`` now, and ``standing``, made before."""

    made: tuple[str, ...]
    standing: tuple[str, ...]


def plan_stations(session: Session, actor: Actor | None, token: str, *, now: datetime) -> Planned:
    """Add every new site of a scenario to the registry as a planned station, dated today.

    A second call creates only missing ones. A site in a county gets no coordinates, since only the county was
    computed; an imported place or a given point keeps its own.

    Raises:
        NotFound: there is no such scenario.
        NotAllowed: the actor may not plan stations in the county of one of the sites; none is created.
    """
    scenario = session.scalar(select(Scenario).where(Scenario.token == token).with_for_update())
    if scenario is None:
        raise NotFound(N_("There is no scenario at this link; perhaps it was removed"))
    actor = signed_in(actor)
    made, standing = [], []
    for number, site in enumerate(added_sites(scenario.read_answer()), start=1):
        county = get_county(session, site.county or "")
        code = f"{scenario.code}-{number:02d}"
        area = Area(province_in_use().adcode, county.city_adcode, county.adcode, code, sample=scenario.sample)
        require(actor, Action.PLAN_STATIONS, area)
        if session.scalar(select(Station.id).where(Station.code == code)) is not None:
            standing.append(code)
            continue
        station = _station(scenario, site, code, county.name, county.city_adcode, actor, now)
        session.add(station)
        note_change(
            session,
            station,
            None,
            change=ChangeKind.ADDED,
            actor=actor,
            reason=f"选址方案 {scenario.code}",
            now=now,
        )
        log.record(
            session,
            at=now,
            actor=actor.username,
            action=AuditAction.PLAN_STATION,
            subject_kind=AuditSubject.STATION,
            subject=code,
            scenario=scenario.code,
            county=county.adcode,
        )
        made.append(code)
    if made:
        scenario.planned_at, scenario.updated_at = now, now
    session.flush()
    return Planned(tuple(made), tuple(standing))


def _station(
    scenario: Scenario, site: Candidate, code: str, county: str, city_adcode: str, actor: Actor, now: datetime
) -> Station:
    day = day_in_china(now)
    exact = site.kind in {CandidateKind.PLACE, CandidateKind.POINT}  # points of seats and towns are only near them
    place = county if site.kind is CandidateKind.COUNTY else site.name
    station = Station(
        code=code,
        name=f"{'示例·' if scenario.sample else ''}{place}质量小站（规划）",
        address=place,
        city_adcode=city_adcode,
        county_adcode=site.county,
        source=f"选址方案“{scenario.name}”（{scenario.code}），{scenario.owner_name}，{day_in_china(scenario.created_at)}",
        sample=scenario.sample,
        version=1,
        created_at=now,
        updated_at=now,
        history=[
            StationStatus(
                position=0,
                status=Status.PLANNED,
                dated=PartialDate.of(day),
                reason=f"选址方案 {scenario.code}",
                recorded_by=actor.username,
                recorded_at=now,
            )
        ],
    )
    if exact:
        station.place_at(site.lon, site.lat)
    return station
