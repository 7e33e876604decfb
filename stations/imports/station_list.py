"""The registered stations as a list that the import reads: every field of its columns.

Imported again, what nobody has changed in the list or in the registry is unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from stations.duty.roles import Actor
from stations.imports.columns import COLUMNS, IN_ONE_CELL, StationColumn
from stations.imports.history_cell import history_cell
from stations.imports.importing import require_importer
from stations.imports.row_places import CRS_NAMES
from stations.imports.status_words import PLAIN_STATUS
from stations.imports.unread_cell import with_unread
from stations.registry.dated_stage import latest
from stations.registry.record_rows import state_of_station
from stations.registry.record_state import HistoryEntry, StationState
from stations.registry.record_terms import Terms
from stations.registry.station import Station, StationStatus, Status
from stations.tables.reported_date import ReportedDate
from stations.tables.table import LIST_MARK


@dataclass(frozen=True)
class ListedStation:
    """A station of the list. ``now``: the status known to apply on the day of the list."""

    code: str
    state: StationState
    now: StationStatus | None
    as_of: date
    terms: Terms

    @property
    def opening(self) -> HistoryEntry | None:
        """The first entry of the history that says that the station is active."""
        return next((entry for entry in self.state.history if entry.stage is Status.ACTIVE), None)

    @property
    def services(self) -> tuple[str, ...]:
        """The codes of the services offered on the day of the list."""
        return tuple(
            offer.service_code
            for offer in self.state.services
            if (offer.since or date.min) <= self.as_of < (offer.until or date.max)
        )


def list_registered(session: Session, actor: Actor | None, as_of: date) -> list[ListedStation]:
    """Return the stations that an import by this actor is compared with, sorted by code.

    ``as_of``: the day whose status and services the list states.

    Raises:
        NotAllowed: the actor may not import stations.
    """
    actor = require_importer(actor)
    terms = Terms.load(session)
    statement = select(Station).where(Station.sample.is_(actor.sample)).order_by(Station.code)
    loaded = (Station.history, Station.offers, Station.chains, Station.unread)
    return [
        ListedStation(station.code, state_of_station(station), latest(station.history, as_of), as_of, terms)
        for station in session.scalars(statement.options(*map(selectinload, loaded)))
    ]


def cell_of(column: StationColumn, station: ListedStation) -> Any:
    """Return what a station has in a column, with what the office wrote there and could not be read."""
    value = _CELLS[column.name](station) if column.name in _CELLS else getattr(station.state, column.name)
    field = "place" if column.name == "lon" else column.name
    words = next((one.words for one in station.state.unread if one.field == field), "")
    if not words:
        return value
    if not value:
        return words
    if column.name in _LISTS:
        return f"{value}{LIST_MARK}{words}"
    remark = column.name in _NUMBERS and not any(sign.isdigit() for sign in words)  # 0512-5555 0001（值班）
    return f"{value}（{words}）" if remark else with_unread(value, words)


def _opened(station: ListedStation) -> str | None:
    opening = station.opening
    return str(ReportedDate(opening.dated, opening.as_of)) or None if opening else None


def _since(station: ListedStation) -> str | None:
    """Return from when the status holds, or the report that says so; None if that is the opening."""
    if station.now is None:
        return None
    since = str(ReportedDate(station.now.dated, station.now.as_of)) or None
    return None if station.now.status is Status.ACTIVE and since == _opened(station) else since


_LISTS = ("services", "chains")
_NUMBERS = ("phone", "contact_phone")

_CELLS: dict[str, Callable[[ListedStation], Any]] = {
    "code": lambda one: one.code,
    "city": lambda one: one.terms.cities[one.state.city_adcode].name,
    "county": lambda one: one.terms.counties[one.state.county_adcode].name if one.state.county_adcode else None,
    "lon": lambda one: one.state.place and one.state.place.lon,
    "lat": lambda one: one.state.place and one.state.place.lat,
    "crs": lambda one: one.state.place and CRS_NAMES["wgs84"],
    "services": lambda one: LIST_MARK.join(one.terms.services[code].name_zh for code in one.services),
    "chains": lambda one: LIST_MARK.join(one.terms.chains[code].name_zh for code in one.state.chains),
    "status": lambda one: one.now and PLAIN_STATUS[one.now.status],
    "opened": _opened,
    "since": _since,
    "reason": lambda one: one.now and one.now.reason,
    "history": lambda one: history_cell(one.state.history, PLAIN_STATUS),
}
"""What a station has in the columns that are no plain text of its own."""

LIST_COLUMNS = tuple(column for column in COLUMNS if column.name not in IN_ONE_CELL)
"""The columns of the list; what a list may have in one cell has two columns."""
