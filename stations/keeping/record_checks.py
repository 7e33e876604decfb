"""Checks shared by the forms of stations and centres: texts, place, area, chains, dates of a service.

Each check raises ``InvalidInput`` with the name of the field; ``Problems`` collects them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from geo.counties import locate
from stations.entered_text import read_text
from stations.errors import InvalidInput, Problems
from stations.language import N_
from stations.places.coordinates import check_degrees, in_order, read_place
from stations.province import province_name
from stations.readers import opening_hours
from stations.readers.telephone import read_telephone
from stations.registry.record_state import Place
from stations.registry.record_terms import Terms


def read_optional(field: str, value: str, *, limit: int) -> str | None:
    """Return the text, or None if it is empty."""
    return read_text(field, value, limit=limit, required=False) or None


def read_hours(field: str, value: str) -> str | None:
    """Return opening hours in the form in which the registry stores them (``readers.opening_hours``)."""
    read = opening_hours.read_hours(field, value)
    return read.signs if read else None


def read_phone(field: str, value: str) -> str | None:
    """Return a telephone number in the form in which the registry stores it (``readers.telephone``)."""
    read = read_telephone(field, value)
    return read.written if read else None


def read_area(city_adcode: str, county_adcode: str, terms: Terms) -> tuple[str, str | None]:
    """Return the city and, if given, the county. The city follows from a given county.

    Raises:
        InvalidInput: an adcode is unknown, or the county lies in another city.
    """
    if county_adcode:
        county = terms.counties.get(county_adcode)
        if county is None:
            raise InvalidInput(
                "county_adcode",
                N_("“{value}” is not the adcode of a county of {province}; choose one of the {count}"),
                value=county_adcode,
                province=province_name(),
                count=len(terms.counties),
            )
        if city_adcode and county.city_adcode != city_adcode:
            raise InvalidInput(
                "county_adcode",
                N_("{county} does not belong to {city}; correct one of the two"),
                county=county.name,
                city=terms.cities[city_adcode].name if city_adcode in terms.cities else city_adcode,
            )
        return county.city_adcode, county.adcode
    if not city_adcode:
        raise InvalidInput("county_adcode", N_("Choose the county, or at least the city"))
    if city_adcode not in terms.cities:
        raise InvalidInput(
            "city_adcode",
            N_("“{value}” is not the adcode of a city of {province}; choose one of the {count}"),
            value=city_adcode,
            province=province_name(),
            count=len(terms.cities),
        )
    return city_adcode, None


def read_point(lon: float | None, lat: float | None, crs: str) -> Place | None:
    """Return a place given in ``crs`` in WGS-84 degrees; None if neither coordinate is given.

    Raises:
        InvalidInput: only one coordinate is given, or the coordinate system is unknown.
        InvalidForm: one or both are not valid degrees.
    """
    if lon is None and lat is None:
        return None
    if lon is None or lat is None:
        raise InvalidInput(
            "lon" if lon is None else "lat", N_("Longitude and latitude belong together; give both or neither")
        )
    lon, lat = in_order(lon, lat)
    problems = Problems()
    problems.attempt(check_degrees, "lon", lon)
    problems.attempt(check_degrees, "lat", lat)
    problems.stop()
    point = read_place(lon, lat, crs)
    # Seven decimals of a degree are about a centimetre; further digits are rounding errors of a conversion.
    return Place(round(point[0], 7), round(point[1], 7))


def check_place_in_area(place: Place | None, city_adcode: str, county_adcode: str | None, terms: Terms) -> None:
    """Check that a place lies in the county, or else the city, that the record states.

    Raises:
        InvalidInput: it lies elsewhere; the message says where.
    """
    if place is None:
        return
    found = locate(*place)
    stated = terms.counties.get(county_adcode or "") or terms.cities[city_adcode]
    if found is not None and stated.adcode in (found.adcode, found.city_adcode):
        return
    if found is None:
        raise InvalidInput(
            "place",
            N_(
                "The coordinates lie outside {province}, not in {stated}; check them, their order "
                "(longitude first) and the coordinate system"
            ),
            province=province_name(),
            stated=stated.name,
        )
    raise InvalidInput(
        "place",
        N_("The coordinates lie in {found}, not in {stated}; correct one of the two, or confirm that both are right"),
        found=found.name,
        stated=stated.name,
    )


def read_chains(codes: Sequence[str], terms: Terms) -> tuple[str, ...]:
    """Return the codes of chains, sorted and without duplicates.

    Raises:
        InvalidInput: a code is unknown.
    """
    for code in codes:
        if code not in terms.chains:
            raise InvalidInput(
                "chains", N_("“{code}” is not in the list of industrial chains; choose one it lists"), code=code
            )
    return tuple(sorted(set(codes)))


def check_span(field: str, since: date | None, until: date | None) -> None:
    """Check that a period ends after it begins.

    Raises:
        InvalidInput: it does not.
    """
    if since and until and until <= since:
        raise InvalidInput(
            field,
            N_("A service can't end on {until}, before it began on {since}; correct the dates"),
            since=since.isoformat(),
            until=until.isoformat(),
        )
