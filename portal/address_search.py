"""Saying where a firm is by an address in plain Chinese, and choosing where it may mean several places.

What was typed stands in the address of the page (``?address=…``), beside the place that was understood.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geo.address import AddressPlace, AddressReading
from geo.place_of_address import place_of_address
from portal.components import notice
from portal.geocoding import geocoder
from portal.language import _, pick

PARAMETER = "address"
LONGEST = 120
_FAILED = "place_geocoder_failed"


def draw_address_search(reading: AddressReading | None, say_where: Callable[..., None]) -> None:
    """Draw the field, what could not be understood, and what to choose from.

    ``reading``: how the address of the page is read, where it names no place beside; ``say_where`` puts
    a place into it.
    """
    typed = st.query_params.get(PARAMETER, "")
    if st.session_state.get("place_address_shown") != typed:
        st.session_state["place_address_shown"] = st.session_state["place_address"] = typed

    def take() -> None:
        text = st.session_state["place_address"].strip()
        answer = place_of_address(text, geocoder())
        st.session_state[_FAILED] = answer.failed
        place = answer.reading.place
        if answer.geocoded:
            say_where(lon=round(answer.geocoded.lon, 5), lat=round(answer.geocoded.lat, 5), address=text)
        elif place:
            say_where(address=text, **_parameters(place))
        else:
            say_where(**({"address": text} if text else {}))

    with st.form("address_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            _("Your address"),
            key="place_address",
            max_chars=LONGEST,
            placeholder=_("For example 昆山市玉山镇前进中路"),
            autocomplete="street-address",
        )
        st.form_submit_button(_("Use this address"), on_click=take)
    if st.session_state.get(_FAILED):
        notice(_("The map service did not answer, so the address was read without it, down to its county."), "warn")
    if reading is not None and reading.place is None:
        _draw_reading(reading, typed, say_where)


def _parameters(place: AddressPlace) -> dict[str, str]:
    return {"adcode": place.county.adcode} | ({"town": place.town.code} if place.town else {})


def _draw_reading(reading: AddressReading, typed: str, say_where: Callable[..., None]) -> None:
    if reading.elsewhere:
        notice(
            _(
                "“{address}” is outside Jiangsu, which is all this site knows. Near the border, click on the map.",
                address=typed,
            ),
            "warn",
        )
        return
    if not reading.places:
        notice(
            _(
                "No county or town of Jiangsu was found in “{address}”. Name at least the county, such as 昆山市.",
                address=typed,
            ),
            "warn",
        )
        return
    places = {place.county.adcode: place for place in reading.places}

    def choose() -> None:
        if adcode := st.session_state["place_choice"]:
            say_where(address=typed, **_parameters(places[adcode]))

    told = (
        _("Which part of {city}?", city=pick(reading.city.name, reading.city.name_en))
        if reading.city
        else _("“{address}” fits several places. Which one?", address=typed)
    )
    with st.container(key="place_choices"):
        st.pills(
            told,
            list(places),
            key="place_choice",
            format_func=lambda adcode: _place_name(places[adcode], with_city=reading.city is None),
            on_change=choose,
            wrap=True,
        )


def _place_name(place: AddressPlace, *, with_city: bool) -> str:
    county = pick(place.county.name, place.county.name_en)
    if with_city:
        county = _("{county} ({city})", county=county, city=pick(place.county.city, place.county.city_en))
    return f"{county} {pick(place.town.name, place.town.name_en)}" if place.town else county
