"""Cells that repeat the row above."""

from __future__ import annotations

import pytest

from stations.lists.list_plan import read_list
from stations.lists.registers import REGISTERS

CENTRES = REGISTERS["centres"]
HEADING = "名称,类别,设区市,地址"


@pytest.mark.parametrize("word", ["同上", "〃", "同前", "″", " 同上。", "Ditto"])
def test_a_ditto_has_what_stands_above_it_whatever_the_column(word: str) -> None:
    text = f"{HEADING}\n甲中心,质检中心,苏州市,科技路1号\n乙中心,{word},{word},{word}\n丙中心,,,{word}\n"
    rows = read_list(CENTRES, text.encode()).rows
    assert [row.values["address"] for row in rows] == ["科技路1号"] * 3
    assert rows[0].values["kind"] == rows[1].values["kind"] and rows[1].cells["kind"] == "质检中心"
    assert [row.problems for row in rows] == [(), (), ()]


def test_a_ditto_under_nothing_is_a_problem_and_one_under_a_problem_has_that_problem() -> None:
    text = f"{HEADING}\n甲中心,莫名,苏州市,同上\n乙中心,同上,苏州市,同上\n"
    rows = read_list(CENTRES, text.encode()).rows
    assert [sorted(one.column for one in row.problems) for row in rows] == [["address", "kind"]] * 2
    assert [row.values.get("address") for row in rows] == [None, None]
    assert rows[1].problems[-1].params["text"] in ("莫名", "同上")
