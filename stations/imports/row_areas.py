"""The county of a row that states none, several or what is not understood, from its address or name; addresses that
contradict the stated one.
"""

from __future__ import annotations

from geo.address import AddressReading, read_address
from stations.errors import InvalidInput
from stations.imports.plan import Remark, Weight
from stations.imports.row_reading import RowReading
from stations.language import N_, Bilingual
from stations.places.area_words import SeveralCounties
from stations.places.counties import City, County
from stations.registry.record_terms import Terms


class AreaChecks:
    """Compares the areas of rows with their addresses."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    def check_address(self, reading: RowReading) -> None:
        """Take the county of a row without one from its address or name, or doubt an address that lies elsewhere."""
        if isinstance(reading.unclear, SeveralCounties):
            self._settle(reading, reading.unclear)
        elif reading.unclear is not None:
            self._take_instead(reading, reading.unclear)
        elif reading.county or (reading.city and reading.match is not None):
            self._doubt_contradiction(reading)
        elif not reading.wrong and reading.match is None:
            self._take_county(reading)
            if reading.city and not reading.county:
                self._doubt_contradiction(reading)

    def _settle(self, reading: RowReading, several: SeveralCounties) -> None:
        """Take the one of several counties where the address lies; else only their city, and keep the words."""
        address = reading.values.get("address")
        place = read_address(address).place if address else None
        if place is not None and place.county.adcode in several.adcodes:
            reading.city, reading.county = place.county.city_adcode, place.county.adcode
            return
        cities = {self._terms.counties[adcode].city_adcode for adcode in several.adcodes}
        if len(cities) > 1:
            self._take_instead(reading, several)
            return
        (reading.city,) = cities
        reading.refuse("county", several.message, **several.params)
        reading.unread["county"] = reading.values["county"]

    def _take_instead(self, reading: RowReading, problem: InvalidInput) -> None:
        """Take the area from the address, or leave the registered one, and keep the words that do not name it.
        A row where nothing else says its area is wrong.
        """
        if reading.match is not None:
            reading.refuse("county", problem.message, **problem.params)
            reading.settle_area("", "")
        elif found := self._area_told(reading.values.get("address")):
            reading.settle_area(*_codes(found))
            reading.remark(
                "county",
                Weight.DOUBT,
                N_("“{value}” does not name one county; {county} was taken from the address; check it"),
                value=reading.unread["county"],
                county=both_names(found),
            )
        else:
            reading.problem(problem.field, problem)

    def _area_told(self, *texts: str | None) -> County | City | None:
        """Return the county that an address or the name of a station tells, or else the city."""
        reads = [read_address(text) if text else AddressReading(()) for text in texts]
        if any(read.elsewhere for read in reads):
            return None
        if place := next((read.place for read in reads if read.place and read.city is None), None):
            return self._terms.counties[place.county.adcode]
        city = next((read.city for read in reads if read.city), None)
        return self._terms.cities[city.adcode] if city else None

    def _take_county(self, reading: RowReading) -> None:
        """Take the area of a row that states none, or the county in the city that it states."""
        found = self._area_told(reading.values.get("address"), reading.name)
        if found is None or (reading.city and (isinstance(found, City) or found.city_adcode != reading.city)):
            return
        reading.city, reading.county = _codes(found)
        reading.taken = Remark(
            "county",
            Weight.NOTE if reading.area_by_place else Weight.DOUBT,
            N_("No county is stated; {county} was taken from the address; check it"),
            {"county": both_names(found)},
        )

    def _doubt_contradiction(self, reading: RowReading) -> None:
        address = reading.values.get("address") or ""
        stated = self._terms.counties.get(reading.county) or self._terms.cities[reading.city]
        if not address or stated.name in address:  # most addresses name their county; reading them all takes long
            return
        read = read_address(address)
        if read.elsewhere:
            found: Bilingual | str = read.elsewhere
        elif not read.contradicts(reading.county or reading.city):
            return
        elif read.city is not None:
            found = both_names(self._terms.cities[read.city.adcode])
        else:
            found = both_names(self._terms.counties[read.places[0].county.adcode])
        reading.remark(
            "address",
            Weight.DOUBT,
            N_("The address lies in {found}, not in {stated}; correct one of the two"),
            found=found,
            stated=both_names(stated),
        )


def _codes(area: City | County) -> tuple[str, str]:
    """Return the adcode of the city and of the county, "" for a city."""
    return (area.adcode, "") if isinstance(area, City) else (area.city_adcode, area.adcode)


def both_names(area: City | County) -> Bilingual:
    """Return the Chinese and the English name of an area."""
    return Bilingual(area.name, area.name_en)
