"""其他名单导入: the list of a register (centres, pilots …), previewed row by row and imported. ``?kind=centres``."""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.components import link, notice, page_url, table
from portal.done_notice import draw_done
from portal.keeping.list_preview import (
    TURN,
    draw_findings,
    draw_import,
    draw_one_time_codes,
    draw_rows,
    plan_of,
)
from portal.keeping.put_right import draw_cells_right
from portal.keeping.register_downloads import draw_register_downloads
from portal.keeping.registry_frame import open_registry
from portal.keeping.upload_state import over_upload
from portal.language import _
from portal.page_end import end_page
from portal.upload_field import upload_field
from portal.visit import visit
from stations.answers.register_lists import column_labels
from stations.lists.list_plan import LIMITS
from stations.lists.registers import REGISTERS
from stations.province import example

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
if file is None:
    end_page()
hidden_too = file.name.lower().endswith((".xlsx", ".xlsm")) and st.checkbox(
    _("Import rows that are hidden or struck out in the workbook too"), key="list_hidden"
)
over = over_upload(file.getvalue())
plan = plan_of(present, register, file.getvalue(), file.name[-120:], source, over, hidden_too=hidden_too)
if plan is not None:
    draw_findings(plan)
    changed = draw_cells_right(plan, over, column_labels(register))
    draw_import(present, register, plan, changed=changed)
    draw_rows(register, plan)
