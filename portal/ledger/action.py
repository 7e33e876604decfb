"""Changing the ledger open in this browser at the press of a button."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from sqlalchemy.orm import Session

from portal.components import notice
from portal.done_notice import tell_done
from portal.firm_browser import browser_token
from portal.form_problems import FormProblems
from portal.language import _
from portal.storage import domain_settings, engine
from portal.visit import visit
from stations.database import transaction
from stations.errors import DomainError
from stations.firms.instruments import InstrumentLedger
from stations.firms.ledgers import writable_ledger

Change = Callable[[Session, InstrumentLedger], object]


def act(number: str, change: Change, done: str, problems: FormProblems | None = None) -> None:
    """Make the change in one transaction and rerun the page; errors are shown beside the fields of ``problems``, if
    given. An error that the change returns is shown alike, after the transaction was committed.
    """
    try:
        with transaction(engine()) as session:
            own = writable_ledger(session, number, browser_token(), now=visit().now, samples=domain_settings().samples)
            problem = change(session, own)
        if isinstance(problem, DomainError):
            raise problem
    except DomainError as error:
        if problems is not None:
            problems.show(error)
        else:
            notice(_(error.message, **error.params), "bad")
        return
    tell_done(done)
    st.rerun()
