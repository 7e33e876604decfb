"""The city and county of a row of any register, by the one reader of areas.

They are taken from the columns of city and county, else from the address, the host or the name. Words that name no area
never cost the row of a record on file, which stays where it is.
"""

from __future__ import annotations

from typing import Any

from geo.address import read_address
from stations.errors import InvalidInput
from stations.imports.area_cells import AreaCells
from stations.imports.met_words import MetWords
from stations.imports.plan import Weight
from stations.imports.row_areas import both_names
from stations.imports.row_remarks import written
from stations.language import N_
from stations.lists.list_row import ListRow
from stations.places.area_words import SeveralCounties
from stations.places.counties import City, County
from stations.registry.record_terms import Terms

TELLING = ("address", "host", "name")
"""The columns that may tell the area of a row that states none, the more exact ones first."""


class RowAreas:
    """Reads the areas of the rows of one list."""

    def __init__(self, terms: Terms, met: MetWords) -> None:
        self._terms = terms
        self._cells = AreaCells(terms, met)
        self._by_place: set[int] = set()  # rows of which the office said that their place says their county

    def read(self, row: ListRow[Any]) -> InvalidInput | None:
        """Set the city and county that the row or the title of its section states; return what is wrong with them."""
        stated = self._cells.stated(row.number, *(row.values.get(column) or "" for column in ("city", "county")))
        if stated.by_place:
            self._by_place.add(row.number)
        try:
            row.city, row.county = self._cells.read(row.number, stated, row.section)
        except InvalidInput as problem:
            return problem
        return None

    def take_told(self, row: ListRow[Any], unclear: InvalidInput | None, *, needed: bool = True) -> None:
        """Set the area of a row of a new record that states none or an unclear one, from its other words, as a doubt;
        a fault if they do not tell it. Of several counties in one city, the city is taken. Where the area is not
        ``needed``, as a note or not at all.
        """
        if isinstance(unclear, SeveralCounties):
            cities = {self._terms.counties[adcode].city_adcode for adcode in unclear.adcodes}
            if len(cities) == 1:
                (row.city,) = cities
                _refuse_area(row, "county", unclear)
                return
        found = self._told(row)
        if found is None:
            if not needed:
                self.check_stated(row, unclear)
            elif unclear is not None:
                row.fault(_column(unclear), unclear.message, **unclear.params)
            else:
                row.fault("city", N_("Write the city or the county that it lies in"))
            return
        area, words = found
        row.city, row.county = (area.adcode, "") if isinstance(area, City) else (area.city_adcode, area.adcode)
        if unclear is not None:
            _refuse_area(row, _column(unclear), unclear)
        message = N_("No county is stated; {county} was taken from “{words}”; check it")
        weight = Weight.DOUBT if needed and row.number not in self._by_place else Weight.NOTE
        row.remark("county", weight, message, county=both_names(area), words=words)

    def check_stated(self, row: ListRow[Any], unclear: InvalidInput | None) -> None:
        """Doubt what a row of a record on file states and nobody understands."""
        if unclear is not None:
            _refuse_area(row, _column(unclear), unclear)

    def _told(self, row: ListRow[Any]) -> tuple[City | County, str] | None:
        for column in TELLING:
            words = row.values.get(column)
            read = read_address(words) if isinstance(words, str) and words else None
            if read is None or read.elsewhere or read.vague:
                continue
            if read.city is not None:
                return self._terms.cities[read.city.adcode], str(words)
            if read.place is not None:
                return self._terms.counties[read.place.county.adcode], str(words)
        return None


def _refuse_area(row: ListRow[Any], column: str, unclear: InvalidInput) -> None:
    """Doubt the words that name no one area, and keep them as those of the county."""
    row.refuse(column, unclear.message, **unclear.params)
    row.unread.pop(column, None)
    row.keep_unread("county", written(row.cells.get(column)))


def _column(problem: InvalidInput) -> str:
    return "city" if problem.field == "city_adcode" else "county"


def area_changes(row: ListRow[Any], city: str) -> dict[str, Any]:
    """Return the fields of the area that a row changes of a record in ``city``.

    A row that names only the city the record lies in says nothing of its county.
    """
    if not ({"city", "county"} & row.said.keys()) or not row.city:
        return {}
    if not row.county and row.city == city:
        return {}
    return {"city_adcode": row.city, "county_adcode": row.county or None}
