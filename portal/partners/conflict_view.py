"""Conflicts with the records of other systems, to be decided field by field."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st
from markupsafe import Markup

from portal.components import link, page_url
from portal.language import _
from portal.markdown_text import plain
from portal.page_action import perform
from portal.storage import engine
from portal.visit import visit
from stations.database import reading
from stations.duty.roles import Action, Actor
from stations.keeping.record_merge import Side
from stations.partners.sync_conflict import SyncConflict, list_conflicts, settle_conflict
from stations.registry.record_state import FIELD_NAMES

_STATUS = "status"


def draw_conflicts(actor: Actor) -> None:
    """Draw the open conflicts about stations that the actor may edit; nothing if there are none."""
    if not actor.may_somewhere(Action.EDIT_STATIONS) or actor.sample:
        return
    with reading(engine()) as session:
        conflicts = list_conflicts(session, actor)
    if not conflicts:
        return
    st.subheader(_("Conflicts with other systems"))
    st.html(
        Markup("<p>{}</p>").format(
            _("Both sides changed these fields since they last held the same. Choose the value for each.")
        )
    )
    for conflict in conflicts:
        with st.container(border=True, key=f"conflict_{conflict.id}"):
            _draw_conflict(conflict)


def _draw_conflict(conflict: SyncConflict) -> None:
    head = link(page_url("record", kind="station", code=conflict.code), conflict.wanted.name)
    st.html(
        Markup("<p><strong>{}</strong> · {} · {}</p>").format(head, conflict.system_name, conflict.external_id)
    )
    choices: dict[str, Side] = {}
    for one in conflict.fields:
        field = str(one["field"])
        side = st.radio(
            plain(_field(field)),
            list(Side),
            format_func=partial(_choice, one),
            key=f"side_{conflict.id}_{field}",
            help=_("Both held before: {value}", value=plain(_shown(one["base"]))),
        )
        if side is not None:
            choices[field] = side
    st.button(
        _("Save these values"),
        key=f"settle_{conflict.id}",
        type="primary",
        on_click=lambda: perform(
            lambda session: settle_conflict(session, visit().actor, conflict.id, choices, now=visit().now),
            _("The conflict is decided; the system reads it with its next changes."),
        ),
    )


def _field(field: str) -> str:
    return _("Status") if field == _STATUS else _(FIELD_NAMES[field])


def _choice(one: Mapping[str, Any], side: Side) -> str:
    if side is Side.THEIRS:
        return _("Ours: {value}", value=plain(_shown(one["ours"])))
    return _("The system's: {value}", value=plain(_shown(one["theirs"])))


def _shown(value: Any) -> str:
    if value in (None, "", [], {}):
        return _("empty")
    if isinstance(value, dict):
        return ", ".join(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
