"""What a spreadsheet would do to a ledger of instruments, row by row."""

from __future__ import annotations

from datetime import date
from typing import Any

from stations.answers.columns import Column, Columns, as_plain
from stations.firms.instrument_import import PreviewRow
from stations.firms.instrument_sheet import COLUMNS, LABELS
from stations.firms.instruments import RowOutcome
from stations.language import N_, Language
from stations.tables.table import Cell


def value_in_words(value: Any, language: Language) -> str:
    """Return the value of a field of an instrument; "" if there is none."""
    if isinstance(value, date):
        return language.format_date(value)
    return "" if value is None else str(value)


def remarks_on(row: PreviewRow, language: Language) -> list[str]:
    """Return what is wrong with a row, or else what it changes: one text for each field."""
    if row.problems:
        return [
            language.translate(
                N_("{field}: {problem}"),
                field=language.translate(LABELS.get(problem.column, N_("Row"))),
                problem=language.translate(problem.message, **problem.params),
            )
            for problem in row.problems
        ]
    return [
        language.translate(
            N_("{field}: {before} → {after}"),
            field=language.translate(LABELS[name]),
            before=value_in_words(before, language) or "—",
            after=value_in_words(row.values[name], language) or "—",
        )
        for name, before in row.changes.items()
    ]


def values_in_words(row: PreviewRow, language: Language) -> str:
    """Return the values of a row beside its name and number, on one line."""
    told = [value_in_words(row.values.get(column.name), language) for column in COLUMNS[2:-1]]
    told.append(language.ngettext("{count} month", "{count} months", row.values["interval_months"]))
    return " · ".join(words for words in told if words)


def _as_it_is(value: Any, _language: Language) -> Cell:
    return value  # so that a workbook has dates and numbers in its cells


def _field(name: str) -> Column[PreviewRow]:
    return Column(name, lambda row: row.values.get(name), LABELS[name], show=_as_it_is)


PREVIEW: Columns[PreviewRow] = Columns(
    Column("row", lambda row: row.number, N_("Row")),
    Column("outcome", lambda row: row.outcome, N_("What it does")),
    *(_field(column.name) for column in COLUMNS),
    Column(
        "details",
        lambda row: row,
        N_("Details"),
        show=lambda row, language: language.semicolon.join(remarks_on(row, language)),
        in_data=False,
    ),
    Column("wrong", lambda row: [problem.column for problem in row.problems]),
    Column("before", lambda row: row.changes, data=as_plain),
)

PREVIEW_PAGE_COLUMNS = PREVIEW.take("row", "outcome", "name", "number", "details")
"""The table of rows on the page."""

PREVIEW_COLUMNS = PREVIEW.take("row", "outcome", *LABELS, "details")
"""The same table for a file, with every field."""


_FIRST_TO_LOOK_AT = (RowOutcome.WRONG, RowOutcome.CHANGED, RowOutcome.NEW, RowOutcome.UNCHANGED)


def by_need(row: PreviewRow) -> tuple[int, int]:
    """Return the sort key that brings the rows to look at to the top."""
    return _FIRST_TO_LOOK_AT.index(row.outcome), row.number
