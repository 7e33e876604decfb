"""Previewing row by row what a register's list would change, and importing it."""

from __future__ import annotations

from typing import Any

import streamlit as st
from markupsafe import Markup

from portal.components import Tone, link, notice, page_url, table, tag
from portal.done_notice import tell_done
from portal.form_problems import list_problems
from portal.keeping.upload_state import OverUpload, forget_upload
from portal.language import N_, _, current, ngettext
from portal.storage import engine
from portal.visit import Visit
from stations.accounts.own_account import SETUP_CODE_LASTS
from stations.answers.register_lists import column_labels
from stations.database import reading, transaction
from stations.errors import DomainError
from stations.imports.about_list import about_sheet
from stations.imports.applied_plan import RegistryMoved
from stations.imports.plan import Outcome, Weight
from stations.imports.report import import_report
from stations.language import label
from stations.lists.applying import apply_list
from stations.lists.list_plan import ListPlan, plan_list, read_list
from stations.lists.register import ListedRow, Register
from stations.registry.record_kind import RecordKind
from stations.tables.workbooks import MIME

AT_ONCE = 50
_TONES: dict[Outcome, Tone] = {
    Outcome.NEW: "good",
    Outcome.CHANGED: "good",
    Outcome.UNCHANGED: "",
    Outcome.DOUBTFUL: "warn",
    Outcome.WRONG: "bad",
    Outcome.JOINED: "",
}
_MEANINGS = {
    Outcome.NEW: N_("A record is added for each"),
    Outcome.CHANGED: N_("The record on file takes over what the row says"),
    Outcome.UNCHANGED: N_("The registry says the same; nothing is written"),
    Outcome.DOUBTFUL: N_("To be looked at first; imported only if you say so below"),
    Outcome.WRONG: N_("Never imported; put them right below, in the list or in the report"),
    Outcome.JOINED: N_("One record over several rows: read with the row above"),
}
_ORDER = (Outcome.WRONG, Outcome.DOUBTFUL, Outcome.CHANGED, Outcome.NEW, Outcome.JOINED, Outcome.UNCHANGED)
_MARKS = {Weight.FAULT: "bad", Weight.DOUBT: "warn", Weight.NOTE: ""}
_RECORD_PAGES = {f"{kind.value}s": kind.value for kind in RecordKind}
_KEPT, _SHOWN, _ONE_TIME = "list_plan", "list_shown", "list_one_time"
TURN = "list_turn"
"""The key of the number of imports done in this session; a new one yields an empty upload field."""


def draw_one_time_codes(present: Visit) -> None:
    """Draw the one-time codes of accounts that were just imported, until somebody says that they are noted down: they
    are stored nowhere else.
    """
    whose, codes = st.session_state.get(_ONE_TIME, ("", []))
    if not codes or present.actor is None or present.actor.username != whose:
        return
    told = _("Give each person their one-time code; it sets the password, and is shown only now.")
    where = _("It is good for {days} days; the password is set at:", days=SETUP_CODE_LASTS.days)
    address = Markup('<a href="{0}" target="_self">{0}</a>').format(page_url("first-password"))
    notice(Markup("{} {} {}").format(told, where, address), "warn")
    table(
        [_("Name"), _("User name"), _("One-time code")],
        [[name, username, Markup("<code>{}</code>").format(code)] for name, username, code in codes],
        caption=ngettext("{count} new account", "{count} new accounts", len(codes)),
        stacks=True,
    )
    st.button(_("They are noted down"), on_click=lambda: st.session_state.pop(_ONE_TIME), key="list_codes_noted")


def plan_of(
    present: Visit,
    register: Register[Any],
    content: bytes,
    file: str,
    source: str,
    over: OverUpload,
    *,
    hidden_too: bool,
) -> ListPlan | None:
    """Return the plan for a file, computed once and stored in the session; None, with a message, if it can't be read.

    ``over``: the cells put right over the upload. ``hidden_too``: whether rows that are hidden or struck out in the
    workbook are read.
    """
    actor = present.actor.username if present.actor else ""
    key = (register.name, over.digest, over.corrections, file, source, hidden_too, actor)
    kept = st.session_state.get(_KEPT)
    if kept is not None and kept[0] == key:
        known: ListPlan = kept[1]
        return known
    st.session_state.pop(_KEPT, None)
    try:
        with st.spinner(_("Reading the list…")):
            sheet = read_list(register, content, hidden_too=hidden_too, corrections=over.corrections)
            with reading(engine()) as session:
                plan = plan_list(session, present.actor, register, sheet, file=file, source=source, now=present.now)
    except DomainError as error:
        _tell(error)
        return None
    st.session_state[_KEPT] = (key, plan)
    st.session_state[_SHOWN] = AT_ONCE
    return plan


def draw_findings(plan: ListPlan) -> None:
    """Draw the number of rows per outcome, its meaning, and remarks about the whole list."""
    language = current()
    st.subheader(_("What the import would do"))
    for told in about_sheet(plan.sheet):
        notice(_(told.message, **told.params))
    table(
        [_("Outcome"), _("Rows"), _("Meaning")],
        [
            [tag(label(language, outcome), _TONES[outcome]), language.format_number(count), _(_MEANINGS[outcome])]
            for outcome, count in plan.counts.items()
            if count
        ],
        caption=ngettext("{count} row in the list", "{count} rows in the list", len(plan.rows)),
        numbers={1},
    )


def draw_rows(register: Register[Any], plan: ListPlan) -> None:
    """Draw the rows, optionally only those with certain outcomes."""
    language = current()
    st.subheader(_("Row by row"))
    chosen = st.pills(
        _("Only these rows (none chosen shows all)"),
        [outcome for outcome, count in plan.counts.items() if count],
        key="list_outcomes",
        selection_mode="multi",
        format_func=lambda outcome: f"{label(language, outcome)} {language.format_number(plan.counts[outcome])}",
        wrap=True,
    )
    rows = sorted(
        (row for row in plan.rows if not chosen or row.outcome in chosen),
        key=lambda row: (_ORDER.index(row.outcome), row.number),
    )
    shown = st.session_state.get(_SHOWN, AT_ONCE)
    table(
        [_("Row"), _("Outcome"), _(register.singular), _("What to know")],
        [
            [
                str(row.number),
                tag(label(language, row.outcome), _TONES[row.outcome]),
                _named(register, row),
                _details(register, row),
            ]
            for row in rows[:shown]
        ],
        caption=_("Rows of the list, as the spreadsheet numbers them; what needs you comes first"),
        stacks=True,
    )
    if len(rows) > shown:

        def more() -> None:
            st.session_state[_SHOWN] = shown + AT_ONCE

        st.button(_("Show more rows ({count} left)", count=len(rows) - shown), on_click=more, key="list_more")


def draw_import(present: Visit, register: Register[Any], plan: ListPlan, *, changed: bool) -> None:
    """Draw the download of the report and the button to import; after the import the page reruns with a message.

    ``changed``: whether cells were put right that are not yet read; the list is then read again first.
    """
    language = current()
    st.download_button(
        _("Report (Excel): what is wrong stands beside its cell"),
        lambda: import_report(plan, language, labels=column_labels(register)),
        file_name=_("import-report") + ".xlsx",
        mime=MIME,
        on_click="ignore",
        key="list_report",
    )
    counts = plan.counts
    doubtful = False
    if counts[Outcome.DOUBTFUL]:
        told = ngettext("Import the doubtful row too", "Import the {count} doubtful rows too", counts[Outcome.DOUBTFUL])
        doubtful = st.checkbox(told, key="list_doubtful")
    chosen = plan.to_apply(doubtful=doubtful)
    if not chosen:
        notice(_("Nothing in this list is to be written."))
        return
    if doubtful and counts[Outcome.WRONG]:
        told = ngettext("Import all but the wrong rows", "Import all but the wrong rows ({count})", len(chosen))
    elif counts[Outcome.WRONG] or (counts[Outcome.DOUBTFUL] and not doubtful):
        told = ngettext("Import the good row only", "Import the {count} good rows only", len(chosen))
    else:
        told = ngettext("Import the row", "Import all {count} rows", len(chosen))
    if changed:
        notice(_("What you put right is not read yet; read the list again before you import it."), "warn")
    if st.button(told, type="primary", key="list_do", disabled=changed):
        _import(present, register, plan, doubtful=doubtful)


def _import(present: Visit, register: Register[Any], plan: ListPlan, *, doubtful: bool) -> None:
    try:
        with st.spinner(_("Writing…")), transaction(engine()) as session:
            done = apply_list(session, present.actor, register, plan, doubtful=doubtful, now=present.now)
    except RegistryMoved as error:
        st.session_state.pop(_KEPT, None)  # the next preview reads the register again
        _tell(error)
        st.button(_("Look at the preview again"), key="list_again")
        return
    except DomainError as error:
        _tell(error)
        return
    st.session_state.pop(_KEPT, None)
    forget_upload()
    st.session_state[TURN] += 1
    names = {row.number: row.name for row in plan.rows}
    codes = [(names[number], done.codes.get(number, ""), code) for number, code in sorted(done.one_time.items())]
    st.session_state[_ONE_TIME] = (present.actor.username if present.actor else "", codes)
    tell_done(
        _(
            "The list was imported: {added} records added, {changed} changed, {left} rows left as they were.",
            added=done.added,
            changed=done.changed,
            left=done.left,
        )
    )
    st.rerun()


def _named(register: Register[Any], row: ListedRow[Any]) -> Markup:
    page = _RECORD_PAGES.get(register.name)
    if row.new or page is None:
        return Markup("{} {}").format(row.name, row.code)
    return Markup("{} {}").format(row.name, link(page_url("record", kind=page, code=row.code), row.code))


def _details(register: Register[Any], row: ListedRow[Any]) -> Markup:
    labels = column_labels(register)
    said = [
        Markup('<span class="tag {}">{}</span> {}').format(
            _MARKS[remark.weight],
            _(labels[remark.column]) if remark.column in labels else _("Row"),
            remark.told(current()),
        )
        for remark in sorted(row.remarks, key=lambda remark: list(Weight)[::-1].index(remark.weight))
    ]
    for column, (before, after) in row.changes.items():
        change = Markup("<del>{}</del> → <ins>{}</ins>").format(before or "–", after or "–")
        told = Markup(_("{field}: {change}")).format(field=_(labels.get(column, column)), change=change)
        said.append(Markup('<span class="changes">{}</span>').format(told))
    return Markup("<br>").join(said)


def _tell(error: DomainError) -> None:
    told = [words for _problem, words in list_problems(error)] or [_(error.message, **error.params)]
    notice(" ".join(told), "bad")
