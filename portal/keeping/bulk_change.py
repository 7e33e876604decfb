"""Changing one field of several records: choosing them, looking at what would change, then doing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st
from markupsafe import Markup

from portal.components import link, notice, page_url, table, tag
from portal.language import _, ngettext, pick
from portal.markdown_text import plain
from portal.option_labels import distinct
from portal.page_action import draw_problems, perform
from portal.registry.record_words import field_name, value_in_words
from portal.required_fields import mark_required
from portal.storage import engine
from portal.visit import visit
from stations.database import reading
from stations.errors import DomainError
from stations.keeping.bulk_edit import BULK_FIELDS, Foreseen, change_all, foresee
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import Record
from stations.registry.record_terms import Terms

_KEY = "bulk"


def draw_bulk_change(kind: RecordKind, records: Sequence[Record], terms: Terms) -> None:
    """Draw the choice of records among those listed, of a field and its value, and what would become of each."""
    with st.expander(_("Change several records")):
        mark_required(f"{_KEY}_codes", f"{_KEY}_field", f"{_KEY}_reason")
        names = {one.code: f"{plain(pick(one.name, one.name_en))} {one.code}" for one in records}
        every = st.checkbox(_("All records listed here: {count}", count=len(records)), key=f"{_KEY}_every")
        codes = list(names)
        if not every:
            codes = st.multiselect(
                _("Records"),
                list(names),
                key=f"{_KEY}_codes",
                format_func=names.__getitem__,
                placeholder=_("Choose one or more"),
                filter_mode="contains",
            )
        field = st.selectbox(
            _("Field"),
            BULK_FIELDS[kind],
            index=None,
            key=f"{_KEY}_field",
            format_func=field_name,
            placeholder=_("Choose"),
        )
        if field is None:
            return
        value = _draw_value(field, terms)
        st.text_input(_("Reason"), key=f"{_KEY}_reason", max_chars=500)
        if not codes:
            return
        try:
            with reading(engine()) as session:
                foreseen = foresee(session, visit().actor, kind, codes, field, value)
        except DomainError as error:
            notice(_(error.message, **error.params), "bad")
            return
        _draw_foreseen(kind, field, foreseen, terms)
        _draw_button(kind, field, value, foreseen)


def _draw_value(field: str, terms: Terms) -> Any:
    key = f"{_KEY}_value_{field}"
    if field == "chains":
        chains = distinct({code: pick(chain.name_zh, chain.name_en) for code, chain in terms.chains.items()})
        choose = _("Choose one or more")
        return tuple(
            st.multiselect(_("New value"), list(chains), key=key, format_func=chains.__getitem__, placeholder=choose)
        )
    return st.text_input(_("New value"), key=key, max_chars=2000)


def _draw_foreseen(kind: RecordKind, field: str, foreseen: Sequence[Foreseen], terms: Terms) -> None:
    def outcome(one: Foreseen) -> Markup:
        if one.problem is not None:
            why = _(one.problem.message, **one.problem.params)
            return Markup("{} {}").format(tag(_("can't be changed"), "bad"), why)
        return tag(_("will change"), "good") if one.changes else tag(_("stays as it is"))

    table(
        [_("Record"), _("Now"), _("Then"), _("What happens")],
        [
            [
                link(page_url("record", kind=kind.value, code=one.code), one.name),
                value_in_words(terms, field, one.before),
                value_in_words(terms, field, one.after) if one.problem is None else "—",
                outcome(one),
            ]
            for one in foreseen
        ],
        caption=_("What would change: {field}", field=field_name(field)),
        stacks=True,
    )


def _draw_button(kind: RecordKind, field: str, value: Any, foreseen: Sequence[Foreseen]) -> None:
    changing = [one for one in foreseen if one.changes]
    if any(one.problem for one in foreseen):
        notice(_("Take out the records that can't be changed, or correct the value."), "warn")
    versions = {one.code: one.version for one in foreseen}
    draw_problems(_KEY, {"reason": _("Reason"), field: field_name(field)})
    st.button(
        ngettext("Change one record", "Change {count} records", len(changing)),
        type="primary",
        disabled=not changing or any(one.problem for one in foreseen),
        key=f"{_KEY}_go",
        on_click=lambda: perform(
            lambda session: change_all(
                session,
                visit().actor,
                kind,
                versions,
                field,
                value,
                reason=st.session_state[f"{_KEY}_reason"],  # as it stands when the button is pressed
                now=visit().now,
            ),
            ngettext("One record is changed.", "{count} records are changed.", len(changing)),
            f"{_KEY}_reason",
            beside=_KEY,
        ),
    )
