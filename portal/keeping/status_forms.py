"""The forms for a record's dated history: adding the next entry, and correcting wrong entries."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from portal.components import table
from portal.form_problems import FormProblems
from portal.keeping.record_form import form_labels
from portal.language import _, current
from portal.registry.record_words import entry_in_words
from portal.required_fields import mark_required
from stations.language import label
from stations.registry.centre import Stage
from stations.registry.dated_entries import NEEDS_REASON, NEXT, EntryForm
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import SHAPES
from stations.registry.record_state import HistoryEntry
from stations.registry.station import Status

WIDTH = 720  # pixels: a comfortable line length
_DATE_SHAPE = "2025, 2025-06, 2025-06-30"


def draw_first_entry(kind: RecordKind, key: str, problems: FormProblems) -> EntryForm:
    """Draw the fields for the first status of a new record and its date; return their values."""
    shape = SHAPES[kind]
    st.subheader(_("Status to begin with") if kind is RecordKind.STATION else _("Stage to begin with"))
    mark_required(f"{key}_stage", f"{key}_dated", told=False)
    left, right = st.columns(2)
    with left:
        stage = _draw_stage(list(shape.stages), f"{key}_stage")
        problems.place("stage")
    with right:
        dated = st.text_input(_("Since"), key=f"{key}_dated", placeholder=_DATE_SHAPE)
        problems.place("dated")
    return EntryForm(stage, dated=dated)


def draw_next_entry(
    kind: RecordKind, history: Sequence[HistoryEntry], key: str
) -> tuple[EntryForm | None, FormProblems]:
    """Draw the form for the next entry of the history; return the entry once it is sent, else None, and the problems.
    """
    problems = FormProblems(form_labels())
    shape = SHAPES[kind]
    options = [stage for stage in shape.stages if not history or stage in NEXT[kind][history[-1].stage]]
    now = entry_in_words(history[-1]) if history else _("Status not known")
    st.html(Markup("<p>{} {}</p>").format(_("It is now:"), now))
    if not options:
        st.html(Markup("<p>{}</p>").format(_("Nothing can follow this. If it is wrong, correct the history.")))
        return None, problems
    with st.form(f"{key}_form", border=False, width=WIDTH, enter_to_submit=False):
        mark_required(f"{key}_stage", f"{key}_dated")
        stage = st.radio(
            _("What it becomes"),
            options,
            key=f"{key}_stage",
            format_func=lambda one: label(current(), one),
            horizontal=True,
        )
        problems.place("stage")
        left, right = st.columns(2)
        with left:
            dated = st.text_input(_("From which day on"), key=f"{key}_dated", placeholder=_DATE_SHAPE)
            problems.place("dated")
        with right:
            source = st.text_input(
                _("{label} (optional)", label=_("Source")),
                key=f"{key}_source",
                placeholder=_("e.g. the number of the document"),
            )
        needed = _(", ").join(label(current(), one) for one in options if one in NEEDS_REASON)
        reason = st.text_area(_("Reason (needed for: {statuses})", statuses=needed), key=f"{key}_reason")
        problems.place("reason")
        sent = st.form_submit_button(_("Save the change of status"), type="primary")
    return (EntryForm(stage, dated=dated, reason=reason, source=source) if sent else None), problems


def draw_correction(
    kind: RecordKind, history: Sequence[HistoryEntry], key: str
) -> tuple[tuple[list[EntryForm], str] | None, FormProblems]:
    """Draw the form for correcting the whole history.

    Return the entries and the reason once they are sent, else None, and the problems.
    """
    labels = form_labels()
    count_key = f"{key}_count"
    st.session_state.setdefault(count_key, len(history))
    count = st.session_state[count_key]
    labels |= {f"history_{number}": _("Entry {number}", number=number) for number in range(1, count + 1)}
    problems = FormProblems(labels)
    table(
        [_("Entry"), _("As it stands")],
        [[str(number), entry_in_words(entry)] for number, entry in enumerate(history, start=1)],
        caption=_("What stands now is kept in the record's changes"),
    )
    with st.container(horizontal=True):
        if st.button(_("One entry more"), key=f"{key}_more"):
            st.session_state[count_key] += 1
            st.rerun()
        if st.button(_("One entry fewer"), key=f"{key}_fewer", disabled=count < 2):
            st.session_state[count_key] -= 1
            st.rerun()
    with st.form(f"{key}_form", border=False, enter_to_submit=False):
        mark_required(f"{key}_stage_*", f"{key}_why")
        entries = [
            _draw_entry(kind, history[number] if number < len(history) else None, number, key, problems)
            for number in range(count)
        ]
        problems.place("history")
        reason = st.text_area(_("Why it was wrong"), key=f"{key}_why")
        problems.place("reason")
        sent = st.form_submit_button(_("Correct the history"), type="primary")
    return ((entries, reason) if sent else None), problems


def _draw_entry(
    kind: RecordKind, entry: HistoryEntry | None, number: int, key: str, problems: FormProblems
) -> EntryForm:
    shape = SHAPES[kind]
    stages: list[Status | Stage] = [*shape.stages]
    held = entry or HistoryEntry(stages[0])
    st.html(Markup("<p><strong>{}</strong></p>").format(_("Entry {number}", number=number + 1)))
    one, two, three, four = st.columns([3, 2, 2, 5])
    with one:
        stage = _draw_stage(stages, f"{key}_stage_{number}", held.stage)
    dated = two.text_input(_("Since"), value=str(held.dated or ""), key=f"{key}_dated_{number}", placeholder="2025-06")
    as_of = three.text_input(_("Told on"), value=str(held.as_of or ""), key=f"{key}_as_of_{number}")
    reason = four.text_input(_("Reason"), value=held.reason or "", key=f"{key}_reason_{number}")
    problems.place(f"history_{number + 1}")
    return EntryForm(stage, dated=dated, as_of=as_of, reason=reason, source=held.source or "")


def _draw_stage(stages: Sequence[Status | Stage], key: str, chosen: Status | Stage | None = None) -> str:
    return st.selectbox(
        _("Status"),
        stages,
        index=stages.index(chosen) if chosen in stages else 0,
        key=key,
        format_func=lambda one: label(current(), one),
        filter_mode=None,
    )
