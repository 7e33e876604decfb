"""The county of a row that states none or one of several, from its address or name; addresses that contradict it."""

from __future__ import annotations

from geo.address import AddressReading, read_address
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
        if reading.several is not None:
            self._settle(reading, reading.several)
        elif reading.area:
            self._doubt_contradiction(reading)
        elif not reading.wrong and reading.match is None:
            self._take_county(reading)

    def _settle(self, reading: RowReading, several: SeveralCounties) -> None:
        """Take the one of several counties where the address lies; else only their city, and keep the words."""
        address = reading.values.get("address")
        place = read_address(address).place if address else None
        if place is not None and place.county.adcode in several.adcodes:
            reading.city, reading.county = place.county.city_adcode, place.county.adcode
            return
        cities = {self._terms.counties[adcode].city_adcode for adcode in several.adcodes}
        if len(cities) > 1:
            reading.problem("county", several)
            return
        (reading.city,) = cities
        reading.remark("county", Weight.DOUBT, several.message, **several.params)
        reading.unread["county"] = reading.values["county"]

    def _take_county(self, reading: RowReading) -> None:
        texts = (reading.values.get("address"), reading.name)
        reads = [read_address(text) if text else AddressReading(()) for text in texts]
        if any(read.elsewhere for read in reads):
            return
        found: County | City
        if place := next((read.place for read in reads if read.place and read.city is None), None):
            found = self._terms.counties[place.county.adcode]
            reading.city, reading.county = found.city_adcode, found.adcode
        elif city := next((read.city for read in reads if read.city), None):
            found = self._terms.cities[city.adcode]
            reading.city = found.adcode
        else:
            return
        reading.taken = Remark(
            "county",
            Weight.DOUBT,
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


def both_names(area: City | County) -> Bilingual:
    """Return the Chinese and the English name of an area."""
    return Bilingual(area.name, area.name_en)
