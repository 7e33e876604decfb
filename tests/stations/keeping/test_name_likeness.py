from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.keeping.name_likeness import ALIKE, core_name, likeness

KUNSHAN = ("苏州市", "昆山市")


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("昆山市高新区质量小站", "高新区"),
        ("江苏省昆山高新技术产业开发区质量基础设施一站式服务站", "高新区"),
        ("苏州昆山（高新区）质量驿站", "高新区"),
        ("示例·昆山市高新区质量小站", "高新区"),
        ("昆山市高新区第一质量小站", "高新区1"),
        ("昆山高新区１号质量小站", "高新区1"),
        ("昆山市质量小站", ""),
        ("Kunshan Park 质量小站", "kunshanpark"),
        ("昆山经济技术开发区泰检易", "经开区"),
    ],
)
def test_what_tells_a_name_from_others_is_left_of_it(name: str, core: str) -> None:
    assert core_name(name, KUNSHAN) == core


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("高新区", "高新区", True),
        ("高新区1", "高新区2", False),
        ("高新区智能制造产业园", "高新区智能制造园", True),
        ("新材料产业园", "食品产业园", False),
        ("花桥", "巴城", False),
        ("", "", True),
        ("", "花桥", False),
    ],
)
def test_names_are_alike_or_not(one: str, other: str, alike: bool) -> None:
    assert (likeness(one, other) >= ALIKE) == alike


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_the_same_both_ways_and_whole_for_oneself(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one) and 0 <= likeness(one, other) <= 1
    assert likeness(core_name(one), core_name(one)) == 1
