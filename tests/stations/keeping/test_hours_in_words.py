"""Hours in Chinese words are taken as they are written, and what can't be read is refused."""

from __future__ import annotations

import pytest

from stations.errors import InvalidInput
from stations.keeping.record_checks import read_hours


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("周一至周五 9:00-17:00", "Mo-Fr 09:00-17:00"),
        ("周一至周五：9：00－17：00", "Mo-Fr 09:00-17:00"),
        ("周一至周五上午9:00-12:00，下午13:30-17:00；法定节假日休息", "Mo-Fr 09:00-12:00,13:30-17:00; PH off"),
        ("周一至周五 上午9点到12点 下午2点到5点半", "Mo-Fr 09:00-12:00,14:00-17:30"),
        ("工作日 9:00-11:30、14:00-17:30，周末休息", "Mo-Fr 09:00-11:30,14:00-17:30; Sa,Su off"),
        ("星期一、星期三、星期日 9:00~17:00", "Mo,We,Su 09:00-17:00"),
        ("每天 8点半至17点", "Mo-Su 08:30-17:00"),
        ("24小时", "24/7"),
        ("周六、周日休息", "Sa,Su off"),
        ("Mo-Fr 9:00-12:00,13:30-17:00; PH off", "Mo-Fr 09:00-12:00,13:30-17:00; PH off"),
    ],
)
def test_hours_in_chinese_are_put_into_signs(written: str, kept: str) -> None:
    assert read_hours("hours", written) == kept
    assert read_hours("hours", kept) == kept


@pytest.mark.parametrize("written", ["周一到周五", "周一至周五九点", "周一至周五 25:00-27:00", "请先来电"])
def test_what_is_not_understood_is_refused_and_quoted_as_written(written: str) -> None:
    with pytest.raises(InvalidInput, match=f"“{written}”") as refused:
        read_hours("hours", written)
    assert refused.value.field == "hours"
