"""Entering a firm's location as an address in Chinese, and choosing among several matches.

The input is stored in the page's address (``?address=…``), together with the location found.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from markupsafe import Markup

from geo.address import AddressPlace, AddressReading, plain_address, read_address
from geo.place_of_address import place_of_address
from geo.zones import zones
from portal.address_choice import text_in_address
from portal.components import notice
from portal.language import _, pick
from portal.markdown_text import plain
from portal.places.geocoding import geocoder
from stations.province import example, province_name, zones_apart

PARAMETER = "address"
LONGEST = 120
_FAILED = "place_geocoder_failed"
_PROBLEM = "place_address_problem"
_TRIED = "place_address_tried"


def draw_address_search(reading: AddressReading | None, say_where: Callable[..., None]) -> None:
    """Draw the field, and messages or choices if the address is not understood or ambiguous.

    ``reading``: the parsed address, if the page's address contains no location; ``say_where``: stores a location there.
    """
    typed = text_in_address(PARAMETER)[:LONGEST]
    if st.session_state.get("place_address_shown") != typed:
        st.session_state["place_address_shown"] = st.session_state["place_address"] = typed

    def take() -> None:
        text = st.session_state["place_address"].strip()
        st.session_state.pop(_TRIED, None)
        if not text:
            st.session_state[_PROBLEM] = _(
                "Type an address first, such as {example}.", example=example().town_address
            )
            return
        if len(text) > LONGEST:
            st.session_state[_PROBLEM] = _("This is too long; {limit} characters at most", limit=LONGEST)
            return
        answer = place_of_address(text, geocoder())
        st.session_state[_FAILED] = answer.failed
        place = answer.reading.place
        if answer.geocoded:
            say_where(lon=round(answer.geocoded.lon, 5), lat=round(answer.geocoded.lat, 5), address=text)
        elif place:
            say_where(address=text, **_parameters(place))
        elif _standing():
            st.session_state[_TRIED] = (text, _standing())
        else:
            say_where(address=text)

    with st.form("address_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            _("Your address"),
            key="place_address",
            placeholder=_("In Chinese, for example {example}", example=example().address),
            autocomplete="street-address",
        )
        st.form_submit_button(_("Use this address"), on_click=take)
    if st.session_state.get(_FAILED):
        notice(_("The map service did not answer, so the address was read without it, down to its county."), "warn")
    if problem := st.session_state.pop(_PROBLEM, ""):
        st.html(Markup('<p class="field-problem" role="alert">{}</p>').format(problem))
    tried, before = st.session_state.get(_TRIED, ("", None))
    if tried and before == _standing():
        _draw_reading(read_address(tried), tried, say_where)
        notice(_("The place found before still counts."))
    elif reading is not None and reading.place is None:
        _draw_reading(reading, typed, say_where)


def _standing() -> dict[str, str]:
    """Return the location already in the page's address; {} if there is none."""
    return {name: st.query_params[name] for name in ("adcode", "town", "lon", "lat") if name in st.query_params}


def _parameters(place: AddressPlace) -> dict[str, str]:
    return {"adcode": place.county.adcode} | ({"town": place.town.code} if place.town else {})


def _draw_reading(reading: AddressReading, typed: str, say_where: Callable[..., None]) -> None:
    if reading.elsewhere:
        notice(
            _(
                "“{address}” is outside {province}, which is all this site knows. Near the border, click on the map.",
                address=typed,
                province=province_name(),
            ),
            "warn",
        )
        return
    if not reading.places:
        notice(
            _(
                "No county or town of {province} was found in “{address}”. "
                "Type it in Chinese and name at least the county, such as {example}.",
                address=typed,
                province=province_name(),
                example=example().county.name,
            ),
            "warn",
        )
        return
    written, spellings = plain_address(typed), {zone.name: zone.spellings for zone in zones()}
    for name, note in zones_apart().items():
        if any(spelling in written for spelling in (name, *spellings.get(name, ()))):
            notice(pick(*note))
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
            plain(told),
            list(places),
            key="place_choice",
            format_func=lambda adcode: plain(_place_name(places[adcode], with_city=reading.city is None)),
            on_change=choose,
            wrap=True,
        )


def _place_name(place: AddressPlace, *, with_city: bool) -> str:
    county = pick(place.county.name, place.county.name_en)
    if with_city:
        county = _("{county} ({city})", county=county, city=pick(place.county.city, place.county.city_en))
    return f"{county} {pick(place.town.name, place.town.name_en)}" if place.town else county
