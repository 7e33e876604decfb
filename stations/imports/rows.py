"""One row of a list: its cells are read and combined with the registered state of its station.

An empty cell leaves the registered value unchanged. The services that a row names are those offered from the day of the
import on: others end on that day, new ones begin then. Past dates are not rewritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from geo.address import read_address
from stations.catalogue.words import CatalogueWords
from stations.errors import InvalidForm, InvalidInput, Problems
from stations.imports.columns import TEXTS
from stations.imports.plan import Remark, Weight
from stations.keeping.station_form import StationForm, check_station, station_form_of
from stations.language import N_
from stations.partial_date import PartialDate
from stations.places.area_words import AreaWords
from stations.registry.dated_entries import EntryForm, check_entry, check_follows
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import HistoryEntry, Offer, Place, StationState
from stations.registry.record_terms import Terms
from stations.registry.standing import Standing
from stations.registry.station import Status
from stations.tables.sheet import SheetRow

COLUMN_OF = {"county_adcode": "county", "city_adcode": "city", "stage": "status", "dated": "since", "as_of": "since"}
"""The column with a form's field, if their names differ."""


class RowReading:
    """One row while it is being read: its values, the registered station it belongs to, and the remarks on it."""

    __slots__ = ("number", "values", "match", "remarks", "city", "county", "services", "chains", "place")

    def __init__(self, row: SheetRow) -> None:
        self.number = row.number
        self.values = row.values
        self.match: Standing | None = None
        self.remarks = tuple(
            Remark(problem.column, Weight.FAULT, problem.message, problem.params) for problem in row.problems
        )
        self.city = self.county = ""
        self.services: tuple[str, ...] | None = None
        self.chains: tuple[str, ...] | None = None
        self.place: Place | None = None

    @property
    def name(self) -> str:
        return self.values.get("name") or ""

    @property
    def area(self) -> str:
        return self.county or self.city

    @property
    def wrong(self) -> bool:
        return any(remark.weight is Weight.FAULT for remark in self.remarks)

    @property
    def doubtful(self) -> bool:
        return any(remark.weight is Weight.DOUBT for remark in self.remarks)

    def remark(self, column: str, weight: Weight, message: str, **params: Any) -> None:
        self.remarks += (Remark(column, weight, message, params),)

    def fault(self, problem: InvalidInput) -> None:
        """Add the error of a check to the remarks."""
        column = COLUMN_OF.get(problem.field, problem.field)
        self.remarks += (Remark(column, Weight.FAULT, problem.message, problem.params),)


class RowReader:
    """Reads rows with the same terms on the same day. ``source``: the source of new records without their own."""

    def __init__(self, terms: Terms, today: date, source: str) -> None:
        self._terms, self._today, self._source = terms, today, source
        self._areas, self._words = AreaWords(terms.cities, terms.counties), CatalogueWords(terms.services, terms.chains)
        self._shared: dict[Any, Any] = {}

    def read(self, row: SheetRow) -> RowReading:
        """Return the reading of a row, without comparing it with the registry."""
        reading = RowReading(row)
        values = reading.values
        try:
            reading.city, reading.county = self._areas.read(values.get("city") or "", values.get("county") or "")
        except InvalidInput as problem:
            reading.fault(problem)
        for column in (*TEXTS, "reason"):
            if (values.get(column) or "").startswith(("=", "＝")):
                reading.remark(column, Weight.DOUBT, N_("This looks like a formula; write what is meant as a text"))
        for column, read in (("services", self._words.services), ("chains", self._words.chains)):
            if values.get(column):
                try:
                    setattr(reading, column, read(values[column]))
                except InvalidInput as problem:
                    reading.fault(problem)
        return reading

    def area_from_address(self, reading: RowReading) -> None:
        """Set the county from the address, for rows without a column that names one."""
        read = read_address(reading.values.get("address") or reading.name)
        if read.place is not None and read.city is None:
            reading.city, reading.county = read.place.county.city_adcode, read.place.county.adcode
            reading.remark(
                "county",
                Weight.DOUBT,
                N_("No county is stated; {county} was taken from the address; check it"),
                county=read.place.county.name,
            )

    def new_state(self, reading: RowReading) -> StationState | None:
        """Return the state of a new station; None if something is wrong, with the faults added to the remarks."""
        values = reading.values
        problems = Problems()
        texts: dict[str, Any] = {field: values.get(field) or "" for field in TEXTS}
        texts["source"] = values.get("source") or self._source
        form = StationForm(
            **texts,
            city_adcode=reading.city,
            county_adcode=reading.county,
            services=[Offer(code) for code in reading.services or ()],
            chains=reading.chains or (),
        )
        state: StationState = problems.attempt(check_station, form, self._terms)
        history = problems.attempt(self._first_history, values)
        if not _stopped(problems, reading):
            return None
        # Many stations of a list offer the same services since the same month; they share one object.
        services, history = (self._shared.setdefault(value, value) for value in (state.services, history))
        return replace(state, services=services, history=history, place=reading.place)

    def changed_state(self, reading: RowReading, before: StationState) -> StationState | None:
        """Return the new state of a station with state ``before``; None if something is wrong, with remarks added."""
        values = reading.values
        given = {field: values[field] for field in TEXTS if values.get(field)}
        if reading.county or (reading.city and reading.city != before.city_adcode):
            given |= {"city_adcode": reading.city, "county_adcode": reading.county or None}
        if reading.chains is not None:
            given["chains"] = tuple(sorted(reading.chains))
        if reading.services is not None:
            given["services"] = services_from(before.services, reading.services, self._today)
        after = replace(before, **given)
        if after != before:
            form = replace(station_form_of(after), lon=None, lat=None)
            problems = Problems()
            checked = problems.attempt(check_station, form, self._terms)
            if not _stopped(problems, reading):
                return None
            after = replace(checked, place=before.place)
        place = before.place if reading.place is None else reading.place
        history = self._later_history(reading, before.history)
        return None if history is None else replace(after, place=place, history=history)

    def _first_history(self, values: Mapping[str, Any]) -> tuple[HistoryEntry, ...]:
        status = values.get("status") or Status.ACTIVE
        opened, since = values.get("opened"), values.get("since")
        if status in (Status.ACTIVE, Status.PLANNED):
            return (self._entry(status, since or (opened if status is Status.ACTIVE else None), values),)
        last = self._entry(status, since, values)
        if opened is None:
            return (last,)
        first = self._entry(Status.ACTIVE, opened, {})
        check_follows(RecordKind.STATION, [first], last)
        return (first, last)

    def _later_history(self, reading: RowReading, history: tuple[HistoryEntry, ...]) -> tuple[HistoryEntry, ...] | None:
        values = reading.values
        status, since = values.get("status"), values.get("since")
        self._compare_opening(reading, history)
        if status is None:
            return history
        now = next((entry for entry in reversed(history) if (entry.known_from or date.min) <= self._today), None)
        if now is not None and now.stage == status:
            if since is not None and not _agree(now.dated, since):
                reading.remark(
                    "since",
                    Weight.DOUBT,
                    N_("The registry dates this status {standing}; an import does not rewrite it, edit the record"),
                    standing=str(now.dated or now.as_of or "—"),
                )
            return history
        problems = Problems()
        entry = problems.attempt(self._entry, status, since, values)
        if entry is not None:
            problems.attempt(check_follows, RecordKind.STATION, history, entry)
        return (*history, entry) if _stopped(problems, reading) else None

    def _compare_opening(self, reading: RowReading, history: Sequence[HistoryEntry]) -> None:
        opened = reading.values.get("opened")
        first = next((entry for entry in history if entry.stage is Status.ACTIVE), None)
        if opened is not None and first is not None and not _agree(first.dated, opened):
            reading.remark(
                "opened",
                Weight.DOUBT,
                N_("The registry says opened {standing}; an import does not rewrite it, edit the record"),
                standing=str(first.dated or "—"),
            )

    def _entry(self, status: Status, since: PartialDate | None, values: Mapping[str, Any]) -> HistoryEntry:
        """Return the history entry. Without ``since``, the status is dated as known today."""
        form = EntryForm(
            status.value,
            dated=str(since or ""),
            as_of="" if since else self._today.isoformat(),
            reason=values.get("reason") or "",
        )
        return check_entry(RecordKind.STATION, form, self._today)


def services_from(standing: Sequence[Offer], named: Sequence[str], today: date) -> tuple[Offer, ...]:
    """Return the services after an import whose list names those offered ``today``.

    Periods that have ended or begin later remain as they are, unless the list names the service.
    """
    after: dict[str, Offer] = {}
    for offer in standing:
        begun = offer.since is None or offer.since <= today
        ended = offer.until is not None and offer.until <= today
        if not begun or ended or offer.service_code in named:
            after[offer.service_code] = offer
        elif offer.since != today:
            after[offer.service_code] = replace(offer, until=today)
    for code in named:
        held = after.get(code)
        if held is None or (held.until is not None and held.until <= today):
            after[code] = Offer(code, today)
    return tuple(after[code] for code in sorted(after))


def _agree(standing: PartialDate | None, told: PartialDate) -> bool:
    """Whether a registered date and one of a list may be the same, one of them perhaps less exact."""
    return standing is not None and (str(standing).startswith(str(told)) or str(told).startswith(str(standing)))


def _stopped(problems: Problems, reading: RowReading) -> bool:
    """Whether there were no problems. Otherwise add them to the remarks, except for columns that have a fault."""
    try:
        problems.stop()
    except InvalidForm as several:
        told = {remark.column for remark in reading.remarks if remark.weight is Weight.FAULT}
        for problem in several.problems:
            if COLUMN_OF.get(problem.field, problem.field) not in told:
                reading.fault(problem)
        return False
    return True
