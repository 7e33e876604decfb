"""The preview of a ledger's spreadsheet: its rows as cells, as JSON and in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from stations.answers.columns import cells, headings
from stations.answers.instrument_preview import (
    PREVIEW,
    PREVIEW_COLUMNS,
    PREVIEW_PAGE_COLUMNS,
    by_need,
    remarks_on,
    values_in_words,
)
from stations.firms.instrument_import import PreviewRow
from stations.firms.instruments import RowOutcome
from stations.language import Language
from stations.tables.sheet import CellProblem

ENGLISH = Language("en")
VALUES: dict[str, Any] = {
    **{"name": "压力表", "number": "YL-1", "model": "Y-100", "accuracy": "1.6 级", "place": ""},
    **{"last_verified": date(2026, 3, 5), "interval_months": 6},
}
NEW = PreviewRow(2, RowOutcome.NEW, VALUES, {})
CHANGED = PreviewRow(3, RowOutcome.CHANGED, VALUES, {"place": "锅炉房", "last_verified": None})
WRONG = PreviewRow(4, RowOutcome.WRONG, {"name": "电子秤"}, {}, (CellProblem(4, "number", "Row {row} has it", row=2),))
TOO_LONG = PreviewRow(5, RowOutcome.WRONG, {}, {}, (CellProblem(5, "", "Too many cells"),))


def test_a_file_has_every_field_as_it_is() -> None:
    assert headings(PREVIEW_COLUMNS, ENGLISH)[:3] == ["Row", "What it does", "Instrument"]
    assert cells(PREVIEW_COLUMNS, NEW, ENGLISH)[2:] == [*VALUES.values(), ""]
    assert cells(PREVIEW_COLUMNS, WRONG, ENGLISH)[2:] == ["电子秤", *[None] * 6, "Number: Row 2 has it"]
    assert {column.key for column in PREVIEW_PAGE_COLUMNS} <= {column.key for column in PREVIEW_COLUMNS}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (NEW, []),
        (CHANGED, ["Place of use: 锅炉房 → —", "Last verified: — → 5 March 2026"]),
        (WRONG, ["Number: Row 2 has it"]),
        (TOO_LONG, ["Row: Too many cells"]),
    ],
)
def test_what_there_is_to_know_of_a_row(row: PreviewRow, told: list[str]) -> None:
    assert remarks_on(row, ENGLISH) == told


def test_rows_as_json() -> None:
    told = PREVIEW.as_data(CHANGED)
    assert (told["row"], told["outcome"], told["last_verified"]) == (3, "changed", "2026-03-05")
    assert (told["wrong"], told["before"]) == ([], {"place": "锅炉房", "last_verified": None})
    assert PREVIEW.as_data(WRONG)["wrong"] == ["number"]


def test_a_new_row_in_one_line_and_what_needs_a_look_first() -> None:
    assert values_in_words(NEW, ENGLISH) == "Y-100 · 1.6 级 · 5 March 2026 · 6 months"
    assert sorted([NEW, CHANGED, TOO_LONG, WRONG], key=by_need) == [WRONG, TOO_LONG, CHANGED, NEW]
