from __future__ import annotations

import pytest

from stations.entered_text import narrow, read_text, says_nothing, visible


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("昆山\u200c市", "昆山市"),
        ("测试昆山\u200b甲", "测试昆山甲"),
        ("\u202a测试\u202c", "测试"),
        ("\u206013800000002\ufeff", "13800000002"),
        ("025\ufe0d-84530004", "025-84530004"),
        ("测试\u00ad站", "测试站"),
        ("昆\u2006山\u00a0市", "昆 山 市"),
        ("a\u3000b", "a\u3000b"),
    ],
)
def test_invisible_characters_are_dropped_wherever_text_enters(written: str, shown: str) -> None:
    assert visible(written) == shown
    assert read_text("name", f" {written}\u200b", limit=40) == shown
    assert narrow(written) == shown.replace("\u3000", " ")


def test_a_text_of_invisible_characters_is_empty() -> None:
    assert read_text("name", "\u200b\u2060", limit=40, required=False) == ""


@pytest.mark.parametrize("text", ["", "无", "—", "–", "-", "--", "……", "...", "…", "/", "N/A", "nan", "\u200b"])
def test_what_says_nothing(text: str) -> None:
    assert says_nothing(f" {text} ")


@pytest.mark.parametrize("text", ["0", "a", "1-", "-------", "无锡"])
def test_what_says_something(text: str) -> None:
    assert not says_nothing(text)
