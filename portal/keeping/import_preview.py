"""Previewing row by row what a list would change in the registry, and importing it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.components import link, page_url, tag
from portal.date_bounds import FIRST_DAY
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
from portal.language import N_, _, current
from portal.registry.record_words import before_and_after, field_name, offers_in, service_changes
from portal.storage import engine
from portal.visit import Visit
from stations.answers.imports import PREVIEW_COLUMNS, ImportedRow
from stations.database import reading, transaction
from stations.duty.roles import Actor
from stations.errors import DomainError
from stations.imports.about_list import about_list
from stations.imports.columns import COLUMNS
from stations.imports.importing import apply_import, plan_import, read_list
from stations.imports.plan import ImportOptions, ImportPlan, Outcome, PlannedRow
from stations.imports.report import as_headed, import_report
from stations.imports.station_words import STATION_WORDS
from stations.language import day_in_china, label
from stations.lists.kind_of_list import WrongKind, explained, kind_of_sheet
from stations.partial_date import PartialDate
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import FieldChange
from stations.registry.record_terms import Terms
from stations.tables.heading_rows import MissingHeading

_MEANINGS = {
    **MEANINGS,
    Outcome.NEW: N_("A station is added for each"),
    Outcome.CHANGED: N_("The station on file takes over what the row says"),
    Outcome.JOINED: N_("One station over several rows: read with the row above"),
}
_NAME = "import"


def plan_of(
    actor: Actor, present: Visit, content: bytes, options: ImportOptions, over: OverUpload, *, hidden_too: bool
) -> ImportPlan | DomainError:
    """Return the plan for a file, computed once and stored in the session; the error, told, if it can't be read.

    ``over``: what was put right over the upload. ``hidden_too``: whether rows that are hidden or struck out in the
    workbook are read.
    """
    key = (over.digest, over.sheet, options, over.corrections, hidden_too, actor.username)
    known: ImportPlan | None = kept_plan(_NAME, key)
    if known is not None:
        return known
    bar = st.progress(0.0, _("Reading the list…"))

    def tell_progress(done: int, of: int) -> None:
        bar.progress(done / of, _("Comparing with the registry…"))

    try:
        sheet = read_list(
            content,
            hidden_too=hidden_too,
            mapping=options.mapping,
            corrections=over.corrections,
            name=over.sheet,
        )
        with reading(engine()) as session:
            plan = plan_import(session, actor, sheet, options, now=present.now, progress=tell_progress)
    except DomainError as error:
        error = explained(STATION_WORDS.list_kind, error) if isinstance(error, MissingHeading) else error
        if isinstance(error, WrongKind):
            draw_other_kind(error.other)
        else:
            tell(error)
        return error
    finally:
        bar.empty()
    keep_plan(_NAME, key, plan)
    return plan


def draw_findings(plan: ImportPlan) -> None:
    """Draw the number of rows per outcome, its meaning, and remarks about the whole list."""
    other = kind_of_sheet(STATION_WORDS.list_kind, plan.sheet)
    if other is not None:
        draw_other_kind(other)
    draw_outcomes(plan, about_list(plan), _MEANINGS)


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
    rows, shown = draw_choice_of_rows(_NAME, plan)
    labels = as_headed(plan.sheet, {column.name: column.label for column in COLUMNS})
    with reading(engine()) as session:
        terms = Terms.load(session)
    draw_answer(
        PREVIEW_COLUMNS,
        [ImportedRow(row, row.code) for row in rows[:shown]],
        caption=_("Rows of the list, as the spreadsheet numbers them; what needs you comes first"),
        drawn={
            "outcome": lambda row: tag(label(language, row.planned.outcome), TONES[row.planned.outcome]),
            "name": lambda row: _named(row.planned),
            "message": lambda row: _details(terms, labels, row.planned),
        },
        headed={"name": _("Station"), "message": _("What to know")},
        saving=False,  # the report is the file
        stacks=True,
    )
    draw_more(_NAME, len(rows), shown)


def draw_import(present: Visit, plan: ImportPlan, *, changed: bool) -> None:
    """Draw the download of the report and the button to import; after the import the page reruns with a message.

    ``changed``: whether something was put right that is not yet read; the list is then read again first.
    """
    language = current()
    doubtful = draw_choice_to_import(_NAME, plan, lambda: import_report(plan, language), changed=changed)
    if doubtful is None:
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
    except DomainError as error:
        bar.empty()
        tell_not_imported(_NAME, error)
        return
    forget_plan(_NAME)
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


def _details(terms: Terms, labels: Mapping[str, str], row: PlannedRow) -> Markup:
    said = remarks_in_words(row.remarks, labels)
    for field, change in row.changes.items():
        said.append(change_in_words(field_name(field), _change(terms, field, change)))
    return Markup("<br>").join(said)


def _change(terms: Terms, field: str, change: FieldChange) -> Markup:
    if field == "services":
        return service_changes(terms, offers_in(change.before), offers_in(change.after))
    return Markup("<del>{}</del> → <ins>{}</ins>").format(*before_and_after(terms, field, change))
