from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from stations.errors import InvalidInput
from stations.readers.credit_code import read_credit_code


@given(st.text(max_size=24))
def test_any_text_is_a_credit_code_or_told_to_be_none(text: str) -> None:
    try:
        read = read_credit_code("credit_code", text)
    except InvalidInput as problem:
        assert problem.field == "credit_code"
    else:
        assert uscc.is_valid(read) and len(read) == 18


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9).map("91320583".__add__))
def test_one_wrong_character_of_a_credit_code_is_found(stem: str) -> None:
    right = stem + uscc.calc_check_digit(stem)
    assert read_credit_code("credit_code", right) == right
    for position in range(2, 8):
        wrong = right[:position] + str((int(right[position]) + 1) % 10) + right[position + 1 :]
        with pytest.raises(InvalidInput):
            read_credit_code("credit_code", wrong)
