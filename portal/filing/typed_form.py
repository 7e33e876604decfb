"""What a firm chose and typed into the form of a request, as the domain takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.language import current
from portal.places.place_picker import FirmPlace
from portal.requests.kept_draft import Typed
from stations.catalogue.chain import IndustrialChain
from stations.catalogue.service import Service
from stations.places.counties import County
from stations.requests.request_form import RequestForm


@dataclass(frozen=True)
class FormChoices:
    """The options of the form, and what the firm's link specified.

    ``own``: the code of the station named in the link, "" if none; ``own_sample``: whether that is a sample; ``place``:
    the firm's location, if given.
    """

    services: Sequence[Service]
    counties: Sequence[County]
    chains: Sequence[IndustrialChain]
    own: str
    own_sample: bool
    place: FirmPlace | None


def place_of(choices: FormChoices, county: County) -> tuple[float, float]:
    """Return longitude and latitude of the firm, as the search for stations has them: its place or town if that is
    known and in the county, else a point inside the county.
    """
    place = choices.place
    if place is not None and place.in_town and place.county and place.county.adcode == county.adcode:
        return place.lon, place.lat
    return county.lon, county.lat


def form_of(typed: Typed, choices: FormChoices) -> RequestForm:
    """Return the form as it is sent."""
    county = next((one for one in choices.counties if one.adcode == typed["county_adcode"]), None)
    place = choices.place
    lon = lat = None
    if place is not None and county is not None and place_of(choices, county) == (place.lon, place.lat):
        lon, lat = place.lon, place.lat
    return RequestForm(
        services=tuple(typed["services"]),
        station_code=typed["station_code"],
        firm_name=typed["firm_name"],
        credit_code=typed["credit_code"],
        credit_code_as_printed=typed["credit_code_as_printed"],
        contact_name=typed["contact_name"],
        phone=typed["phone"],
        email=typed["email"],
        county_adcode=typed["county_adcode"],
        product=typed["product"],
        description=typed["description"],
        wanted_on=date.fromisoformat(typed["wanted_on"]) if typed["wanted_on"] else None,
        on_site=typed["on_site"],
        lon=lon,
        lat=lat,
        consent=typed["consent"],
        quantities=typed["quantities"],
        remarks=typed["remarks"],
        chain_code=typed["chain_code"],
        split_agreed=typed["split_agreed"],
        despite_duplicate=typed["despite_duplicate"],
        notice_channel=typed["notice_channel"],
        notice_address=typed["notice_address"],
        language=current().code,
        parts=tuple((station, tuple(services)) for station, services in typed["parts"]),
    )
