"""Which daily backups stay."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.backup.rotation import Kept, superfluous

DAYS = st.sets(st.dates(date(2024, 1, 1), date(2027, 12, 31)), max_size=80)
COUNTS = st.integers(0, 9)
KEPT = st.builds(Kept, COUNTS, COUNTS, COUNTS)


def test_a_year_of_days_leaves_days_weeks_and_months() -> None:
    last = date(2026, 11, 24)
    days = {last - timedelta(days=ago) for ago in range(365)}
    left = sorted(days - superfluous(days, Kept(days=7, weeks=3, months=4)), reverse=True)
    assert [day.isoformat() for day in left] == [
        *("2026-11-24", "2026-11-23", "2026-11-22", "2026-11-21", "2026-11-20", "2026-11-19", "2026-11-18"),
        "2026-11-15",  # the Sunday of the third week; the second one's is among the seven days
        *("2026-10-31", "2026-09-30", "2026-08-31"),
    ]


@given(DAYS, KEPT)
def test_the_newest_stays_and_no_more_than_asked_for(days: set[date], kept: Kept) -> None:
    left = days - superfluous(days, kept)
    assert not days or max(days) in left
    assert len(left) <= max(1, kept.days + kept.weeks + kept.months)
    assert superfluous(left, kept) == set(), "a second turn removes nothing"


@given(DAYS, KEPT, st.integers(1, 9))
def test_who_keeps_more_keeps_all_that_others_keep(days: set[date], kept: Kept, more: int) -> None:
    assert superfluous(days, Kept(kept.days + more, kept.weeks, kept.months)) <= superfluous(days, kept)


@pytest.mark.parametrize("count", [1, 3, 8])
def test_one_a_month_is_kept_over_a_pause(count: int) -> None:
    days = {date(2020, 1, 31), date(2026, 11, 24)}
    assert superfluous(days, Kept(0, 0, count)) == ({date(2020, 1, 31)} if count == 1 else set())
