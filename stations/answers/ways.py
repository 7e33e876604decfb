"""Distances that somebody chose, in words."""

from __future__ import annotations

from stations.language import N_, Language
from stations.planning.travel import TravelUnit

_CHOSEN = {TravelUnit.METRES: N_("{number} kilometres"), TravelUnit.SECONDS: N_("{number} minutes")}


def reach_text(way: float, unit: TravelUnit, language: Language) -> str:
    """Return a way in ``unit`` as round as it was chosen: ``20 kilometres``, ``30 minutes``."""
    return language.translate(_CHOSEN[unit], number=language.format_number(way / unit.per))
