from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from stations.dated_stage import holding, known_from, span
from stations.partial_date import PartialDate


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


@given(ENTRIES, st.lists(ENTRIES, max_size=3))
def test_a_dated_stage_was_reached_in_its_own_span_whatever_came_before(entry: Entry, before: list[Entry]) -> None:
    earliest, latest = span(entry, before)
    if entry.dated:
        assert (earliest, latest) == (entry.dated.earliest, entry.dated.latest)
    else:
        assert latest == (entry.as_of.latest if entry.as_of else None)


def test_an_undated_stage_was_reached_after_the_dated_ones_before_it() -> None:
    approved = Entry(PartialDate.parse("2023-08"), None)
    accepted = Entry(None, PartialDate.parse("2025-05"))
    assert span(accepted, [approved]) == (date(2023, 8, 1), date(2025, 5, 31))
