"""Doing something at the press of a button: in one transaction, as a callback, and telling what came of it.

What was done is told at the head of the page. What was wrong with a field is told beside the button,
where the eye is; only what concerns the record as a whole (it has moved on, it is gone) stands above.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import notice
from portal.done_notice import draw_done, tell_done
from portal.form_problems import list_problems
from portal.language import N_, _
from portal.storage import engine
from stations.database import transaction
from stations.errors import DomainError

Action = Callable[[Session], object]

_PROBLEM = "action_problem"
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


def perform(action: Action, done: str, *clear: str, beside: str = "") -> bool:
    """Do ``action`` in one transaction, as a callback; whether it went well. What came of it is told by
    ``draw_outcome``.

    ``clear``: keys of fields that are emptied when it went well, and keep what was typed when not.
    ``beside``: the key of the ``draw_problems`` that tells what is wrong with the fields.
    """
    try:
        with transaction(engine()) as session:
            action(session)
    except DomainError as error:
        problems = [(problem.field, told) for problem, told in list_problems(error)]
        if problems and beside:
            st.session_state[f"{_PROBLEM}_{beside}"] = problems
        else:
            told = [_in_field(field, told, FIELDS) for field, told in problems]
            st.session_state[_PROBLEM] = told or [_(error.message, **error.params)]
        return False
    tell_done(done)
    for key in clear:
        st.session_state[key] = ""
    return True


def draw_problems(beside: str, labels: Mapping[str, str] | None = None) -> None:
    """Tell here, once, what was wrong with the fields of the last action that was done ``beside`` it.
    ``labels``: what fields are called here, where that is not their usual name."""
    problems = st.session_state.pop(f"{_PROBLEM}_{beside}", [])
    if problems:
        lines = [_in_field(field, told, {**FIELDS, **(labels or {})}) for field, told in problems]
        drawn = Markup("<br>").join(lines)
        st.html(Markup('<div class="notice bad" role="alert">{}</div>').format(drawn))


def _in_field(field: str, told: str, labels: Mapping[str, str]) -> str:
    return _("{field}: {problem}", field=_(labels[field]), problem=told) if field in labels else told


def draw_outcome() -> None:
    """Tell what came of the last action, once."""
    for problem in st.session_state.pop(_PROBLEM, []):
        notice(problem, "bad")
    draw_done()
