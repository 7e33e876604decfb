"""Opening hours that the reader understood are shown in words, whatever an office wrote."""

from __future__ import annotations

import pytest

from portal.registry.opening_hours import hours_in_words
from stations.readers.opening_hours import read_hours


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("工作日 9:00-17:00", "周一至周五 09:00–17:00；法定节假日休息"),
        ("全年无休 9:00-21:00", "周一至周日、法定节假日 09:00–21:00"),
        ("周一、周三 全天", "周一、周三 00:00–24:00"),
        ("周一至周五 9:00-12:00；周一、周三下午1:30-5:00", "周一至周五 09:00–12:00；周一、周三 13:30–17:00"),
        ("8:30-11:30 13:30-17:00(周六、周日休息)", "每天 08:30–11:30、13:30–17:00；周六、周日休息"),
        ("24小时", "每天 24 小时"),
        ("工作日9:00-17:00，周末预约", "周一至周五 09:00–17:00；周六、周日（需预约）；法定节假日休息"),
        ("周一至周五9:00-17:00，其他时间预约", "周一至周五 09:00–17:00；其他时间可预约"),
        (
            "工作日 5-9月 8:30-18:00；其余时间 8:30-17:30",
            "5月至9月：周一至周五 08:30–18:00；10月至4月：周一至周五 08:30–17:30；法定节假日休息",
        ),
        (
            "6月15日至9月14日 8:00-17:00；其余时间 9:00-17:00",
            "6月15日至9月14日：每天 08:00–17:00；9月15日至6月14日：每天 09:00–17:00",
        ),
    ],
)
def test_hours_in_words_can_be_read_again(written: str, words: str) -> None:
    signs = read_hours("hours", written).signs
    assert hours_in_words(signs) == words
    assert read_hours("hours", words).signs.replace("Mo-Su ", "") == signs.replace("Mo-Su ", "")
