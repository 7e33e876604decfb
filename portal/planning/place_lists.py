"""Importing lists of places, those that stations may be put at and those with demand, and removing places singly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session
from streamlit.runtime.uploaded_file_manager import UploadedFile

from portal.language import _, ngettext
from portal.list_import import FILES, take_list
from portal.places.coordinate_systems import DEFAULT_CRS, SYSTEMS
from portal.places.geocoding import geocoder
from portal.planning.removal import draw_removal
from portal.upload_field import upload_field
from portal.visit import Visit
from stations.planning.candidate_place import (
    CandidatePlace,
    import_places,
    list_candidate_places,
    read_places,
    remove_place,
)
from stations.planning.demand_point import (
    DemandImport,
    DemandPoint,
    import_demand_points,
    list_demand_points,
    read_demand_points,
    remove_demand_point,
)
from stations.tables.table_file import LIMITS

SHOWN_ROWS = 30
"""Rows that were not located and are told one by one; of more, their number is told."""


def draw_place_lists(present: Visit, session: Session, names: Mapping[str, str]) -> None:
    """Draw the forms for those who may import. ``names``: field of a form → its label."""
    with st.expander(_("Import places that stations may be put at"), key="import_places"):
        told = _(
            "A CSV or Excel file with a heading row: 名称 (name), 经度 (longitude), 纬度 (latitude) and, where known, "
            "成本 (cost in 10,000 yuan)."
        )
        _draw_candidates(present, told, names)
        _draw_removal(present, "candidate", list_candidate_places(session, samples=present.samples), remove_place)
    with st.expander(_("Import places with demand, such as firms"), key="import_demand"):
        told = _(
            "A CSV or Excel file with a heading row: 名称 (name), 地址 (address) or 经度 and 纬度 (longitude and "
            "latitude), and 数量 (amount; 1 where there is none). Rows that are not located are told and kept; they "
            "count nowhere."
        )
        _draw_demand(present, told, names)
        _draw_removal(present, "demand", list_demand_points(session, samples=present.samples), remove_demand_point)


def _fields(told: str, key: str) -> tuple[UploadedFile | None, str, str, bool, bool]:
    """Draw the fields that both lists have; return file, coordinate system, source, whether the list replaces what is
    on file, and whether the button was pressed.
    """
    st.html(Markup("<p>{}</p>").format(told))
    with st.form(f"{key}_form", border=False, enter_to_submit=False):
        file = upload_field(
            _("File with the places"), kinds=FILES, key=f"{key}_file", megabytes=LIMITS.bytes // 1_000_000
        )
        system = st.selectbox(
            _("Where are the numbers from?"),
            list(SYSTEMS),
            index=list(SYSTEMS).index(DEFAULT_CRS),
            format_func=lambda one: _(SYSTEMS[one]),
            filter_mode=None,
            key=f"{key}_system",
        )
        origin = st.text_input(_("Source: who published it, where"), key=f"{key}_origin")
        ways = {"add": _("It is added to what is on file"), "replace": _("It takes the place of what is on file")}
        way = st.radio(_("The new list"), list(ways), format_func=ways.__getitem__, key=f"{key}_way")
        pressed = st.form_submit_button(_("Import"))
    return file, system, origin, way == "replace", pressed


def _draw_candidates(present: Visit, told: str, names: Mapping[str, str]) -> None:
    file, system, origin, replace, pressed = _fields(told, "places")
    if pressed:
        take_list(
            file,
            read_places,
            lambda session, rows: import_places(
                session, present.actor, rows, source=origin, crs=system, now=present.now, replace=replace
            ),
            lambda places: ngettext("{count} place was imported.", "{count} places were imported.", len(places)),
            names,
        )


def _draw_demand(present: Visit, told: str, names: Mapping[str, str]) -> None:
    file, system, origin, replace, pressed = _fields(told, "demand")
    if pressed:
        take_list(
            file,
            lambda content: read_demand_points(content, crs=system, geocoder=geocoder()),
            lambda session, rows: import_demand_points(
                session, present.actor, rows, source=origin, now=present.now, replace=replace
            ),
            _told_of_demand,
            names,
        )


def _told_of_demand(done: DemandImport) -> str:
    told = ngettext("{count} place was imported.", "{count} places were imported.", len(done.points))
    lost = done.not_located
    if not lost:
        return told
    rows = [
        _("row {row}: {name} {address}", row=row.number, name=row.name, address=row.address)
        for row in lost[:SHOWN_ROWS]
    ]
    if len(lost) > SHOWN_ROWS:
        rows.append(_("{count} more", count=len(lost) - SHOWN_ROWS))
    return told + " " + _("Not located, kept without a place: {rows}", rows=_(", ").join(rows))


def _draw_removal(
    present: Visit, key: str, places: Sequence[CandidatePlace | DemandPoint], remove: Callable[..., None]
) -> None:
    """Draw a choice of the places on file, and the button that takes the chosen one off the list."""
    actor = present.actor
    own = [one for one in places if actor is not None and one.sample == actor.sample]
    draw_removal(
        _("Take one place off the list"),
        key,
        {one.code: f"{one.name} ({one.code})" for one in own},
        lambda session, code: remove(session, actor, code, now=present.now),
    )
