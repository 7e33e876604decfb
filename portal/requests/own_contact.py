"""What a firm can put right after filing: whom the station reaches, and a code that was lost or seen by others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st
from sqlalchemy.orm import Session

from portal.components import notice
from portal.language import N_, _
from portal.number_and_code import draw_number_and_code, draw_saving_both
from portal.page_action import draw_problems, perform, performed
from stations.requests.access import new_code_as_firm
from stations.requests.contact_details import ContactForm, correct_contact
from stations.requests.lookup import Proof
from stations.requests.service_request import ServiceRequest
from stations.secret_codes import NewCode

LABELS = {"contact_name": N_("Contact person"), "phone": N_("Telephone"), "email": N_("E-mail address")}
_NEW = "own_new_code"


def draw_new_code(number: str) -> None:
    """Draw the new code of the request that was just made here, until it is put away."""
    kept = st.session_state.get(_NEW)
    if not kept or kept[0] != number:
        return
    code = kept[1]
    text = f"{_('Tracking number: {number}', number=number)}\r\n{_('Code: {code}', code=code)}\r\n"
    draw_number_and_code(_("Tracking number"), number, code, text)
    notice(_("The code before no longer opens the request. Save this one now; it is shown only here."))
    with st.container(horizontal=True, key="new_code_tools"):
        draw_saving_both(number, text)
        st.button(_("I have it: put this away"), key="new_code_away", on_click=lambda: st.session_state.pop(_NEW, None))


def draw_own_contact(request: ServiceRequest, proof: Proof, clock: Callable[[], datetime]) -> None:
    """Draw the form that corrects the contact details, and the button for a new code."""
    number = request.number
    kept = {"contact_name": request.contact_name, "phone": request.phone, "email": request.email or ""}

    def correct(session: Session) -> None:
        typed = {field: st.session_state[f"own_{field}"] for field in LABELS}
        correct_contact(session, number, proof, ContactForm(**typed), now=clock())

    def renew() -> None:
        made: list[NewCode] = []
        done = performed(
            lambda session: new_code_as_firm(session, number, proof, made[0], now=clock()),
            _("The request has a new code."),
            prepare=lambda: made.append(NewCode()),  # hashing is slow, so before the transaction
        )
        if done:
            st.session_state[_NEW] = (number, made[0].code)

    with st.expander(_("Contact and code"), key="own_contact"):
        with st.form("own_contact_form", border=False, width=520):
            for field, label in LABELS.items():
                optional = _("{label} (optional)", label=_(label)) if field == "email" else _(label)
                st.text_input(optional, value=kept[field], key=f"own_{field}")
            draw_problems("own_contact", LABELS)
            st.form_submit_button(
                _("Save the contact"),
                on_click=lambda: perform(correct, _("The contact is corrected."), beside="own_contact"),
            )
        st.caption(_("Has somebody else seen your code? A new one ends the one before, in every browser but this."))
        st.button(_("Make a new code"), key="own_renew", on_click=renew)
