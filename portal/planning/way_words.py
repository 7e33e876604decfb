"""Ways and reaches in words: kilometres as the crow flies or of a table, or minutes on the way."""

from __future__ import annotations

import math

from portal.language import N_, _, current
from stations.planning.travel_measure import UNREACHABLE, TravelUnit

METRES, SECONDS = TravelUnit.METRES, TravelUnit.SECONDS

WITHIN = {METRES: N_("Within {km} km"), SECONDS: N_("Within {min} minutes")}
DEMAND_WITHIN = {
    METRES: N_("of demand within {km} km, counted at one point in each county"),
    SECONDS: N_("of demand within {min} minutes, counted at one point in each county"),
}
AVERAGE = {
    METRES: N_("average distance to one point in each county"),
    SECONDS: N_("average time to one point in each county"),
}
LAYER_WITHIN = {METRES: N_("of demand within {km} km"), SECONDS: N_("of demand within {min} minutes")}
LAYER_AVERAGE = {METRES: N_("average distance of the demand"), SECONDS: N_("average time of the demand")}
"""As the two above, where demand is counted nearer than at one point in each county."""
STATION_WITHIN = {METRES: N_("within {km} km of a station"), SECONDS: N_("within {min} minutes of a station")}
_AT_MOST = {METRES: N_("{km} km or less"), SECONDS: N_("{min} minutes or less")}
_BEYOND = {METRES: N_("farther than {km} km"), SECONDS: N_("more than {min} minutes")}


def way_in_words(way: float, unit: TravelUnit) -> str:
    """Return a way in the unit as people read it; “no way there” where it is infinite."""
    return unit.in_words(current(), way) if math.isfinite(way) else _(UNREACHABLE)


def at_most(reach: int | None, unit: TravelUnit) -> str:
    """Return “20 km or less”; without a reach what lies beyond the last."""
    if reach is None:
        return _(_BEYOND[unit], **{unit.word: unit.reaches[-1]})
    return _(_AT_MOST[unit], **{unit.word: reach})
