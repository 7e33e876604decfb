"""A county's name with its city."""

from __future__ import annotations

from portal.language import _, pick
from stations.places.counties import County


def county_name(county: County) -> str:
    """Return the name as “昆山市（苏州市）”."""
    return _(
        "{county} ({city})",
        county=pick(county.name, county.name_en),
        city=pick(county.city.name, county.city.name_en),
    )
