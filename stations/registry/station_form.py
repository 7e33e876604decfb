"""What somebody enters about a station, checked field by field and made a record's state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stations.entered_text import read_text
from stations.errors import InvalidInput
from stations.language import N_
from stations.registry.phone import read_phone
from stations.registry.record_checks import (
    Problems,
    check_place_in_area,
    check_span,
    read_area,
    read_chains,
    read_hours,
    read_optional,
    read_point,
)
from stations.registry.record_state import State, Terms


@dataclass(frozen=True)
class Offer:
    """A service, or a group of them, that a station offers from ``since`` until before ``until``."""

    service_code: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class StationForm:
    """What is entered. ``lon``/``lat``: degrees in ``crs``; ``place_confirmed``: the place is right
    although it lies outside the county stated."""

    name: str = ""
    name_en: str = ""
    brand: str = ""
    address: str = ""
    city_adcode: str = ""
    county_adcode: str = ""
    lon: float | None = None
    lat: float | None = None
    crs: str = "wgs84"
    place_confirmed: bool = False
    hours: str = ""
    phone: str = ""
    services: Sequence[Offer] = ()
    chains: Sequence[str] = ()
    source: str = ""


def check_station(form: StationForm, terms: Terms) -> State:
    """The state that the form describes, without its history. Asks the database nothing.

    Raises:
        InvalidForm: one problem for each field that is wrong; a place outside the county is told as
            field ``place``.
    """
    problems = Problems()
    attempt = problems.attempt
    state: State = {
        "name": attempt(read_text, "name", form.name, limit=120),
        "name_en": attempt(read_optional, "name_en", form.name_en, limit=160),
        "brand": attempt(read_optional, "brand", form.brand, limit=40),
        "address": attempt(read_text, "address", form.address, limit=200),
        "hours": attempt(read_hours, "hours", form.hours),
        "phone": attempt(read_phone, "phone", form.phone),
        "services": attempt(_read_services, form.services, terms),
        "chains": attempt(read_chains, form.chains, terms),
        "source": attempt(read_text, "source", form.source, limit=2000),
        "place": attempt(read_point, form.lon, form.lat, form.crs),
    }
    area = attempt(read_area, form.city_adcode, form.county_adcode, terms)
    if area:
        state["city_adcode"], state["county_adcode"] = area
        if not form.place_confirmed:
            attempt(check_place_in_area, state, terms)
    problems.stop()
    return state


def station_form_of(state: State) -> StationForm:
    """A form filled with what a record holds, to be edited."""
    lon, lat = state["place"] or (None, None)
    return StationForm(
        **{field: state[field] or "" for field in ("name", "name_en", "brand", "address", "hours", "phone", "source")},
        city_adcode=state["city_adcode"] or "",
        county_adcode=state["county_adcode"] or "",
        lon=lon,
        lat=lat,
        services=tuple(
            Offer(code, *(date.fromisoformat(day) if day else None for day in (span["since"], span["until"])))
            for code, span in state["services"].items()
        ),
        chains=tuple(state["chains"]),
    )


def _read_services(offers: Sequence[Offer], terms: Terms) -> dict[str, dict[str, str | None]]:
    read: dict[str, dict[str, str | None]] = {}
    for offer in offers:
        if offer.service_code not in terms.services:
            raise InvalidInput(
                "services",
                N_("“{code}” is not in the service catalogue; choose a code it lists"),
                code=offer.service_code,
            )
        if offer.service_code in read:
            raise InvalidInput("services", N_("“{code}” stands twice; keep one of the two"), code=offer.service_code)
        check_span("services", offer.since, offer.until)
        read[offer.service_code] = {
            "since": offer.since.isoformat() if offer.since else None,
            "until": offer.until.isoformat() if offer.until else None,
        }
    return dict(sorted(read.items()))
