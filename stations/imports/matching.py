"""Which registered station each row belongs to, and which rows tell of one station.

A row belongs to the station whose code it names; otherwise to the one of its name in its county (or city), wherever the
row has the county from: a column, its address or its coordinates. Where several have the name there, address and place
tell them apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from geo.address import plain_address
from stations.entered_text import comparable
from stations.imports.plan import Weight
from stations.imports.row_places import metres_between
from stations.imports.row_reading import RowReading
from stations.keeping.doubles import NEAR_M
from stations.keeping.name_likeness import core_name, likeness
from stations.language import N_, ListedAsWritten
from stations.registry.record_state import Place, StationState
from stations.registry.record_terms import Terms
from stations.registry.standing import Standing
from stations.tables.table import LIST_MARK

UNLIKE = 0.4
"""If the likeness of the names is below this, the code is probably in the wrong row."""

_OURS = re.compile(r"(?:SAMPLE-)?S-")
_GATHERED = ("services", "chains")


class Matcher:
    """Finds the registered station that a row belongs to."""

    def __init__(self, standing: Mapping[str, Standing], taken: Mapping[str, str | None], terms: Terms) -> None:
        self._standing, self._taken, self._terms = standing, taken, terms
        self._by_name: dict[str, dict[str, tuple[Standing, ...]]] = defaultdict(dict)  # by area, then by name
        for one in standing.values():
            state = one.state
            name, alone = comparable(state.name), (one,)
            for area in filter(None, (state.county_adcode, state.city_adcode)):
                known = self._by_name[area]
                known[name] = known[name] + alone if name in known else alone

    def match_by_code(self, reading: RowReading) -> None:
        """Set the station whose code the row names, with remarks on a code that fits none."""
        code = reading.values.get("code") or ""
        if not code:
            return
        found = self._standing.get(code)
        if found is None:
            if code in self._taken:
                message = (
                    N_("{code} was merged into {survivor}; write that code")
                    if self._taken[code]
                    else N_("The code {code} is taken by a record that this import can't change; write another")
                )
                reading.remark("code", Weight.FAULT, message, code=code, survivor=self._taken[code])
            elif _OURS.match(code):
                reading.remark(
                    "code",
                    Weight.DOUBT,
                    N_("No station has the code {code}; check it, or leave it empty for a new station"),
                    code=code,
                )
        elif reading.name and likeness(*self._cores(reading.name, found.state)) < UNLIKE:
            reading.remark(
                "name",
                Weight.DOUBT,
                N_("{code} is called “{name}” in the registry; check whether the code stands in the right row"),
                code=code,
                name=found.state.name,
            )
        reading.match = found

    def match_by_name(self, reading: RowReading) -> None:
        """Set the station of the row's name in its area; of several, the one at its address or place."""
        if reading.match or reading.values.get("code") or not reading.area:
            return
        found = self._by_name.get(reading.area, {}).get(comparable(reading.name), ())
        if len(found) > 1:
            here = [one for one in found if _same_site(reading, one.state)]
            if len(here) != 1:
                apart = len(here) == 0 and all(_another_site(reading, one.state) for one in found)
                reading.remark(
                    "name",
                    Weight.DOUBT,
                    N_("Several stations there have this name ({codes}); write the code of the one that is meant")
                    if not apart
                    else N_("Stations of this name stand at other addresses there ({codes}); is this another one?"),
                    codes=ListedAsWritten(one.code for one in found[:5]),
                )
            found = tuple(here)
        reading.match = found[0] if len(found) == 1 else None

    def _cores(self, name: str, state: StationState) -> tuple[str, str]:
        county = self._terms.counties.get(state.county_adcode or "")
        places = [self._terms.cities[state.city_adcode].name, *([county.name] if county else [])]
        return core_name(name, places), core_name(state.name, places)


def join_continuations(readings: Iterable[RowReading]) -> None:
    """Join each row that says nothing but services or chains to the row above it."""
    above: RowReading | None = None
    for reading in readings:
        given = {name for name, cell in reading.cells.items() if cell is not None}
        if above is not None and given and given <= {*_GATHERED}:
            reading.remarks = tuple(one for one in reading.remarks if one.column in _GATHERED)
            _join(reading, above)
        else:
            above = reading


def tell_apart(readings: Iterable[RowReading]) -> None:
    """Join or refuse rows that tell of the same station; let rows of another site than the registered one be new."""
    by_station: dict[tuple[str, str], list[RowReading]] = defaultdict(list)
    for reading in readings:
        if reading.joined:
            continue
        code = reading.values.get("code") or ""
        by_name = (comparable(reading.name), reading.area)
        key = (reading.match.code, "") if reading.match else (code, "") if code else by_name
        if key[0]:
            by_station[key].append(reading)
    for rows in by_station.values():
        if len(rows) > 1:
            _tell_apart(rows)


def _tell_apart(rows: list[RowReading]) -> None:
    match = rows[0].match
    if match is not None and any(_same_site(one, match.state) for one in rows):
        for one in rows:
            if not one.values.get("code") and _another_site(one, match.state):
                one.match = None
    firsts: list[RowReading] = []
    for row in rows:
        first = next((one for one in firsts if one.match is row.match and not _sites_differ(row, one)), None)
        if first is None:
            firsts.append(row)
        elif _tells_more(row, first):
            _join(row, first)
        else:
            column = "code" if row.values.get("code") else "name"
            message = N_("This station stands in row {row} already; keep one of the two")
            row.remark(column, Weight.FAULT, message, row=first.number)


def _tells_more(row: RowReading, first: RowReading) -> bool:
    """Whether a row repeats another one, or leaves blank, all but the services or chains."""
    again, before = row.cells, first.cells
    same = all(cell is None or cell == before.get(name) for name, cell in again.items() if name not in _GATHERED)
    return same and any(again.get(name) not in (None, before.get(name)) for name in _GATHERED)


def _join(row: RowReading, first: RowReading) -> None:
    row.joined = first.number
    for column in _GATHERED:
        more = getattr(row, column)
        if more is not None:
            setattr(first, column, tuple(sorted({*(getattr(first, column) or ()), *more})))
        if words := row.unread.get(column):
            known = first.unread.get(column)
            first.keep_unread(column, f"{known}{LIST_MARK}{words}" if known else words)
            first.remarks += tuple(one for one in row.remarks if one.column == column)
    row.remarks = ()
    row.remark("name", Weight.NOTE, N_("Read with row {row}: one station over several rows"), row=first.number)


def _sites_differ(one: RowReading, other: RowReading) -> bool:
    return _apart(one.values.get("address"), one.place, other.values.get("address"), other.place)


def _another_site(reading: RowReading, state: StationState) -> bool:
    return _apart(reading.values.get("address"), reading.place, state.address, state.place)


def _same_site(reading: RowReading, state: StationState) -> bool:
    address = reading.values.get("address")
    if address and plain_address(address) == plain_address(state.address):
        return True
    return bool(reading.place and state.place and metres_between(reading.place, state.place) <= NEAR_M)


def _apart(address: str | None, place: Place | None, other_address: str | None, other_place: Place | None) -> bool:
    """Whether two sites are different ones: known to be further apart, or else of different addresses."""
    if place and other_place:
        return metres_between(place, other_place) > NEAR_M
    return bool(address and other_address and plain_address(address) != plain_address(other_address))
