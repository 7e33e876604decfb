"""名单导入: previewing a list of stations from Excel or CSV row by row, and importing it."""

import streamlit as st
from markupsafe import Markup

from portal.components import notice
from portal.keeping.import_preview import (
    draw_findings,
    draw_import,
    draw_rows,
    draw_status_date,
    plan_of,
    status_date,
)
from portal.keeping.plan_parts import EMPTY_CLEARS
from portal.keeping.put_right import draw_missing_heading, draw_put_right
from portal.keeping.registry_frame import open_registry
from portal.keeping.remembered_list import draw_remembered, teaching_of
from portal.keeping.upload_state import over_upload, with_sheet_chosen
from portal.language import _, current
from portal.page_action import draw_outcome
from portal.page_end import end_page
from portal.places.coordinate_systems import SYSTEMS
from portal.storage import engine
from portal.upload_field import upload_field
from portal.visit import visit
from stations.answers.presentation import saved_table
from stations.answers.station_list import STATION_LIST_COLUMNS
from stations.database import reading
from stations.duty.roles import Action
from stations.imports.columns import COLUMNS
from stations.imports.importing import LIMITS
from stations.imports.plan import ImportOptions, ImportPlan
from stations.imports.remembered_words import mapping_of
from stations.imports.station_list import list_registered
from stations.imports.station_words import STATION_WORDS
from stations.imports.template import import_template
from stations.registry.record_terms import Terms
from stations.tables.heading_rows import MissingHeading
from stations.tables.workbooks import MIME, as_workbook

FILES = ["xlsx", "xlsm", "xls", "csv", "txt"]
GUESSED = ""
LABELS = {column.name: column.label for column in COLUMNS}

present = visit()
actor = open_registry(_("Import stations"), "import_stations")
draw_outcome()
if not actor.may_somewhere(Action.IMPORT_STATIONS):
    notice(_("Lists are imported by the province. What you know of stations of your area you can propose."))
    end_page()


def template() -> bytes:
    """Return the Excel template."""
    with reading(engine()) as session:
        return import_template(Terms.load(session), current())


def register() -> bytes:
    """Return the registered stations as an Excel file that can be imported again."""
    with reading(engine()) as session:
        listed = list_registered(session, actor, present.today)
    return as_workbook(saved_table(STATION_LIST_COLUMNS, listed, current()), current())


told = _(
    "Excel or CSV, in the layout you have: headings in Chinese or English, dates, coordinates and services in any "
    "usual form. You see first what each row would do; nothing is written before you say so."
)
st.html(Markup("<p>{}</p>").format(told))
with st.container(horizontal=True):
    st.download_button(
        _("Template (Excel)"),
        template,
        file_name=_("stations-template") + ".xlsx",
        mime=MIME,
        on_click="ignore",
        key="import_template",
    )
    st.download_button(
        _("The register as a list (Excel)"),
        register,
        file_name=f"{_('stations')}-{present.today}.xlsx",
        mime=MIME,
        on_click="ignore",
        help=_("Every field of every station; change what is to be changed and import it again."),
        key="import_register",
    )
turn = st.session_state.setdefault("import_turn", 0)
file = upload_field(
    _("List of stations"), kinds=FILES, key=f"import_file_{turn}", megabytes=LIMITS.bytes // 1_000_000
)
left, right = st.columns(2)
crs = left.selectbox(
    _("Which map are the coordinates from?"),
    [GUESSED, *SYSTEMS],
    key="import_crs",
    format_func=lambda one: _(SYSTEMS[one]) if one else _("As the list says, or else found out"),
    filter_mode=None,
)
source = right.text_input(
    _("Source (optional)"),
    key="import_source",
    max_chars=300,
    placeholder=_("the document’s number; else the file’s name"),
)
teaching, known = teaching_of(actor, present, STATION_WORDS)
draw_remembered(teaching, known)
if file is None:
    end_page()
over = with_sheet_chosen(over_upload(file.getvalue(), STATION_WORDS.list_kind))
mapping = mapping_of(known).with_words(over.words)
clears = st.checkbox(_(EMPTY_CLEARS), key="import_clears")
options = ImportOptions(file.name[-120:], crs, source, status_date(), mapping, clears)
hidden_too = file.name.lower().endswith((".xlsx", ".xlsm")) and st.checkbox(
    _("Import rows that are hidden or struck out in the workbook too"), key="import_hidden"
)
plan = plan_of(actor, present, file.getvalue(), options, over, hidden_too=hidden_too)
if isinstance(plan, ImportPlan):
    draw_findings(plan)
    draw_status_date(plan)
    changed = draw_put_right(teaching, plan, over, LABELS)
    draw_import(present, plan, changed=changed)
    draw_rows(plan)
elif isinstance(plan, MissingHeading):
    draw_missing_heading(teaching, plan, over, _(LABELS[plan.column]))
