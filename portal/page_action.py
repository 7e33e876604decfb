"""Performing an action at the press of a button: as a callback, in one transaction, and reporting the result.

Success is reported at the top of the page. A problem with a field is shown beside the button; a problem with the record
as a whole (it has changed or was removed) is shown at the top.
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
    "notice_code": N_("Code from the message"),
    "overall": N_("All in all"),
    "comment": N_("Comment"),
    "username": N_("User name"),
    "name": N_("Person's name"),
    "role": N_("Role"),
    "area": N_("Area of duty"),
    "phone": N_("Telephone"),
    "email": N_("E-mail address"),
    "view": N_("Name of the view"),
    "due_on": N_("Answer by"),
    "addressee": N_("Who is urged"),
    "unit": N_("Organisation"),
    "department": N_("Department"),
}
"""What the fields that an action can find wrong are called."""


def perform(action: Action, done: str, *clear: str, beside: str = "") -> None:
    """Perform ``action`` as ``performed`` does, as a callback with nothing to do after it."""
    performed(action, done, *clear, beside=beside)


def performed(
    action: Action, done: str, *clear: str, beside: str = "", prepare: Callable[[], object] | None = None
) -> bool:
    """Perform ``action`` in one transaction, within a callback. Return whether it succeeded.

    ``done``: the message after success, drawn by ``draw_outcome``. ``clear``: keys of fields emptied after success; on
    failure they keep their input. ``beside``: the key of the ``draw_problems`` that shows problems with fields.
    ``prepare``: what takes long and needs no transaction, such as checking files; its problems are shown alike.
    """
    try:
        if prepare is not None:
            prepare()
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
    """Draw, once, the problems with the fields of the last action performed with this ``beside``.

    ``labels``: labels of fields that differ from ``FIELDS``.
    """
    problems = st.session_state.pop(f"{_PROBLEM}_{beside}", [])
    if problems:
        lines = [_in_field(field, told, {**FIELDS, **(labels or {})}) for field, told in problems]
        drawn = Markup("<br>").join(lines)
        st.html(Markup('<div class="notice bad" role="alert">{}</div>').format(drawn))


def _in_field(field: str, told: str, labels: Mapping[str, str]) -> str:
    return _("{field}: {problem}", field=_(labels[field]), problem=told) if field in labels else told


def draw_outcome() -> None:
    """Draw the result of the last action, once."""
    for problem in st.session_state.pop(_PROBLEM, []):
        notice(problem, "bad")
    draw_done()
