"""How a firm reaches the station that answers its request."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from portal.components import phone_link
from portal.language import _, pick
from portal.registry.opening_hours import hours_in_words, opening_in_words
from portal.registry.station_name import station_name
from stations.duty.roles import AreaKind
from stations.registry.station import Station
from stations.requests.answering_office import office_name


def office_in_words(station: Station, office: AreaKind | None) -> str:
    """Return whose office answers for a station; "" if its steward does."""
    if office is None:
        return ""
    return _("The office of {area} answers for this station.", area=pick(*office_name(station, office)))


def station_contact(station: Station, office: AreaKind | None, now: datetime) -> Markup:
    """Return the station's name, telephone numbers, opening hours and address, as far as they are known."""
    lines = [
        Markup("<strong>{}</strong> {}").format(
            station_name(station), phone_link(station.phone) if station.phone else ""
        ),
        Markup("{} {}").format(opening_in_words(station.hours, now), hours_in_words(station.hours))
        if station.hours
        else "",
        station.address or "",
        office_in_words(station, office),
    ]
    drawn = Markup("").join(Markup("<p>{}</p>").format(line) for line in lines if line)
    return Markup('<section class="station-contact"><h3>{}</h3>{}</section>').format(_("Who answers you"), drawn)
