"""Conflicts with the records of other systems, to be decided field by field."""

from __future__ import annotations

from typing import Any

import streamlit as st
from markupsafe import Markup

from portal.components import link, page_url, source
from portal.language import N_, _, current
from portal.markdown_text import plain
from portal.page_action import draw_problems, perform
from portal.registry.record_words import value_in_words
from portal.storage import engine
from portal.visit import visit
from stations.database import reading
from stations.duty.roles import Action, Actor
from stations.keeping.record_merge import Side
from stations.language import label
from stations.partners.sync_conflict import SyncConflict, list_conflicts, settle_conflict
from stations.registry.record_json import value_from_json
from stations.registry.record_state import FIELD_NAMES
from stations.registry.record_terms import Terms
from stations.registry.station import Status

_STATUS = "status"


def draw_conflicts(actor: Actor) -> None:
    """Draw the open conflicts about stations that the actor may edit; nothing if there are none."""
    if not actor.may_somewhere(Action.EDIT_STATIONS) or actor.sample:
        return
    with reading(engine()) as session:
        conflicts = list_conflicts(session, actor)
        terms = Terms.load(session) if conflicts else None
    if terms is None:
        return
    st.subheader(_("Conflicts with other systems"))
    st.html(
        Markup("<p>{}</p>").format(
            _("Both sides changed these fields since they last held the same. Choose the value for each.")
        )
    )
    for conflict in conflicts:
        with st.container(border=True, key=f"conflict_{conflict.id}"):
            _draw_conflict(conflict, terms)


def _draw_conflict(conflict: SyncConflict, terms: Terms) -> None:
    """Draw the choice for each field; none is made beforehand, since whatever is not chosen is lost."""
    head = link(page_url("record", kind="station", code=conflict.code), conflict.wanted.name)
    st.html(
        Markup("<p><strong>{}</strong> · {} · {}</p>").format(head, conflict.system_name, conflict.external_id)
    )
    choices: dict[str, Side] = {}
    for one in conflict.fields:
        field = str(one["field"])
        told = {
            Side.THEIRS: plain(_("Ours: {value}", value=_shown(terms, field, one["ours"]))),
            Side.YOURS: plain(_("The system's: {value}", value=_shown(terms, field, one["theirs"]))),
        }
        side = st.radio(
            plain(_(_label(field))),
            list(told),
            index=None,
            format_func=told.__getitem__,
            key=f"side_{conflict.id}_{field}",
        )
        source(_("Both held before: {value}", value=_shown(terms, field, one["base"])))
        if side is not None:
            choices[field] = side
    beside = f"conflict_{conflict.id}"
    draw_problems(beside, {str(one["field"]): _label(str(one["field"])) for one in conflict.fields})
    st.button(
        _("Save these values"),
        key=f"settle_{conflict.id}",
        type="primary",
        on_click=lambda: perform(
            lambda session: settle_conflict(session, visit().actor, conflict.id, choices, now=visit().now),
            _("The conflict is decided; the system reads it with its next changes."),
            beside=beside,
        ),
    )


def _label(field: str) -> str:
    return N_("Status") if field == _STATUS else FIELD_NAMES[field]


def _shown(terms: Terms, field: str, value: Any) -> str:
    """Return a value, as JSON, in words."""
    if value in (None, "", [], {}):
        return _("empty")
    if field == _STATUS:
        return label(current(), Status(value))
    return Markup(value_in_words(terms, field, value_from_json(field, value))).striptags()
