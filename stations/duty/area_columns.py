"""The columns of a table that give the area of its rows.

A model with area rules declares them (``area_columns``), so that the one query condition for these rules,
``duty_areas.in_duty``, works for every table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.sql.elements import SQLCoreOperations

Column = SQLCoreOperations[Any]


@dataclass(frozen=True)
class AreaColumns:
    """The columns with the area of a row.

    ``city``, ``county``: adcodes, empty if unknown. ``station``: the code of a station; None if rows belong to no
    station. ``sample``: whether a row is a sample record. ``province``: an adcode with the first two digits of the
    province's; None means that of ``city``.
    """

    city: Column
    county: Column
    sample: Column
    station: Column | None = None
    province: Column | None = None
