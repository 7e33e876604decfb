"""The table of the docs is the one that the benchmarks wrote."""

from __future__ import annotations

from tests.tools.performance_table import DOCUMENT, written


def test_the_document_tells_the_figures() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert written(document) == document, "run: python -m tests.tools.performance_table"
