"""When each station was active and what it offered, from its dated history: the basis of coverage through time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stations.catalogue.service import Service
from stations.registry.station import Station, StationService, StationStatus, Status

Stretch = tuple[date, date]
"""(first day, first day after it); ``date.max`` if there is no known end."""


@dataclass(frozen=True)
class StationSpan:
    """The periods in which a station was active, and in which it offered each element while active.

    ``began``: the first day on which its oldest status can have begun; None if the sources give no beginning, only
    that the status applied later.
    """

    code: str
    name: str
    name_en: str | None
    sample: bool
    county_adcode: str
    statuses: tuple[tuple[date, Status], ...]
    active: tuple[Stretch, ...]
    elements: tuple[tuple[str, Stretch], ...]
    began: date | None

    def status_on(self, day: date) -> Status | None:
        """Return the known status on a day; None before the first known one."""
        place = bisect_right(self.statuses, day, key=lambda entry: entry[0])
        return self.statuses[place - 1][1] if place else None

    def status_known_on(self, day: date) -> bool:
        """Whether the status on a day is known; that the station did not exist yet counts as known."""
        return self.status_on(day) is not None or (self.began is not None and day < self.began)

    def elements_on(self, day: date) -> frozenset[str]:
        """Return the elements that the station offers on a day; empty while it is not active."""
        return frozenset(element for element, (start, end) in self.elements if start <= day < end)


def station_spans(session: Session, *, samples: bool) -> Iterator[StationSpan]:
    """Yield the stations whose county is known, sorted by code; sample stations only with ``samples``."""
    chosen = select(Station.id).where(Station.county_adcode.is_not(None))
    if not samples:
        chosen = chosen.where(Station.sample.is_(False))
    statuses: dict[int, list[tuple[date, Status]]] = {}
    began: dict[int, date | None] = {}
    for station_id, day, status, dated in session.execute(
        select(StationStatus.station_id, StationStatus.known_from, StationStatus.status, StationStatus.dated)
        .where(StationStatus.station_id.in_(chosen))
        .order_by(StationStatus.known_from, StationStatus.position)
    ):
        if day is not None:
            statuses.setdefault(station_id, []).append((day, status))
        began.setdefault(station_id, dated.earliest if dated else None)
    offers: dict[int, list[tuple[str, Stretch]]] = {}
    element = func.coalesce(Service.parent_code, Service.code)
    for station_id, group, since, until in session.execute(
        select(StationService.station_id, element, StationService.since, StationService.until)
        .join(Service, Service.code == StationService.service_code)
        .where(Service.element, StationService.station_id.in_(chosen))
        .order_by(StationService.station_id, StationService.service_code)
    ):
        offers.setdefault(station_id, []).append((group, (since or date.min, until or date.max)))
    named = select(Station.id, Station.code, Station.name, Station.name_en, Station.sample, Station.county_adcode)
    named = named.where(Station.id.in_(chosen)).order_by(Station.code)
    for station_id, code, name, name_en, sample, county in session.execute(named):
        history = tuple(statuses.get(station_id, ()))
        active = _active(history)
        elements = tuple(
            (group, common)
            for group, offered in offers.get(station_id, ())
            for stretch in active
            if (common := _common(offered, stretch))
        )
        began_on = began.get(station_id)
        yield StationSpan(code, name, name_en, sample, county or "", history, active, elements, began_on)


def _active(history: Sequence[tuple[date, Status]]) -> tuple[Stretch, ...]:
    """Return the periods in which a history of statuses, oldest first, is active."""
    return tuple(
        (start, end)
        for (start, status), (end, _) in pairwise((*history, (date.max, Status.CLOSED)))
        if status is Status.ACTIVE and start < end
    )


def _common(one: Stretch, other: Stretch) -> Stretch | None:
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start < end else None
