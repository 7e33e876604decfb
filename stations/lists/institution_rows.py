"""How the rows of a list become an institution: the institution itself, its lines of scope and its stations."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from stations.catalogue.words import CatalogueWords
from stations.entered_text import comparable
from stations.errors import InvalidInput
from stations.imports.word_mapping import WordKind
from stations.language import N_, Worded
from stations.lists.institution_columns import kind_in_name
from stations.lists.list_row import ListRow
from stations.lists.named_records import NamedRecords
from stations.lists.register import Occasion, RowMaker
from stations.lists.row_areas import RowAreas, area_changes
from stations.lists.scope_lines import LINE_FIELDS, ListedLine, lines_of_row, note_ended, scope_after
from stations.readers.credit_code import has_wrong_check_character, is_certain, read_credit_code
from stations.registry.institution_state import InstitutionState, StationLink
from stations.registry.institutions import InstitutionKind
from stations.tables.table import LIST_MARK

Row = ListRow[InstitutionState]

_TEXTS = ("name", "name_en", "kind", "credit_code", "address", "phone", "source")
_SAID_ONCE = (*_TEXTS, "centre")


class InstitutionRows(RowMaker[InstitutionState]):
    """Reads the rows of one list. ``stations``, ``centres``: those that a row can name, code → name."""

    def __init__(self, occasion: Occasion, stations: Mapping[str, str], centres: Mapping[str, str]) -> None:
        terms = occasion.terms
        self._occasion = occasion
        self._areas = RowAreas(terms, occasion.met)
        self._unclear: dict[int, InvalidInput | None] = {}
        taught = occasion.met.mapping.of(WordKind.SERVICE)
        self._words = CatalogueWords(terms.services, terms.chains, taught)
        self._stations, self._centres = NamedRecords(stations), NamedRecords(centres)

    def prepare(self, row: Row) -> None:
        """Read the area that a row states. A credit code with a wrong check character is taken as it is printed: that
        it is so, importing the doubtful row says.
        """
        written = str(row.cells.get("credit_code") or "")
        if "credit_code" in row.cell_problems and has_wrong_check_character(written):
            del row.cell_problems["credit_code"]
            code = {"credit_code": read_credit_code("credit_code", written, as_printed=True)}
            row.values, row.said = {**row.values, **code}, {**row.said, **code}
        self._unclear[row.number] = self._areas.read(row)

    def keys(self, row: Row) -> Sequence[Hashable]:
        """Return the credit code, and the name."""
        credit_code, name = row.values.get("credit_code"), row.values.get("name")
        keys: list[Hashable] = [("credit_code", credit_code)] if credit_code else []
        return [*keys, ("name", comparable(name))] if name else keys

    def make(self, rows: Sequence[Row], before: InstitutionState | None) -> InstitutionState | None:
        """Return the institution after the import."""
        first = rows[0]
        said = _said_together(rows)
        if before is None and not said.get("name"):
            first.fault("name", N_("This is empty; please fill it in"))
            return None
        if (code := said.get("credit_code")) and not is_certain(code):
            message = N_(
                "“{value}” is probably mistyped: its last character does not fit the others. Compare it with the "
                "business licence; if it is printed so there, import this doubtful row as it is"
            )
            first.doubt("credit_code", message, value=code)
        cleared: dict[str, Any] = dict.fromkeys(first.cleared)
        given: dict[str, Any] = cleared | {field: said[field] for field in _TEXTS if said.get(field)}
        state = replace(before, **given) if before else self._new(first, given)
        state = self._with_area(rows, state, new=before is None)
        centre = self._centre(first, state, said)
        if first.wrong:
            return None
        state = replace(state, centre=centre)
        lines: dict[int, Sequence[ListedLine]] = {
            row.number: lines_of_row(row, self._occasion.terms.services, self._words, self._occasion.met)
            for row in rows
        }
        for row in rows:
            note_ended(row, lines[row.number], self._occasion.today)
        scope = scope_after(rows, lines, before.scope if before else (), state.kind, replaces=self._occasion.replaces)
        stations = self._stations_named(rows)
        unread = state.unread
        for row in rows:
            unread = row.unread_after(unread, besides=LINE_FIELDS if lines[row.number] else ())
        state = replace(state, unread=unread)
        if stations is None:
            return replace(state, scope=scope)
        today = self._occasion.today
        return replace(state, scope=scope, stations=links_after(state.stations, stations, today, new=before is None))

    def _new(self, first: Row, given: Mapping[str, Any]) -> InstitutionState:
        kind = given.get("kind") or kind_in_name(given["name"])
        if kind is None:
            kind = InstitutionKind.TESTING
            message = N_("Neither the list nor the name says what kind of institution this is; it is taken for {kind}")
            first.doubt("kind", message, kind=Worded(kind.label))
        return InstitutionState(**{"source": self._occasion.source, **given, "kind": kind})

    def _with_area(self, rows: Sequence[Row], state: InstitutionState, *, new: bool) -> InstitutionState:
        """Return the state with the area that the rows state; of a new institution else the one its address tells."""
        row = next((one for one in rows if one.city), rows[0])
        unclear = next((problem for one in rows if (problem := self._unclear[one.number])), None)
        if new:
            if not row.city:
                self._areas.take_told(row, unclear, needed=False)
            return replace(state, city_adcode=row.city or None, county_adcode=row.county or None)
        self._areas.check_stated(row, unclear)
        return replace(state, **area_changes(row, state.city_adcode or ""))

    def _centre(self, first: Row, state: InstitutionState, said: Mapping[str, Any]) -> str | None:
        """Return the code of the centre that the institution is, if its kind says so; a fault if there is none."""
        if state.kind is not InstitutionKind.CENTRE:
            return None
        if state.centre and not said.get("centre"):
            return state.centre
        word = said.get("centre") or state.name
        try:
            return self._centres.code("centre", word)
        except InvalidInput:
            first.fault(
                "centre",
                N_(
                    "No centre on file has the code or name “{word}”; write the code of its record, or another kind of "
                    "institution"
                ),
                word=word,
            )
            return None

    def _stations_named(self, rows: Sequence[Row]) -> tuple[str, ...] | None:
        """Return the codes of the stations that the rows name, None if they name none."""
        codes: dict[str, None] = {}
        read: set[str] = set()
        for row in rows:
            cell = row.values.get("stations")
            if not cell or cell in read:
                continue
            read.add(cell)
            unknown: list[str] = []
            for word in self._stations.words.read(cell):
                try:
                    codes[self._stations.code("stations", word)] = None
                except InvalidInput as problem:
                    row.refuse("stations", problem.message, not_taken=word, **problem.params)
                    unknown.append(word)
            row.keep_unread("stations", LIST_MARK.join(unknown))
        return tuple(sorted(codes)) or None


def _said_together(rows: Sequence[Row]) -> dict[str, Any]:
    """Return what the rows of one institution say of it: column → value of the first row that says it. Doubt what a
    later row says otherwise.
    """
    said: dict[str, Any] = {}
    told_by: dict[str, int] = {}
    for row in rows:
        for column in _SAID_ONCE:
            value = row.said.get(column)
            if value is None:
                continue
            if column not in said:
                said[column], told_by[column] = value, row.number
            elif said[column] != value:
                message = N_("Row {row} says “{value}” here; that counts. Write the same in every row")
                row.doubt(column, message, row=told_by[column], value=_written(said[column]))
    return said


def _written(value: Any) -> Any:
    return Worded(value.label) if isinstance(value, InstitutionKind) else value


def links_after(
    held: Sequence[StationLink], named: Sequence[str], today: date, *, new: bool
) -> tuple[StationLink, ...]:
    """Return the stations after an import whose list names those that the institution works for ``today``; since when,
    the list of a ``new`` institution does not say.

    Links that have ended or begin later stay as they are, unless the list names the station.
    """
    after: dict[str, StationLink] = {}
    for link in held:
        begun = link.since is None or link.since <= today
        ended = link.until is not None and link.until <= today
        if not begun or ended or link.station in named:
            after[link.station] = link
        elif link.since != today:
            after[link.station] = replace(link, until=today)
    for code in named:
        standing = after.get(code)
        if standing is None or (standing.until is not None and standing.until <= today):
            after[code] = StationLink(code, None if new else today)
    return tuple(after[code] for code in sorted(after))
