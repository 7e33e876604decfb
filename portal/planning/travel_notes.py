"""What a measure of the way does not know; the measures on file, and the import of a table of distances."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.answer_table import draw_answer
from portal.components import notice, source
from portal.language import _, current, ngettext
from portal.list_import import FILES, take_list
from portal.places.coordinate_systems import DEFAULT_CRS, SYSTEMS
from portal.planning.removal import draw_removal
from portal.required_fields import mark_required
from portal.upload_field import upload_field
from portal.visit import Visit
from stations.answers.measures import MEASURE_TABLE, gaps_in_words, told_measures
from stations.duty.roles import Action
from stations.planning.distance_table import (
    LIMITS,
    DistanceTable,
    import_distances,
    list_tables,
    missing_pairs,
    read_distances,
    remove_table,
)
from stations.planning.importing import FIRST_YEAR, LAST_YEAR
from stations.planning.travel import ROADS
from stations.planning.travel_gaps import PlaceGap


def draw_travel_gaps(gaps: Sequence[PlaceGap], pairs: int) -> None:
    """Draw which places the measure knows no way from or to, and how many ``pairs`` of others have none."""
    for told in gaps_in_words(gaps, pairs, current()):
        notice(told, "warn")


def draw_travel_import(present: Visit, session: Session) -> None:
    """Draw the measures on file and, for those who may import, the form for a table of distances."""
    measures = told_measures(session, samples=present.samples)
    counted = ("pairs", "missing") if any(one.pairs is not None for one in measures) else ()
    if len(measures) > 1:
        draw_answer(
            MEASURE_TABLE.take("name", "about", *counted),
            measures,
            caption=_("How the way can be measured"),
            numbers=counted,
            file="measures",
        )
    if present.actor is None or not present.actor.may_somewhere(Action.IMPORT_FIGURES):
        return
    with st.expander(_("Import a table of distances"), key="import_distances"):
        _draw_form(present)
        actor = present.actor
        draw_removal(
            _("Take one table off"),
            "distances",
            {
                one.code: _("{name} ({year})", name=one.name, year=one.year)
                for one in list_tables(session, samples=present.samples)
                if one.sample == actor.sample
            },
            lambda session, code: remove_table(session, actor, code, now=present.now),
        )
    if not any(one.measure.code == ROADS for one in measures):
        source(_("Minutes by road: the operator brings a road extract once, by the command “import roads”."))


def _draw_form(present: Visit) -> None:
    told = _(
        "A CSV or Excel file with a heading row: 起点 (origin), 终点 (destination), and 分钟 (minutes) or 公里 (km). A "
        "place is a county, a town, the code of a station, an imported place, or longitude and latitude. A pair that "
        "is missing counts as unreachable. A table of the same code is replaced."
    )
    st.html(Markup("<p>{}</p>").format(told))
    with st.form("distances_form", border=False, enter_to_submit=False):
        file = upload_field(
            _("File with the distances"), kinds=FILES, key="distances_file", megabytes=LIMITS.bytes // 1_000_000
        )
        mark_required("distances_code", "distances_name", "distances_year", "distances_origin")
        left, right = st.columns(2)
        code = left.text_input(_("Reference code"), placeholder="DRIVE-2025", key="distances_code")
        name = right.text_input(_("What it is"), placeholder=_("Driving times between seats"), key="distances_name")
        year = left.number_input(_("Year"), FIRST_YEAR, LAST_YEAR, present.today.year, key="distances_year")
        system = right.selectbox(
            _("Where are the numbers from?"),
            list(SYSTEMS),
            index=list(SYSTEMS).index(DEFAULT_CRS),
            format_func=lambda one: _(SYSTEMS[one]),
            filter_mode=None,
            key="distances_crs",
        )
        origin = st.text_input(_("Source: who published it, where"), key="distances_origin")
        pressed = st.form_submit_button(_("Import"), key="distances_import")
    if pressed:
        take_list(
            file,
            read_distances,
            lambda session, rows: import_distances(
                session,
                present.actor,
                rows,
                code=code,
                name=name,
                year=int(year),
                source=origin,
                crs=system,
                file=file.name if file else "",
                now=present.now,
            ),
            _told,
            {
                "file": _("File"),
                "code": _("Reference code"),
                "name": _("What it is"),
                "year": _("Year"),
                "source": _("Source"),
            },
        )


def _told(table: DistanceTable) -> str:
    told = ngettext("{count} pair of places was imported.", "{count} pairs of places were imported.", table.pairs)
    missing = missing_pairs(table)
    if not missing:
        return told
    return f"{told} " + ngettext(
        "{count} pair is missing and counts as unreachable.",
        "{count} pairs are missing and count as unreachable.",
        missing,
    )
