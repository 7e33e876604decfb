"""The form of a station or a centre, filled with the record's values."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st
from markupsafe import Markup

from portal.date_bounds import FIRST_DAY, LAST_DAY
from portal.form_problems import FormProblems
from portal.keeping.unread_boxes import draw_unread
from portal.language import _, current, pick
from portal.maps.county_map import Marker, county_map
from portal.maps.view import around_county, around_place
from portal.markdown_text import plain
from portal.option_labels import distinct
from portal.places.coordinate_systems import SYSTEMS
from portal.registry.opening_hours import hours_in_words
from portal.registry.record_words import area_name, field_name, service_name
from portal.required_fields import mark_required
from portal.theme import MARKERS
from stations.errors import InvalidInput
from stations.keeping.centre_form import CentreForm
from stations.keeping.editing import FORM_OF, RecordForm
from stations.keeping.station_form import StationForm
from stations.language import label
from stations.places.coordinates import read_place
from stations.registry.centre import CentreKind, CentreLevel
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import FIELD_NAMES, Offer, RecordState
from stations.registry.record_terms import Terms
from stations.registry.unread import Unread

MAP_HEIGHT = 360


def form_labels() -> dict[str, str]:
    """Return the labels of fields in forms and messages."""
    names = {field: field_name(field) for field in FIELD_NAMES}
    return names | {
        "stage": _("Status"),
        "dated": _("Since"),
        "as_of": _("Told on"),
        "reason": _("Reason"),
        "lon": _("Longitude (east)"),
        "lat": _("Latitude (north)"),
        "crs": _("Coordinate system"),
        "text": _("Comment on the proposal"),
    }


_REQUIRED = {
    RecordKind.STATION: ("name", "area", "address", "source"),
    RecordKind.CENTRE: ("name", "level", "kind", "area", "source"),
}


class RecordFormFields:
    """The widgets of one form, filled from the state ``start``, or empty if that is None.

    ``key``: prefix of the widget keys, unique per record; ``problems``: the form's problems, shown above the form and
    beside each field.
    """

    def __init__(self, kind: RecordKind, terms: Terms, start: RecordState | None, key: str) -> None:
        self._kind, self._terms, self._key, self._start = kind, terms, key, start
        self.problems = FormProblems(form_labels())
        self._form: RecordForm = FORM_OF[kind](start)

    def draw(self) -> RecordForm:
        """Draw every field and return their values."""
        given: dict[str, Any] = {}
        mark_required(*(f"{self._key}_{field}" for field in _REQUIRED[self._kind]))
        st.subheader(_("Name"))
        left, right = st.columns(2)
        given["name"] = self._text(left, "name")
        given["name_en"] = self._text(right, "name_en")
        if self._kind is RecordKind.STATION:
            given["brand"] = self._text(left, "brand")
            given["host"] = self._text(right, "host")
        else:
            given["host"] = self._text(left, "host")
            given["level"] = self._choice(left, "level", {one.value: label(current(), one) for one in CentreLevel})
            given["kind"] = self._choice(right, "kind", {one.value: label(current(), one) for one in CentreKind})
        st.subheader(_("Where"))
        given |= self._place()
        if self._kind is RecordKind.STATION:
            st.subheader(_("Open and reachable"))
            left, right = st.columns(2)
            shape = _("e.g. Mo-Fr 09:00-17:00; PH off (Monday to Friday 9 to 17, closed on holidays)")
            given["hours"] = self._text(left, "hours", placeholder=shape)
            if given["hours"]:
                left.html(Markup('<p class="source">{}</p>').format(hours_in_words(given["hours"])))
            given["phone"] = self._text(right, "phone", placeholder="025-8888 0000")
            given["contact_name"] = self._text(left, "contact_name")
            given["contact_phone"] = self._text(right, "contact_phone")
            st.html(Markup('<p class="source">{}</p>').format(_("Seen by administrators and the station only")))
            st.subheader(_("What it offers"))
            given["services"] = self._services()
        chains = {code: pick(chain.name_zh, chain.name_en) for code, chain in self._terms.chains.items()}
        given["chains"] = self._many("chains", chains, self._form.chains)
        given["source"] = self._text(st, "source")
        given["unread"] = self._unread()
        kind = StationForm if self._kind is RecordKind.STATION else CentreForm
        return kind(**given)

    def _state(self, field: str, value: Any) -> str:
        """Return the widget's key, after setting its value from the record once."""
        key = f"{self._key}_{field}"
        if key not in st.session_state:
            st.session_state[key] = value
        return key

    def _text(self, where: Any, field: str, **options: Any) -> str:
        with where.container():
            text: str = st.text_input(field_name(field), key=self._state(field, getattr(self._form, field)), **options)
            self.problems.place(field)
        return text

    def _choice(self, where: Any, field: str, options: dict[str, str]) -> str:
        names = distinct(options)
        with where.container():
            chosen = st.selectbox(
                field_name(field),
                list(names),
                key=self._state(field, getattr(self._form, field) or None),
                format_func=names.__getitem__,
                placeholder=_("Choose"),
                index=None,
            )
            self.problems.place(field)
        return chosen or ""

    def _many(self, field: str, options: dict[str, str], chosen: Any) -> tuple[str, ...]:
        names = distinct(options)
        codes = st.multiselect(
            field_name(field),
            list(names),
            key=self._state(field, [code for code in chosen if code in names]),
            format_func=names.__getitem__,
            placeholder=_("Choose one or more"),
            filter_mode="contains",
        )
        self.problems.place(field)
        return tuple(codes)

    def _services(self) -> tuple[Offer, ...]:
        names = {code: service_name(self._terms, code) for code in self._terms.services}
        offers = self._form.services if isinstance(self._form, StationForm) else ()
        spans = {offer.service_code: (offer.since, offer.until) for offer in offers}
        codes = self._many("services", names, spans)
        with st.expander(_("Since when, until when (where it is known)"), key=f"{self._key}_spans"):
            dated = st.multiselect(
                _("Services with dates"),
                codes,
                default=[code for code in codes if any(spans.get(code, ()))],
                format_func=names.__getitem__,
                placeholder=_("Choose one or more"),
                key=f"{self._key}_service_dates",
            )
            for code in dated:
                since, until = spans.get(code, (None, None))
                spans[code] = self._span(code, names[code], since, until)
        without = (None, None)
        return tuple(Offer(code, *(spans.get(code, without) if code in dated else without)) for code in codes)

    def _unread(self) -> tuple[Unread, ...]:
        """Draw what was not understood; return what is still to be kept."""
        dropped = draw_unread(self._form.unread, f"{self._key}_unread")
        return tuple(one for one in self._form.unread if one.field not in dropped)

    def _span(self, code: str, name: str, since: date | None, until: date | None) -> tuple[date | None, date | None]:
        left, right = st.columns(2)
        return (
            left.date_input(
                _("{service}: from", service=plain(name)),
                key=self._state(f"since_{code}", since),
                value=None,
                min_value=FIRST_DAY,
                max_value=LAST_DAY,
                format="YYYY-MM-DD",
            ),
            right.date_input(
                _("{service}: no longer from", service=plain(name)),
                key=self._state(f"until_{code}", until),
                value=None,
                min_value=FIRST_DAY,
                max_value=LAST_DAY,
                format="YYYY-MM-DD",
            ),
        )

    def _place(self) -> dict[str, Any]:
        counties, cities = self._terms.counties, self._terms.cities
        areas = [*counties, *cities]
        chosen = st.selectbox(
            field_name("county_adcode"),
            areas,
            key=self._state("area", self._form.county_adcode or self._form.city_adcode or None),
            format_func=lambda adcode: area_name(self._terms, adcode),
            placeholder=_("Choose the county"),
            filter_mode="contains",
            index=None,
        )
        self.problems.place("county_adcode")
        address = self._text(st, "address")
        lon, lat, crs = (
            self._state(name, value)
            for name, value in (("lon", self._form.lon), ("lat", self._form.lat), ("crs", "wgs84"))
        )
        self._map(chosen, lon, lat, crs)
        one, two, three = st.columns([1, 1, 2])
        one.number_input(_("Longitude (east)"), key=lon, format="%.6f", step=0.0001, value=None)
        two.number_input(_("Latitude (north)"), key=lat, format="%.6f", step=0.0001, value=None)
        three.selectbox(
            _("Where are the numbers from?"), list(SYSTEMS), key=crs, format_func=lambda name: _(SYSTEMS[name])
        )
        for field in ("lon", "lat", "crs", "place"):
            self.problems.place(field)
        confirmed = st.checkbox(
            _("The place is right although it lies outside the county stated"), key=f"{self._key}_confirmed"
        )
        within = counties.get(chosen or "")
        return {
            "county_adcode": within.adcode if within else "",
            "city_adcode": within.city_adcode if within else chosen or "",
            "address": address,
            "lon": st.session_state[lon],
            "lat": st.session_state[lat],
            "crs": st.session_state[crs],
            "place_confirmed": confirmed,
        }

    def _map(self, area: str | None, lon: str, lat: str, crs: str) -> None:
        """Draw the position on the map; a click sets it, in WGS-84 degrees."""
        place = _understood(*(st.session_state[key] for key in (lon, lat, crs)))
        markers = []
        before = self._start.place if self._start else None
        if before and (place is None or place != before):
            markers.append(Marker(*before, MARKERS["here"], _("Place before")))
        if place:
            markers.append(Marker(*place, MARKERS["new_site"], _("Place entered")))
        bounds = around_county(area, markers) if area in self._terms.counties else None
        if bounds is None and place:
            bounds = around_place(*place)
        click = county_map(
            {},
            key=f"{self._key}_map",
            title=_("The place on the map; a click sets it"),
            markers=markers,
            highlight=area if area in self._terms.counties else None,
            bounds=bounds,
            height=MAP_HEIGHT,
        )
        st.html(Markup('<p class="source">{}</p>').format(_("Click the map to set the place, or enter coordinates.")))
        if click:
            st.session_state[lon], st.session_state[lat] = round(click.lon, 6), round(click.lat, 6)
            st.session_state[crs] = "wgs84"
            st.rerun()


def _understood(lon: float | None, lat: float | None, crs: str) -> tuple[float, float] | None:
    if lon is None or lat is None:
        return None
    try:
        return read_place(lon, lat, crs)
    except InvalidInput:
        return None
