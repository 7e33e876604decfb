"""The cells of a row's city and county, read with the words that its office taught."""

from __future__ import annotations

from typing import NamedTuple

from stations.errors import InvalidInput
from stations.imports.met_words import MetWords
from stations.imports.row_areas import both_names
from stations.imports.word_mapping import LEFT_OUT, WordKind
from stations.language import N_
from stations.places.area_words import AreaWords
from stations.registry.record_terms import Terms


class StatedArea(NamedTuple):
    """What the two cells say, a taught word as the adcode that it means. ``by_place``: whether a word was taught to say
    that the row's place tells its county.
    """

    city: str
    county: str
    by_place: bool = False


class AreaCells:
    """Reads the areas of the rows of one list. ``met``: gathers the words that are not understood or were taught."""

    def __init__(self, terms: Terms, met: MetWords) -> None:
        self._terms, self._met = terms, met
        self.words = AreaWords(terms.cities, terms.counties)

    def stated(self, row: int, city: str, county: str) -> StatedArea:
        """Return what the cells of a row say."""
        (city, no_city), (county, no_county) = (self._taught(row, cell) for cell in (city, county))
        if city in self._terms.counties:  # the city's own word was taught to be a county of it
            city, county = self._terms.counties[city].city_adcode, county or city
        return StatedArea(city, county, no_city or no_county)

    def _taught(self, row: int, cell: str) -> tuple[str, bool]:
        taught = self._met.mapping.taught(WordKind.AREA, cell) if cell else None
        if taught is None:
            return cell, False
        self._met.meet(WordKind.AREA, cell, row)
        return ("", True) if taught.means == LEFT_OUT else (taught.means[0], False)

    def read(self, row: int, area: StatedArea, section: str) -> tuple[str, str]:
        """Return the adcodes of the city and the county that a row states; the title of its section says what the row
        itself leaves open.

        Raises:
            InvalidInput: what the row states is unknown or may be several; its words are taken note of.
        """
        try:
            return self._read(area, section)
        except InvalidInput:
            self._meet_unknown(row, area)
            raise

    def _read(self, area: StatedArea, section: str) -> tuple[str, str]:
        try:
            found = self.words.read(area.city, area.county, with_more=True)
        except InvalidInput:
            if area.city or not section:
                raise
            return self.words.read(section, area.county, with_more=True)
        outer, inner = found
        if inner and self._terms.counties[inner].city_adcode != outer:
            message = N_("{county} does not belong to {city}; correct one of the two")
            named = both_names(self._terms.counties[inner]), both_names(self._terms.cities[outer])
            raise InvalidInput("county_adcode", message, county=named[0], city=named[1])
        return found if any(found) or not section else self.words.read("", section)

    def _meet_unknown(self, row: int, area: StatedArea) -> None:
        """Take note of the first of two cells that does not name an area; of two that contradict, each names one."""
        for cells in ((area.city, ""), ("", area.county)):
            try:
                self.words.read(*cells, with_more=True)
            except InvalidInput as problem:
                self._met.meet(WordKind.AREA, "".join(cells), row, problem)
                return
