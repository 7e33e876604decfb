"""The registry as it is at one revision, read once and shared by all who ask.

What follows from it for a day is computed once too (``Snapshot.remembered``). A session whose own changes are not
committed yet gets a snapshot of its own, so that it sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from stations.catalogue.service import Element, list_elements
from stations.places.counties import County, list_counties
from stations.registry.changed_stations import stations_changed
from stations.registry.station_columns import StationColumns, read_columns
from stations.revision import current_revision, is_moved

Answer = TypeVar("Answer")
REMEMBERED = 64
"""Answers of one snapshot that are kept; the one that was asked for least lately goes first."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The registry at one revision.

    ``counties``: sorted by adcode, each with its city; only to be read. ``elements``: of quality infrastructure.
    """

    revision: int
    counties: tuple[County, ...]
    elements: tuple[Element, ...]
    columns: StationColumns
    _answers: LRUCache[Hashable, Any] = field(default_factory=lambda: LRUCache(REMEMBERED), repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    @cached_property
    def county_places(self) -> NDArray[np.int64]:
        """For each station the place of its county in ``counties``; one past the last for a station without county."""
        adcodes = np.array([int(county.adcode) for county in self.counties], dtype=np.int32)
        places = np.searchsorted(adcodes, self.columns.stations.county)
        found = np.append(adcodes, -1)[places] == self.columns.stations.county
        return np.where(found, places, len(adcodes))

    @cached_property
    def points(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The points of all stations for distances, in degrees: longitudes and latitudes.

        The station's own; else one inside its county; NaN where no more than its city is known.
        """
        lons, lats = (
            np.append([getattr(county, axis) for county in self.counties], np.nan)[self.county_places]
            for axis in ("lon", "lat")
        )
        own = ~np.isnan(self.columns.stations.lon)
        return np.where(own, self.columns.stations.lon, lons), np.where(own, self.columns.stations.lat, lats)

    def remembered(self, question: Hashable, answer: Callable[[], Answer]) -> Answer:
        """Return the answer to a question, which is asked only once; nobody may change it."""
        with self._lock:
            if question in self._answers:
                return cast("Answer", self._answers[question])
        found = answer()
        with self._lock:
            self._answers[question] = found
        return found


_snapshots: WeakKeyDictionary[Pool, Snapshot] = WeakKeyDictionary()
"""The newest snapshot of each database; engines that only differ in their options share a pool."""
_reading = Lock()


def registry_snapshot(session: Session) -> Snapshot:
    """Return the registry as this session sees it, with what it has changed and not yet sent."""
    session.flush()
    revision = current_revision(session)
    bind = session.get_bind()
    pool = (bind if isinstance(bind, Engine) else bind.engine).pool
    if is_moved(session):
        return _brought_to(session, revision, _snapshots.get(pool))
    with _reading:
        newest = _snapshots.get(pool)
        if newest is not None and newest.revision == revision:
            return newest
        found = _brought_to(session, revision, newest)
        if newest is None or newest.revision < revision:
            _snapshots[pool] = found
        return found


def _brought_to(session: Session, revision: int, newest: Snapshot | None) -> Snapshot:
    """Return the registry at a revision: the newest one known with what changed since, or all read anew."""
    changed = None
    if newest is not None and newest.revision <= revision:
        changed = stations_changed(session, newest.revision, revision)
    if newest is None or changed is None:
        return _read(session, revision)
    columns = newest.columns
    if changed:
        columns = columns.replaced(changed, read_columns(session, changed))
    return Snapshot(revision, newest.counties, newest.elements, columns)


def _read(session: Session, revision: int) -> Snapshot:
    # The counties outlive this session and are shared between threads, so they belong to no session.
    with Session(session.connection(), expire_on_commit=False) as own:
        counties = tuple(list_counties(own))
        own.expunge_all()
    return Snapshot(revision, counties, list_elements(session), read_columns(session))
