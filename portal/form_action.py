"""Performing the action of a form: in one transaction; on an error all problems are shown and all input is kept."""

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
    """Return the version of a record (or its content, if it has no version) that the visitor first saw.

    ``version``: the current version, remembered at the first call. Later changes by others do not alter the result.
    """
    first_seen: Seen = st.session_state.setdefault(f"seen_{key}", version)
    return first_seen


def do_or_tell(action: Callable[[Session], object], problems: FormProblems, seen: str = "") -> bool:
    """Perform the action in one transaction, or show its problems. Return whether it succeeded.

    ``seen``: the key of ``seen_version``; it is reset after success and after a ``Conflict`` has been shown, so that
    the current record counts as seen.
    """
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
    """Rerun the page with a message about what was done."""
    tell_done(told)
    st.rerun()
