"""Previewing row by row what a list would change in the registry, and importing it."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.components import Tone, link, notice, page_url, table, tag
from portal.date_bounds import FIRST_DAY
from portal.done_notice import tell_done
from portal.form_problems import list_problems
from portal.keeping.record_words import before_and_after, field_name, offers_in, service_changes
from portal.keeping.upload_state import OverUpload, forget_upload
from portal.language import N_, _, current, ngettext
from portal.storage import engine
from portal.visit import Visit
from stations.answers.imports import PREVIEW_COLUMNS, ImportedRow
from stations.database import reading, transaction
from stations.duty.roles import Actor
from stations.errors import DomainError
from stations.imports.about_list import about_list
from stations.imports.applied_plan import RegistryMoved
from stations.imports.columns import COLUMNS
from stations.imports.importing import apply_import, plan_import, read_list
from stations.imports.plan import ImportOptions, ImportPlan, Outcome, PlannedRow, Weight
from stations.imports.report import import_report
from stations.language import day_in_china, label
from stations.partial_date import PartialDate
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import FieldChange
from stations.registry.record_terms import Terms
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
_MEANINGS = {
    Outcome.NEW: N_("A station is added for each"),
    Outcome.CHANGED: N_("The station on file takes over what the row says"),
    Outcome.UNCHANGED: N_("The registry says the same; nothing is written"),
    Outcome.DOUBTFUL: N_("To be looked at first; imported only if you say so below"),
    Outcome.WRONG: N_("Never imported; put them right below, in the list or in the report"),
    Outcome.JOINED: N_("One station over several rows: read with the row above"),
}
_MARKS = {Weight.FAULT: "bad", Weight.DOUBT: "warn", Weight.NOTE: ""}
_KEPT, _SHOWN = "import_plan", "import_shown"


def plan_of(
    actor: Actor, present: Visit, content: bytes, options: ImportOptions, over: OverUpload, *, hidden_too: bool
) -> ImportPlan | DomainError:
    """Return the plan for a file, computed once and stored in the session; the error, told, if it can't be read.

    ``over``: what was put right over the upload. ``hidden_too``: whether rows that are hidden or struck out in the
    workbook are read.
    """
    key = (over.digest, options, over.corrections, hidden_too, actor.username)
    kept = st.session_state.get(_KEPT)
    if kept is not None and kept[0] == key:
        known: ImportPlan = kept[1]
        return known
    st.session_state.pop(_KEPT, None)
    bar = st.progress(0.0, _("Reading the list…"))

    def tell_progress(done: int, of: int) -> None:
        bar.progress(done / of, _("Comparing with the registry…"))

    try:
        sheet = read_list(content, hidden_too=hidden_too, mapping=options.mapping, corrections=over.corrections)
        with reading(engine()) as session:
            plan = plan_import(session, actor, sheet, options, now=present.now, progress=tell_progress)
    except DomainError as error:
        _tell(error)
        return error
    finally:
        bar.empty()
    st.session_state[_KEPT] = (key, plan)
    st.session_state[_SHOWN] = AT_ONCE
    return plan


def draw_findings(plan: ImportPlan) -> None:
    """Draw the number of rows per outcome, its meaning, and remarks about the whole list."""
    language = current()
    st.subheader(_("What the import would do"))
    for told in about_list(plan):
        notice(_(told.message, **told.params))
    table(
        [_("Outcome"), _("Rows"), _("Meaning")],
        [
            [tag(label(language, outcome), TONES[outcome]), language.format_number(count), _(_MEANINGS[outcome])]
            for outcome, count in plan.counts.items()
            if count
        ],
        caption=ngettext("{count} row in the list", "{count} rows in the list", len(plan.rows)),
        numbers={1},
    )


def draw_status_date(plan: ImportPlan) -> None:
    """Draw the field for the one date of all stations that the list calls closed or suspended without one."""
    if plan.undated:
        st.date_input(
            _("Since when are the stations closed or suspended of which the list does not say?"),
            value=None,
            min_value=FIRST_DAY,
            max_value=day_in_china(plan.made_at),
            format="YYYY-MM-DD",
            key=_status_date_key(),
        )


def status_date() -> PartialDate | None:
    """Return the date entered in the field of ``draw_status_date``."""
    day = st.session_state.get(_status_date_key())
    return PartialDate.of(day) if day else None


def _status_date_key() -> str:
    return f"import_status_date_{st.session_state['import_turn']}"  # a new key yields an empty field


def draw_rows(plan: ImportPlan) -> None:
    """Draw the rows, optionally only those with certain outcomes."""
    language = current()
    st.subheader(_("Row by row"))
    present = [outcome for outcome, count in plan.counts.items() if count]
    chosen = st.pills(
        _("Only these rows (none chosen shows all)"),
        present,
        key="import_outcomes",
        selection_mode="multi",
        format_func=lambda outcome: f"{label(language, outcome)} {language.format_number(plan.counts[outcome])}",
        wrap=True,
    )
    order = (Outcome.WRONG, Outcome.DOUBTFUL, Outcome.CHANGED, Outcome.NEW, Outcome.JOINED, Outcome.UNCHANGED)
    rows = sorted(
        (row for row in plan.rows if not chosen or row.outcome in chosen),
        key=lambda row: (order.index(row.outcome), row.number),
    )
    with reading(engine()) as session:
        terms = Terms.load(session)
    shown = st.session_state.get(_SHOWN, AT_ONCE)
    draw_answer(
        PREVIEW_COLUMNS,
        [ImportedRow(row, row.code) for row in rows[:shown]],
        caption=_("Rows of the list, as the spreadsheet numbers them; what needs you comes first"),
        drawn={
            "outcome": lambda row: tag(label(language, row.planned.outcome), TONES[row.planned.outcome]),
            "name": lambda row: _named(row.planned),
            "message": lambda row: _details(terms, row.planned),
        },
        headed={"name": _("Station"), "message": _("What to know")},
        saving=False,  # the report is the file
        stacks=True,
    )
    if len(rows) > shown:

        def more() -> None:
            st.session_state[_SHOWN] = shown + AT_ONCE

        st.button(_("Show more rows ({count} left)", count=len(rows) - shown), on_click=more, key="import_more")


def draw_import(present: Visit, plan: ImportPlan, *, changed: bool) -> None:
    """Draw the download of the report and the button to import; after the import the page reruns with a message.

    ``changed``: whether something was put right that is not yet read; the list is then read again first.
    """
    language = current()
    st.download_button(
        _("Report (Excel): what is wrong stands beside its cell"),
        lambda: import_report(plan, language),
        file_name=_("import-report") + ".xlsx",
        mime=MIME,
        on_click="ignore",
        key="import_report",
    )
    counts = plan.counts
    doubtful = False
    if counts[Outcome.DOUBTFUL]:
        told = ngettext("Import the doubtful row too", "Import the {count} doubtful rows too", counts[Outcome.DOUBTFUL])
        doubtful = st.checkbox(told, key="import_doubtful")
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
    if not st.button(told, type="primary", key="import_do", disabled=changed):
        return
    bar = st.progress(0.0, _("Writing…"))

    def tell_progress(written: int, of: int) -> None:
        bar.progress(written / of, _("Writing…"))

    try:
        with transaction(engine()) as session:
            done = apply_import(
                session,
                present.actor,
                plan,
                doubtful=doubtful,
                now=present.now,
                progress=tell_progress,
            )
    except RegistryMoved as error:
        bar.empty()
        st.session_state.pop(_KEPT, None)  # the next preview reads the registry again
        _tell(error)
        st.button(_("Look at the preview again"), key="import_again")
        return
    except DomainError as error:
        bar.empty()
        _tell(error)
        return
    st.session_state.pop(_KEPT, None)
    forget_upload()
    st.session_state["import_turn"] += 1  # a new key yields an empty upload field
    tell_done(
        _(
            "The list was imported: {added} stations added, {changed} changed, {left} rows left as they were.",
            added=done.added,
            changed=done.changed,
            left=done.left,
        )
    )
    st.rerun()


def _named(row: PlannedRow) -> Markup:
    if row.new:
        return Markup("{} {}").format(row.name, row.code)
    return Markup("{} {}").format(
        row.name, link(page_url("record", kind=RecordKind.STATION.value, code=row.code), row.code)
    )


def _details(terms: Terms, row: PlannedRow) -> Markup:
    labels = {column.name: column.label for column in COLUMNS}
    said = [
        Markup('<span class="tag {}">{}</span> {}').format(
            _MARKS[remark.weight],
            _(labels[remark.column]) if remark.column in labels else _("Row"),
            remark.told(current()),
        )
        for remark in sorted(row.remarks, key=lambda remark: list(Weight)[::-1].index(remark.weight))
    ]
    for field, change in row.changes.items():
        said.append(
            Markup('<span class="changes">{}</span>').format(
                Markup(_("{field}: {change}")).format(field=field_name(field), change=_change(terms, field, change))
            )
        )
    return Markup("<br>").join(said)


def _change(terms: Terms, field: str, change: FieldChange) -> Markup:
    if field == "services":
        return service_changes(terms, offers_in(change.before), offers_in(change.after))
    return Markup("<del>{}</del> → <ins>{}</ins>").format(*before_and_after(terms, field, change))


def _tell(error: DomainError) -> None:
    told = [words for _problem, words in list_problems(error)] or [_(error.message, **error.params)]
    notice(" ".join(told), "bad")
