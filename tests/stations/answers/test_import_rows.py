"""A row of an imported list as the preview and the command tell it."""

from __future__ import annotations

from stations.answers.columns import cells, headings
from stations.answers.imports import PREVIEW_COLUMNS, ROWS, ImportedRow, row_data
from stations.imports.plan import Outcome, PlannedRow, Remark, Weight
from stations.language import Language

ENGLISH = Language("en")
DOUBT = Remark("address", Weight.DOUBT, "“{text}” is short", {"text": "前进路"})
FAULT = Remark("phone", Weight.FAULT, "No digits")


def test_what_is_most_serious_is_told_first() -> None:
    row = ImportedRow(PlannedRow(7, Outcome.WRONG, "昆山一站", "", (DOUBT, FAULT)), "")
    assert headings(PREVIEW_COLUMNS, ENGLISH) == ["Row", "Outcome", "Name", "What to do"]
    assert cells(PREVIEW_COLUMNS, row, ENGLISH) == [
        *(7, ENGLISH.translate(Outcome.WRONG.label), "昆山一站"),
        "Telephone: No digits; Address: “前进路” is short",
    ]
    assert (ROWS.as_data(row)["outcome"], ROWS.as_data(row)["name"]) == ("wrong", "昆山一站")
    assert [one["field"] for one in row_data(row, ENGLISH)["problems"]] == ["phone", "address"]
