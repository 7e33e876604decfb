"""The small pages: coverage, the nearest stations, one station, and how to embed them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from babel.dates import get_day_names
from sqlalchemy.orm import Session
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from geo.counties import county_layer
from geo.province import province_in_use
from portal import language
from portal.api.embed.drawing import draw_counties
from portal.api.embed.frame import embedded, small_page
from portal.api.embed.oembed import oembed
from portal.api.inquiry import Inquiry
from portal.embeddable import EMBEDDABLE
from portal.own_address import own_address
from portal.plain_page import plain_page
from portal.settings import settings
from stations.answers.columns import distance_or_county
from stations.answers.places import nobody_in_words, offers_in_words
from stations.catalogue.service import list_groups
from stations.coverage.county_coverage import RULE, CountyCoverage, CoverageStatus, coverage_on
from stations.errors import InvalidInput
from stations.language import LANGUAGES, N_, Bilingual, Language, label
from stations.open_data.hsds.schedule import DAYS, weekly
from stations.places.area_names import area_name
from stations.places.area_words import areas_on_file
from stations.places.coordinates import in_order, read_degrees, read_place
from stations.places.counties import get_county, list_cities
from stations.readers.dates import read_day
from stations.registry.station import get_station, get_status
from stations.registry.who_offers import WhoOffers, who_offers

NEAREST = 5


def _day(request: Request, asked: Inquiry) -> Any:
    written = request.query_params.get("as_of")
    return read_day("as_of", written) if written else asked.today


def _area(session: Session, request: Request) -> str:
    """Return the adcode of the city or county that is asked about; the province's without one."""
    areas = areas_on_file(session)
    if county := request.query_params.get("county"):
        return areas.read_county("county", county)
    if not (city := request.query_params.get("city")):
        return province_in_use().adcode
    adcode = areas.find_area("city", city)
    if not adcode:
        raise InvalidInput("city", N_("“{value}” is not the name or adcode of an area of the province"), value=city)
    return adcode


def _within(one: CountyCoverage, adcode: str) -> bool:
    return adcode in (one.county.adcode, one.county.city_adcode, province_in_use().adcode)


@embedded
def coverage(request: Request, asked: Inquiry) -> Response:
    """Return the map of the counties by coverage, of the province, a city or one county."""
    spoken, day = asked.language, _day(request, asked)
    with asked.reading() as session:
        adcode = _area(session, request)
        found = coverage_on(session, day, samples=asked.samples)
        counties = [one for one in found.counties if _within(one, adcode)]

        def words(one: CountyCoverage) -> str:
            return f"{spoken.pick(one.county.name, one.county.name_en)}: {label(spoken, one.status)}"

        area = spoken.pick(*area_name(adcode))
        one_county = len(counties) == 1 and adcode == counties[0].county.adcode
        told = spoken.translate(
            N_("{area} on {date}: {status}")
            if one_county
            else N_("{area} on {date}: {covered} of {total} counties covered"),
            area=area,
            date=spoken.format_date(day),
            covered=sum(one.covered for one in counties),
            total=len(counties),
            status=label(spoken, counties[0].status),
        )
        return small_page(
            request,
            spoken,
            "embed_coverage.html",
            title=spoken.translate(N_("Coverage by service stations: {area}"), area=area),
            told=told,
            map=draw_counties(counties, words, told),
            legend=[
                (status.value, label(spoken, status), count)
                for status in reversed(CoverageStatus)
                if (count := sum(one.status is status for one in counties)) or not one_county
            ],
            uncovered=[
                spoken.pick(one.county.name, one.county.name_en)
                for one in counties
                if not (one.covered or one_county)
            ],
            rule=spoken.translate(RULE),
            samples=sum(one.sample_stations for one in counties),
            review=settings().map_review_number,
            path=f"/county?code={adcode}" if one_county else f"/coverage?as_of={day}",
        )


@embedded
def nearest(request: Request, asked: Inquiry) -> Response:
    """Return a form for a county and a service, and the nearest stations where both or a place are given."""
    spoken, query = asked.language, request.query_params
    chosen = [one for part in query.getlist("services") for one in part.split(",") if one.strip()]
    with asked.reading() as session:
        place = _place(session, request)
        who = None
        if place is not None:
            who = who_offers(
                session,
                *place,
                as_of=_day(request, asked),
                samples=asked.samples,
                services=[one.strip() for one in chosen],
                k=NEAREST,
            )
        county = query.get("county")
        return small_page(
            request,
            spoken,
            "embed_nearest.html",
            cities=list_cities(session),
            groups=list_groups(session),
            county=areas_on_file(session).read_county("county", county) if county else "",
            chosen={one.strip() for one in chosen},
            kept={name: query[name] for name in ("lang", "sample", "as_of", "lon", "lat") if query.get(name)},
            found=None if who is None else _found(who, spoken),
            notes=[] if who is None else [nobody_in_words(who, spoken), offers_in_words(who, spoken)],
            pick=spoken.pick,
            path="/find",
        )


def _place(session: Session, request: Request) -> tuple[float, float] | None:
    """Return the place that is asked about in WGS-84 degrees: coordinates, or else a point inside a county."""
    lon, lat, county = (request.query_params.get(name) for name in ("lon", "lat", "county"))
    if lon or lat:
        return read_place(*in_order(read_degrees("lon", lon or ""), read_degrees("lat", lat or "")))
    if county:
        found = county_layer().get(areas_on_file(session).read_county("county", county))
        return found.lon, found.lat
    return None


def _found(who: WhoOffers, spoken: Language) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for offer in who.offers:
        station = offer.found.station
        county = Bilingual(station.county.name, station.county.name_en) if station.county else None
        rows.append(
            {
                "code": station.code,
                "name": spoken.pick(station.name, station.name_en),
                "address": station.address,
                "phone": station.phone,
                "sample": station.sample,
                "distance": distance_or_county(offer.found.told_m, county, spoken),
            }
        )
    return rows


@embedded
def station(request: Request, asked: Inquiry) -> Response:
    """Return one station on a card."""
    spoken, code = asked.language, request.query_params.get("code", "")
    with asked.reading() as session:
        found = get_station(session, code, samples=asked.samples)
        status = get_status(session, found, _day(request, asked))
        county = get_county(session, found.county_adcode) if found.county_adcode else None
        return small_page(
            request,
            spoken,
            "embed_station.html",
            station=found,
            name=spoken.pick(found.name, found.name_en),
            standing=label(spoken, status) if status else "",
            county=spoken.pick(*area_name(county.adcode)) if county else "",
            hours=_week(found.hours, asked),
            path=f"/station?{urlencode({'code': found.code})}",
        )


def _week(hours: str | None, asked: Inquiry) -> list[str]:
    """Return the hours of this week, one line for the days with the same times."""
    names = get_day_names("abbreviated", locale=LANGUAGES[asked.language.code].locale)
    return [
        f"{asked.language.join(names[DAYS.index(day)] for day in rule['byday'].split(','))}"
        f" {rule['opens_at'][:5]}–{rule['closes_at'][:5]}"
        for rule in weekly(hours, asked.today)
    ]


def how_to(request: Request) -> Response:
    """Return the page that tells how to embed, with the code to copy."""
    spoken, base = language.of_request(request), own_address(request)
    return plain_page(
        request,
        "embedding.html",
        base=base,
        other_languages=language.other_languages(spoken, "/embed"),
        examples=[(spoken.translate(one.title), one.code(base, one.example(), spoken)) for one in EMBEDDABLE],
        origins=settings().embed_origins,
    )


routes: list[BaseRoute] = [
    Route("/embed", how_to),
    Mount(
        "/embed",
        routes=[Route("/coverage", coverage), Route("/nearest", nearest), Route("/station", station)],
        middleware=[Middleware(GZipMiddleware)],
    ),
    Route("/oembed", oembed),
]
