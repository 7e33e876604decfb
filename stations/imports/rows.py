"""One row of a list: its cells are read and combined with the registered state of its station.

An empty cell leaves the registered value unchanged. The services that a row names are those offered from the day of the
import on: others end on that day, new ones begin then. Past dates are not rewritten. What a station does not need and
can't be read never costs the row: its words are kept beside the record (``StationState.unread``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from stations.catalogue.words import CatalogueWords, NamedInCell
from stations.errors import InvalidForm, InvalidInput
from stations.imports.columns import TEXTS
from stations.imports.met_words import MetWords
from stations.imports.plan import Weight
from stations.imports.row_areas import both_names
from stations.imports.row_history import HistoryReader
from stations.imports.row_reading import COLUMN_OF, UNREAD_IN, RowReading
from stations.imports.status_words import status_word
from stations.imports.tick_columns import TickColumns
from stations.imports.unread_cell import unread_in, value_in
from stations.imports.word_mapping import LEFT_OUT, WordKind
from stations.keeping.station_form import StationForm, check_listed_station, station_form_of
from stations.language import N_
from stations.places.area_words import AreaWords
from stations.readers.telephone import read_telephone
from stations.registry.record_state import Offer, StationState
from stations.registry.record_terms import Terms
from stations.tables.cell_values import cell_text
from stations.tables.sheet import SheetRow
from stations.tables.table import LIST_MARK

_PERSON = re.compile(r"先生|女士|小姐|老师|主任|科长|经理|站长|(?:联系|负责)人")
_COLUMN_OF = {WordKind.SERVICE: "services", WordKind.CHAIN: "chains"}


class RowReader:
    """Reads rows with the same terms on the same day. ``source``: the source of new records without their own.
    ``met``: gathers the words that are not understood or were taught.
    """

    def __init__(
        self,
        terms: Terms,
        today: date,
        source: str,
        histories: HistoryReader,
        words: CatalogueWords,
        ticks: TickColumns,
        met: MetWords,
    ) -> None:
        self._met, self._words, self._ticks = met, words, ticks
        self._terms, self._today, self._source, self._histories = terms, today, source, histories
        self._areas = AreaWords(terms.cities, terms.counties)
        self._shared: dict[Any, Any] = {}

    def read(self, row: SheetRow) -> RowReading:
        """Return the reading of a row, without comparing it with the registry."""
        reading = RowReading(row)
        for problem in row.problems:
            reading.problem(problem.column, problem)
            if problem.column == "status":
                self._meet_status(row, problem)
        if "status" in reading.values:
            self._meet_status(row)
        if row.surplus is not None:
            reading.remark("", Weight.DOUBT, row.surplus.message, **row.surplus.params)
        reading.part_contact()
        reading.part_dates()
        for column in ("county", *UNREAD_IN):
            if words := unread_in(row.cells.get(column)):
                reading.unread[UNREAD_IN.get(column, column)] = words
        values = reading.values
        self._read_area(reading, row.section)
        for column in (*TEXTS, "reason"):
            if (values.get(column) or "").startswith(("=", "＝")):
                reading.remark(column, Weight.DOUBT, N_("This looks like a formula; write what is meant as a text"))
        for column in ("phone", "contact_phone"):
            if values.get(column):
                _keep_phone_remark(reading, column)
        if values.get("services"):
            reading.services = self._named(reading, WordKind.SERVICE, self._words.services(values["services"]))
        self._read_ticks(reading, row)
        if values.get("chains"):
            reading.chains = self._named(reading, WordKind.CHAIN, self._words.chains(values["chains"]))
        self._histories.read(reading, row)
        return reading

    def _meet_status(self, row: SheetRow, problem: InvalidInput | None = None) -> None:
        """Take note of the word of a status if it is not understood, or if it was taught."""
        cell = row.cells.get("status")
        if isinstance(cell, str) and (problem is not None or self._met.mapping.taught(WordKind.STATUS, cell)):
            self._met.meet(WordKind.STATUS, status_word(cell), row.number, problem)

    def _read_area(self, reading: RowReading, section: str) -> None:
        """Set the stated city and county; where the words do not name one, leave it to the coordinates and
        the address of the row (``checks``, ``row_areas``).
        """
        city, county = (self._taught_area(reading, column) for column in ("city", "county"))
        if city in self._terms.counties:  # the city's own word was taught to be a county of it
            city, county = self._terms.counties[city].city_adcode, county or city
        try:
            reading.city, reading.county = self._stated_area(city, county, section)
        except InvalidInput as problem:
            reading.unclear = problem
            self._meet_unknown_areas(reading.number, city, county)

    def _taught_area(self, reading: RowReading, column: str) -> str:
        """Return what a cell with an area says, in the place of a taught word the adcode that it means."""
        cell = reading.values.get(column) or ""
        taught = self._met.mapping.taught(WordKind.AREA, cell) if cell else None
        if taught is None:
            return cell
        self._met.meet(WordKind.AREA, cell, reading.number)
        if taught.means == LEFT_OUT:
            reading.area_by_place = True
            return ""
        return taught.means[0]

    def _meet_unknown_areas(self, row: int, city: str, county: str) -> None:
        """Take note of the first of two cells that does not name an area; of two that contradict, each names one."""
        for cells in ((city, ""), ("", county)):
            try:
                self._areas.read(*cells, with_more=True)
            except InvalidInput as problem:
                self._met.meet(WordKind.AREA, "".join(cells), row, problem)
                return

    def _stated_area(self, city: str, county: str, section: str) -> tuple[str, str]:
        """Return the adcodes that a row states; the title of its section says what the row itself leaves open.

        Raises:
            InvalidInput: what the row states is unknown or may be several.
        """
        try:
            area = self._areas.read(city, county, with_more=True)
        except InvalidInput:
            if city or not section:
                raise
            return self._areas.read(section, county, with_more=True)
        outer, inner = area
        if inner and self._terms.counties[inner].city_adcode != outer:
            message = N_("{county} does not belong to {city}; correct one of the two")
            named = both_names(self._terms.counties[inner]), both_names(self._terms.cities[outer])
            raise InvalidInput("county_adcode", message, county=named[0], city=named[1])
        return area if any(area) or not section else self._areas.read("", section)

    def _read_ticks(self, reading: RowReading, row: SheetRow) -> None:
        """Add the services that the row ticks; keep the words of cells that are no ticks."""
        if not self._ticks.services:
            return
        ticked, unclear = self._ticks.of(row)
        if ticked:
            reading.services = tuple(sorted({*(reading.services or ()), *ticked}))
        if unclear:
            message = N_("“{text}” in a column of ticks is neither yes nor no; write √ or nothing")
            reading.refuse("services", message, not_taken=LIST_MARK.join(unclear), text=LIST_MARK.join(unclear))
            kept = [reading.unread["services"]] if "services" in reading.unread else []
            reading.keep_unread("services", LIST_MARK.join([*kept, *unclear]))

    def _named(self, reading: RowReading, kind: WordKind, named: NamedInCell) -> tuple[str, ...] | None:
        """Return the codes that a cell names, None if it names none; keep its unknown words."""
        column = _COLUMN_OF[kind]
        for word in named.taught:
            self._met.meet(kind, word, reading.number)
        for word, problem in named.unknown:
            self._met.meet(kind, word, reading.number, problem)
            reading.refuse(column, problem.message, not_taken=word, **problem.params)
        if named.unknown:
            reading.keep_unread(column, LIST_MARK.join(word for word, _problem in named.unknown))
        return named.codes or None

    def new_state(self, reading: RowReading) -> StationState | None:
        """Return the state of a new station; None if what makes one is wrong, with the faults added to the remarks."""
        values = reading.values
        texts: dict[str, Any] = {field: values.get(field) or "" for field in TEXTS}
        texts["source"] = values.get("source") or self._source
        form = StationForm(
            **texts,
            city_adcode=reading.city,
            county_adcode=reading.county,
            services=[Offer(code) for code in reading.services or ()],
            chains=reading.chains or (),
        )
        state = self._checked(form, reading, replace(StationForm(), source=self._source))
        history = self._histories.first(reading)
        if state is None or reading.wrong:
            return None
        if not state.address and not any(remark.column == "address" for remark in reading.remarks):
            reading.remark("address", Weight.DOUBT, N_("This is empty; please fill it in"))
        # Many stations of a list offer the same services since the same month; they share one object.
        services, history = (self._shared.setdefault(value, value) for value in (state.services, history))
        return replace(state, services=services, history=history, place=reading.place, unread=reading.unread_after(()))

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
            checked = self._checked(form, reading, station_form_of(before))
            if checked is None:
                return None
            after = replace(checked, place=before.place)
        place = before.place if reading.place is None else reading.place
        history = self._histories.later(reading, before.history)
        after = replace(after, place=place, history=history)
        return replace(after, unread=reading.unread_after(before.unread))

    def _checked(self, form: StationForm, reading: RowReading, otherwise: StationForm) -> StationState | None:
        """Return the checked state. A field that a station does not need and that is wrong has its value of
        ``otherwise``, and its words are kept. Return None if another field is wrong, with the fault added.
        """
        try:
            return check_listed_station(form, self._terms)
        except InvalidForm as several:
            told = {remark.column for remark in reading.remarks if remark.weight is not Weight.NOTE}
            for problem in several.problems:
                if COLUMN_OF.get(problem.field, problem.field) not in told:
                    reading.problem(problem.field, problem)
            if reading.wrong or any(problem.field not in UNREAD_IN for problem in several.problems):
                return None
            wrong = {problem.field: getattr(otherwise, problem.field) for problem in several.problems}
            return check_listed_station(replace(form, **wrong), self._terms)


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


def _keep_phone_remark(reading: RowReading, column: str) -> None:
    """Keep the words about a telephone number (值班) beside the record, those of a person as of the contact person."""
    cell = cell_text(column, value_in(reading.cells.get(column)) or "")
    read = read_telephone(column, cell) if cell and cell != reading.values[column] else None
    if read is not None and read.remark:
        a_person = _PERSON.search(read.remark) and not reading.values.get("contact_name")
        reading.keep_unread("contact_name" if a_person else column, read.remark)
