"""其他名单导入: the list of a register (centres, pilots …), previewed row by row and imported. ``?kind=centres``."""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.components import link, notice, page_url, table
from portal.done_notice import draw_done
from portal.keeping.list_preview import (
    TURN,
    Upload,
    draw_findings,
    draw_import,
    draw_one_time_codes,
    draw_rows,
    plan_of,
)
from portal.keeping.plan_parts import EMPTY_CLEARS
from portal.keeping.put_right import draw_missing_heading, draw_put_right
from portal.keeping.register_downloads import draw_register_downloads
from portal.keeping.registry_frame import open_registry
from portal.keeping.remembered_list import draw_remembered, teaching_of
from portal.keeping.upload_state import over_upload, with_sheet_chosen
from portal.language import _
from portal.page_end import end_page
from portal.upload_field import upload_field
from portal.visit import visit
from stations.answers.register_lists import column_labels
from stations.imports.remembered_words import mapping_of
from stations.lists.list_plan import LIMITS, ListOptions, ListPlan
from stations.lists.registers import REGISTERS
from stations.province import example
from stations.tables.heading_rows import MissingHeading

FILES = ["xlsx", "xlsm", "xls", "csv", "txt"]

present = visit()
actor = open_registry(_("Import other lists"), "import_list")
draw_done()
draw_one_time_codes(present)
mine = [register for register in REGISTERS.values() if actor.may_somewhere(register.action)]
if not mine:
    notice(_("Your duties allow no import of such lists."))
    end_page()
asked = text_in_address("kind")
register = next((one for one in mine if one.name == asked), mine[0])
switch = Markup(" ").join(
    Markup("<strong>{}</strong>").format(_(one.title))
    if one is register
    else link(page_url("import_list", kind=one.name), _(one.title))
    for one in mine
)
st.html(Markup('<span class="switch">{}</span>').format(switch))
told = _(
    "Excel or CSV, in the layout you have: headings in Chinese or English, dates and words in any usual form. You see "
    "first what each row would do; nothing is written before you say so."
)
st.html(Markup("<p>{}</p>").format(told))
draw_register_downloads(present, register)
with st.expander(_("Columns of the list")):
    table(
        [_("Column"), _("What to write")],
        [
            [
                present.language.pick(column.headings[0], column.label),
                _(column.advice, **example().in_advice()) if column.advice else "",
            ]
            for column in register.columns
            if column.in_export
        ],
        caption=_("Other usual headings are known as well; only the name is always needed"),
    )
turn = st.session_state.setdefault(TURN, 0)
file = upload_field(
    _("List of {what}", what=_(register.title)),
    kinds=FILES,
    key=f"list_file_{register.name}_{turn}",
    megabytes=LIMITS.bytes // 1_000_000,
)
source = st.text_input(
    _("Source (optional)"),
    key="list_source",
    max_chars=300,
    placeholder=_("the document’s number; else the file’s name"),
)
teaching, known = teaching_of(actor, present, register.vocabulary)
draw_remembered(teaching, known)
if file is None:
    end_page()
over = with_sheet_chosen(over_upload(file.getvalue(), register.name))
hidden_too = file.name.lower().endswith((".xlsx", ".xlsm")) and st.checkbox(
    _("Import rows that are hidden or struck out in the workbook too"), key="list_hidden"
)
clears = st.checkbox(_(EMPTY_CLEARS), key="list_clears")
replaces = bool(register.replaced) and st.checkbox(_(register.replaced), key="list_replaces")
mapping = mapping_of(known).with_words(over.words)
options = ListOptions(file.name[-120:], source, mapping, clears, replaces)
plan = plan_of(present, register, Upload(file.getvalue(), options, over, hidden_too))
labels = column_labels(register)
if isinstance(plan, ListPlan):
    draw_findings(register, plan)
    changed = draw_put_right(teaching, plan, over, labels)
    draw_import(present, register, plan, changed=changed)
    draw_rows(register, plan)
elif isinstance(plan, MissingHeading):
    draw_missing_heading(teaching, plan, over, _(labels[plan.column]))
