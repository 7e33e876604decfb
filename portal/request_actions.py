"""Acting on a service request: the steps its state leaves open, and telling what came of them.

Everything happens in callbacks. They are handed the version of the request that was on the screen
when the button was pressed, so nobody acts on what has meanwhile become something else.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from sqlalchemy.orm import Session

from portal.components import notice
from portal.form_problems import list_problems
from portal.language import N_, _, current
from portal.storage import engine
from stations.database import transaction
from stations.errors import DomainError
from stations.labels import label
from stations.request_moves import Move, MoveName

Action = Callable[[Session], object]

_PROBLEM, _DONE = "action_problem", "action_done"
_FIELDS = {
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
}


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
            _("{field}: {problem}", field=_(_FIELDS[problem.field]), problem=told) if problem.field in _FIELDS else told
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


def draw_moves(moves: list[Move], make: Callable[[MoveName, str], Action], key: str) -> None:
    """Draw the steps that are open now and need no more than a reason; one that needs it asks for it.

    ``make(name, note)`` gives the action; ``key`` tells this request's fields from another's.
    """
    moves = [move for move in moves if move.alone]
    if not moves:
        return
    with st.container(horizontal=True, key=f"moves_{key}"):
        for move in moves:
            name = label(current(), move.name)
            primary = "primary" if move is moves[0] else "secondary"
            if not move.note:
                st.button(
                    name,
                    key=f"{key}_{move.name}",
                    type=primary,
                    on_click=lambda move=move: perform(make(move.name, ""), _("Done.")),
                )
                continue
            field = f"{key}_{move.name}_note"
            with st.popover(name, type=primary), st.form(f"{field}_form", border=False):
                st.text_area(_("Reason or answer"), key=field, max_chars=2000)
                st.form_submit_button(
                    name,
                    type="primary",
                    on_click=lambda move=move, field=field: perform(
                        make(move.name, st.session_state[field]), _("Done."), field
                    ),
                )
