"""Rows that only name the city of the rows below them are titles, and say where those lie."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from stations.database import transaction
from stations.imports.about_list import about_list
from stations.imports.importing import plan_import, read_list
from stations.imports.plan import ImportOptions, ImportPlan
from tests.conftest import NOW
from tests.stations.registry_factories import PROVINCE

pytestmark = pytest.mark.one_database
HEADINGS = "序号,县(市、区),站点名称,详细地址"


def planned(engine: Engine, *lines: str) -> ImportPlan:
    sheet = read_list("\n".join((HEADINGS, *lines)).encode())
    with transaction(engine) as session:
        return plan_import(session, PROVINCE, sheet, ImportOptions("名单.csv"), now=NOW)


@pytest.mark.parametrize(
    "title",
    [
        "一,无锡市,,",
        "无锡市,,,",
        "（一）,无锡,,",
        ",无锡市（2家）,,",
        "一、无锡市,,,",
        "1,无锡市,,",
        ",,无锡市,",
        "一,江阴市,,",
    ],
)
def test_the_title_of_a_section_is_passed_over_and_told(reference_engine: Engine, title: str) -> None:
    plan = planned(reference_engine, title, "1,江阴市,测试质量小站,测试路1号", "2,新区,另一质量小站,测试路2号")
    assert [row.outcome.value for row in plan.rows] == ["new", "new"]
    assert [row.after.county_adcode for row in plan.rows if row.after] == ["320281", "320214"]
    assert plan.sheet.remarks == (2,) and any("2" in str(one.params.get("rows")) for one in about_list(plan))


def test_each_section_says_the_city_of_its_own_rows(reference_engine: Engine) -> None:
    plan = planned(
        reference_engine,
        "一,南京市,,",
        "1,鼓楼区,甲质量小站,测试路1号",
        "2,,乙质量小站,测试路2号",
        "二,徐州市,,",
        "1,鼓楼区,丙质量小站,测试路3号",
        "2,昆山市,丁质量小站,测试路4号",
    )
    after = [row.after for row in plan.rows]
    assert [(one.city_adcode, one.county_adcode) for one in after if one] == [
        ("320100", "320106"),
        ("320100", None),
        ("320300", "320302"),
        ("320500", "320583"),
    ]


@pytest.mark.parametrize("line", ["3,昆山市,,", "3,无锡市,,测试路1号", "一,没有市,,", "一,无锡市,甲质量小站,"])
def test_a_row_of_a_station_is_no_title(reference_engine: Engine, line: str) -> None:
    plan = planned(reference_engine, line, "1,江阴市,测试质量小站,测试路1号")
    assert len(plan.rows) == 2 and plan.sheet.remarks == ()
