"""Import of a spreadsheet into a ledger of instruments: a preview of each row first, then written at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.errors import InvalidForm, InvalidInput
from stations.firms.instrument_sheet import COLUMNS
from stations.firms.instruments import (
    MOST_INSTRUMENTS,
    Instrument,
    InstrumentLedger,
    RowOutcome,
    check_room,
    check_verified,
    lock,
    new_instrument_code,
    put,
)
from stations.language import N_
from stations.tables.sheet import CellProblem, Sheet, SheetRow
from stations.tables.spreadsheet import read_sheet
from stations.tables.table_file import require_one_sheet
from stations.tables.workbook_grids import Limits

LIMITS = Limits(bytes=5_000_000, unpacked=60_000_000, rows=MOST_INSTRUMENTS)
EXAMPLE = "示例："
"""Beginning of the example rows in the template, which are skipped."""


@dataclass(frozen=True)
class PreviewRow:
    """A row of the preview.

    ``number``: as in the spreadsheet. ``values``: field → value, as far as readable. ``changes``: field → present
    value, for fields that change. ``problems``: errors of the row.
    """

    number: int
    outcome: RowOutcome
    values: Mapping[str, Any]
    changes: Mapping[str, Any]
    problems: tuple[CellProblem, ...] = ()


@dataclass(frozen=True)
class ImportPreview:
    """The effect of a file. ``passed_over``: headings of unknown columns."""

    rows: Sequence[PreviewRow]
    passed_over: tuple[str, ...]

    def count(self, outcome: RowOutcome) -> int:
        """Return the number of rows with that outcome."""
        return sum(row.outcome is outcome for row in self.rows)


def read_ledger_sheet(content: bytes) -> Sheet:
    """Return the rows of a file. Call it outside transactions: a large file takes seconds, and writers would wait.

    Raises:
        InvalidInput: the file can't be read as a ledger, or several of its sheets are such lists.
    """
    sheet = read_sheet(content, COLUMNS, LIMITS)
    require_one_sheet(sheet)
    return sheet


def preview_import(session: Session, ledger: InstrumentLedger, sheet: Sheet, *, today: date) -> ImportPreview:
    """Return the effect of a file on the ledger, row by row, without writing anything.

    A blank cell clears the field; a column that the file lacks leaves the field unchanged.

    Raises:
        InvalidInput: the file has no rows.
    """
    standing = {
        (one.name, one.number): one
        for one in session.scalars(select(Instrument).where(Instrument.ledger_id == ledger.id))
    }
    rows: list[PreviewRow] = []
    first: dict[tuple[str, str], int] = {}
    for row in sheet.rows:
        if str(row.cells.get("name") or "").startswith(EXAMPLE):
            continue
        rows.append(_preview(row, sheet, standing, first, today))
    if not rows:
        raise InvalidInput("file", N_("The file has no rows below its headings"))
    return ImportPreview(rows, sheet.passed_over)


def _preview(
    row: SheetRow,
    sheet: Sheet,
    standing: Mapping[tuple[str, str], Instrument],
    first: dict[tuple[str, str], int],
    today: date,
) -> PreviewRow:
    problems = [*row.problems, *([row.surplus] if row.surplus else [])]
    values: dict[str, Any] = {
        name: "" if value is None and name in ("model", "accuracy", "place") else value
        for name, value in row.values.items()
        if name in sheet.headings
    }
    try:
        check_verified("last_verified", values.get("last_verified"), today)
    except InvalidInput as problem:
        problems.append(CellProblem(row.number, "last_verified", problem.message, **problem.params))
    key = (values.get("name") or "", values.get("number") or "")
    if all(key) and first.setdefault(key, row.number) != row.number:
        problems.append(
            CellProblem(
                row.number,
                "number",
                N_("Row {row} has this instrument and number already; leave one out"),
                row=first[key],
            )
        )
    if problems:
        return PreviewRow(row.number, RowOutcome.WRONG, values, {}, tuple(problems))
    before = standing.get(key)
    if before is None:
        return PreviewRow(row.number, RowOutcome.NEW, values, {})
    changes = {name: getattr(before, name) for name, value in values.items() if getattr(before, name) != value}
    return PreviewRow(row.number, RowOutcome.CHANGED if changes else RowOutcome.UNCHANGED, values, changes)


def import_instruments(
    session: Session, ledger: InstrumentLedger, sheet: Sheet, *, only_good: bool, now: datetime, today: date
) -> ImportPreview:
    """Write the rows of a file into the ledger: all of them, or only those without errors (``only_good``). Return the
    effect.

    The caller must have checked that the ledger belongs to the firm.

    Raises:
        InvalidInput: the file has no rows, or the ledger would have too many instruments.
        InvalidForm: rows are wrong and ``only_good`` is not set; a problem for each, nothing is written.
    """
    lock(session, ledger)
    preview = preview_import(session, ledger, sheet, today=today)
    wrong = [problem for row in preview.rows for problem in row.problems]
    if wrong and not only_good:
        raise InvalidForm(list(wrong))
    check_room(session, ledger, preview.count(RowOutcome.NEW))
    standing = {
        (one.name, one.number): one
        for one in session.scalars(select(Instrument).where(Instrument.ledger_id == ledger.id))
    }
    for row in preview.rows:
        if row.outcome is RowOutcome.NEW:
            instrument = Instrument(
                ledger_id=ledger.id,
                code=new_instrument_code(),
                created_at=now,
                **dict.fromkeys(("model", "accuracy", "place"), ""),
            )
            put(instrument, dict(row.values), now)
            session.add(instrument)
        elif row.outcome is RowOutcome.CHANGED:
            instrument = standing[row.values["name"], row.values["number"]]
            put(instrument, dict(row.values), now)
            instrument.version += 1
    session.flush()
    log.record(
        session,
        at=now,
        actor=SystemActor.FIRM,
        action=AuditAction.IMPORT_INSTRUMENTS,
        subject_kind=AuditSubject.INSTRUMENT_LEDGER,
        subject=ledger.number,
        new=preview.count(RowOutcome.NEW),
        changed=preview.count(RowOutcome.CHANGED),
        unchanged=preview.count(RowOutcome.UNCHANGED),
        wrong=preview.count(RowOutcome.WRONG),
    )
    return preview
