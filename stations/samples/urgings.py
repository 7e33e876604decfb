"""Invented urgings (督办): offices ask the sample stations that are late with their first step, and are answered.

Most answers come in time, some late; those of requests that still wait have none yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from stations.accounts.accounts import User
from stations.language import CHINA_TIME, day_in_china
from stations.province import sample_facts
from stations.requests.escalation import Level
from stations.requests.service_request import ServiceRequest
from stations.requests.states import State
from stations.requests.urging import Addressee, Urging, usual_day
from stations.samples.stories import in_office_hours
from stations.working_days import add_working_days

URGES = time(15, 30)
SHARE_URGED = 0.7  # of the requests whose first answer is late
SHARE_LATE = 0.2

TEXTS = ("该申请已超过答复期限，请尽快答复企业，并说明原因。", "企业来电催问，请今明两天内答复。")
ANSWERS = ("已联系企业，当日答复。", "检测设备检修，已与企业商定时间并答复。", "人员出差，现已补办答复。")


@dataclass(frozen=True)
class _Office:
    """An office that urges: its level, and its user."""

    level: Level
    username: str


PROVINCE, CITY = _Office(Level.PROVINCE, "sample-province"), _Office(Level.CITY, "sample-city")


def add_sample_urgings(
    session: Session, chance: Random, requests: Sequence[ServiceRequest], stewards: Mapping[str, User], today: date
) -> None:
    """Add urgings of settled requests whose first answer is or was late, and one that awaits the answer of a steward
    as whom visitors can sign in.
    """
    for request in requests:
        answered = day_in_china(request.answered_at) if request.answered_at else None
        if request.answer_due_on is None or not (request.answered_late or request.state is State.SUBMITTED):
            continue
        urged_on = add_working_days(request.answer_due_on, 1).day
        if urged_on >= (answered or today) or chance.random() >= SHARE_URGED:
            continue
        urging = _urging(chance, request, urged_on)
        if answered:
            steward = stewards.get(request.station.code)
            _answer(chance, urging, today, steward.username if steward else "sample-steward")
        session.add(urging)
    shown = [one for one in requests if one.state is State.ACCEPTED and one.station.code in stewards]
    if shown:
        newest = max(shown, key=lambda one: one.updated_at)
        session.add(_urging(chance, newest, day_in_china(newest.updated_at)))


def _urging(chance: Random, request: ServiceRequest, day: date) -> Urging:
    at = datetime.combine(day, URGES, CHINA_TIME) + timedelta(minutes=chance.randrange(90))
    office = CITY if request.station.city_adcode == sample_facts().county.city_adcode else PROVINCE
    return Urging(
        request=request,
        level=office.level,
        addressee=Addressee.STATION,
        urged_by=office.username,
        text=chance.choice(TEXTS),
        due_on=usual_day(day),
        created_at=at,
        updated_at=at,
        version=1,
    )


def _answer(chance: Random, urging: Urging, today: date, username: str) -> None:
    """Answer an urging, unless that would be after yesterday."""
    after = urging.due_on if (late := chance.random() < SHARE_LATE) else day_in_china(urging.created_at)
    at = in_office_hours(chance, datetime.combine(after, URGES, CHINA_TIME), 1)
    if day_in_china(at) >= today:
        return
    urging.answered_at = urging.updated_at = at
    urging.answered_by, urging.answer, urging.answered_late = username, chance.choice(ANSWERS), late
    urging.version += 1
