from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.errors import InvalidInput
from stations.readers.numbers import read_amount, read_number, read_whole_number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_as_it_was_written(number: float) -> None:
    assert read_number("value", f" {number!r} ") == number
    if abs(number) < 1e12:
        assert read_number("value", f"{number:,.3f}") == pytest.approx(number, abs=1e-3)


@pytest.mark.parametrize("text", ["", "nan", "inf", "-", "12人", "1.2万"])
def test_what_is_no_number_is_quoted(text: str) -> None:
    with pytest.raises(InvalidInput, match=f"“{text}” is not a number"):
        read_number("value", text)


@given(st.integers(1, 120), st.sampled_from(["", "月", "个月", " 个月", ".0"]))
def test_a_whole_number_may_have_its_unit(number: int, unit: str) -> None:
    assert read_whole_number("months", f"{number}{unit}", 1, 120, units="个?月") == number


@pytest.mark.parametrize("text", ["0", "121", "1.5", "", "12 days"])
def test_a_whole_number_out_of_range_is_told_with_the_range(text: str) -> None:
    with pytest.raises(InvalidInput, match="from 1 to 120"):
        read_whole_number("months", text, 1, 120)


def test_an_amount_is_at_least_0_and_has_an_end() -> None:
    assert read_amount("cost", "１，２００．５", below=1e12) == 1200.5
    for text in ("-1", "1e12", "much"):
        with pytest.raises(InvalidInput, match="not a number of 0 or more"):
            read_amount("cost", text, below=1e12)


@pytest.mark.parametrize("digits", [19, 5000])
def test_more_digits_than_any_database_takes_are_no_number(digits: int) -> None:
    for most in (None, 50):
        with pytest.raises(InvalidInput) as wrong:
            read_whole_number("count", "9" * digits, 1, most)
        assert wrong.value.field == "count"
    assert read_whole_number("count", "0" * digits + "7", 1, 50) == 7
