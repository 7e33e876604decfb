from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from stations.errors import InvalidInput
from stations.readers.credit_code import WrongCheckCharacter, is_certain, read_credit_code


@given(st.text(max_size=24))
def test_any_text_is_a_credit_code_or_told_to_be_none(text: str) -> None:
    try:
        read = read_credit_code("credit_code", text)
    except InvalidInput as problem:
        assert problem.field == "credit_code"
    else:
        assert is_certain(read) and len(read) == 18


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9).map("91320583".__add__))
def test_one_wrong_character_of_a_credit_code_is_found(stem: str) -> None:
    right = stem + uscc.calc_check_digit(stem)
    assert read_credit_code("credit_code", right) == right
    for position in range(2, 8):
        wrong = right[:position] + str((int(right[position]) + 1) % 10) + right[position + 1 :]
        with pytest.raises(InvalidInput):
            read_credit_code("credit_code", wrong)


def whole(stem: str) -> str:
    return stem + uscc.calc_check_digit(stem)


@pytest.mark.parametrize("stem", ["N2320583MF0000001", "N3320583MF0000001", "A1320583MF0000001", "Y1320583MF0000001"])
def test_a_code_may_begin_with_the_letter_of_its_authority(stem: str) -> None:
    assert read_credit_code("credit_code", whole(stem).lower()) == whole(stem)


def test_a_wrong_check_character_may_be_confirmed_and_stays_doubtful() -> None:
    right = whole("91320583MA1MAAAA1")
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    with pytest.raises(WrongCheckCharacter, match=f"“{wrong}” is probably mistyped"):
        read_credit_code("credit_code", wrong)
    assert read_credit_code("credit_code", wrong, as_printed=True) == wrong
    assert is_certain(right) and not is_certain(wrong)


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "11010519491231002x", "320583199001011234", "３２０５８３１９９００１０１１２３４"]
)
@pytest.mark.parametrize("as_printed", [False, True])
def test_the_number_of_an_identity_card_is_refused_and_not_repeated(number: str, as_printed: bool) -> None:
    with pytest.raises(InvalidInput, match="identity card") as refused:
        read_credit_code("credit_code", number, as_printed=as_printed)
    assert refused.value.params == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("9132058MA1", "has 10 characters"),
        ("320583000012345", "has 15 characters"),
        ("91320583000000O001", "if 913205830000000001 is meant"),
        ("Z1320583MF00000010", "is not a unified social credit code"),
    ],
)
@pytest.mark.parametrize("as_printed", [False, True])
def test_what_is_no_credit_code_is_quoted_with_what_is_wrong(text: str, told: str, as_printed: bool) -> None:
    if "meant" in told:
        right = whole("91320583000000000")
        text, told = right[:14] + "O" + right[15:], f"if {right} is meant"
    with pytest.raises(InvalidInput) as refused:
        read_credit_code("credit_code", f" {text}", as_printed=as_printed)
    assert told in refused.value.message.format(**refused.value.params) and refused.value.params["value"] == text


@pytest.mark.parametrize(
    "around",
    ["统一社会信用代码：{}", "信用代码 {}", "税号{}", "纳税人识别号: {}", "{}。", "'{}", "`{}", "{}（已核）", "{}；"],
)
def test_what_stands_around_a_copied_code_is_left_out(around: str) -> None:
    right = whole("91320583MA1MAAAA1")
    assert read_credit_code("credit_code", around.format(right)) == right
