"""Doing what a form asks for: in one transaction, or told what is wrong with everything typed left as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from sqlalchemy.orm import Session

from portal.done_notice import tell_done
from portal.form_problems import FormProblems
from portal.storage import engine
from stations.database import transaction
from stations.errors import Conflict, DomainError

Seen = TypeVar("Seen")


def seen_version(key: str, version: Seen) -> Seen:
    """The version of a record, or what it held where it has none, that was on the screen when the visitor
    began, whatever came since."""
    return st.session_state.setdefault(f"seen_{key}", version)


def do_or_tell(action: Callable[[Session], object], problems: FormProblems, seen: str = "") -> bool:
    """Do it; whether it went well. ``seen``: the key of ``seen_version``; once it is done, or once the
    visitor has been told that somebody else was faster, what is on the screen now counts as seen."""
    try:
        with transaction(engine()) as session:
            action(session)
    except DomainError as error:
        problems.show(error)
        if isinstance(error, Conflict):
            st.session_state.pop(f"seen_{seen}", None)
        return False
    st.session_state.pop(f"seen_{seen}", None)
    return True


def finish(told: str) -> None:
    """Draw the page anew, with a word on what was done."""
    tell_done(told)
    st.rerun()
