"""The county of a place, the places that an address may mean, and the nearest stations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.counties import County
from stations.answers.columns import Column, Columns, distance, distance_or_county, rounded, way
from stations.answers.presentation import Presentation, sample_note
from stations.catalogue.service import Service
from stations.language import N_, Bilingual, Language
from stations.planning.travel_measure import TravelUnit
from stations.province import province_name
from stations.registry.nearest_stations import FoundStation, RecordT, StationFacts
from stations.registry.who_offers import Offer, WhoOffers

if TYPE_CHECKING:
    from geo.address import AddressPlace


@dataclass(frozen=True)
class Location:
    """Where the place that was asked about lies: its county, None outside the province. ``swapped``: latitude stood
    before longitude.
    """

    county: County | None
    swapped: bool = False


@dataclass(frozen=True)
class Nearest:
    """The active stations near a place that offer what is wanted. ``outside``: it lies outside the province.
    ``swapped``: as in ``Location``. ``seconds``: by car to each station, by its code, where that was asked for;
    ``off_road``: the road data has no road near the place.
    """

    who: WhoOffers[StationFacts]
    outside: bool = False
    swapped: bool = False
    seconds: Mapping[str, float] | None = None
    off_road: bool = False


OFF_ROAD = N_("The road data has no road near this place, so no time by car is known.")

LOCATED: Columns[County | None] = Columns(
    Column("adcode", lambda county: county and county.adcode, N_("Adcode")),
    Column(
        "name",
        lambda county: county and Bilingual(county.name, county.name_en),
        N_("Name"),
        show=lambda name, language: language.pick(*name) if name else language.translate(N_("outside the province")),
    ),
    Column("city", lambda county: county and Bilingual(county.city, county.city_en), N_("City")),
)


def _swapped_note(answer: Location | Nearest, language: Language) -> str:
    return language.translate(N_("Latitude stood before longitude; they were put in order")) if answer.swapped else ""


def _nearest_notes(answer: Nearest, language: Language) -> list[str]:
    outside = N_("The place lies outside {province}; the stations are those of {province} only")
    return [
        _swapped_note(answer, language),
        language.translate(outside, province=province_name()) if answer.outside else "",
        language.translate(OFF_ROAD) if answer.off_road else "",
        nobody_in_words(answer.who, language),
        offers_in_words(answer.who, language),
        sample_note(language, sum(one.found.station.sample for one in answer.who.offers)),
    ]


def nobody_in_words(who: WhoOffers[RecordT], language: Language, *, filtered: bool = False) -> str:
    """Return which wanted services nobody offers; "" if there are none.

    ``filtered``: stations were also chosen by other things than the services.
    """
    if not who.nobody:
        return ""
    told = language.translate(
        N_("No station that fits these filters offers: {services}.")
        if filtered
        else N_("No active station offers: {services}."),
        services=_named(who.nobody, language),
    )
    return language.translate(N_("{nobody} What follows is for the rest."), nobody=told) if who.offers else told


def offers_in_words(who: WhoOffers[RecordT], language: Language) -> str:
    """Return that several stations share what is wanted, or that a nearer one offers a part of it; else ""."""
    if who.together:
        return language.translate(
            N_("No station offers all of it. These do it together, each the nearest for its part:")
        )
    if who.nearer is None:
        return ""
    station = who.nearer.found.station
    return language.translate(
        N_("All of it is offered only farther away. Nearer by, {station} ({distance}) does {services}."),
        station=language.pick(station.name, station.name_en),
        distance=distance_in_words(who.nearer.found, language),
        services=_named(who.nearer.services, language),
    )


def shares_in_words(shares: Iterable[Offer], language: Language) -> str:
    """Return which station does what of services that are shared out."""
    return language.join(
        language.translate(
            N_("{station} ({distance}): {services}"),
            station=language.pick(one.found.station.name, one.found.station.name_en),
            distance=distance_in_words(one.found, language),
            services=_named(one.services, language),
        )
        for one in shares
    )


def distance_in_words(found: FoundStation[RecordT], language: Language) -> str:
    """Return how far a station is, or the county that it is in if no more is known of both places."""
    county = found.station.county
    return distance_or_county(found.told_m, Bilingual(county.name, county.name_en) if county else None, language)


def _named(services: Iterable[Service], language: Language) -> str:
    return language.join(language.pick(service.name_zh, service.name_en) for service in services)


LOCATION: Presentation[Location, County | None] = Presentation(
    data=lambda place, _language: LOCATED.as_data(place.county),
    rows=lambda place: [place.county],
    columns=lambda _place: LOCATED.take("adcode", "name", "city"),
    notes=lambda place, language: [_swapped_note(place, language)],
)
"""The county that contains a place."""

ADDRESSED: Columns[AddressPlace] = Columns(
    Column("adcode", lambda place: place.county.adcode, N_("Adcode")),
    Column("name", lambda place: Bilingual(place.county.name, place.county.name_en), N_("Name")),
    Column("city", lambda place: Bilingual(place.county.city, place.county.city_en), N_("City")),
    Column("town_code", lambda place: place.town and place.town.code),
    Column("town", lambda place: place.town and Bilingual(place.town.name, place.town.name_en), N_("Town")),
    Column("town_lon", lambda place: place.town and place.town.point and place.town.point[0]),
    Column("town_lat", lambda place: place.town and place.town.point and place.town.point[1]),
)

ADDRESS: Presentation[Sequence[AddressPlace], AddressPlace] = Presentation(
    data=lambda places, _language: [ADDRESSED.as_data(place) for place in places],
    rows=lambda places: places,
    columns=lambda _places: ADDRESSED.take("adcode", "name", "city", "town"),
    notes=lambda places, language: (
        []
        if places
        else [language.translate(N_("No county or town of {province} was found in it"), province=province_name())]
    ),
)
"""Every place that an address may mean."""

FOUND: Columns[Offer[StationFacts]] = Columns(
    Column("code", lambda one: one.found.station.code, N_("Record code")),
    Column("name", lambda one: Bilingual(one.found.station.name, one.found.station.name_en), N_("Name")),
    Column("adcode", lambda one: one.found.station.county_adcode or one.found.station.located_adcode, N_("Adcode")),
    Column("lon", lambda one: one.found.lon),
    Column("lat", lambda one: one.found.lat),
    Column("distance_m", lambda one: one.found.told_m, N_("Distance"), show=distance, data=rounded(1)),
    Column("placed_by", lambda one: one.found.placed_by, N_("Place")),
    Column(
        "services",
        lambda one: one.services,
        N_("Services"),
        show=lambda services, language: _named(services, language),
        data=lambda services: [service.code for service in services],
    ),
    Column("unsure_services", lambda one: [service.code for service in one.found.unsure]),
    Column("sample", lambda one: one.found.station.sample),
)


def _by_car(seconds: Mapping[str, float]) -> Column[Offer[StationFacts]]:
    return Column(
        "by_car", lambda one: seconds.get(one.found.station.code), N_("By car"), show=way(TravelUnit.SECONDS)
    )


def _found_data(one: Offer[StationFacts], answer: Nearest) -> dict[str, Any]:
    """Return a station as JSON data; its seconds by car, if asked for, null where no way is known."""
    if answer.seconds is None:
        return FOUND.as_data(one)
    seconds = answer.seconds.get(one.found.station.code, math.inf)
    return FOUND.as_data(one) | {"seconds": round(seconds, 1) if math.isfinite(seconds) else None}


NEAREST: Presentation[Nearest, Offer[StationFacts]] = Presentation(
    data=lambda answer, _language: [_found_data(one, answer) for one in answer.who.offers],
    rows=lambda answer: answer.who.offers,
    columns=lambda answer: [
        *FOUND.take("code", "name", "adcode", "distance_m"),
        *([_by_car(answer.seconds)] if answer.seconds is not None else []),
        *FOUND.take("placed_by", *(["services"] if answer.who.wanted else [])),
    ],
    notes=_nearest_notes,
)
"""The nearest active stations that offer what is wanted, or each a part of it: WGS-84 degrees and metres."""
