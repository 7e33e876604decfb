"""The periods that a page offers: the newest first, without a gap."""

from __future__ import annotations

from datetime import date

import pytest

from stations.evaluation.period import latest_periods, months_since, read_period


def test_months_then_the_quarters_and_years_they_lie_in() -> None:
    offered = [one.text for one in latest_periods(date(2026, 2, 28), 5)]
    assert offered == ["2026-02", "2026-01", "2025-12", "2025-11", "2025-10", "2026-Q1", "2025-Q4", "2026", "2025"]
    assert [read_period(text) for text in offered] == latest_periods(date(2026, 2, 1), 5)


def test_months_since_a_day_have_that_of_the_day() -> None:
    months = months_since(date(2025, 11, 15), date(2026, 1, 31))
    assert [one.text for one in months] == ["2026-01", "2025-12", "2025-11"]
    assert [one.text for one in months_since(date(2026, 1, 1), date(2026, 1, 1))] == ["2026-01"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-Q4",
        "2026Q4",
        "2026 q4",
        "Q4 2026",
        "2026, quarter 4",
        "Quarter 4, 2026",
        "2026年第四季度",
        "2026年4季度",
        "2026年第 4 季",
    ],
)
def test_a_quarter_is_read_in_the_forms_in_which_it_is_printed_and_written(text: str) -> None:
    assert read_period(text).text == "2026-Q4"
