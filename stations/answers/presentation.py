"""The presentation of an answer as JSON, as a table and with notes, and the renderer of all formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from stations.answers.columns import Column, Columns, Row, cells, headings
from stations.errors import InvalidInput
from stations.language import N_, Language, ListedAsWritten
from stations.tables.table import SavedTable, as_csv, as_json, as_table, json_parts

Answer = TypeVar("Answer")

FORMATS = ("table", "json", "csv", "xlsx")


@dataclass(frozen=True)
class Presentation(Generic[Answer, Row]):
    """How the answers to one question are presented.

    ``data``: the answer as JSON, with stable keys, codes and ISO dates; text in a language only under keys meant for
    it. ``rows`` and ``columns``: the same as a table. ``notes``: remarks on it, one for each line; empty ones are left
    out.
    """

    data: Callable[[Answer, Language], Any]
    rows: Callable[[Answer], Iterable[Row]]
    columns: Callable[[Answer], Sequence[Column[Row]]]
    notes: Callable[[Answer, Language], Iterable[str]] = lambda _answer, _language: ()


def listing(
    columns: Columns[Row], *keys: str, samples: Callable[[Row], int | bool] = lambda _row: False
) -> Presentation[Sequence[Row], Row]:
    """Return the presentation of a list of rows: JSON has all columns, the table those in ``keys``.

    ``samples``: returns the number of sample records in a row.
    """
    return Presentation(
        data=lambda rows, _language: [columns.as_data(row) for row in rows],
        rows=lambda rows: rows,
        columns=lambda _rows: columns.take(*keys),
        notes=lambda rows, language: [sample_note(language, sum(samples(row) for row in rows))],
    )


def one_row(columns: Columns[Row], *keys: str) -> Presentation[Row, Row]:
    """Return the presentation of an answer that is one row: JSON has all columns, the table those in ``keys``."""
    return Presentation(
        data=lambda row, _language: columns.as_data(row),
        rows=lambda row: [row],
        columns=lambda _row: columns.take(*keys),
    )


def sample_note(language: Language, count: int) -> str:
    """Return a note that this many records are samples; empty if there are none."""
    if not count:
        return ""
    return language.translate(
        N_("Includes {count} sample (invented) records; leave them out with --no-sample"), count=count
    )


def note_of(presentation: Presentation[Answer, Any], answer: Answer, language: Language) -> str:
    """Return the notes on an answer, one for each line."""
    return "\n".join(filter(None, presentation.notes(answer, language)))


def render_json(presentation: Presentation[Answer, Any], answer: Answer, language: Language) -> Iterator[str]:
    """Yield an answer as JSON in parts; a long one is never in memory whole."""
    return json_parts(presentation.data(answer, language))


def render(
    presentation: Presentation[Answer, Any], answer: Answer, language: Language, form: str, sort: str = ""
) -> str | bytes:
    """Return an answer in one of ``FORMATS``: text, or the bytes of a workbook.

    ``sort``: the key of the column by which the rows of a table are sorted; JSON keeps the order of the answer.

    Raises:
        InvalidInput: there is no column ``sort``.
    """
    if form == "json":
        return as_json(presentation.data(answer, language))
    columns = presentation.columns(answer)
    rows = sorted_rows(list(presentation.rows(answer)), columns, sort)
    table = saved_table(columns, rows, language, notes=note_of(presentation, answer, language).splitlines())
    if form == "xlsx":
        from stations.tables.workbooks import as_workbook  # openpyxl is loaded for workbooks only

        return as_workbook(table, language)
    return (as_csv if form == "csv" else as_table)(table.headings, table.rows)


def saved_table(
    columns: Sequence[Column[Row]],
    rows: Iterable[Row],
    language: Language,
    *,
    title: str = "",
    notes: Sequence[str] = (),
) -> SavedTable:
    """Return rows as a table to be shown or saved as a file."""
    shown = [cells(columns, row, language) for row in rows]
    return SavedTable(title, headings(columns, language) if any(one.label for one in columns) else [], shown, notes)


def sorted_rows(rows: list[Row], columns: Sequence[Column[Row]], key: str) -> list[Row]:
    """Return rows sorted by the column with this key; as they are if it is empty.

    Raises:
        InvalidInput: there is no such column.
    """
    if not key:
        return rows
    column = next((one for one in columns if one.key == key), None)
    if column is None:
        raise InvalidInput(
            "sort",
            N_("“{value}” is not known; use one of: {known}"),
            value=key,
            known=ListedAsWritten(one.key for one in columns),
        )
    return sorted(rows, key=column.sort_key)
