"""The form for any record: the fields that stations and centres share, and how a form is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from stations.errors import Problems
from stations.keeping.record_checks import check_place_in_area, read_area, read_chains, read_point
from stations.registry.record_state import CentreState, RecordState, StationState
from stations.registry.record_terms import Terms
from stations.registry.unread import Unread

FieldReader = Callable[[str, Any], Any]
"""Takes the name of a field and the entered value; returns the checked value or raises ``InvalidInput``."""


@dataclass(frozen=True)
class RecordForm:
    """The shared fields of a form.

    ``unread``: what was not understood before and is still to be kept; each entry goes once its field is changed.
    ``lon``/``lat``: degrees in ``crs``. ``place_confirmed``: the place is right although it lies outside the stated
    county.
    """

    name: str = ""
    name_en: str = ""
    address: str = ""
    city_adcode: str = ""
    county_adcode: str = ""
    lon: float | None = None
    lat: float | None = None
    crs: str = "wgs84"
    place_confirmed: bool = False
    chains: Sequence[str] = ()
    source: str = ""
    unread: Sequence[Unread] = ()


State = TypeVar("State", StationState, CentreState)


def check_form(kind: type[State], form: RecordForm, readers: Mapping[str, FieldReader], terms: Terms) -> State:
    """Return the state that the form describes, without its history. Runs no query.

    ``readers``: a reader for each field except place, area and chains, which all records share.

    Raises:
        InvalidForm: with one problem for each wrong field; a place outside the county has the field ``place``.
    """
    problems = Problems()
    attempt = problems.attempt
    values: dict[str, Any] = {field: attempt(read, field, getattr(form, field)) for field, read in readers.items()}
    chains = attempt(read_chains, form.chains, terms)
    place = attempt(read_point, form.lon, form.lat, form.crs)
    area = attempt(read_area, form.city_adcode, form.county_adcode, terms)
    if area and not form.place_confirmed:
        attempt(check_place_in_area, place, *area, terms)
    problems.stop()
    city, county = area
    unread = tuple(sorted(form.unread))
    return kind(**values, city_adcode=city, county_adcode=county, place=place, chains=chains, unread=unread)


def entered(state: RecordState, texts: Iterable[str]) -> dict[str, Any]:
    """Return the shared form fields filled from a record's state. ``texts``: the text fields, without the area."""
    lon, lat = state.place or (None, None)
    filled: dict[str, Any] = {field: getattr(state, field) or "" for field in (*texts, "city_adcode", "county_adcode")}
    return filled | {"lon": lon, "lat": lat, "chains": state.chains, "unread": state.unread}
