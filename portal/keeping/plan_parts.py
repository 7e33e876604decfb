"""The parts of a preview that are the same for lists of every kind: outcomes, choosing rows, remarks, and importing.

``name`` is what the keys of a preview in the session begin with: ``import`` for stations, ``list`` for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import streamlit as st
from markupsafe import Markup

from portal.components import Tone, notice, page_url, table, tag
from portal.form_problems import list_problems
from portal.language import N_, _, current, ngettext
from stations.errors import DomainError
from stations.imports.applied_plan import RegistryMoved
from stations.imports.plan import Outcome, Plan, Remark, Row, Weight
from stations.language import Worded, label
from stations.lists.kind_of_list import TITLES, OtherKind
from stations.lists.registers import REGISTERS
from stations.tables.workbooks import MIME

AT_ONCE = 50
TONES: dict[Outcome, Tone] = {
    Outcome.NEW: "good",
    Outcome.CHANGED: "good",
    Outcome.UNCHANGED: "",
    Outcome.DOUBTFUL: "warn",
    Outcome.WRONG: "bad",
    Outcome.JOINED: "",
}
MEANINGS = {
    Outcome.UNCHANGED: N_("The registry says the same; nothing is written"),
    Outcome.DOUBTFUL: N_("To be looked at first; imported only if you say so below"),
    Outcome.WRONG: N_("Never imported; put them right below, in the list or in the report"),
}
"""What an outcome means, where it means the same for records of every kind."""
EMPTY_CLEARS = N_("Let empty cells clear what is on file (otherwise they leave it as it is)")
_ORDER = (Outcome.WRONG, Outcome.DOUBTFUL, Outcome.CHANGED, Outcome.NEW, Outcome.JOINED, Outcome.UNCHANGED)
_MARKS = {Weight.FAULT: "bad", Weight.DOUBT: "warn", Weight.NOTE: ""}


def kept_plan(name: str, key: Hashable) -> Any:
    """Return the plan that was kept in the session for the same upload, options and person; None if there is none.

    Any other one is dropped.
    """
    kept = st.session_state.get(f"{name}_plan")
    if kept is not None and kept[0] == key:
        return kept[1]
    forget_plan(name)
    return None


def keep_plan(name: str, key: Hashable, plan: Plan[Any]) -> None:
    """Keep a new plan in the session; its first rows are shown."""
    st.session_state[f"{name}_plan"] = (key, plan)
    st.session_state[f"{name}_shown"] = AT_ONCE


def forget_plan(name: str) -> None:
    """Drop the plan from the session, so that the next preview reads the register again."""
    st.session_state.pop(f"{name}_plan", None)


def draw_outcomes(plan: Plan[Any], about: Iterable[Worded], meanings: Mapping[Outcome, str]) -> None:
    """Draw the number of rows per outcome, its meaning, and remarks about the whole list."""
    language = current()
    st.subheader(_("What the import would do"))
    for told in about:
        notice(_(told.message, **told.params))
    table(
        [_("Outcome"), _("Rows"), _("Meaning")],
        [
            [tag(label(language, outcome), TONES[outcome]), language.format_number(count), _(meanings[outcome])]
            for outcome, count in plan.counts.items()
            if count
        ],
        caption=ngettext("{count} row in the list", "{count} rows in the list", len(plan.rows)),
        numbers={1},
    )


def draw_other_kind(other: OtherKind) -> None:
    """Draw that the upload looks like another kind of list, with the way to the page that imports that kind."""
    title, kind = _(TITLES[other.kind]), other.kind
    address = page_url("import_list", kind=kind) if kind in REGISTERS else page_url("import_stations")
    told = _("Import a list of {what} there", what=title)
    why = _(other.told.message, **other.told.params)
    notice(Markup('{}<br><a href="{}" target="_self">{}</a>').format(why, address, told), "warn")


def draw_choice_of_rows(name: str, plan: Plan[Row]) -> tuple[list[Row], int]:
    """Draw the choice of outcomes. Return the rows chosen, those first that need somebody, and how many are shown."""
    language = current()
    st.subheader(_("Row by row"))
    chosen = st.pills(
        _("Only these rows (none chosen shows all)"),
        [outcome for outcome, count in plan.counts.items() if count],
        key=f"{name}_outcomes",
        selection_mode="multi",
        format_func=lambda outcome: f"{label(language, outcome)} {language.format_number(plan.counts[outcome])}",
        wrap=True,
    )
    rows = sorted(
        (row for row in plan.rows if not chosen or row.outcome in chosen),
        key=lambda row: (_ORDER.index(row.outcome), row.number),
    )
    return rows, st.session_state.get(f"{name}_shown", AT_ONCE)


def draw_more(name: str, rows: int, shown: int) -> None:
    """Draw the button that shows more of the rows, if there are more."""
    if rows <= shown:
        return

    def more() -> None:
        st.session_state[f"{name}_shown"] = shown + AT_ONCE

    st.button(_("Show more rows ({count} left)", count=rows - shown), on_click=more, key=f"{name}_more")


def remarks_in_words(remarks: Iterable[Remark], labels: Mapping[str, str]) -> list[Markup]:
    """Return the remarks on a row, the weightiest first. ``labels``: msgids by the name of a column."""
    return [
        Markup('<span class="tag {}">{}</span> {}').format(
            _MARKS[remark.weight],
            _(labels[remark.column]) if remark.column in labels else _("Row"),
            remark.told(current()),
        )
        for remark in sorted(remarks, key=lambda remark: list(Weight)[::-1].index(remark.weight))
    ]


def change_in_words(field: str, change: Markup) -> Markup:
    """Return what would change in a field, which is already in words."""
    return Markup('<span class="changes">{}</span>').format(
        Markup(_("{field}: {change}")).format(field=field, change=change)
    )


def draw_choice_to_import(name: str, plan: Plan[Any], report: Callable[[], bytes], *, changed: bool) -> bool | None:
    """Draw the download of the report and the button to import. Return None until it is pressed, then whether the
    doubtful rows are imported too.

    ``changed``: whether something was put right that is not yet read; the list is then read again first.
    """
    st.download_button(
        _("Report (Excel): what is wrong stands beside its cell"),
        report,
        file_name=_("import-report") + ".xlsx",
        mime=MIME,
        on_click="ignore",
        key=f"{name}_report",
    )
    counts = plan.counts
    doubtful = False
    if counts[Outcome.DOUBTFUL]:
        told = ngettext("Import the doubtful row too", "Import the {count} doubtful rows too", counts[Outcome.DOUBTFUL])
        doubtful = st.checkbox(told, key=f"{name}_doubtful")
    chosen = plan.to_apply(doubtful=doubtful)
    if not chosen:
        notice(_("Nothing in this list is to be written."))
        return None
    if doubtful and counts[Outcome.WRONG]:
        told = ngettext("Import all but the wrong rows", "Import all but the wrong rows ({count})", len(chosen))
    elif counts[Outcome.WRONG] or (counts[Outcome.DOUBTFUL] and not doubtful):
        told = ngettext("Import the good row only", "Import the {count} good rows only", len(chosen))
    else:
        told = ngettext("Import the row", "Import all {count} rows", len(chosen))
    if changed:
        notice(_("What you put right is not read yet; read the list again before you import it."), "warn")
    return doubtful if st.button(told, type="primary", key=f"{name}_do", disabled=changed) else None


def tell_not_imported(name: str, error: DomainError) -> None:
    """Draw why nothing was imported. If the register has changed meanwhile, its plan is dropped."""
    tell(error)
    if isinstance(error, RegistryMoved):
        forget_plan(name)
        st.button(_("Look at the preview again"), key=f"{name}_again")


def tell(error: DomainError) -> None:
    """Draw what is wrong."""
    told = [words for _problem, words in list_problems(error)] or [_(error.message, **error.params)]
    notice(current().semicolon.join(told), "bad")
