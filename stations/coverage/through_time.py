"""Coverage through time: every change of every county's state, read once from the dated history.

Each station's history becomes periods in which it was active and in which it offered each element. Counting along
them gives for each county the days its state changed, and the new state. From this follow, without further queries,
the curve of covered counties by day or month, the changes between two dates with the stations that caused them, and
the counties about to become uncovered. The rule is that of ``stations.coverage.county_coverage``; a test compares
both on any date.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from sqlalchemy.orm import Session

from stations.coverage.county_changes import CountyChanges, county_changes
from stations.coverage.county_coverage import CoverageStatus
from stations.coverage.station_spans import StationSpan, spans_of
from stations.errors import InvalidInput
from stations.language import N_, LabelledEnum
from stations.places.counties import County
from stations.registry.registry_snapshot import Snapshot, registry_snapshot
from stations.registry.station import Status
from stations.registry.station_columns import StationColumns

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


@dataclass(frozen=True, eq=False)
class CountyTimeline:
    """A county with the changes of its state, oldest first. ``place``: of the county among ``changes``."""

    county: County
    place: int
    changes: CountyChanges = field(repr=False)

    @property
    def _own(self) -> slice:
        return slice(*self.changes.first[self.place : self.place + 2].tolist())

    @property
    def days(self) -> list[date]:
        """The days on which the state changed."""
        return [date.fromordinal(day) for day in self.changes.day[self._own].tolist()]

    @property
    def states(self) -> list[CountyState]:
        """The new state on each of ``days``."""
        return [self._state(place) for place in range(*self._own.indices(len(self.changes.day)))]

    def _state(self, change: int) -> CountyState:
        stations, full = int(self.changes.stations[change]), bool(self.changes.full[change])
        status = CoverageStatus.FULLY_SERVED if full else CoverageStatus.THIN if stations else CoverageStatus.UNCOVERED
        return CountyState(status, stations, int(self.changes.samples[change]))

    def _until(self, day: date) -> int:
        """Return the number of changes by a day."""
        return int(np.searchsorted(self.changes.day[self._own], day.toordinal(), side="right"))

    def on(self, day: date) -> CountyState:
        """Return the state on a day."""
        place = self._until(day)
        return self._state(self._own.start + place - 1) if place else _BEFORE_ALL

    def uncovered_since(self, day: date) -> date | None:
        """Return the first day of the uncovered period that contains ``day``; None if the county is covered then, or
        was never covered before.
        """
        place, covered = self._until(day), self.changes.stations[self._own] > 0
        if place == 0 or covered[place - 1]:
            return None
        before = np.flatnonzero(covered[:place])
        return date.fromordinal(int(self.changes.day[self._own][before[-1] + 1])) if len(before) else None

    def uncovered_from(self, day: date) -> date | None:
        """Return the first later day on which the county is known to be uncovered, or None."""
        place = self._until(day)
        gone = np.flatnonzero(self.changes.stations[self._own][place:] == 0)
        return date.fromordinal(int(self.changes.day[self._own][place + gone[0]])) if len(gone) else None


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


@dataclass(frozen=True, eq=False)
class CoverageHistory:
    """The timelines of all counties, sorted by adcode, and the stations behind them. ``samples``: whether sample
    stations are included. ``element_of``: the element of each service that is of one.
    """

    samples: bool
    counties: tuple[CountyTimeline, ...]
    county_changes: CountyChanges = field(repr=False)
    columns: StationColumns = field(repr=False)
    element_of: Mapping[str, str] = field(repr=False)

    @property
    def total(self) -> int:
        """The number of counties."""
        return len(self.counties)

    def stations_in(self, adcode: str) -> list[StationSpan]:
        """Return the stations of a county, sorted by code."""
        rows = self.columns.rows_in(int(adcode))
        if not self.samples:
            rows = rows[~self.columns.stations.sample[rows]]
        return list(spans_of(self.columns, rows.tolist(), self.element_of))

    def _active_in(self, county: County, day: date) -> tuple[StationSpan, ...]:
        return tuple(one for one in self.stations_in(county.adcode) if one.status_on(day) is Status.ACTIVE)

    def curve(self, start: date, end: date, step: Step = Step.MONTH) -> list[CurvePoint]:
        """Return the covered and fully served counties from ``start`` to ``end``: for every day, or for the last day
        of every month and ``end``.

        Raises:
            InvalidInput: ``end`` is before ``start``.
        """
        days = list(_days(start, end, step))
        changes, latest = self.county_changes, self.county_changes.latest(np.array([day.toordinal() for day in days]))
        known = latest >= 0
        covered = known & (changes.stations > 0)[latest] if len(changes.day) else known
        full = known & changes.full[latest] if len(changes.day) else known
        invented = covered & (changes.stations == changes.samples)[latest] if len(changes.day) else known
        cities, city = np.unique([timeline.county.city_adcode for timeline in self.counties], return_inverse=True)
        by_city = np.zeros((2, len(cities), len(days)), dtype=np.int64)
        for kind, counted in enumerate((covered, full)):
            np.add.at(by_city[kind], city, counted.T)
        names, covered_in, full_in = cities.tolist(), by_city[0].T.tolist(), by_city[1].T.tolist()
        return [
            CurvePoint(
                day=day,
                covered=int(covered[nth].sum()),
                fully_served=int(full[nth].sum()),
                samples_only=int(invented[nth].sum()),
                cities=dict(zip(names, zip(covered_in[nth], full_in[nth], strict=True), strict=True)),
            )
            for nth, day in enumerate(days)
        ]

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
        for station in self.stations_in(adcode):
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
            ends_on = timeline.uncovered_from(as_of)
            if ends_on is not None:
                standing = self._active_in(timeline.county, as_of)
                ending.append(EndangeredCounty(timeline.county, Danger.ENDING, ends_on, standing))
            elif state.stations == 1:
                standing = self._active_in(timeline.county, as_of)
                resting.append(EndangeredCounty(timeline.county, Danger.RESTING_ON_ONE, None, standing))
        ending.sort(key=lambda one: (one.ends_on, one.county.adcode))
        return [*ending, *resting]


def coverage_history(session: Session, *, samples: bool) -> CoverageHistory:
    """Return the whole history of coverage; sample stations count only with ``samples``."""
    snapshot = registry_snapshot(session)
    return snapshot.remembered(("coverage_history", samples), lambda: _history(snapshot, samples))


def _history(snapshot: Snapshot, samples: bool) -> CoverageHistory:
    elements, counties = snapshot.elements, snapshot.counties
    offered = [element.services for element in elements]
    changes = county_changes(
        snapshot.columns, snapshot.county_places, len(counties), offered, samples=samples
    )
    return CoverageHistory(
        samples=samples,
        counties=tuple(CountyTimeline(county, place, changes) for place, county in enumerate(counties)),
        county_changes=changes,
        columns=snapshot.columns,
        element_of={service: element.code for element in elements for service in element.services},
    )


def _full(state: CountyState) -> bool:
    return state.status is CoverageStatus.FULLY_SERVED


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
