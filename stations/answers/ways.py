"""Ways between places in words: kilometres or minutes."""

from __future__ import annotations

from stations.language import N_, Language
from stations.planning.travel import TravelUnit


def way_text(way: float, unit: TravelUnit, language: Language) -> str:
    """Return a way, in ``unit``, as people read it: metres as kilometres, seconds as minutes."""
    if unit is TravelUnit.METRES:
        return language.format_distance(way)
    return language.translate(N_("{minutes} min"), minutes=language.format_number(round(way / 60)))
