"""Finding places, services and the nearest stations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from stations.commands.call import Call, Output
from stations.commands.declaring import AS_OF, argument, command, option
from stations.commands.parameter_types import COORDINATE_SYSTEM, DEGREES, POSITIVE
from stations.errors import NotFound
from stations.language import N_

if TYPE_CHECKING:
    from stations.registry.by_time import ByTime
    from stations.registry.nearest_stations import StationFacts
    from stations.registry.who_offers import WhoOffers

LON = argument("lon", type=DEGREES, help=N_("Degrees of longitude, east of Greenwich."))
LAT = argument("lat", type=DEGREES, help=N_("Degrees of latitude, north of the equator."))
IN_CRS = option(
    "--crs",
    type=COORDINATE_SYSTEM,
    default="wgs84",
    told_default="wgs84",
    metavar="CRS",
    help=N_("The coordinate system of the place."),
)
_NEAR_M = 20_000


@command(LON, LAT, IN_CRS, needs_database=False)
def locate_command(call: Call, lon: float, lat: float, crs: str) -> Output:
    """Return the county that contains a place."""
    from geo.counties import locate
    from stations.answers.places import LOCATION, Location
    from stations.places.coordinates import in_order, read_place

    return Output(LOCATION, Location(locate(*read_place(lon, lat, crs)), swapped=in_order(lon, lat) != (lon, lat)))


@command(
    argument(
        "text",
        nargs=-1,
        required=True,
        metavar="TEXT...",
        help=N_("The address, in Chinese or English, or an adcode."),
    ),
    needs_database=False,
)
def address_command(_call: Call, text: tuple[str, ...]) -> Output:
    """Return the places that an address may mean."""
    from geo.address import read_address
    from stations.answers.places import ADDRESS

    return Output(ADDRESS, read_address(" ".join(text)).places)


@command(
    LON,
    LAT,
    IN_CRS,
    option("--k", type=POSITIVE, default=5, told_default="5", metavar="N", help=N_("How many.")),
    option(
        "--service",
        multiple=True,
        metavar="CODE",
        help=N_("A service that they offer, by its code or name in the catalogue."),
    ),
    option("--by-road", is_flag=True, help=N_("The soonest by car first, where roads are imported.")),
    AS_OF,
)
def nearest_command(
    call: Call, lon: float, lat: float, crs: str, k: int, service: tuple[str, ...], by_road: bool, as_of: date | None
) -> Output:
    """Return the nearest active stations; of the services wanted, several together where none offers all."""
    from geo.counties import locate
    from stations.answers.places import NEAREST, Nearest
    from stations.catalogue.words import service_codes
    from stations.places.coordinates import in_order, read_place
    from stations.registry.nearest_stations import Search, station_facts
    from stations.registry.who_offers import find_who_offers

    real_lon, real_lat = read_place(lon, lat, crs)
    with call.reading() as session:
        services = service_codes(session, service)
        by_time = _time_by_road(real_lon, real_lat) if by_road else None
        search = Search(real_lon, real_lat, as_of or call.today, call.samples, station_facts, by_time=by_time)
        who = find_who_offers(session, search, services, k)
    seconds, off_road = None, False
    if by_road:
        who, seconds = _soonest_first(who, real_lon, real_lat)
        off_road = by_time is None
    # A place near a station is not looked up: the outlines and their libraries take a second to load.
    near = any(one.found.distance_m < _NEAR_M for one in who.offers)
    outside = not near and locate(real_lon, real_lat) is None
    swapped = in_order(lon, lat) != (lon, lat)
    return Output(NEAREST, Nearest(who, outside, swapped, seconds, off_road))


def _time_by_road(lon: float, lat: float) -> ByTime | None:
    from stations.planning.nearest_by_road import by_road

    return by_road(lon, lat)


def _soonest_first(
    who: WhoOffers[StationFacts], lon: float, lat: float
) -> tuple[WhoOffers[StationFacts], dict[str, float]]:
    """Return the offers in the order in which they are reached by car, and the seconds to each station, by its code.

    Raises:
        NotFound: no roads are imported.
    """
    from stations.planning.nearest_by_road import road_seconds
    from stations.planning.travel import NO_ROADS

    seconds = road_seconds(lon, lat, [one.found for one in who.offers])
    if seconds is None:
        raise NotFound(NO_ROADS)
    offers = sorted(who.offers, key=lambda one: (seconds[one.found.station.code], one.found.distance_m))
    return replace(who, offers=tuple(offers)), seconds


@command(argument("query", nargs=-1, metavar="[QUERY]...", help=N_("What is looked for, in your own words.")))
def services_command(call: Call, query: tuple[str, ...]) -> Output:
    """Return the services that match a query, or the whole catalogue."""
    from stations.answers.services import CATALOGUE, find_services

    with call.reading() as session:
        return Output(CATALOGUE, find_services(session, " ".join(query)))
