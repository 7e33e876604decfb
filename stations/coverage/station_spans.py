"""When each station was active and what it offered, from its dated history: the basis of coverage through time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from stations.registry.station import Status
from stations.registry.station_columns import STATUSES, StationColumns, began_on

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


def spans_of(columns: StationColumns, rows: Iterable[int], element_of: Mapping[str, str]) -> Iterator[StationSpan]:
    """Yield the spans of the stations in these rows. ``element_of``: the element of each service that is of one."""
    stations, entries, offers = columns.stations, columns.entries, columns.offers
    for row in rows:
        own = columns.entries_of(row)
        days = map(date.fromordinal, entries.day[own].tolist())
        history = tuple(zip(days, (STATUSES[one] for one in entries.status[own]), strict=True))
        active = _active(history)
        own_offers = columns.offers_of_row(row)
        offered = sorted(
            (columns.services[offers.service[one]], int(offers.since[one]), int(offers.until[one]))
            for one in own_offers
        )
        yield StationSpan(
            code=str(stations.code[row]),
            name=stations.name[row],
            name_en=stations.name_en[row],
            sample=bool(stations.sample[row]),
            county_adcode=str(stations.county[row]),
            statuses=history,
            active=active,
            elements=tuple(
                (element_of[service], common)
                for service, since, until in offered
                if service in element_of
                for stretch in active
                if (common := _common((date.fromordinal(max(since, 1)), date.fromordinal(until)), stretch))
            ),
            began=began_on(entries.dated[own][0]) if history else None,
        )


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
