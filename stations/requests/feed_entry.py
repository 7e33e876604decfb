"""Writing what happens to a request to the feed of changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from stations.changes import feed
from stations.changes.kinds import Happening, Subject
from stations.duty.roles import Area
from stations.requests.service_request import ServiceRequest


def tell_feed(
    session: Session,
    request: ServiceRequest,
    happening: Happening,
    *,
    actor: str,
    now: datetime,
    left: Area | None = None,
) -> None:
    """Write to the feed what happened to a request. ``left``: where it was answered before, if that may be elsewhere.

    A request lies where the station lies that answers it.
    """
    area = request.station.area
    feed.note_change(
        session,
        Subject.REQUEST,
        happening,
        request.number,
        Area(area.province, area.city, area.county, area.station, sample=request.sample),
        actor=actor,
        now=now,
        version=request.version,
        left=left and Area(left.province, left.city, left.county, left.station, sample=request.sample),
    )
