from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.errors import InvalidInput
from stations.language import LANGUAGES, Language, LanguageCode
from stations.partial_date import PartialDate
from stations.readers.dates import (
    EXCEL_DAY_ZERO,
    read_day,
    read_day_in_sight,
    read_instant,
    read_month,
    read_partial_date,
)

DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))


@given(DAYS)
def test_every_way_to_write_a_day_reads_as_that_day(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f" {day.year} 年 {day.month} 月 {day.day} 日",
        f"{day.isoformat()} 09:30:00",
        f"{day.isoformat()}T09:30+08:00",
        "{}-W{:02}-{}".format(*day.isocalendar()),
        str((day - EXCEL_DAY_ZERO).days),
        day.isoformat().translate({ord("0") + digit: ord("０") + digit for digit in range(10)}),
    ):
        assert read_day("day", text) == day, text


@given(DAYS, st.sampled_from([4, 7, 10]))
def test_a_partial_date_reads_as_it_was_written(day: date, length: int) -> None:
    written = PartialDate.parse(day.isoformat()[:length])
    assert read_partial_date("dated", str(written)) == written


def test_months_and_years_are_read_in_their_usual_ways() -> None:
    for text in ("2024-03", "2024-3", "2024年3月", "2024.03", "202403"):
        assert str(read_partial_date("dated", text)) == "2024-03"
        assert read_month("month", text) == date(2024, 3, 1)
    for text in ("2024", "２０２４年"):
        assert str(read_partial_date("dated", text)) == "2024"


@pytest.mark.parametrize(
    "text", ["", "5/3/2024", "next year", "1e300", "2024年3月5日6", "nan"]
)
def test_what_is_no_date_is_quoted_as_it_was_written(text: str) -> None:
    for read in (read_partial_date, read_day):
        with pytest.raises(InvalidInput, match=f"“{text}” is not a date; write it as 2025-12-31") as refused:
            read("dated", f" {text} ")
        assert refused.value.field == "dated"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2023年6月15号", "2023-06-15"),
        ("2023.6.15日", "2023-06-15"),
        ("2023—06—15", "2023-06-15"),
        ("2023－06－15", "2023-06-15"),
        ("2023年06月15日上午", "2023-06-15"),
        ("2023年6月15日（星期四）", "2023-06-15"),
        ("23.6.1", "2023-06-01"),
        ("06/15/2023", "2023-06-15"),
        ("15/6/2023", "2023-06-15"),
        ("5/5/2023", "2023-05-05"),
        ("June 15, 2023", "2023-06-15"),
        ("15 Jun 2023", "2023-06-15"),
        ("二〇二三年六月十五日", "2023-06-15"),
        ("二○二三年十月二十一日", "2023-10-21"),
        ("二零二三年十二月", "2023-12"),
        ("二〇二三年六月", "2023-06"),
        ("2023年12月底", "2023-12"),
        ("2023年6月中旬", "2023-06"),
        ("2023年6月份", "2023-06"),
        ("2023.06", "2023-06"),
        ("Jun-23", "2023-06"),
        ("2023年第四季度", "2023"),
        ("2023年底", "2023"),
        ("2023年上半年", "2023"),
        ("二〇二三年", "2023"),
    ],
)
def test_dates_as_offices_write_them_are_read_to_the_precision_they_give(text: str, read: str) -> None:
    assert str(read_partial_date("dated", text)) == read


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("6月15日", "lacks the year"),
        ("2023年6月、2024年3月", "several dates"),
        ("2023-6-31", "that there is not"),
        ("12.6.1", "is not a date"),
        ("预计2027年3月", "is not a date"),
        ("尚未启用", "is not a date"),
        ("2023年6月左右", "is not a date"),
    ],
)
def test_what_dates_have_no_or_several_meanings_is_told(text: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=f"“{text}” .*{told}|“{text}” {told}"):
        read_partial_date("dated", text)


def test_a_month_is_no_day_and_a_day_no_month() -> None:
    with pytest.raises(InvalidInput, match="“2024年3月” lacks the day"):
        read_day("day", "2024年3月")
    with pytest.raises(InvalidInput, match="not a month"):
        read_month("month", "2024-03-05")


def test_an_instant_without_a_zone_is_meant_in_china() -> None:
    assert read_instant("at", "2025-12-31T09:00") == datetime(2025, 12, 31, 1, tzinfo=UTC)
    assert read_instant("at", "2025-12-31T09:00Z") == datetime(2025, 12, 31, 9, tzinfo=UTC)
    with pytest.raises(InvalidInput, match="not an instant"):
        read_instant("at", "at nine")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026.8起", "2026-08"),
        ("2023.10.", "2023-10"),
        ("2023年10月（试运行）", "2023-10"),
        ("2023.05.08（揭牌）", "2023-05-08"),
        ("2023/10/8 上午", "2023-10-08"),
        ("2023年年底", "2023"),
        ("23年底", "2023"),
        ("2023Q3", "2023"),
        ("2023年12月31日24时", "2023-12-31"),
        ("于2023年6月起", "2023-06"),
    ],
)
def test_words_around_a_date_change_nothing(written: str, read: str) -> None:
    assert str(read_partial_date("opened", written)) == read


@pytest.mark.parametrize("written", ["2024-2-30", "2024-13-01", "2023年13月", "2023.6.31", "20230229", "0000"])
def test_a_day_that_there_is_not_is_told_as_such(written: str) -> None:
    with pytest.raises(InvalidInput, match="that there is not"):
        read_partial_date("opened", written)


@given(DAYS, st.sampled_from(sorted(LANGUAGES)))
def test_every_date_that_the_portal_prints_is_read_as_it_was_meant(day: date, code: LanguageCode) -> None:
    language = Language(code)
    assert read_day("day", language.format_date(day)) == day
    assert read_day("day", language.format_datetime(datetime(day.year, day.month, day.day, 3, tzinfo=UTC))) == day
    assert read_month("month", language.format_date(day, "month")) == day.replace(day=1)
    assert read_partial_date("year", language.format_date(day, "year")) == PartialDate(day.year)


@pytest.mark.parametrize("text", ["1900-01-01", "2026-11-24", "2051-12-31"])
def test_a_day_in_sight_is_read(text: str) -> None:
    assert read_day_in_sight("as_of", text, date(2026, 11, 24)) == date.fromisoformat(text)


@pytest.mark.parametrize("text", ["0001-01-01", "1899-12-31", "2052-01-01", "5704-07-20", "9999-12-31"])
def test_a_day_out_of_sight_is_refused_with_the_days_that_are_taken(text: str) -> None:
    """What is counted month by month up to it would take for ever."""
    with pytest.raises(InvalidInput) as told:
        read_day_in_sight("as_of", text, date(2026, 11, 24))
    assert told.value.field == "as_of"
    assert "2051-12-31" in str(told.value)
