from __future__ import annotations

import pytest

from stations.entered_text import narrow, read_text, says_nothing, visible, without_identity_numbers
from stations.errors import InvalidInput


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


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X",
        "身份证11010519491231002x，请存",
        "110105 19491231 002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105\u200b19491231002X",
    ],
)
def test_the_number_of_an_identity_card_is_refused_in_any_text_and_not_repeated(text: str) -> None:
    with pytest.raises(InvalidInput, match="identity card") as refused:
        read_text("name", text, limit=200)
    assert refused.value.params == {}
    assert "0519491231" not in without_identity_numbers(visible(text))


@pytest.mark.parametrize("text", ["110105194912310021", "订单320583202301011234567", "91320583MA1MAAAA1X", "2023年6月"])
def test_other_numbers_may_stand_in_a_text(text: str) -> None:
    assert read_text("name", text, limit=200) == text == without_identity_numbers(text)
