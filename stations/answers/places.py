"""The county of a place, the places that an address may mean, and the nearest stations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.address import AddressPlace
from geo.counties import County
from stations.answers.columns import Column, Columns, distance, rounded
from stations.answers.presentation import Presentation, sample_note
from stations.language import N_, Bilingual, Language
from stations.province import province_name
from stations.registry.nearest_stations import FoundStation


@dataclass(frozen=True)
class Location:
    """Where the place that was asked about lies: its county, None outside the province. ``swapped``: latitude stood
    before longitude.
    """

    county: County | None
    swapped: bool = False


@dataclass(frozen=True)
class Nearest:
    """The nearest active stations to a place. ``outside``: it lies outside the province. ``swapped``: as in
    ``Location``.
    """

    found: Sequence[FoundStation]
    outside: bool = False
    swapped: bool = False


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
        sample_note(language, sum(one.station.sample for one in answer.found)),
    ]


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

FOUND: Columns[FoundStation] = Columns(
    Column("code", lambda one: one.station.code, N_("Record code")),
    Column("name", lambda one: Bilingual(one.station.name, one.station.name_en), N_("Name")),
    Column("adcode", lambda one: one.station.county_adcode or one.station.located_adcode, N_("Adcode")),
    Column("lon", lambda one: one.lon),
    Column("lat", lambda one: one.lat),
    Column("distance_m", lambda one: one.distance_m, N_("Distance"), show=distance, data=rounded(1)),
    Column("placed_by", lambda one: one.placed_by, N_("Place")),
    Column("unsure_services", lambda one: [service.code for service in one.unsure]),
    Column("sample", lambda one: one.station.sample),
)

NEAREST: Presentation[Nearest, FoundStation] = Presentation(
    data=lambda answer, _language: [FOUND.as_data(one) for one in answer.found],
    rows=lambda answer: answer.found,
    columns=lambda _answer: FOUND.take("code", "name", "adcode", "distance_m", "placed_by"),
    notes=_nearest_notes,
)
"""The nearest active stations: WGS-84 degrees and metres."""
