"""What somebody enters about a centre, checked field by field and made a record's state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from stations.entered_text import read_text
from stations.errors import InvalidInput
from stations.language import N_
from stations.registry.centre import CentreKind, CentreLevel
from stations.registry.record_checks import (
    Problems,
    check_place_in_area,
    read_area,
    read_chains,
    read_optional,
    read_point,
)
from stations.registry.record_state import State, Terms


@dataclass(frozen=True)
class CentreForm:
    """What is entered. ``level``, ``kind``: values of ``CentreLevel`` and ``CentreKind``; place as in
    ``StationForm``."""

    name: str = ""
    name_en: str = ""
    level: str = ""
    kind: str = ""
    host: str = ""
    address: str = ""
    city_adcode: str = ""
    county_adcode: str = ""
    lon: float | None = None
    lat: float | None = None
    crs: str = "wgs84"
    place_confirmed: bool = False
    chains: Sequence[str] = ()
    source: str = ""


def check_centre(form: CentreForm, terms: Terms) -> State:
    """The state that the form describes, without its history. Asks the database nothing.

    Raises:
        InvalidForm: one problem for each field that is wrong.
    """
    problems = Problems()
    attempt = problems.attempt
    state: State = {
        "name": attempt(read_text, "name", form.name, limit=160),
        "name_en": attempt(read_optional, "name_en", form.name_en, limit=240),
        "level": attempt(_read_member, "level", form.level, CentreLevel),
        "kind": attempt(_read_member, "kind", form.kind, CentreKind),
        "host": attempt(read_optional, "host", form.host, limit=160),
        "address": attempt(read_optional, "address", form.address, limit=200),
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


def centre_form_of(state: State) -> CentreForm:
    """A form filled with what a record holds, to be edited."""
    lon, lat = state["place"] or (None, None)
    texts = ("name", "name_en", "level", "kind", "host", "address", "city_adcode", "county_adcode", "source")
    return CentreForm(**{field: state[field] or "" for field in texts}, lon=lon, lat=lat, chains=tuple(state["chains"]))


def _read_member(field: str, value: str, kind: type[StrEnum]) -> str:
    if value not in set(kind):
        raise InvalidInput(field, N_("Choose one of: {known}"), known=", ".join(kind))
    return value
