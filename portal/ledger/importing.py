"""Importing a spreadsheet into a ledger of instruments: template, preview, and import."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.components import Tone, notice, tag
from portal.form_problems import list_problems
from portal.language import _, current, ngettext
from portal.ledger.action import act
from portal.storage import engine
from portal.upload_field import upload_field
from portal.visit import Visit, visit
from stations.answers.instrument_preview import (
    PREVIEW_COLUMNS,
    PREVIEW_PAGE_COLUMNS,
    by_need,
    remarks_on,
    values_in_words,
)
from stations.database import reading
from stations.errors import DomainError
from stations.firms.instrument_import import (
    LIMITS,
    ImportPreview,
    PreviewRow,
    import_instruments,
    preview_import,
    read_ledger_sheet,
)
from stations.firms.instrument_sheet import template
from stations.firms.instruments import InstrumentLedger, RowOutcome
from stations.language import label
from stations.tables.workbooks import MIME, as_workbook

FILES = ["csv", "txt", "xlsx", "xlsm"]
SHOWN = 200
TONES: dict[RowOutcome, Tone] = {
    RowOutcome.WRONG: "bad",
    RowOutcome.CHANGED: "warn",
    RowOutcome.NEW: "good",
    RowOutcome.UNCHANGED: "",
}
_TURN = "ledger_upload_turn"


def draw_import(ledger: InstrumentLedger, present: Visit) -> None:
    """Draw the upload field and, row by row, what the file would change."""
    st.html(
        Markup("<p>{}</p>").format(
            _(
                "Excel (.xlsx) or CSV, in your own layout: the headings may be Chinese or English, dates in any usual "
                "form. You see first what each row would do; nothing is written before you say so."
            )
        )
    )
    with st.container(key="save_template"):
        st.download_button(
            _("Template (Excel)"),
            lambda: as_workbook(template(current()), current()),
            file_name=_("instruments-template") + ".xlsx",
            mime=MIME,
            on_click="ignore",
            type="tertiary",
            key="ledger_template",
        )
    turn = st.session_state.setdefault(_TURN, 0)
    file = upload_field(_("File"), kinds=FILES, key=f"ledger_file_{turn}", megabytes=LIMITS.bytes // 1_000_000)
    if file is None:
        return
    try:
        sheet = read_ledger_sheet(file.getvalue())
        with reading(engine()) as session:
            preview = preview_import(session, ledger, sheet, today=present.today)
    except DomainError as error:
        wrongs = [words for _problem, words in list_problems(error)] or [_(error.message, **error.params)]
        notice(" ".join(wrongs), "bad")
        return
    _draw_preview(preview)
    wrong = preview.count(RowOutcome.WRONG)
    good = preview.count(RowOutcome.NEW) + preview.count(RowOutcome.CHANGED)
    if ledger.sample:
        notice(_("This ledger is a sample that everybody can open; begin your own to do that"))
        return
    if not good:
        notice(_("Nothing in this file is to be written."))
        return
    told = (
        ngettext("Import the good row only", "Import the {count} good rows only", good)
        if wrong
        else ngettext("Import the row", "Import all {count} rows", good)
    )
    if st.button(told, type="primary", key="ledger_import"):
        st.session_state[_TURN] = turn + 1  # a new key yields an empty upload field
        act(
            ledger.number,
            lambda session, own: import_instruments(
                session, own, sheet, only_good=wrong > 0, now=visit().now, today=visit().today
            ),
            ngettext("{count} row was imported.", "{count} rows were imported.", good),
        )


def _draw_preview(preview: ImportPreview) -> None:
    counts = Markup(" ").join(
        tag(f"{label(current(), outcome)} {preview.count(outcome)}", TONES[outcome])
        for outcome in TONES
        if preview.count(outcome)
    )
    st.html(Markup('<p class="result-offers">{}</p>').format(counts))
    if preview.passed_over:
        notice(_("Columns that are left out: {names}", names=_(", ").join(preview.passed_over)))
    rows = sorted(preview.rows, key=by_need)
    draw_answer(
        PREVIEW_PAGE_COLUMNS,
        rows[:SHOWN],
        caption=_("What the file would do, row by row, those to look at first"),
        drawn={
            "outcome": lambda row: tag(label(current(), row.outcome), TONES[row.outcome]),
            "name": lambda row: row.values.get("name"),
            "number": lambda row: row.values.get("number"),
            "details": _details,
        },
        numbers={"row"},
        saved=PREVIEW_COLUMNS,
        saved_rows=rows,
        stacks=True,
        file="import-preview",
    )
    if len(rows) > SHOWN:
        notice(_("The first {shown} of {count} rows are shown.", shown=SHOWN, count=len(rows)))


def _details(row: PreviewRow) -> Markup:
    """Return the problems of a row, or its changes; for another one its values."""
    lines = remarks_on(row, current()) or [values_in_words(row, current())]
    return Markup('<div class="lines">{}</div>').format(Markup("<br>").join(lines))
