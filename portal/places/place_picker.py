"""Entering a firm's location: by the browser's position, address, county, coordinates, or a click on a map.

The location is stored in the page's address: ``?adcode=…`` (optionally with ``town=…``), or
``?lon=120.98&lat=31.39&crs=gcj02`` (WGS-84 by default; ``accuracy`` in metres if given by the browser), or
``?address=昆山市玉山镇``, optionally together with the location found for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from geo.address import AddressReading, read_address
from geo.counties import locate
from geo.gazetteer import Town, UnknownTown, get_town
from portal.address_choice import text_in_address
from portal.language import N_, _, current, pick
from portal.places.address_search import draw_address_search
from portal.places.coordinate_systems import DEFAULT_CRS, SYSTEMS
from portal.places.county_name import county_name
from portal.places.my_location import draw_my_location
from stations.errors import InvalidInput
from stations.places.coordinates import in_order, read_degrees, read_degrees_pair, read_place
from stations.places.counties import County, get_county, list_counties
from stations.province import example, province_name

PARAMETERS = ("adcode", "town", "lon", "lat", "crs", "accuracy", "address")
_METRES = re.compile(r"[0-9]{1,9}")
_PROBLEM = "place_degrees_problem"


@dataclass(frozen=True)
class FirmPlace:
    """A firm's location in WGS-84 degrees, and the county that contains it; None outside the province.

    ``exact``: False if only the county or town is known; the position is then a point of the town, or of the county.
    ``accuracy_m``: the accuracy of the browser's position. ``address``: as typed.
    """

    lon: float
    lat: float
    county: County | None
    exact: bool
    town: Town | None = None
    accuracy_m: int | None = None
    address: str = ""

    @property
    def in_town(self) -> bool:
        """Whether the position is known better than by the county."""
        return self.exact or bool(self.town and self.town.point)


def place_from_address(session: Session) -> FirmPlace | None:
    """Return the location in the page's address; None if there is none.

    Raises:
        InvalidInput: the coordinates can't be read.
        NotFound: there is no county with that adcode.
    """
    query = st.query_params
    if "lon" in query or "lat" in query:
        lon, lat = read_place(_degrees("lon"), _degrees("lat"), query.get("crs", DEFAULT_CRS))
        county = locate(lon, lat)
        told = query.get("accuracy", "")
        return FirmPlace(
            lon,
            lat,
            get_county(session, county.adcode) if county else None,
            exact=True,
            accuracy_m=int(told) if _METRES.fullmatch(told) else None,
            address=text_in_address("address"),
        )
    if "adcode" in query:
        return _in_county(get_county(session, text_in_address("adcode")), _town(text_in_address("town")))
    if (reading := reading_of_address()) and (place := reading.place):
        return _in_county(get_county(session, place.county.adcode), place.town)
    return None


def reading_of_address() -> AddressReading | None:
    """Return the parsed address typed by the visitor, if the page's address contains no location."""
    typed = text_in_address("address")
    if not typed or {"adcode", "lon", "lat"} & set(st.query_params):
        return None
    return read_address(typed)


def _in_county(county: County, town: Town | None) -> FirmPlace:
    known = town if town and town.adcode == county.adcode else None
    lon, lat = (known and known.point) or (county.lon, county.lat)
    return FirmPlace(lon, lat, county, exact=False, town=known, address=text_in_address("address"))


def _town(code: str) -> Town | None:
    try:
        return get_town(code)
    except UnknownTown:
        return None


def _degrees(name: str) -> float:
    text = st.query_params.get(name, "")
    if not text:
        message = N_("Longitude and latitude are both needed, as degrees such as {lon} and {lat}")
        raise InvalidInput(name, message, lon=example().lon, lat=example().lat)
    return read_degrees(name, text)


def say_where(**place: str | float) -> None:
    """Replace the location in the page's address."""
    for name in PARAMETERS:
        st.query_params.pop(name, None)
    st.query_params.update({name: str(value) for name, value in place.items()})


def draw_place_picker(session: Session, place: FirmPlace | None) -> None:
    """Draw the ways to enter a location, and the one understood; a choice is written to the address."""
    draw_my_location(PARAMETERS)
    draw_address_search(reading_of_address(), say_where)
    if place:
        st.html(Markup('<p class="understood" role="status">{}</p>').format(_understood(place)))
    _draw_counties(list_counties(session), place)
    with st.expander(_("By coordinates"), expanded="crs" in st.query_params, key="place_coordinates"):
        _draw_coordinates()


def place_in_words(place: FirmPlace) -> str:
    """Return where a firm is, to the county and, if known, the town."""
    if place.county is None:
        return _("A place outside {province}", province=province_name())
    name = county_name(place.county)
    return f"{name} {pick(place.town.name, place.town.name_en)}" if place.town else name


def _understood(place: FirmPlace) -> Markup:
    name = place_in_words(place)
    if place.town and place.town.point:
        note = _(
            "distances are from a point in the town that GeoNames gives, near but not surveyed; "
            "click your place on the map to be exact"
        )
    elif place.town:
        note = _(
            "only the county's position is on record, not the town's: distances are from a point inside the county; "
            "click your place on the map to be exact"
        )
    elif not place.exact:
        note = _("distances are from a point inside the county; click your place on the map to be exact")
    elif place.accuracy_m is not None:
        note = _("your device's position, true to {distance}", distance=current().format_distance(place.accuracy_m))
    else:
        note = _("WGS-84 {lon}, {lat}", lon=f"{place.lon:.4f}", lat=f"{place.lat:.4f}")
    return Markup("{} <strong>{}</strong> <span>{}</span>").format(_("Understood:"), name, note)


def _draw_counties(counties: list[County], place: FirmPlace | None) -> None:
    cities = {county.city_adcode: county.city for county in counties}
    if place:
        st.session_state["place_city"] = place.county.city_adcode if place.county else None
        st.session_state["place_county"] = place.county.adcode if place.county else None

    def change_city() -> None:
        st.session_state["place_county"] = None
        say_where()

    def change_county() -> None:
        if adcode := st.session_state["place_county"]:
            say_where(adcode=adcode)

    left, right = st.columns(2)
    with left:
        city = st.selectbox(
            _("City"),
            list(cities),
            index=None,
            key="place_city",
            format_func=lambda adcode: pick(cities[adcode].name, cities[adcode].name_en),
            placeholder=_("Choose the city"),
            filter_mode="contains",
            on_change=change_city,
        )
    within = {county.adcode: county for county in counties if county.city_adcode == city}
    with right:
        st.selectbox(
            _("County, city or district"),
            list(within),
            index=None,
            key="place_county",
            format_func=lambda adcode: pick(within[adcode].name, within[adcode].name_en),
            placeholder=_("Choose the county") if city else _("First the city"),
            disabled=not city,
            filter_mode="contains",
            on_change=change_county,
        )


def _draw_coordinates() -> None:
    _show_those_in_the_address()
    with st.form("place_form", border=False):
        st.text_input(
            _("Longitude and latitude"),
            key="place_degrees",
            placeholder=f"{example().lon}, {example().lat}",
            autocomplete="off",
        )
        st.selectbox(
            _("Where are the numbers from?"),
            list(SYSTEMS),
            key="place_crs",
            format_func=lambda crs: _(SYSTEMS[crs]),
            filter_mode=None,
        )
        if problem := st.session_state.pop(_PROBLEM, ""):
            st.html(Markup('<p class="field-problem" role="alert">{}</p>').format(problem))
        st.form_submit_button(_("Use these coordinates"), on_click=_take_coordinates)


def _show_those_in_the_address() -> None:
    """Fill the form from the address whenever that has changed."""
    query = st.query_params
    standing = tuple(query.get(name, "") for name in ("lon", "lat", "crs"))
    if st.session_state.get("place_shown") == standing:
        return
    st.session_state["place_shown"] = standing
    st.session_state["place_degrees"] = ", ".join(filter(None, standing[:2]))
    st.session_state["place_crs"] = query.get("crs") if query.get("crs") in SYSTEMS else DEFAULT_CRS


def _take_coordinates() -> None:
    """Write the input to the address; invalid input leaves the current location unchanged."""
    crs = st.session_state["place_crs"]
    try:
        lon, lat = in_order(*read_degrees_pair("lon", st.session_state["place_degrees"]))
        read_place(lon, lat, crs)
    except InvalidInput as error:
        st.session_state[_PROBLEM] = _(error.message, **error.params)
    else:
        say_where(lon=lon, lat=lat, crs=crs)
