"""督办: an office urges whoever is below it about a request, with a day by which to answer; the urged one answers.

Urging leaves the request as it is: no state, deadline or steward changes, and the work stays with the station. It is on
the request's record for everybody in whose duty it lies; its firm reads only that an office asked for haste. An answer
that comes late, or never, counts in the evaluation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail
from stations.database import Base, Versioned, choice
from stations.duty.roles import Action, Actor, Area, Role, require, signed_in
from stations.entered_text import read_text
from stations.errors import Conflict, InvalidInput, NotAllowed, NotFound, Problems
from stations.language import N_, LabelledEnum, day_in_china
from stations.personal_data import PersonalData
from stations.requests.escalation import Level
from stations.requests.handling import open_for_answer
from stations.requests.lookup import open_request
from stations.requests.service_request import ServiceRequest
from stations.requests.states import FINAL
from stations.requests.steps import check_not_erased
from stations.requests.stewards import stewards_of
from stations.requests.urging_notices import tell_of_answer, tell_of_urging
from stations.working_days import add_working_days

TEXT_LIMIT = 1000
USUAL_DAYS = 2
"""Working days for the answer that a form proposes."""
LONGEST = timedelta(days=90)


class Addressee(LabelledEnum):
    """Who is urged, from near to far."""

    STATION = "station", N_("the station")
    COUNTY = "county", N_("the county's office")
    CITY = "city", N_("the city's office")


_RANKS = {Role.STATION: 0, Role.COUNTY: 1, Role.CITY: 2, Role.PROVINCE: 3}
_RANK_OF = {Addressee.STATION: 0, Addressee.COUNTY: 1, Addressee.CITY: 2}
_LEVELS = {Role.COUNTY: Level.COUNTY, Role.CITY: Level.CITY, Role.PROVINCE: Level.PROVINCE}


class Urging(Base, Versioned):
    """One urging. ``created_at`` is when it was made, ``level`` the office that made it; ``due_on`` the last day for
    the answer. ``answered_late``: None while there is none. ``withdrawn_at``: it was taken back unanswered.
    """

    __tablename__ = "urging"
    in_caches = False
    personal_data = PersonalData(
        columns=("urged_by", "answered_by"),
        written=("text", "answer"),
        kept="until its request is erased (stations.retention); who wrote it stays",
        blanked_by=("stations.requests.erasure:erase",),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("service_request.id", ondelete="CASCADE"), index=True)
    level: Mapped[Level] = mapped_column(choice(Level, "level"))
    addressee: Mapped[Addressee] = mapped_column(choice(Addressee, "addressee"))
    urged_by: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(String(80))
    answer: Mapped[str | None] = mapped_column(Text)
    answered_late: Mapped[bool | None]
    withdrawn_at: Mapped[datetime | None]

    request: Mapped[ServiceRequest] = relationship()

    @property
    def open(self) -> bool:
        """Whether its answer is still awaited."""
        return self.answered_at is None and self.withdrawn_at is None

    def late(self, today: date) -> bool:
        """Whether the answer came late, or has not come though its last day has passed."""
        return bool(self.answered_late) or (self.open and self.due_on < today)

    @classmethod
    def is_open(cls) -> ColumnElement[bool]:
        """Return the SQL condition that the answer is still awaited."""
        return cls.answered_at.is_(None) & cls.withdrawn_at.is_(None)


@dataclass(frozen=True)
class UrgingForm:
    """What an office fills in. ``addressee``: the value of an ``Addressee``."""

    addressee: str
    text: str
    due_on: date | None


def usual_day(today: date) -> date:
    """Return the last day for an answer that a form proposes."""
    return add_working_days(today, USUAL_DAYS).day


def addressees_for(actor: Actor | None, area: Area) -> list[Addressee]:
    """Return whom the actor may urge about a request of that area, from near to far; empty if nobody."""
    rank = _highest(actor, Action.URGE, area)
    there = {Addressee.STATION: True, Addressee.COUNTY: area.county is not None, Addressee.CITY: True}
    return [one for one in Addressee if _RANK_OF[one] < rank and there[one]]


def urge(session: Session, actor: Actor | None, number: str, form: UrgingForm, *, now: datetime) -> Urging:
    """Urge somebody about an open request. Return the urging.

    Raises:
        NotFound, NotAllowed: no such request, or it is outside the actor's duty.
        Conflict: the request has ended, or the same office waits for an answer of the same addressee already.
        InvalidForm: no or too long a text (``text``), a day that is past or too far away (``due_on``), somebody who
            is not below the actor (``addressee``).
    """
    request = open_for_answer(session, actor, number, Action.URGE)
    session.refresh(request, with_for_update=True)
    actor = signed_in(actor)
    check_not_erased(request)
    if request.state in FINAL:
        raise Conflict(N_("The request has ended; there is nothing left to urge"))
    problems = Problems()
    addressee = problems.attempt(_read_addressee, actor, request, form.addressee)
    text = problems.attempt(read_text, "text", form.text, limit=TEXT_LIMIT)
    due_on = problems.attempt(_read_day, form.due_on, day_in_china(now))
    problems.stop()
    assert addressee is not None and text is not None and due_on is not None
    level = _LEVELS[_role_of(actor, Action.URGE, request.station.area)]
    waiting = [one for one in list_urgings(session, request) if one.open]
    if any(one.addressee is addressee and one.level is level for one in waiting):
        raise Conflict(N_("An answer to an earlier urging is still awaited; look at the record of the request"))
    urging = Urging(
        request=request,
        level=level,
        addressee=addressee,
        urged_by=actor.username,
        text=text,
        due_on=due_on,
        created_at=now,
        updated_at=now,
        version=1,
    )
    session.add(urging)
    session.flush()
    _note(session, urging, AuditAction.URGE, actor, now, due_on=due_on)
    tell_of_urging(session, request, urging.id, addressee.value, due_on, now)
    return urging


def may_answer_urging(session: Session, actor: Actor | None, urging: Urging) -> bool:
    """Whether the actor is the one urged: of that level, or, where a station has no stewards, an office between."""
    rank = _highest(actor, Action.ANSWER_REQUESTS, urging.request.station.area)
    urged = _RANK_OF[urging.addressee]
    if rank == urged:
        return True
    above = next(rank_of for role, rank_of in _RANKS.items() if _LEVELS.get(role) is urging.level)
    return (
        urging.addressee is Addressee.STATION
        and urged < rank < above
        and not stewards_of(session, urging.request.station)
    )


def answer_urging(
    session: Session, actor: Actor | None, urging_id: int, text: str, *, version: int, now: datetime
) -> Urging:
    """Answer an urging, in words that everybody in whose duty the request lies reads, and never its firm.

    Raises:
        NotFound: there is no such urging, or it is outside the actor's duty to see the request.
        NotAllowed: the actor is not the one urged.
        Conflict: it was answered or taken back meanwhile.
        InvalidInput: no or too long a text (field ``text``).
    """
    urging = _locked(session, actor, urging_id, version)
    actor = require(actor, Action.ANSWER_REQUESTS, urging.request.station.area)
    if not may_answer_urging(session, actor, urging):
        raise NotAllowed(N_("Somebody else was urged, and answers"))
    urging.answer = read_text("text", text, limit=TEXT_LIMIT)
    urging.answered_at, urging.answered_by = now, actor.username
    urging.answered_late = day_in_china(now) > urging.due_on
    _touch(urging, now)
    _note(session, urging, AuditAction.ANSWER_URGING, actor, now)
    tell_of_answer(session, urging.request, urging.id, urging.level.value, now)
    return urging


def withdraw_urging(session: Session, actor: Actor | None, urging_id: int, *, version: int, now: datetime) -> Urging:
    """Take an urging back that nobody has answered; it stays on the record as such.

    Raises:
        NotFound: there is no such urging, or it is outside the actor's duty to see the request.
        NotAllowed: another office made it.
        Conflict: it was answered or taken back meanwhile.
    """
    urging = _locked(session, actor, urging_id, version)
    actor = require(actor, Action.URGE, urging.request.station.area)
    if _LEVELS.get(_role_of(actor, Action.URGE, urging.request.station.area)) is not urging.level:
        raise NotAllowed(N_("Another office urged, and takes it back"))
    urging.withdrawn_at = now
    _touch(urging, now)
    _note(session, urging, AuditAction.WITHDRAW_URGING, actor, now)
    return urging


def list_urgings(session: Session, request: ServiceRequest) -> list[Urging]:
    """Return the urgings of a request, in order of time."""
    return list(session.scalars(select(Urging).where(Urging.request_id == request.id).order_by(Urging.id)))


def next_days(session: Session, request_ids: list[int]) -> dict[int, date]:
    """Return by request id the earliest day by which an urging of it is to be answered, where one awaits its answer."""
    rows = session.execute(
        select(Urging.request_id, Urging.due_on).where(Urging.request_id.in_(request_ids), Urging.is_open())
    )
    found: dict[int, date] = {}
    for request_id, day in rows:
        found[request_id] = min(day, found.get(request_id, day))
    return found


def awaits_answer(actor: Actor, *, to_answer: bool = False) -> ColumnElement[bool]:
    """Return the SQL condition that a request has an urging whose answer is awaited; with ``to_answer``, by those of
    the actor's level.
    """
    awaited = select(Urging.request_id).where(Urging.is_open())
    if to_answer:
        ranks = {_RANKS[duty.role] for duty in actor.duties_for(Action.ANSWER_REQUESTS)}
        awaited = awaited.where(Urging.addressee.in_([one for one in Addressee if _RANK_OF[one] in ranks]))
    return ServiceRequest.id.in_(awaited)


def _highest(actor: Actor | None, action: Action, area: Area) -> int:
    if actor is None or not actor.may(action, area):
        return -1
    return _RANKS[_role_of(actor, action, area)]


def _role_of(actor: Actor, action: Action, area: Area) -> Role:
    return max((duty.role for duty in actor.duties_for(action) if duty.holds(area)), key=_RANKS.__getitem__)


def _read_addressee(actor: Actor, request: ServiceRequest, value: str) -> Addressee:
    offered = addressees_for(actor, request.station.area)
    if value not in offered:
        raise InvalidInput("addressee", N_("Choose who is urged: the station, or an office below your own"))
    return Addressee(value)


def _read_day(day: date | None, today: date) -> date:
    if day is None or not today <= day <= today + LONGEST:
        raise InvalidInput("due_on", N_("Give a day from today on, at most {days} days away"), days=LONGEST.days)
    return day


def _locked(session: Session, actor: Actor | None, urging_id: int, version: int) -> Urging:
    urging = session.scalar(select(Urging).where(Urging.id == urging_id).with_for_update(of=Urging))
    if urging is None:
        raise NotFound(N_("There is no such urging"))
    open_request(session, actor, urging.request.number)
    if not urging.open or urging.version != version:
        raise Conflict(N_("This urging was answered or taken back meanwhile"))
    return urging


def _touch(urging: Urging, now: datetime) -> None:
    urging.updated_at = now
    urging.version += 1


def _note(
    session: Session, urging: Urging, action: AuditAction, actor: Actor, now: datetime, due_on: date | None = None
) -> None:
    told = Detail(level=urging.level.value, urged=urging.addressee.value)
    if due_on is not None:
        told["due_on"] = due_on.isoformat()
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=action,
        subject_kind=AuditSubject.SERVICE_REQUEST,
        subject=urging.request.number,
        **told,
    )
