"""One row of a list while it is being read: its values, its station, the remarks on it, and what is kept unread."""

from __future__ import annotations

from collections.abc import Mapping

from stations.errors import InvalidInput
from stations.imports.plan import Remark, Weight
from stations.imports.row_remarks import RemarkedRow, written
from stations.registry.record_state import Place
from stations.registry.standing import Standing
from stations.registry.unread_names import STATION_UNREAD
from stations.tables.reported_date import ReportedDate
from stations.tables.sheet import SheetRow
from stations.tables.table import LIST_MARK

COLUMN_OF = {"county_adcode": "county", "city_adcode": "city", "stage": "status", "dated": "since", "as_of": "since"}
"""The column with a form's field, if their names differ."""

UNREAD_IN: Mapping[str, str] = {
    **{field: field for field in STATION_UNREAD if field != "county"},
    **dict.fromkeys(("lon", "lat", "crs"), "place"),
    "contact": "contact_phone",
}
"""The columns that a station does not need, each with the field under which its words are kept if they can't be read.
"""

_IN_HISTORY = ("opened", "since", "reason")


class RowReading(RemarkedRow):
    """One row while it is being read.

    ``match``: the registered station it belongs to. ``taken``, ``guessed``: the remarks on a county and on a coordinate
    system that the row does not state. ``unclear``: the stated words name no county or several, which is yet to be
    settled. ``differs``: the list contradicts what
    an import does not rewrite. ``settled``: the columns of the history that the row says and the registry now holds.
    ``ended``: words outside the status that say that the station is closed or suspended. ``area_by_place``: whether the
    office said that the row's place says its county.
    """

    __slots__ = (
        "match",
        "city",
        "county",
        "services",
        "chains",
        "place",
        "settled",
        "ended",
        "taken",
        "guessed",
        "differs",
        "unclear",
        "area_by_place",
    )

    def __init__(self, row: SheetRow) -> None:
        super().__init__(row)
        self.match: Standing | None = None
        self.city = self.county = ""
        self.services: tuple[str, ...] | None = None
        self.chains: tuple[str, ...] | None = None
        self.place: Place | None = None
        self.settled: set[str] = set()
        self.ended = ""
        self.taken: Remark | None = None
        self.guessed: Remark | None = None
        self.differs = False
        self.unclear: InvalidInput | None = None
        self.area_by_place = False

    @property
    def area(self) -> str:
        return self.county or self.city

    def part_contact(self) -> None:
        """Fill the contact person and telephone that the row leaves blank from the column that has both."""
        name, phone = self.values.get("contact") or ("", "")
        given = {field: value for field, value in (("contact_name", name), ("contact_phone", phone)) if value}
        if given:
            stated = {field: value for field, value in self.values.items() if value is not None}
            self.values = {**dict.fromkeys(self.values), **given, **stated}

    def part_dates(self) -> None:
        """Part the date of the opening and of the status from that of the report that says so (``opened_as_of``)."""
        for column in ("opened", "since"):
            told = self.values.get(column)
            if isinstance(told, ReportedDate):
                self.values = {**self.values, column: told.dated, f"{column}_as_of": told.as_of}

    def add_reason(self, told: str) -> None:
        """Take what the status says besides as its reason, beside that of the column of reasons."""
        stated = self.values.get("reason") or ""
        reason = stated if told in stated else f"{stated}；{told}" if stated else told
        self.values = {**self.values, "reason": reason}

    def problem(self, column: str, problem: InvalidInput) -> None:
        """Remark on a cell that can't be read: a doubt if a station does not need it, otherwise a fault.

        The words of what a station does not need are kept.
        """
        column = COLUMN_OF.get(column, column)
        if column in UNREAD_IN:
            self.keep_unread(column)
            kept = self.unread.get(UNREAD_IN[column], "")
            self.refuse(column, problem.message, not_taken=kept, **problem.params)
        else:
            self.remark(column, Weight.FAULT, problem.message, **problem.params)

    def settle_area(self, city: str, county: str) -> None:
        """Set the area that something else says, and keep the words that do not name it."""
        self.city, self.county, self.unclear = city, county, None
        words = (written(self.cells.get(column)) for column in ("city", "county"))
        self.unread["county"] = LIST_MARK.join(filter(None, words))

    def unread_field(self, column: str) -> str:
        return UNREAD_IN[column]

    def reads(self, field: str) -> bool:
        if field == "place":
            return self.place is not None
        return field in self.settled if field in _IN_HISTORY else self.values.get(field) is not None
