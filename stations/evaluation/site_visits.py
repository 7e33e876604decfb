"""Visits on site (上门服务) to firms, recorded by the stations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Boolean, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base, Versioned
from stations.duty.area_columns import AreaColumns
from stations.duty.duty_areas import in_duty
from stations.duty.roles import Action, Actor, outside_duty, require, signed_in
from stations.entered_text import read_text
from stations.errors import Conflict, NotFound, Problems
from stations.language import N_, day_in_china
from stations.personal_data import PersonalData
from stations.registry.station import Station
from stations.secret_codes import secret_text

FIRM_LIMIT = 120
SUBJECT_LIMIT = 400
OLDEST = timedelta(days=366)
"""Older visits can't be recorded: their period has been reported."""


class SiteVisit(Base, Versioned):
    """A visit. ``subject``: what was done. ``withdrawn_at``: set if recorded by mistake; the visit then no longer
    counts.
    """

    __tablename__ = "site_visit"
    in_caches = False
    personal_data = PersonalData(columns=("recorded_by",), written=("subject",))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    visited_on: Mapped[date] = mapped_column(index=True)
    firm_name: Mapped[str] = mapped_column(String(FIRM_LIMIT))
    subject: Mapped[str] = mapped_column(String(SUBJECT_LIMIT))
    recorded_by: Mapped[str] = mapped_column(String(80))
    withdrawn_at: Mapped[datetime | None]
    sample: Mapped[bool] = mapped_column(Boolean)

    station: Mapped[Station] = relationship()

    @classmethod
    def area_columns(cls) -> AreaColumns:
        """Return the area columns of the visit's station; the statement must join ``Station``."""
        return replace(Station.area_columns(), sample=cls.sample)


def record_visit(
    session: Session,
    actor: Actor | None,
    station_code: str,
    *,
    visited_on: date | None,
    firm_name: str,
    subject: str,
    now: datetime,
) -> SiteVisit:
    """Record a visit of a station.

    Raises:
        NotFound: there is no such station.
        NotAllowed: it is outside the actor's duty.
        InvalidForm: a field is empty or too long, or the day is in the future or more than ``OLDEST`` ago.
    """
    station = session.scalar(select(Station).where(Station.code == station_code))
    if station is None:
        raise NotFound(N_("There is no station {code}"), code=station_code)
    actor = require(actor, Action.RECORD_VISITS, station.area)
    problems = Problems()
    texts = {
        "firm_name": problems.attempt(read_text, "firm_name", firm_name, limit=FIRM_LIMIT),
        "subject": problems.attempt(read_text, "subject", subject, limit=SUBJECT_LIMIT),
    }
    today = day_in_china(now)
    if visited_on is None or not today - OLDEST <= visited_on <= today:
        problems.add("visited_on", N_("Give a day of the last twelve months"))
    problems.stop()
    visit = SiteVisit(
        code=f"V{visited_on:%y%m%d}-{secret_text(6)}",
        station=station,
        visited_on=visited_on,
        recorded_by=actor.username,
        sample=station.sample,
        created_at=now,
        updated_at=now,
        **texts,
    )
    session.add(visit)
    session.flush()
    _note(session, actor, AuditAction.RECORD_VISIT, visit, now)
    return visit


def withdraw_visit(session: Session, actor: Actor | None, code: str, *, version: int, now: datetime) -> SiteVisit:
    """Withdraw a visit that was recorded by mistake; it stays in the database but no longer counts.

    Raises:
        NotFound, NotAllowed: there is no such visit in the actor's duty.
        Conflict: it was withdrawn in the meantime.
    """
    visit = session.scalar(select(SiteVisit).where(SiteVisit.code == code).with_for_update())
    if visit is None:
        raise NotFound(N_("There is no visit {code}"), code=code)
    actor = require(actor, Action.RECORD_VISITS, visit.station.area)
    if visit.version != version or visit.withdrawn_at is not None:
        raise Conflict(N_("Somebody has dealt with this visit meanwhile; look at it again"))
    visit.withdrawn_at = visit.updated_at = now
    visit.version += 1
    _note(session, actor, AuditAction.WITHDRAW_VISIT, visit, now)
    return visit


def list_visits(
    session: Session,
    actor: Actor | None,
    *,
    samples: bool,
    station: str = "",
    county: str = "",
    city: str = "",
    first: date | None = None,
    last: date | None = None,
    after_id: int | None = None,
    limit: int = 50,
) -> list[SiteVisit]:
    """Return a page of the visits in the actor's duty that were not withdrawn, the last recorded first.

    ``after_id``: the last id of the page before.

    Raises:
        NotAllowed: nobody is signed in, or no duty of the actor includes requests.
    """
    actor = signed_in(actor)
    if not actor.may_somewhere(Action.SEE_REQUESTS):
        raise outside_duty(Action.SEE_REQUESTS)
    mine = in_duty(actor, SiteVisit.area_columns(), {Action.SEE_REQUESTS})
    statement = select(SiteVisit).join(SiteVisit.station).where(mine, SiteVisit.withdrawn_at.is_(None))
    if not samples:
        statement = statement.where(SiteVisit.sample.is_(False))
    for value, compare in (
        (station, Station.code.__eq__),
        (county, Station.county_adcode.__eq__),
        (city, Station.city_adcode.__eq__),
        (first, SiteVisit.visited_on.__ge__),
        (last, SiteVisit.visited_on.__le__),
        (after_id, SiteVisit.id.__lt__),
    ):
        if value:
            statement = statement.where(compare(value))
    loaded = statement.options(joinedload(SiteVisit.station)).order_by(SiteVisit.id.desc()).limit(limit)
    return list(session.scalars(loaded))


def _note(session: Session, actor: Actor, action: AuditAction, visit: SiteVisit, now: datetime) -> None:
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=action,
        subject_kind=AuditSubject.SITE_VISIT,
        subject=visit.code,
        station=visit.station.code,
    )
