"""The place of an address: what an outside geocoder says where one is set, else the offline reading."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from geo.address import AddressReading, read_address
from geo.counties import locate
from geo.geocoding import GeocodedPlace, Geocoder, GeocodingFailed

_log = logging.getLogger("geo.geocoding")


@dataclass(frozen=True)
class AddressAnswer:
    """``reading``: what was read offline. ``geocoded``: the place to take, where the geocoder gave one
    that agrees. ``failed``: it was asked in vain, so that only the reading stands."""

    reading: AddressReading
    geocoded: GeocodedPlace | None = None
    failed: bool = False


def place_of_address(text: str, geocoder: Geocoder | None) -> AddressAnswer:
    """Where an address is. A geocoder's answer outside the province, or in none of the counties that the
    address may name, is not taken: same-named streets elsewhere are its usual mistake."""
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
