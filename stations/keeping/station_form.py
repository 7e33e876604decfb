"""The form for a station: each field is checked, and the result is a record state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from stations.entered_text import read_text
from stations.errors import InvalidInput
from stations.keeping.record_checks import check_span, read_hours, read_optional, read_phone
from stations.keeping.record_form import FieldReader, RecordForm, check_form, entered
from stations.language import N_
from stations.registry.record_state import Offer, StationState
from stations.registry.record_terms import Terms

ADDRESS_LIMIT = 200


@dataclass(frozen=True)
class StationForm(RecordForm):
    """The form for a station. ``hours``: in OpenStreetMap's ``opening_hours`` form or in Chinese words."""

    brand: str = ""
    host: str = ""
    hours: str = ""
    phone: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    services: Sequence[Offer] = ()


def check_station(form: StationForm, terms: Terms) -> StationState:
    """Return the state that the form describes, without its history. Raises as ``check_form`` does."""
    return check_form(StationState, form, _readers(terms), terms)


def check_listed_station(form: StationForm, terms: Terms) -> StationState:
    """Return the state as ``check_station`` does, but let the address be empty, as it may be in an office's list."""
    address = {"address": partial(read_text, limit=ADDRESS_LIMIT, required=False)}
    return check_form(StationState, form, _readers(terms) | address, terms)


def station_form_of(state: StationState | None) -> StationForm:
    """Return a form filled from a record's state for editing; an empty form if the state is None."""
    if state is None:
        return StationForm()
    return StationForm(**entered(state, _READERS), services=state.services)


def _readers(terms: Terms) -> dict[str, FieldReader]:
    return _READERS | {"services": partial(_read_services, terms)}


def _read_services(terms: Terms, field: str, offers: Sequence[Offer]) -> tuple[Offer, ...]:
    read: dict[str, Offer] = {}
    for offer in offers:
        if offer.service_code not in terms.services:
            raise InvalidInput(
                field,
                N_("“{code}” is not in the service catalogue; choose a code it lists"),
                code=offer.service_code,
            )
        if offer.service_code in read:
            raise InvalidInput(field, N_("“{code}” stands twice; keep one of the two"), code=offer.service_code)
        check_span(field, offer.since, offer.until)
        read[offer.service_code] = offer
    return tuple(read[code] for code in sorted(read))


_READERS: dict[str, FieldReader] = {
    "name": partial(read_text, limit=120),
    "name_en": partial(read_optional, limit=160),
    "brand": partial(read_optional, limit=40),
    "host": partial(read_optional, limit=160),
    "address": partial(read_text, limit=ADDRESS_LIMIT),
    "hours": read_hours,
    "phone": read_phone,
    "contact_name": partial(read_optional, limit=80),
    "contact_phone": read_phone,
    "source": partial(read_text, limit=2000),
}
