"""Doing something at the press of a button: in one transaction, as a callback, and telling what came of it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from sqlalchemy.orm import Session

from portal.components import notice
from portal.form_problems import list_problems
from portal.language import N_, _
from portal.storage import engine
from stations.database import transaction
from stations.errors import DomainError

Action = Callable[[Session], object]

_PROBLEM, _DONE = "action_problem", "action_done"
FIELDS = {
    "performer": N_("Who did the work"),
    "result": N_("Result"),
    "note": N_("Reason"),
    "text": N_("Message"),
    "attachments": N_("Files"),
    "station_code": N_("Station"),
    "service_code": N_("Service"),
    "notice_channel": N_("Notices"),
    "notice_address": N_("Notices"),
    "overall": N_("All in all"),
    "comment": N_("Comment"),
    "username": N_("User name"),
    "name": N_("Person's name"),
    "role": N_("Role"),
    "area": N_("Area of duty"),
}
"""What the fields that an action can find wrong are called."""


def perform(action: Action, done: str, *clear: str) -> bool:
    """Do ``action`` in one transaction, as a callback; whether it went well. What came of it is told by
    ``draw_outcome``.

    ``clear``: keys of fields that are emptied when it went well, and keep what was typed when not.
    """
    try:
        with transaction(engine()) as session:
            action(session)
    except DomainError as error:
        problems = [
            _("{field}: {problem}", field=_(FIELDS[problem.field]), problem=told) if problem.field in FIELDS else told
            for problem, told in list_problems(error)
        ]
        st.session_state[_PROBLEM] = problems or [_(error.message, **error.params)]
        return False
    st.session_state[_DONE] = done
    for key in clear:
        st.session_state[key] = ""
    return True


def draw_outcome() -> None:
    """Tell what came of the last action, once."""
    for problem in st.session_state.pop(_PROBLEM, []):
        notice(problem, "bad")
    if done := st.session_state.pop(_DONE, None):
        notice(done, "good")
