"""Previewing row by row what a register's list would change, and importing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from markupsafe import Markup

from portal.components import link, notice, page_url, table, tag
from portal.done_notice import tell_done
from portal.keeping.plan_parts import (
    MEANINGS,
    TONES,
    change_in_words,
    draw_choice_of_rows,
    draw_choice_to_import,
    draw_more,
    draw_other_kind,
    draw_outcomes,
    forget_plan,
    keep_plan,
    kept_plan,
    remarks_in_words,
    tell,
    tell_not_imported,
)
from portal.keeping.upload_state import OverUpload, forget_upload
from portal.language import N_, _, current, ngettext
from portal.storage import engine
from portal.visit import Visit
from stations.accounts.own_account import SETUP_CODE_LASTS
from stations.answers.register_lists import column_labels
from stations.database import reading, transaction
from stations.errors import DomainError
from stations.imports.about_list import about_any_list
from stations.imports.plan import Outcome
from stations.imports.report import as_headed, import_report
from stations.language import label
from stations.lists.applying import apply_list
from stations.lists.kind_of_list import WrongKind, kind_of_sheet
from stations.lists.list_plan import ListOptions, ListPlan, plan_list, read_list
from stations.lists.register import ListedRow, Register
from stations.registry.record_kind import RecordKind

_MEANINGS = {
    **MEANINGS,
    Outcome.NEW: N_("A record is added for each"),
    Outcome.CHANGED: N_("The record on file takes over what the row says"),
    Outcome.JOINED: N_("One record over several rows: read with the row above"),
}
_RECORD_PAGES = {f"{kind.value}s": kind.value for kind in RecordKind}
_NAME, _ONE_TIME = "list", "list_one_time"
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


@dataclass(frozen=True)
class Upload:
    """A list that was sent, and how it is read.

    ``over``: the cells put right over it. ``hidden_too``: whether rows that are hidden or struck out in the workbook
    are read.
    """

    content: bytes = field(repr=False)
    options: ListOptions
    over: OverUpload
    hidden_too: bool


def plan_of(present: Visit, register: Register[Any], upload: Upload) -> ListPlan | DomainError:
    """Return the plan for a file, computed once and stored in the session; the error, told, if it can't be read."""
    actor = present.actor.username if present.actor else ""
    over, options = upload.over, upload.options
    key = (register.name, over.digest, over.sheet, over.corrections, options, upload.hidden_too, actor)
    known: ListPlan | None = kept_plan(_NAME, key)
    if known is not None:
        return known
    try:
        with st.spinner(_("Reading the list…")):
            sheet = read_list(
                register,
                upload.content,
                hidden_too=upload.hidden_too,
                mapping=options.mapping,
                corrections=over.corrections,
                name=over.sheet,
            )
            with reading(engine()) as session:
                plan = plan_list(session, present.actor, register, sheet, options, now=present.now)
    except DomainError as error:
        if isinstance(error, WrongKind):
            draw_other_kind(error.other)
        else:
            tell(error)
        return error
    keep_plan(_NAME, key, plan)
    return plan


def draw_findings(register: Register[Any], plan: ListPlan) -> None:
    """Draw the number of rows per outcome, its meaning, and remarks about the whole list."""
    other = kind_of_sheet(register.name, plan.sheet)
    if other is not None:
        draw_other_kind(other)
    draw_outcomes(plan, about_any_list(plan), _MEANINGS)


def draw_rows(register: Register[Any], plan: ListPlan) -> None:
    """Draw the rows, optionally only those with certain outcomes."""
    language, labels = current(), as_headed(plan.sheet, column_labels(register))
    rows, shown = draw_choice_of_rows(_NAME, plan)
    table(
        [_("Row"), _("Outcome"), _(register.singular), _("What to know")],
        [
            [
                str(row.number),
                tag(label(language, row.outcome), TONES[row.outcome]),
                _named(register, row),
                _details(labels, row),
            ]
            for row in rows[:shown]
        ],
        caption=_("Rows of the list, as the spreadsheet numbers them; what needs you comes first"),
        stacks=True,
    )
    draw_more(_NAME, len(rows), shown)


def draw_import(present: Visit, register: Register[Any], plan: ListPlan, *, changed: bool) -> None:
    """Draw the download of the report and the button to import; after the import the page reruns with a message.

    ``changed``: whether cells were put right that are not yet read; the list is then read again first.
    """
    language = current()

    def report() -> bytes:
        return import_report(plan, language, labels=column_labels(register))

    doubtful = draw_choice_to_import(_NAME, plan, report, changed=changed)
    if doubtful is not None:
        _import(present, register, plan, doubtful=doubtful)


def _import(present: Visit, register: Register[Any], plan: ListPlan, *, doubtful: bool) -> None:
    try:
        with st.spinner(_("Writing…")), transaction(engine()) as session:
            done = apply_list(session, present.actor, register, plan, doubtful=doubtful, now=present.now)
    except DomainError as error:
        tell_not_imported(_NAME, error)
        return
    forget_plan(_NAME)
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


def _details(labels: Mapping[str, str], row: ListedRow[Any]) -> Markup:
    said = remarks_in_words(row.remarks, labels)
    for column, (before, after) in row.changes.items():
        change = Markup("<del>{}</del> → <ins>{}</ins>").format(before or "–", after or "–")
        said.append(change_in_words(_(labels.get(column, column)), change))
    return Markup("<br>").join(said)
