"""The columns of a list of stations, and how their cells are read.

The template for offices (``template``) is made from the same table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stations.entered_text import narrow, says_nothing
from stations.imports.contact_cell import read_contact
from stations.imports.headings import HEADINGS
from stations.imports.history_cell import STATUS_HEADINGS, history_reader
from stations.imports.status_words import PLAIN_STATUS, read_status
from stations.imports.unread_cell import besides_unread
from stations.keeping.record_checks import read_hours, read_phone
from stations.keeping.record_codes import read_code
from stations.language import N_
from stations.places.coordinates import read_coordinate_system, read_degrees, read_degrees_pair
from stations.registry.record_state import FIELD_NAMES
from stations.tables.cell_values import cell_text, lines_in
from stations.tables.column import Column
from stations.tables.reported_date import reported_date

NAME_OR_AREA = "服务地区"
"""The heading of counties; of the names themselves (昆山市质量服务窗口) in a list that has no other names."""

_ROW_NUMBER = re.compile(r"[0-9]{1,4}")


def _code(field: str, cell: Any) -> str | None:
    """Return the code of a station; None for a bare number up to four digits, which only counts the rows (序号)."""
    written = cell_text(field, cell)
    return None if _ROW_NUMBER.fullmatch(narrow(written)) else read_code(written)


def _one_line(field: str, cell: Any) -> str | None:
    written = " ".join(cell_text(field, cell).split())
    return None if says_nothing(written) else written


def _said(read: Callable[[str, str], Any]) -> Callable[[str, Any], Any]:
    """Return a reader that applies ``read`` to the text shown in a cell."""
    return lambda field, cell: read(field, cell_text(field, cell))


@dataclass(frozen=True)
class StationColumn(Column):
    """A column of a list of stations.

    ``advice``: a message that says what to write into it. ``text``: whether the checked text of its cell is the
    station's field of the same name; ``stations.imports.rows`` uses the other columns.
    """

    advice: str = ""
    text: bool = False


COLUMNS: tuple[StationColumn, ...] = (
    StationColumn(
        "code",
        N_("Record code"),
        HEADINGS["code"],
        _code,
        advice=N_("Of a station on file, to change it; empty for a new one"),
    ),
    StationColumn(
        "name",
        N_("Name"),
        HEADINGS["name"],
        _one_line,
        required=True,
        advice=N_("Always needed. A station of this name in this county is taken for the one on file"),
        text=True,
    ),
    StationColumn(
        "name_en",
        N_("Name in English"),
        HEADINGS["name_en"],
        _one_line,
        advice=N_("Where it has one"),
        text=True,
    ),
    StationColumn(
        "brand",
        N_("Brand"),
        HEADINGS["brand"],
        _one_line,
        advice=N_("Such as 质量小站"),
        text=True,
    ),
    StationColumn(
        "host",
        N_("Host institution"),
        HEADINGS["host"],
        _one_line,
        advice=N_("The institution that runs the station"),
        text=True,
    ),
    StationColumn(
        "city",
        N_("City"),
        HEADINGS["city"],
        _one_line,
        advice=N_("Needed only where several counties have the same name"),
    ),
    StationColumn(
        "county",
        N_("County, city or district"),
        HEADINGS["county"],
        _one_line,
        advice=N_("Choose from the list; needed for a new station"),
    ),
    StationColumn(
        "address",
        N_("Address"),
        HEADINGS["address"],
        _one_line,
        advice=N_("Needed for a new station"),
        text=True,
    ),
    StationColumn(
        "lon",
        N_("Longitude"),
        HEADINGS["lon"],
        _said(read_degrees),
        advice=N_("Degrees, such as {lon}"),
    ),
    StationColumn(
        "lat",
        N_("Latitude"),
        HEADINGS["lat"],
        _said(read_degrees),
        advice=N_("Degrees, such as {lat}"),
    ),
    StationColumn(
        "place",
        N_("Coordinates"),
        HEADINGS["place"],
        _said(read_degrees_pair),
        advice=N_("Longitude and latitude in one cell, in place of the two columns"),
    ),
    StationColumn(
        "crs",
        N_("Coordinate system"),
        HEADINGS["crs"],
        _said(read_coordinate_system),
        advice=N_(
            "Of the map that the numbers are from: WGS-84 (GPS, Tianditu), GCJ-02 (AMap, Tencent), BD-09 (Baidu)"
        ),
    ),
    StationColumn(
        "phone",
        N_("Telephone"),
        HEADINGS["phone"],
        _said(read_phone),
        advice=N_("With the area code, such as {phone}"),
        text=True,
    ),
    StationColumn(
        "contact_name",
        N_("Contact person"),
        HEADINGS["contact_name"],
        _one_line,
        advice=N_("Seen by administrators and the station only"),
        text=True,
    ),
    StationColumn(
        "contact_phone",
        N_("Telephone of the contact person"),
        HEADINGS["contact_phone"],
        _said(read_phone),
        advice=N_("Seen by administrators and the station only"),
        text=True,
    ),
    StationColumn(
        "contact",
        N_("Contact person and telephone"),
        HEADINGS["contact"],
        _said(read_contact),
        advice=N_("Both in one cell, in place of the two columns"),
    ),
    StationColumn(
        "hours",
        N_("Opening hours"),
        HEADINGS["hours"],
        _said(read_hours),
        advice=N_("Such as 周一至周五 9:00-12:00, 13:30-17:00, or Mo-Fr 09:00-17:00"),
        text=True,
    ),
    StationColumn(
        "services",
        N_("Services"),
        HEADINGS["services"],
        lines_in,
        spans=re.compile(r"服务|业务|功能|service", re.IGNORECASE),
        advice=N_("Names or codes of the catalogue, parted by ；"),
    ),
    StationColumn(
        "chains",
        N_("Industrial chains"),
        HEADINGS["chains"],
        lines_in,
        advice=N_("Names or codes, parted by ；"),
    ),
    StationColumn(
        "status",
        N_("Status"),
        HEADINGS["status"],
        read_status,
        advice=N_("Choose from the list; empty: active"),
    ),
    StationColumn(
        "opened",
        N_("Opened"),
        HEADINGS["opened"],
        reported_date,
        advice=N_("Such as 2024-03-05, 2024-03 or 2024"),
    ),
    StationColumn(
        "since",
        N_("Status since"),
        HEADINGS["since"],
        reported_date,
        advice=N_("From when the status holds, where it is another than since opening; 截至2024-03: it was so by then"),
    ),
    StationColumn(
        "reason",
        N_("Reason"),
        HEADINGS["reason"],
        _one_line,
        advice=N_("Needed for a suspended or closed station"),
    ),
    StationColumn(
        "history",
        FIELD_NAMES["history"],
        STATUS_HEADINGS,
        history_reader(PLAIN_STATUS),
    ),
    StationColumn(
        "source",
        N_("Source"),
        HEADINGS["source"],
        _one_line,
        advice=N_("The document that says so; empty: the name of this file"),
        text=True,
    ),
)

WITHOUT_NAMES: tuple[StationColumn, ...] = tuple(
    replace(column, headings=(*column.headings, NAME_OR_AREA))
    if column.required
    else replace(column, headings=tuple(one for one in column.headings if one != NAME_OR_AREA))
    for column in COLUMNS
)
"""The same columns for a list without any usual heading of names, such as a list of windows by area."""


def besides_unread_words(columns: Sequence[StationColumn]) -> tuple[StationColumn, ...]:
    """Return the columns, each with a reader that passes over words not understood behind a value."""
    return tuple(replace(column, read=besides_unread(column.read)) for column in columns)


IN_ONE_CELL = frozenset({"place", "contact"})
"""The columns that a list may have in place of two others; the template and the lists that are saved have the two."""

EXPORTED_ONLY = frozenset({"history"})
"""The columns of the exported list that nobody is asked to fill in."""

TEXTS = tuple(column.name for column in COLUMNS if column.text)
"""The columns whose texts are the station's fields of the same names."""
