"""The result of importing a list: stations row by row; figures and places all rows or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation
from stations.errors import InvalidInput
from stations.imports.about_list import about_list
from stations.imports.applied_plan import Imported
from stations.imports.plan import ImportPlan, Outcome, Plan, Weight
from stations.imports.report import STATION_LABELS, ReportedRow, as_headed
from stations.imports.station_words import STATION_WORDS
from stations.language import N_, Language, Listed, Worded, label
from stations.lists.kind_of_list import told_of_kind
from stations.registry.record_json import changes_to_json
from stations.registry.record_state import FieldChange
from stations.tables.sheet import RowNumber, shown_number
from stations.tables.table import RowByRow

SHOWN_WHOLE = 200
"""A table with at most this many rows includes rows without remarks."""


class TellingRow(ReportedRow, Protocol):
    """A planned row of a list of any kind."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class ImportedRow:
    """A row of a list, and the code of the record that it created or changed, if any.

    ``labels``: of fields and columns, msgids, by name. ``one_time``: the one-time code of a new account, shown once.
    """

    planned: TellingRow
    code: str
    labels: Mapping[str, str] = field(default_factory=lambda: STATION_LABELS)
    one_time: str = field(default="", repr=False)

    @property
    def remarks(self) -> list[Any]:
        """The remarks on the row, the most serious first."""
        return sorted(self.planned.remarks, key=lambda remark: list(Weight)[::-1].index(remark.weight))

    def message(self, language: Language) -> str:
        """Return the remarks in words; of several, each with the item that it is about."""
        told = [remark.told(language) for remark in self.remarks]
        if len(told) > 1:
            items = [self.item(remark.column, language) for remark in self.remarks]
            told = [
                language.translate(N_("{name}: {value}"), name=item, value=text) if item else text
                for item, text in zip(items, told, strict=True)
            ]
        return language.semicolon.join(told)

    @property
    def items(self) -> Sequence[str]:
        """The columns of the most serious remark or of the changes, by name."""
        return (self.remarks[0].column,) if self.remarks else tuple(self.planned.changes)

    def item(self, name: str, language: Language) -> str:
        """Return the label of a column of the list or a field of the record; "" for the whole row."""
        return language.translate(self.labels[name]) if name in self.labels else name

    def items_in_words(self, language: Language) -> str:
        """Return ``items`` with their labels."""
        return language.join(self.item(name, language) for name in self.items)


def _changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what changes, by field, with its values before and after."""
    if any(isinstance(one, FieldChange) for one in changes.values()):
        return dict(changes_to_json(changes))
    return {name: {"before": before, "after": after} for name, (before, after) in changes.items()}


@dataclass(frozen=True)
class StationImport:
    """What happens with each row of a list. ``done``: what was written, None if nothing was."""

    plan: ImportPlan
    done: Imported | None

    def each_row(self) -> Iterator[ImportedRow]:
        """Yield the rows of the list."""
        codes, labels = self.done.codes if self.done else {}, as_headed(self.plan.sheet, STATION_LABELS)
        for row in self.plan.rows:
            yield ImportedRow(row, row.code or codes.get(row.number, ""), labels)


ROWS: Columns[ImportedRow] = Columns(
    Column(
        "row",
        lambda row: row.planned.number,
        N_("Row"),
        show=lambda number, _language: shown_number(number),
        data=lambda number: number.row if isinstance(number, RowNumber) else number,
    ),
    Column("outcome", lambda row: row.planned.outcome, N_("Outcome")),
    Column("code", lambda row: row.code, N_("Record code")),
    Column("name", lambda row: row.planned.name, N_("Name")),
    Column(
        "field",
        lambda row: row,
        N_("Field"),
        show=lambda row, language: row.items_in_words(language),
        data=lambda row: ", ".join(row.items),
    ),
    Column(
        "message", lambda row: row, N_("What to do"), show=lambda row, language: row.message(language), in_data=False
    ),
    Column("changes", lambda row: row.planned.changes, data=_changes),
)


PREVIEW_COLUMNS = ROWS.take("row", "outcome", "name", "message")
"""The table of rows on the page that previews a list."""


def row_data(row: ImportedRow, language: Language) -> dict[str, Any]:
    """Return a row as JSON, with its remarks in words."""
    number = row.planned.number
    return ROWS.as_data(row) | {
        **({"sheet": number.sheet} if isinstance(number, RowNumber) else {}),
        "message": row.message(language),
        "problems": [
            {
                "field": one.column,
                "weight": one.weight.value,
                "message": one.told(language),
                **({"not_taken": one.not_taken} if one.not_taken else {}),
            }
            for one in row.remarks
        ],
    }


def words_data(plan: Plan[Any], language: Language) -> dict[str, Any]:
    """Return as JSON which words of a list were not understood, and which were read as they had been taught."""
    return {
        "unknown_words": [
            {"kind": one.kind.value, "word": one.written, "rows": one.rows, "row": one.example} for one in plan.unknown
        ],
        "taught_words": [
            {"word": one.written, "means": language.translate("{meaning}", meaning=one.meaning), "rows": one.rows}
            for one in plan.applied
        ],
    }


def _about(answer: StationImport) -> list[Worded]:
    return [*told_of_kind(STATION_WORDS.list_kind, answer.plan.sheet), *about_list(answer.plan)]


def _data(answer: StationImport, language: Language) -> dict[str, Any]:
    done = answer.done
    return {
        **{outcome.value: count for outcome, count in answer.plan.counts.items()},
        "imported": {"added": done.added if done else 0, "changed": done.changed if done else 0},
        "crs": answer.plan.crs or None,
        "list": {
            "crs": answer.plan.facts.crs or None,
            "date": str(answer.plan.facts.date) if answer.plan.facts.date else None,
            "passed_over": list(answer.plan.sheet.passed_over),
            "undated": [shown_number(one) for one in answer.plan.undated],
            **words_data(answer.plan, language),
            "sheet": answer.plan.sheet.name or None,
            "unread_sheets": [{"name": name, "rows": count} for name, count in answer.plan.sheet.unread],
            "hidden": [shown_number(one) for one in answer.plan.sheet.hidden],
            "struck": [shown_number(one) for one in answer.plan.sheet.struck],
            "told": [language.translate(one.message, **one.params) for one in _about(answer)],
        },
        "rows": RowByRow(lambda: (row_data(row, language) for row in answer.each_row()), len(answer.plan.rows)),
    }


def _shown(answer: StationImport) -> list[ImportedRow]:
    whole = len(answer.plan.rows) <= SHOWN_WHOLE
    return [row for row in answer.each_row() if row.remarks or whole]


def counted_in_words(plan: Plan[Any], done: Imported | None, language: Language) -> str:
    """Return how many rows there are of each outcome, and what was written."""
    counts = language.semicolon.join(f"{label(language, outcome)} {count}" for outcome, count in plan.counts.items())
    told = (
        language.translate(N_("Nothing was written"))
        if done is None
        else language.translate(N_("Added {added}, changed {changed}"), added=done.added, changed=done.changed)
    )
    return f"{counts}. {told}"


def _notes(answer: StationImport, language: Language) -> list[str]:
    about = (language.translate(one.message, **one.params) for one in _about(answer))
    return [*about, counted_in_words(answer.plan, answer.done, language)]


STATION_IMPORT: Presentation[StationImport, ImportedRow] = Presentation(
    data=_data,
    rows=_shown,
    columns=lambda _answer: ROWS.take("row", "outcome", "code", "field", "message"),
    notes=_notes,
)
"""What happens with each row of a list of stations."""


@dataclass(frozen=True)
class ListImport:
    """The result of importing a list of figures or places.

    ``known``: its properties, by key. ``count``: the number of correct rows. ``written``: whether they were stored.
    ``problems``: what is wrong; if there are any, nothing was stored.
    """

    known: Mapping[str, Any]
    count: int
    written: bool
    problems: Sequence[InvalidInput] = ()


@dataclass(frozen=True)
class WrongRow:
    """A problem of a list; ``row`` is None if it concerns an option or the whole file."""

    problem: InvalidInput

    @property
    def row(self) -> int | None:
        """The number of the row in the file."""
        number = self.problem.field.removeprefix("row ")
        return int(number) if number != self.problem.field else None

    @property
    def field(self) -> str:
        """The option that is wrong; empty for a row."""
        return self.problem.field if self.row is None else ""

    def message(self, language: Language) -> str:
        """Return the problem in words."""
        return language.translate(self.problem.message, **self.problem.params)


WRONG_ROWS: Columns[WrongRow] = Columns(
    Column("row", lambda wrong: wrong.row, N_("Row")),
    Column("outcome", lambda _wrong: Outcome.WRONG, N_("Outcome")),
    Column("field", lambda wrong: wrong.field, N_("Field")),
    Column(
        "message",
        lambda wrong: wrong,
        N_("What to do"),
        show=lambda wrong, language: wrong.message(language),
        in_data=False,
    ),
)

GOOD_ROWS: Columns[ListImport] = Columns(
    Column("good", lambda answer: answer.count, N_("Good rows")),
    Column("imported", lambda answer: answer.count if answer.written else 0, N_("Imported")),
)


def _wrong(answer: ListImport) -> list[WrongRow]:
    return [WrongRow(problem) for problem in answer.problems]


def _list_data(answer: ListImport, language: Language) -> dict[str, Any]:
    if answer.problems:
        rows = [WRONG_ROWS.as_data(one) | {"message": one.message(language)} for one in _wrong(answer)]
        return {"imported": 0, "rows": rows}
    return {**answer.known, **GOOD_ROWS.as_data(answer), "rows": []}


NOT_LOCATED = N_("Row {row}: no place was found for “{name}” ({address}); it is kept, and counts nowhere.")


def _list_notes(answer: ListImport, language: Language) -> list[str]:
    """Return whether something was written, and which rows were left out."""
    told = [] if answer.written else [language.translate(N_("Nothing was written"))]
    if areas := answer.known.get("passed_over"):
        message = N_("Rows of whole cities or of the province, left out: {areas}")
        told.append(language.translate(message, areas=Listed(areas)))
    for lost in answer.known.get("not_located", ()):
        told.append(language.translate(NOT_LOCATED, **lost))
    return told


LIST_IMPORT: Presentation[ListImport, Any] = Presentation(
    data=_list_data,
    rows=lambda answer: _wrong(answer) or [answer],
    columns=lambda answer: (
        WRONG_ROWS.take("row", "outcome", "field", "message") if answer.problems else GOOD_ROWS.take("good", "imported")
    ),
    notes=_list_notes,
)
"""The result of importing a list of figures or places."""
