"""我的器具台账: a firm's measuring instruments and when each is due for verification, without an account."""

import streamlit as st
from markupsafe import Markup

from portal.components import notice, sample_tag, source
from portal.done_notice import draw_done
from portal.firm_browser import browser_token
from portal.language import _
from portal.ledger.entry import OPENED, draw_entry, draw_receipt
from portal.ledger.forms import draw_end, draw_instrument_form, draw_reminders
from portal.ledger.importing import draw_import
from portal.ledger.listing import draw_list, draw_standings, heading
from portal.number_and_code import choose_opened
from portal.page_end import end_page
from portal.storage import domain_settings, engine
from portal.visit import visit
from stations.database import reading
from stations.firms.instruments import count_standings, list_instruments
from stations.firms.ledgers import open_ledgers

present = visit()
st.title(_("My instruments"))
with reading(engine()) as session:
    opened = {
        one.number: one
        for one in open_ledgers(session, browser_token(), present.now, samples=domain_settings().samples)
    }
draw_done()
if not opened or st.session_state.get("ledger_another"):
    st.html(
        Markup('<p class="lead">{}</p>').format(
            _(
                "Keep your instruments that have to be verified here: what is due stands on top, reminders come in "
                "time, and their verification is asked for in one step. No account."
            )
        )
    )
    draw_entry()
    if opened:
        st.button(_("Back to the open ledger"), on_click=lambda: st.session_state.pop("ledger_another", None))
    end_page()

ledger = choose_opened(opened, OPENED, _("Ledgers open in this browser"), lambda one: one.firm_name)
st.html(heading(ledger))
draw_receipt()
if ledger.sample:
    notice(Markup("{} {}").format(sample_tag(), _("This ledger is invented. Nothing in it can be changed.")), "sample")
with reading(engine()) as session:
    instruments = list_instruments(session, ledger)
    counts = count_standings(session, ledger, present.today)
if instruments:
    draw_standings(counts)
    draw_list(ledger, instruments, present)
else:
    notice(_("The ledger is empty. Import your list, or add the instruments one by one."))
with st.expander(_("Import from a spreadsheet"), expanded=not instruments, key="ledger_import_box"):
    draw_import(ledger, present)
with st.expander(_("Add or change an instrument"), key="ledger_form_box"):
    draw_instrument_form(ledger, instruments, present)
with st.expander(_("Reminders"), key="ledger_reminders_box"):
    draw_reminders(ledger)
with st.expander(_("Code, closing, deleting"), key="ledger_end_box"):
    draw_end(ledger)
source(
    _(
        "Next due = last verified + interval. What has to be verified and how often is told by the catalogue of "
        "instruments under compulsory administration and the verification regulation (JJG) of each."
    )
)
st.button(_("Another ledger"), on_click=lambda: st.session_state.update(ledger_another=True))
