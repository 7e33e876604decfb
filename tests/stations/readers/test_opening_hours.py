"""Opening hours in Chinese words are read correctly, and what can't be read is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.errors import InvalidInput
from stations.readers.opening_hours import read_hours

DAYS = st.sampled_from(["周一至周五", "周一至五 ", "星期一、星期三 ", "工作日 ", "每天 ", "双休日", "周六："])
TIMES = st.sampled_from(["9:00-17:00", "上午9点到12点，下午1:30-5:00", "8点半至17时", "9：00－12：00、13：30－17：00"])
ENDS = st.sampled_from(["", "；法定节假日休息", "（国家法定节假日除外）", "，周日休息", "；周日 9:00-12:00"])


@pytest.mark.parametrize(
    ("written", "signs"),
    [
        ("周一至周五 9:00-17:00", "Mo-Fr 09:00-17:00"),
        ("周一至周五：9：00－17：00", "Mo-Fr 09:00-17:00"),
        ("周一至五 9:00-17:00", "Mo-Fr 09:00-17:00"),
        ("周一至周五上午9:00-12:00，下午13:30-17:00；法定节假日休息", "Mo-Fr 09:00-12:00,13:30-17:00; PH off"),
        ("周一至周五 上午9点到12点 下午2点到5点半", "Mo-Fr 09:00-12:00,14:00-17:30"),
        ("周一至周五 9:00-12:00；下午1:30-5:00", "Mo-Fr 09:00-12:00,13:30-17:00"),
        ("周一至周五 9:00-12:00以及14:00-17:00", "Mo-Fr 09:00-12:00,14:00-17:00"),
        ("工作日 9:00-17:00", "Mo-Fr 09:00-17:00; PH off"),
        ("工作日 9:00-11:30、14:00-17:30，周末休息", "Mo-Fr 09:00-11:30,14:00-17:30; Sa,Su off; PH off"),
        ("工作日9:00-17:00（国家法定节假日除外）", "Mo-Fr 09:00-17:00; PH off"),
        ("工作日9:00-17:00，节假日10:00-16:00", "Mo-Fr 09:00-17:00; PH 10:00-16:00"),
        ("周一至周五8:30-17:30；周日及法定节假日休息", "Mo-Fr 08:30-17:30; Su,PH off"),
        ("星期一、星期三、星期日 9:00~17:00", "Mo,We,Su 09:00-17:00"),
        ("每天 8点半至17点", "Mo-Su 08:30-17:00"),
        ("24小时", "24/7"),
        ("全天候", "24/7"),
        ("每天24小时服务", "24/7"),
        ("周六、周日休息", "Sa,Su off"),
        ("Mo-Fr 9:00-12:00,13:30-17:00; PH off", "Mo-Fr 09:00-12:00,13:30-17:00; PH off"),
    ],
)
def test_hours_in_chinese_are_put_into_signs(written: str, signs: str) -> None:
    assert read_hours("hours", written).signs == signs
    assert read_hours("hours", signs).signs == signs


@given(DAYS, TIMES, ENDS)
def test_hours_that_were_read_read_as_themselves(days: str, times: str, end: str) -> None:
    read = read_hours("hours", f" {days}{times}\n{end}")
    assert read.signs == read_hours("hours", read.signs).signs


def test_no_hours_are_none() -> None:
    assert [read_hours("hours", text) for text in ("", "  ", "无", "—")] == [None] * 4


@pytest.mark.parametrize(
    "written", ["周一到周五", "周一至周五九点", "周一至周五 25:00-27:00", "请先来电", "9：00－17：00（中午不休）"]
)
def test_what_is_not_understood_is_refused_and_quoted_as_written(written: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_hours("hours", f" {written}")
    assert refused.value.params == {"value": written} and refused.value.field == "hours"
