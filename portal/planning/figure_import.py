"""Importing a figure of the counties, candidate places for stations, or places with demand."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.answer_table import draw_answer
from portal.components import sample_tag, source
from portal.duty.duty_page import sign_in_link
from portal.language import _, ngettext
from portal.list_import import FILES, take_list
from portal.planning.place_lists import draw_place_lists
from portal.planning.raster_import import draw_raster_import
from portal.required_fields import mark_required
from portal.upload_field import upload_field
from portal.visit import Visit
from stations.answers.imported_figures import FIGURE_COLUMNS, FIGURE_PAGE_COLUMNS
from stations.duty.roles import Action, names_of_roles
from stations.language import Listed
from stations.planning.imported_figure import FigureImport, ImportedFigure, import_figure, list_figures, read_figure
from stations.planning.importing import FIRST_YEAR, LAST_YEAR
from stations.tables.table_file import LIMITS


def figure_in_words(figure: ImportedFigure) -> Markup:
    """Return name, unit, year and source of a figure, with a mark if it is a sample."""
    told = _(
        "{name} ({unit}, {year}). Source: {source}",
        name=figure.name,
        unit=figure.unit,
        year=figure.year,
        source=figure.source,
    )
    return Markup("{} {}").format(told, sample_tag() if figure.sample else "")


def draw_figures(present: Visit, session: Session) -> None:
    """Draw the imported figures and, for those who may import, the forms."""
    figures = list_figures(session, samples=present.samples)
    if figures:
        draw_answer(
            FIGURE_PAGE_COLUMNS,
            figures,
            caption=_("Imported figures"),
            drawn={"name": figure_in_words},
            numbers=("counties",),
            saved=FIGURE_COLUMNS,
        )
    draw_imports(present, session, "/reach")


def draw_imports(present: Visit, session: Session, address: str) -> None:
    """Draw the forms that import figures and places; for those who may not, who may. ``address``: of the page."""
    if present.actor is None or not present.actor.may_somewhere(Action.IMPORT_FIGURES):
        told = _(
            "Figures of the counties, such as the number of firms, and places for stations are imported by: {roles}.",
            roles=names_of_roles(Action.IMPORT_FIGURES),
        )
        source(told if present.actor else Markup("{} {}").format(told, sign_in_link(address)))
        return
    with st.expander(_("Import a figure of the counties"), key="import_figure"):
        _draw_figure_form(present)
    draw_place_lists(present, session, _names())
    draw_raster_import(present, present.actor, session)


def _draw_figure_form(present: Visit) -> None:
    told = _(
        "A CSV or Excel file with a heading row: the county (adcode or name) in one column, the figure in another, "
        "headed 区县 or adcode, and 数值 or value. A figure of the same code is replaced."
    )
    st.html(Markup("<p>{}</p>").format(told))
    with st.form("figure_form", border=False, enter_to_submit=False):
        file = upload_field(
            _("File with the figures"), kinds=FILES, key="figure_file", megabytes=LIMITS.bytes // 1_000_000
        )
        mark_required("figure_code", "figure_name", "figure_unit", "figure_year", "figure_origin")
        left, right = st.columns(2)
        code = left.text_input(_("Reference code"), placeholder="FIRMS-2025", key="figure_code")
        name = right.text_input(
            _("What it counts"), placeholder=_("Industrial firms above designated size"), key="figure_name"
        )
        unit = left.text_input(_("Unit"), placeholder=_("firms"), key="figure_unit")
        year = right.number_input(_("Year"), FIRST_YEAR, LAST_YEAR, present.today.year - 1, key="figure_year")
        origin = st.text_input(_("Source: who published it, where"), key="figure_origin")
        pressed = st.form_submit_button(_("Import"))
    if pressed:
        take_list(
            file,
            lambda content: read_figure(content, unit),
            lambda session, rows: import_figure(
                session,
                present.actor,
                rows,
                code=code,
                name=name,
                unit=unit,
                year=int(year),
                source=origin,
                now=present.now,
            ),
            _told_of_figure,
            _names(),
        )


def _told_of_figure(done: FigureImport) -> str:
    told = ngettext(
        "{count} county’s figure was imported.", "{count} counties’ figures were imported.", len(done.figure.values)
    )
    if not done.passed_over:
        return told
    areas = _("Rows of whole cities or of the province, left out: {areas}", areas=Listed(done.passed_over))
    return f"{told} {areas}"


def _names() -> dict[str, str]:
    """Return the label of each field of the forms."""
    return {
        "file": _("File"),
        "code": _("Reference code"),
        "name": _("What it counts"),
        "unit": _("Unit"),
        "year": _("Year"),
        "source": _("Source"),
    }
