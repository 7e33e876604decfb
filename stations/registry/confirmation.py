"""The yearly confirmation of station records: who said when that a record is still right, and when that is due again.

A record that nobody has confirmed yet is due a year after it was put on file.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, ForeignKey, Integer, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from stations.database import Base
from stations.language import CHINA_TIME, N_, LabelledEnum, day_in_china
from stations.personal_data import PersonalData
from stations.registry.station import Station

CONFIRM_EVERY = relativedelta(years=1)
SOON = timedelta(days=30)
"""How long before the day a confirmation is asked for."""


class StationConfirmation(Base):
    """Somebody's word that the record of a station is right as it was in ``version``."""

    __tablename__ = "station_confirmation"
    in_caches = False
    personal_data = PersonalData(columns=("confirmed_by", "confirmed_by_name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    confirmed_by: Mapped[str] = mapped_column(String(40))
    confirmed_by_name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(Integer)

    station: Mapped[Station] = relationship()


class Confirmed(LabelledEnum):
    """How the confirmation of a record stands."""

    FRESH = "fresh", N_("confirmed")
    SOON = "soon", N_("due soon")
    OVERDUE = "overdue", N_("confirmation overdue")


@dataclass(frozen=True)
class Confirmation:
    """How the confirmation of a station's record stands. ``last``: the day of the last one, None if there was none."""

    last: date | None
    due_on: date

    def standing(self, today: date) -> Confirmed:
        """Return how it stands on a day."""
        if self.due_on < today:
            return Confirmed.OVERDUE
        return Confirmed.SOON if self.due_on - today <= SOON else Confirmed.FRESH


def confirmations_of(session: Session, stations: Collection[Station]) -> dict[str, Confirmation]:
    """Return how the confirmation of each station stands, by its code."""
    ids = [station.id for station in stations]
    latest = select(StationConfirmation.station_id, func.max(StationConfirmation.at)).group_by(
        StationConfirmation.station_id
    )
    if len(ids) <= 500:
        latest = latest.where(StationConfirmation.station_id.in_(ids))
    last = {station_id: day_in_china(at) for station_id, at in session.execute(latest)}
    return {
        station.code: Confirmation(
            last.get(station.id), (last.get(station.id) or day_in_china(station.created_at)) + CONFIRM_EVERY
        )
        for station in stations
    }


def to_be_confirmed(today: date) -> ColumnElement[bool]:
    """Return the SQL condition that the record of a station is to be confirmed by ``SOON`` after a day."""
    last = (
        select(func.max(StationConfirmation.at))
        .where(StationConfirmation.station_id == Station.id)
        .correlate(Station)
        .scalar_subquery()
    )
    first = datetime.combine(first_fresh_day(today), time(), CHINA_TIME)
    return func.coalesce(last, Station.created_at) < first


def first_fresh_day(today: date) -> date:
    """Return the first day of a confirmation that is ``Confirmed.FRESH`` on ``today``; all before are due by then.

    No day a year later is 29 February, and both 28 and 29 February are followed by 28 February: so the day that lies
    a year before is one too early where the year before had no such day.
    """
    due_on = today + SOON + timedelta(days=1)
    first = due_on - CONFIRM_EVERY
    return first if first + CONFIRM_EVERY >= due_on else first + timedelta(days=1)
