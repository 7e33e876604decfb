"""Which columns of a table say where its rows lie.

A model that rules of area hold for declares them (``area_columns``), so that the one condition for those
rules, ``duty_areas.in_duty``, serves every table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.sql.elements import SQLCoreOperations

Column = SQLCoreOperations[Any]


@dataclass(frozen=True)
class AreaColumns:
    """``city``, ``county``: adcodes, empty where not known; ``station``: the code of a station, None where rows
    lie in no station; ``sample``: whether a row is invented; ``province``: an adcode that begins as the
    province's does, the city's where None."""

    city: Column
    county: Column
    sample: Column
    station: Column | None = None
    province: Column | None = None
