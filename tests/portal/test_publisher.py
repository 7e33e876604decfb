"""The foot of every page names the publisher as set, and nothing that is not."""

from __future__ import annotations

import pytest

from portal.foot import foot_of
from portal.language import speak
from portal.publisher import Publisher, not_set, read_publisher
from stations.errors import InvalidInput

SET = {
    "PUBLISHER": "某省市场监督管理局",
    "PUBLISHER_EN": "Market Regulator of a Province",
    "ICP_NUMBER": "京ICP备12345678号-1",
    "POLICE_NUMBER": "京公网安备 11010102001234号",
    "HOTLINE": "12315",
    "CONTACT_EMAIL": "ask@example.com",
    "CONTACT_ADDRESS": "某路 1 号",
}


def test_nothing_is_shown_that_is_not_set() -> None:
    assert read_publisher({}) == Publisher()
    assert not_set({}) == [name for name in SET if name != "PUBLISHER_EN"]
    foot = foot_of(speak("en"), Publisher(), [])
    assert foot.count("<a ") == 4  # about, privacy, accessibility, open data
    assert "<p>" not in foot


@pytest.mark.parametrize(
    ("code", "name"), [("zh_CN", "主办单位：某省市场监督管理局"), ("en", "Published by Market Regulator")]
)
def test_what_is_set_stands_in_the_foot(code: str, name: str) -> None:
    foot = foot_of(speak(code), read_publisher(SET), ["苏S(2026)1号 <b>"])
    assert name in foot
    assert 'href="tel:12315"' in foot
    assert 'href="https://beian.miit.gov.cn/"' in foot
    assert "code=11010102001234" in foot
    assert "<b>" not in foot
    assert not not_set(SET)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ICP_NUMBER", "12345678"),
        ("ICP_NUMBER", "京ICP备12号"),
        ("POLICE_NUMBER", "11010102001234"),
        ("HOTLINE", "call us"),
        ("CONTACT_EMAIL", "ask at example"),
    ],
)
def test_what_can_not_be_right_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_publisher({name: value})
    assert refused.value.field == name
