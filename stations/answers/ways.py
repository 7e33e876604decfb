"""Ways between places in words: kilometres or minutes."""

from __future__ import annotations

from stations.language import N_, Language
from stations.planning.travel import TravelUnit


def way_text(way: float, unit: TravelUnit, language: Language) -> str:
    """Return a way, in ``unit``, as people read it: metres as kilometres, seconds as minutes."""
    if unit is TravelUnit.METRES:
        return language.format_distance(way)
    return language.translate(N_("{minutes} min"), minutes=language.format_number(round(way / 60)))


def reach_text(way: float, unit: TravelUnit, language: Language) -> str:
    """Return a way that somebody chose, in ``unit``: as round as it was chosen, ``20 kilometres``."""
    if unit is TravelUnit.METRES:
        return language.translate(N_("{km} kilometres"), km=language.format_number(way / 1000))
    return language.translate(N_("{minutes} min"), minutes=language.format_number(way / 60))
