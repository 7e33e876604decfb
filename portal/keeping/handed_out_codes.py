"""The one-time codes of accounts that a list has added: shown to whoever imported it until they are noted down.

They are in the session of that browser alone, never in a file or the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st
from markupsafe import Markup

from portal.components import page_url, table
from portal.language import _
from portal.visit import Visit
from stations.accounts.own_account import SETUP_CODE_LASTS
from stations.imports.importing import Imported
from stations.lists.list_plan import ListPlan

_KEY = "handed_out_codes"


@dataclass(frozen=True)
class _HandedOut:
    """The codes of one import. ``to``: the user name of the importer. ``rows``: user name, person and code of each."""

    to: str
    rows: list[tuple[str, str, str]] = field(repr=False)


def keep_codes(present: Visit, plan: ListPlan, done: Imported) -> None:
    """Keep the codes of an import for the page to show."""
    if present.actor is not None and done.one_time:
        names = {row.number: row.name for row in plan.rows}
        rows = [(done.codes[number], names[number], code) for number, code in done.one_time.items()]
        st.session_state[_KEY] = _HandedOut(present.actor.username, rows)


def draw_codes(present: Visit) -> None:
    """Draw the codes that were handed out to this person, and the button that takes them from the page."""
    kept = st.session_state.get(_KEY)
    if not isinstance(kept, _HandedOut) or present.actor is None or kept.to != present.actor.username:
        return
    st.subheader(_("One-time codes of the new accounts"))
    st.html(
        Markup("<p>{} {}</p>").format(
            _(
                "They are shown only now and stored nowhere: hand each over in person or by telephone. "
                "A code is good for {days} days; the password is set at:",
                days=SETUP_CODE_LASTS.days,
            ),
            Markup('<a href="{0}" target="_self">{0}</a>').format(page_url("first-password")),
        )
    )
    table(
        [_("User name"), _("Person"), _("One-time code")],
        [[username, name, Markup("<code>{}</code>").format(code)] for username, name, code in kept.rows],
        caption=_("New accounts, by row of the list"),
        stacks=True,
    )
    st.button(_("I have noted the codes down"), key="codes_noted", on_click=lambda: st.session_state.pop(_KEY, None))
