"""The import of a register's list row by row, and the list itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from stations.answers.columns import Column, Columns
from stations.answers.imports import ROWS, SHOWN_WHOLE, ImportedRow, counted_in_words, row_data, words_data
from stations.answers.presentation import Presentation, listing
from stations.imports.about_list import about_any_list
from stations.imports.applied_plan import Imported
from stations.imports.report import as_headed
from stations.language import N_, Bilingual, Language, Worded
from stations.lists.kind_of_list import told_of_kind
from stations.lists.list_plan import ListPlan
from stations.lists.register import Register
from stations.tables.sheet import shown_number
from stations.tables.table import RowByRow


@dataclass(frozen=True)
class RegisterImport:
    """What happens with each row of a register's list. ``done``: what was written, None if nothing was."""

    register: Register[Any]
    plan: ListPlan
    done: Imported | None

    def each_row(self) -> Iterator[ImportedRow]:
        """Yield the rows of the list."""
        codes = self.done.codes if self.done else {}
        labels = as_headed(self.plan.sheet, column_labels(self.register))
        one_time = self.done.one_time if self.done else {}
        for row in self.plan.rows:
            code = row.code or codes.get(row.number, "")
            yield ImportedRow(row, code, labels, one_time.get(row.number, ""))


def column_labels(register: Register[Any]) -> Mapping[str, str]:
    """Return the labels of the columns of a register's list, msgids, by name."""
    return {column.name: column.label for column in register.columns}


def _about(answer: RegisterImport) -> list[Worded]:
    plan = answer.plan
    return [*told_of_kind(answer.register.name, plan.sheet), *about_any_list(plan)]


def _data(answer: RegisterImport, language: Language) -> dict[str, Any]:
    done, sheet = answer.done, answer.plan.sheet
    return {
        "kind": answer.register.name,
        **{outcome.value: count for outcome, count in answer.plan.counts.items()},
        "imported": {"added": done.added if done else 0, "changed": done.changed if done else 0},
        "list": {
            "passed_over": list(sheet.passed_over),
            "sheet": sheet.name or None,
            "unread_sheets": [{"name": name, "rows": count} for name, count in sheet.unread],
            "hidden": [shown_number(one) for one in sheet.hidden],
            "struck": [shown_number(one) for one in sheet.struck],
            **words_data(answer.plan, language),
            "told": [language.translate(one.message, **one.params) for one in _about(answer)],
        },
        "rows": RowByRow(lambda: (_row_data(row, language) for row in answer.each_row()), len(answer.plan.rows)),
    }


def _shown(answer: RegisterImport) -> list[ImportedRow]:
    whole = len(answer.plan.rows) <= SHOWN_WHOLE
    return [row for row in answer.each_row() if row.remarks or row.one_time or whole]


ONE_TIME = Column[ImportedRow]("one_time_code", lambda row: row.one_time or None, N_("One-time code, shown only now"))


def _columns(answer: RegisterImport) -> tuple[Column[ImportedRow], ...]:
    columns = ROWS.take("row", "outcome", "code", "field", "message")
    return (*columns, ONE_TIME) if answer.done and answer.done.one_time else columns


def _row_data(row: ImportedRow, language: Language) -> dict[str, Any]:
    return row_data(row, language) | ({ONE_TIME.key: row.one_time} if row.one_time else {})


def _notes(answer: RegisterImport, language: Language) -> list[str]:
    about = (language.translate(one.message, **one.params) for one in _about(answer))
    return [*about, counted_in_words(answer.plan, answer.done, language)]


REGISTER_IMPORT: Presentation[RegisterImport, ImportedRow] = Presentation(
    data=_data,
    rows=_shown,
    columns=_columns,
    notes=_notes,
)
"""What happens with each row of a register's list."""

ListCells = Mapping[str, Any]


def list_columns(register: Register[Any]) -> tuple[Column[ListCells], ...]:
    """Return the columns of the exported list of a register: every field; a file of it can be changed and imported."""
    return tuple(
        Column(column.name, partial(_cell, column.name), Bilingual(column.headings[0], column.label))
        for column in register.columns
        if column.in_export
    )


def _cell(name: str, cells: ListCells) -> Any:
    return cells.get(name)


def register_list(register: Register[Any]) -> Presentation[Sequence[ListCells], ListCells]:
    """Return the presentation of the exported list of a register."""
    columns = list_columns(register)
    return listing(Columns(*columns), *(column.key for column in columns))
