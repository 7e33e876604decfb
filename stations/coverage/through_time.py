"""Coverage through time: every change of every county's state, read once from the dated history.

Each station's history becomes periods in which it was active and in which it offered each element. Counting along
them gives for each county the days its state changed, and the new state. From this follow, without further queries,
the curve of covered counties by day or month, the changes between two dates with the stations that caused them, and
the counties about to become uncovered. The rule is that of ``stations.coverage.county_coverage``; a test compares
both on any date.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from sqlalchemy.orm import Session

from stations.coverage.county_coverage import CoverageStatus, coverage_status
from stations.coverage.station_spans import StationSpan, station_spans
from stations.errors import InvalidInput
from stations.language import N_, LabelledEnum
from stations.places.counties import County, list_counties
from stations.registry.station import Status

FIRST_DAY = date(2021, 1, 1)
"""The first day of the policy's period; curves begin here by default."""

_ONE_DAY = timedelta(days=1)


class Step(StrEnum):
    """The distance between the points of a curve."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True)
class CountyState:
    """The state of a county on a day. ``stations``: active ones, of which ``sample_stations`` are samples."""

    status: CoverageStatus
    stations: int
    sample_stations: int

    @property
    def covered(self) -> bool:
        """Whether at least one station in the county is active."""
        return self.status is not CoverageStatus.UNCOVERED


_BEFORE_ALL = CountyState(CoverageStatus.UNCOVERED, 0, 0)


@dataclass(frozen=True)
class CountyTimeline:
    """A county with the days its state changed and the new state on each, oldest first."""

    county: County
    days: tuple[date, ...]
    states: tuple[CountyState, ...]

    def on(self, day: date) -> CountyState:
        """Return the state on a day."""
        place = bisect_right(self.days, day)
        return self.states[place - 1] if place else _BEFORE_ALL

    def uncovered_since(self, day: date) -> date | None:
        """Return the first day of the uncovered period that contains ``day``; None if the county is covered then, or
        was never covered before.
        """
        place = bisect_right(self.days, day)
        if place == 0 or self.states[place - 1].covered:
            return None
        while place > 1 and not self.states[place - 2].covered:
            place -= 1
        return self.days[place - 1] if place > 1 else None

    def uncovered_from(self, day: date) -> date | None:
        """Return the first later day on which the county is known to be uncovered, or None."""
        following = zip(self.days, self.states, strict=True)
        return next((moment for moment, state in following if moment > day and not state.covered), None)


@dataclass(frozen=True)
class CurvePoint:
    """The numbers of counties on ``day``.

    ``samples_only``: covered counties that only sample stations cover. ``cities``: adcode → (covered, fully
    served).
    """

    day: date
    covered: int
    fully_served: int
    samples_only: int
    cities: dict[str, tuple[int, int]]


@dataclass(frozen=True)
class StationChange:
    """A station whose status or services differ between two dates.

    ``before_known``: whether its status on the first date is known, or that it did not exist yet.
    """

    station: StationSpan
    before: Status | None
    before_known: bool
    after: Status | None
    elements_before: frozenset[str]
    elements_after: frozenset[str]


class ChangeKind(LabelledEnum):
    """What a county's change between two dates is. ``UNKNOWN``: it is covered now, and may have been before."""

    GAINED = "gained", N_("Gained coverage")
    LOST = "lost", N_("Lost coverage")
    COMPLETED = "became_fully_served", N_("Became fully served")
    THINNED = "no_longer_fully_served", N_("No longer fully served")
    UNKNOWN = "earlier_state_not_known", N_("Covered, earlier state not known")


@dataclass(frozen=True)
class CountyChange:
    """A county whose status differs between two dates, and the stations that caused it."""

    county: County
    before: CountyState
    after: CountyState
    stations: tuple[StationChange, ...]

    @property
    def before_known(self) -> bool:
        """Whether the status on the first date is known. False if a station active on the second date may have been
        active on the first, so that the county may have been covered.
        """
        opened = (one for one in self.stations if one.after is Status.ACTIVE)
        return self.before.covered or all(one.before_known for one in opened)

    @property
    def kind(self) -> ChangeKind:
        """What the change is. Every change is of one kind."""
        if not self.after.covered:
            return ChangeKind.LOST
        if not self.before.covered:
            return ChangeKind.GAINED if self.before_known else ChangeKind.UNKNOWN
        return ChangeKind.COMPLETED if _full(self.after) else ChangeKind.THINNED


class Danger(LabelledEnum):
    """The reason why a covered county may soon be uncovered."""

    ENDING = "ending", N_("Known to fall uncovered")
    RESTING_ON_ONE = "resting_on_one", N_("Rests on one station")


@dataclass(frozen=True)
class EndangeredCounty:
    """A county covered now that may soon be uncovered.

    ``ends_on``: the day it will become uncovered, for ``ENDING``. ``stations``: those that cover it now.
    """

    county: County
    danger: Danger
    ends_on: date | None
    stations: tuple[StationSpan, ...]


@dataclass(frozen=True)
class CoverageHistory:
    """The timelines of all counties, sorted by adcode, and the stations behind them. ``samples``: whether sample
    stations are included.
    """

    samples: bool
    counties: tuple[CountyTimeline, ...]
    stations: dict[str, tuple[StationSpan, ...]] = field(repr=False)

    @property
    def total(self) -> int:
        """The number of counties."""
        return len(self.counties)

    def curve(self, start: date, end: date, step: Step = Step.MONTH) -> list[CurvePoint]:
        """Return the covered and fully served counties from ``start`` to ``end``: for every day, or for the last day
        of every month and ``end``.

        Raises:
            InvalidInput: ``end`` is before ``start``.
        """
        days = list(_days(start, end, step))
        changes: dict[date, list[tuple[str, CountyState, CountyState]]] = {}
        for timeline in self.counties:
            states = (_BEFORE_ALL, *timeline.states)
            for day, (before, after) in zip(timeline.days, pairwise(states), strict=True):
                changes.setdefault(day, []).append((timeline.county.city_adcode, before, after))
        cities = {timeline.county.city_adcode: [0, 0] for timeline in self.counties}
        samples_only, waiting, points = 0, sorted(changes), []
        waiting.reverse()
        for day in days:
            while waiting and waiting[-1] <= day:
                for city, before, after in changes[waiting.pop()]:
                    cities[city][0] += after.covered - before.covered
                    cities[city][1] += _full(after) - _full(before)
                    samples_only += _invented(after) - _invented(before)
            points.append(
                CurvePoint(
                    day=day,
                    covered=sum(covered for covered, _ in cities.values()),
                    fully_served=sum(full for _, full in cities.values()),
                    samples_only=samples_only,
                    cities={city: (covered, full) for city, (covered, full) in cities.items()},
                )
            )
        return points

    def changes(self, before: date, after: date) -> list[CountyChange]:
        """Return the counties whose status differs between two dates, sorted by adcode.

        Each has the stations in it that opened, stopped or changed their services.

        Raises:
            InvalidInput: ``after`` is before ``before``.
        """
        _check_order(before, after)
        changed = []
        for timeline in self.counties:
            was, became = timeline.on(before), timeline.on(after)
            if was.status is not became.status:
                stations = tuple(self._station_changes(timeline.county.adcode, before, after))
                changed.append(CountyChange(timeline.county, was, became, stations))
        return changed

    def _station_changes(self, adcode: str, before: date, after: date) -> Iterator[StationChange]:
        for station in self.stations.get(adcode, ()):
            change = StationChange(
                station,
                station.status_on(before),
                station.status_known_on(before),
                station.status_on(after),
                station.elements_on(before),
                station.elements_on(after),
            )
            opened_or_stopped = (change.before is Status.ACTIVE) is not (change.after is Status.ACTIVE)
            if opened_or_stopped or change.elements_before != change.elements_after:
                yield change

    def endangered(self, as_of: date) -> list[EndangeredCounty]:
        """Return the counties covered on ``as_of`` that will become uncovered, soonest first, then those with a single
        station, by adcode.

        Records about later days count as known.
        """
        ending, resting = [], []
        for timeline in self.counties:
            state = timeline.on(as_of)
            if not state.covered:
                continue
            standing = tuple(
                station
                for station in self.stations[timeline.county.adcode]
                if station.status_on(as_of) is Status.ACTIVE
            )
            ends_on = timeline.uncovered_from(as_of)
            if ends_on is not None:
                ending.append(EndangeredCounty(timeline.county, Danger.ENDING, ends_on, standing))
            elif state.stations == 1:
                resting.append(EndangeredCounty(timeline.county, Danger.RESTING_ON_ONE, None, standing))
        ending.sort(key=lambda one: (one.ends_on, one.county.adcode))
        return [*ending, *resting]


def coverage_history(session: Session, *, samples: bool) -> CoverageHistory:
    """Return the whole history of coverage, with three queries; sample stations count only with ``samples``."""
    stations: dict[str, list[StationSpan]] = {}
    for span in station_spans(session, samples=samples):
        stations.setdefault(span.county_adcode, []).append(span)
    return CoverageHistory(
        samples=samples,
        counties=tuple(_timeline(county, stations.get(county.adcode, ())) for county in list_counties(session)),
        stations={adcode: tuple(spans) for adcode, spans in stations.items()},
    )


def _timeline(county: County, stations: Iterable[StationSpan]) -> CountyTimeline:
    """Count along the days on which something begins or ends."""
    events: list[tuple[date, int, str | bool]] = []
    for station in stations:
        for start, end in station.active:
            events += [(start, 1, station.sample), (end, -1, station.sample)]
        for element, (start, end) in station.elements:
            events += [(start, 1, element), (end, -1, element)]
    counts = {True: 0, False: 0}
    offered: dict[str, int] = {}
    days: list[date] = []
    states: list[CountyState] = []
    events.sort(key=lambda event: event[0])
    for place, (day, step, what) in enumerate(events):
        if day == date.max:
            break
        if isinstance(what, bool):
            counts[what] += step
        else:
            offered[what] = offered.get(what, 0) + step
        if place + 1 < len(events) and events[place + 1][0] == day:
            continue
        elements = {element for element, times in offered.items() if times}
        active = counts[True] + counts[False]
        state = CountyState(coverage_status(active, elements), active, counts[True])
        if state != (states[-1] if states else _BEFORE_ALL):
            days.append(day)
            states.append(state)
    return CountyTimeline(county, tuple(days), tuple(states))


def _full(state: CountyState) -> bool:
    return state.status is CoverageStatus.FULLY_SERVED


def _invented(state: CountyState) -> bool:
    return state.covered and state.stations == state.sample_stations


def _check_order(start: date, end: date) -> None:
    if end < start:
        raise InvalidInput("to", N_("The second date lies before the first; swap them"))


def _days(start: date, end: date, step: Step) -> Iterator[date]:
    _check_order(start, end)
    if step is Step.DAY:
        yield from (start + timedelta(days=ahead) for ahead in range((end - start).days + 1))
        return
    day = month_end(start)
    while day < end:
        yield day
        day = month_end(day + _ONE_DAY)
    yield end


def month_end(day: date) -> date:
    """Return the last day of the month of ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])
