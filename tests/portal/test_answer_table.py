"""Tables of pages: one of an answer is saved in the answer's columns, one that a page words itself not at all."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from markupsafe import Markup

from portal import answer_table
from portal.answer_table import draw_answer
from stations.answers.columns import Column, Columns
from stations.language import Language
from stations.tables.table import SavedTable
from tests.test_layers import ROOT, sources

COLUMNS: Columns[tuple[str, int | None, str]] = Columns(
    Column("name", lambda row: row[0], "Name"),
    Column("count", lambda row: row[1], "Count"),
    Column("state", lambda row: row[2], "State"),
)
ROWS = [("甲", 1234, "<b>"), ("", None, "")]

Drawn = tuple[list[str], list[list[str | Markup]], SavedTable | None]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Drawn]:
    """What is drawn: headings, cells, and the table to be saved."""
    found: list[Drawn] = []

    def keep(
        headings: list[str], rows: list[list[str | Markup]], *, saved: SavedTable | None, **_others: object
    ) -> None:
        found.append((headings, rows, saved))

    monkeypatch.setattr(answer_table, "table", keep)
    monkeypatch.setattr(answer_table, "current", lambda: Language("en"))
    return found


def test_the_page_may_draw_a_cell_otherwise_and_the_file_says_it_plainly(drawn: list[Drawn]) -> None:
    draw_answer(
        COLUMNS.take("name", "count", "state"),
        ROWS,
        caption="Two",
        drawn={"count": lambda row: Markup("<i>{}</i>").format(row[1])},
        beneath={"state": "name"},
    )
    ((headings, rows, saved),) = drawn
    assert headings == ["Name", "Count"]
    assert rows[0] == ["甲<br>&lt;b&gt;", "<i>1234</i>"]
    assert saved == SavedTable("Two", ["Name", "Count", "State"], [["甲", 1234, "<b>"], ["", None, ""]], ["Two"])


def test_a_cell_begins_with_what_stands_beneath_where_its_own_text_is_empty(drawn: list[Drawn]) -> None:
    draw_answer(
        COLUMNS.take("name", "state"), [("", None, "new"), ("甲", 1, "")], caption="", beneath={"state": "name"}
    )
    assert [rows for _headings, rows, _saved in drawn] == [[["new"], ["甲"]]]


def test_within_a_form_nothing_is_saved(drawn: list[Drawn]) -> None:
    draw_answer(COLUMNS.take("name"), ROWS, caption="", saving=False)
    assert [saved for _headings, _rows, saved in drawn] == [None]


def callers(path: Path, name: str) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in ast.walk(tree)
    )


def test_no_page_words_a_file_of_its_own() -> None:
    wording = [path.name for path in sources(ROOT / "portal") if callers(path, "SavedTable")]
    assert wording == []
