"""A firm's instruments with what is due when: the table on the page and in its files, which can be imported again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from stations.answers.columns import Column, Columns
from stations.answers.presentation import saved_table
from stations.firms import instrument_sheet
from stations.firms.instruments import Instrument, InstrumentLedger, Standing, standing_of
from stations.language import N_, Language
from stations.tables.table import SavedTable


@dataclass(frozen=True)
class DueInstrument:
    """An instrument with its standing on the date of the query."""

    instrument: Instrument
    standing: Standing


def due_instruments(instruments: Sequence[Instrument], today: date) -> list[DueInstrument]:
    """Return the instruments with their standing on ``today``, in the order given."""
    return [DueInstrument(one, standing_of(one.due_on, today)) for one in instruments]


def _field(column_name: str) -> Column[DueInstrument]:
    return Column(
        column_name,
        attrgetter(f"instrument.{column_name}"),
        instrument_sheet.LABELS[column_name],
        # As it is, so that a workbook has dates and numbers in its cells.
        show=lambda value, _language: value,
    )


INSTRUMENTS: Columns[DueInstrument] = Columns(
    *(_field(column.name) for column in instrument_sheet.COLUMNS),
    Column("due_on", lambda one: one.instrument.due_on, N_("Next due"), show=lambda day, _language: day),
    Column("standing", lambda one: one.standing, N_("Standing")),
)
INSTRUMENT_COLUMNS = INSTRUMENTS.take(*instrument_sheet.LABELS, "due_on", "standing")
"""The table of instruments."""


def ledger_file(
    ledger: InstrumentLedger, instruments: Sequence[Instrument], today: date, language: Language
) -> SavedTable:
    """Return the ledger as a table that can be imported again unchanged."""
    title = language.translate(N_("Ledger of instruments {number}"), number=ledger.number)
    return saved_table(INSTRUMENT_COLUMNS, due_instruments(instruments, today), language, title=title)
