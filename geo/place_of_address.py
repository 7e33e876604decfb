"""The place of an address: from an outside geocoder if one is configured, else from the offline reading."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from geo.address import AddressReading, read_address
from geo.counties import locate
from geo.geocoding import GeocodedPlace, Geocoder, GeocodingFailed

_log = logging.getLogger("geo.geocoding")


@dataclass(frozen=True)
class AddressAnswer:
    """The result of looking up an address.

    ``reading``: the offline reading. ``geocoded``: the geocoder's place, if it agrees with the reading.
    ``failed``: the geocoder failed, so only the reading is available.
    """

    reading: AddressReading
    geocoded: GeocodedPlace | None = None
    failed: bool = False


def place_of_address(text: str, geocoder: Geocoder | None) -> AddressAnswer:
    """Look up an address.

    Ignores a geocoder's answer that lies outside the province or in none of the counties the address may name:
    geocoders often return streets of the same name elsewhere.
    """
    reading = read_address(text)
    if geocoder is None or not text.strip() or reading.elsewhere:
        return AddressAnswer(reading)
    try:
        place = geocoder.find(text)
    except GeocodingFailed as problem:
        _log.warning("The geocoder did not answer: %s", problem)
        return AddressAnswer(reading, failed=True)
    county = locate(place.lon, place.lat) if place else None
    named = {one.county.adcode for one in reading.places}
    if county is None or (named and county.adcode not in named):
        return AddressAnswer(reading)
    return AddressAnswer(reading, geocoded=place)
