"""What is saved of a table that is drawn; the buttons are tried on the pages themselves."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from portal.components import link
from portal.table_downloads import drawn_as_saved


def saved(cell: str | Markup | int | None, *, number: bool = False) -> object:
    return drawn_as_saved(["h"], [[cell]], "c", {0} if number else ()).rows[0][0]


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (link("/station?code=A&b=1", "甲 & 乙"), "甲 & 乙"),
        (Markup("{} <b>示例</b>").format(link("/x", "站")), "站 示例"),
        (Markup("<span>计量</span> <s title='x'>标准</s> <span>检测</span>"), "计量 检测"),
        (Markup("一<br>二"), "一；二"),
        (Markup('<meter value="1"></meter> 89%'), "89%"),
        ("<b>typed</b>", "<b>typed</b>"),
        (None, None),
        (7, 7),
    ],
)
def test_words_are_saved_without_their_drawing(drawn: str | Markup | int | None, expected: object) -> None:
    assert saved(drawn) == expected


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("1,234", 1234),
        ("-5", -5),
        ("12.50", 12.5),
        ("89%", "89%"),
        ("1,23", "1,23"),
        ("12 (estimated)", "12 (estimated)"),
    ],
)
def test_numbers_are_saved_as_numbers_in_columns_of_numbers(drawn: str, expected: object) -> None:
    assert saved(drawn, number=True) == expected
    assert saved(drawn) == drawn


def test_the_caption_is_title_and_first_note() -> None:
    table = drawn_as_saved(["a"], [[1]], "12 counties on 24 November 2026", ())
    assert (table.title, list(table.notes)) == ("12 counties on 24 November 2026", ["12 counties on 24 November 2026"])
