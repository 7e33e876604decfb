from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.errors import InvalidInput
from stations.partial_date import PartialDate


@given(st.dates(min_value=date(1900, 1, 1)), st.sampled_from([4, 7, 10]))
def test_a_partial_date_spans_exactly_the_days_it_can_mean(day: date, length: int) -> None:
    text = day.isoformat()[:length]
    partial = PartialDate.parse(text)
    assert str(partial) == text
    assert partial.earliest <= day <= partial.latest
    assert partial.earliest.isoformat()[:length] == partial.latest.isoformat()[:length] == text
    one_day = date.resolution
    assert (partial.earliest - one_day).isoformat()[:length] != text
    if partial.latest < date.max:
        assert (partial.latest + one_day).isoformat()[:length] != text


def test_precision_is_told() -> None:
    assert [PartialDate.parse(text).precision for text in ("2016", "2016-02", "2016-02-29")] == ["year", "month", "day"]


@pytest.mark.parametrize(
    "text", ["", "16", "2016-13", "2015-02-29", "2016-1", "2016/01", "2016-01-01x", "0000", "二〇一六"]
)
def test_what_is_no_date_is_refused_with_the_way_to_write_it(text: str) -> None:
    with pytest.raises(InvalidInput, match="write 2016, 2016-01 or 2016-01-21"):
        PartialDate.parse(text)
