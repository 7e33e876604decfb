from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from stations.partial_date import PartialDate
from stations.registry.dated_stage import holding, known_from


@dataclass
class Entry:
    dated: PartialDate | None
    as_of: PartialDate | None
    position: int = 0


PARTIAL_DATES = st.builds(
    lambda day, length: PartialDate.parse(day.isoformat()[:length]),
    st.dates(min_value=date(2000, 1, 1), max_value=date(2030, 12, 31)),
    st.sampled_from([4, 7, 10]),
)
ENTRIES = st.builds(Entry, st.none() | PARTIAL_DATES, st.none() | PARTIAL_DATES, st.integers(0, 5))


def test_a_stage_is_known_to_hold_from_the_last_day_its_date_can_mean() -> None:
    year, month = PartialDate.parse("2016"), PartialDate.parse("2017-02")
    assert known_from(year, month) == date(2016, 12, 31)
    assert known_from(None, month) == date(2017, 2, 28)
    assert known_from(None, None) is None


@given(st.lists(ENTRIES, max_size=6), st.dates(min_value=date(2000, 1, 1), max_value=date(2031, 12, 31)))
def test_what_holds_on_a_day_still_holds_later(history: list[Entry], day: date) -> None:
    now, later = holding(history, day), holding(history, date(2031, 12, 31))
    assert all(any(entry is other for other in later) for entry in now)
    assert all(entry in now for entry in history if not entry.dated and not entry.as_of)
