"""Lists of centres as other offices write them: other headings, sections, codes in the wrong row, names on file."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import Engine

from stations.database import reading
from stations.imports.plan import Outcome, Weight
from stations.language import Language
from stations.lists.list_plan import ListPlan
from stations.registry.centre import CentreKind, CentreLevel
from tests.stations.lists.test_list_round_trip import CENTRES, planned
from tests.stations.registry_factories import PROVINCE

CHINESE = Language("zh_CN")
HEAD = "中心名称,级别,类别,设区市,承担单位,状态"

pytestmark = pytest.mark.one_database


def plan_of(engine: Engine, content: str | bytes) -> ListPlan:
    with reading(engine) as session:
        return planned(session, PROVINCE, CENTRES, content.encode() if isinstance(content, str) else content)


def told(plan: ListPlan, at: int = 0) -> str:
    return " ".join(one.told(CHINESE) for one in plan.rows[at].remarks if one.weight is not Weight.NOTE)


def history(plan: ListPlan, at: int = 0) -> list[str]:
    after = plan.rows[at].after
    assert after is not None, told(plan, at)
    return [f"{entry.stage.value} {entry.dated or ''} {entry.as_of or ''}".strip() for entry in after.history]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("C-999,江苏省甲质检中心,省级,质检中心,苏州市,某院,在建", "没有编号为 C-999 的记录"),
        ("C-008,国家白酒产品质量监督检验中心,国家级,质检中心,南京市,,已验收", "国家金银制品质量监督检验中心"),
        ("C-001,国家金银制品质量监督检验中心,国家级,质检中心,南京市,,已验收", "C-008"),
        (",国家白酒产品质量监督检验中心,国家级,质检中心,南京市,某院,在建", "C-020"),
        (",江苏省金银制品质检中心,省级,质检中心,上海市,某院,在建", "上海市"),
        (",=HYPERLINK(1),省级,质检中心,苏州市,某院,在建", "公式"),
    ],
)
def test_what_somebody_has_to_look_at_is_not_imported_by_itself(reference_engine: Engine, row: str, words: str) -> None:
    plan = plan_of(reference_engine, f"登记编号,{HEAD}\n{row}\n")
    assert plan.rows[0].outcome in (Outcome.DOUBTFUL, Outcome.WRONG)
    assert words in told(plan)


def test_an_offices_own_code_is_taken_for_a_new_record(reference_engine: Engine) -> None:
    plan = plan_of(reference_engine, f"中心编号,{HEAD}\nZJ-2020-1,江苏省甲质检中心,省级,质检中心,苏州市,某院,在建\n")
    assert (plan.rows[0].outcome, plan.rows[0].code) == (Outcome.NEW, "ZJ-2020-1")


def test_a_code_is_enough_and_blank_cells_change_nothing(reference_engine: Engine) -> None:
    plan = plan_of(reference_engine, "登记编号,中心名称,承担单位\nC-020,国家白酒产品质量监督检验中心,宿迁市某院\n")
    assert plan.rows[0].outcome is Outcome.CHANGED
    assert dict(plan.rows[0].changes) == {"host": ("", "宿迁市某院")}


@pytest.mark.parametrize(
    ("kind", "level"),
    [("省级计量中心", CentreLevel.PROVINCIAL), ("国家计量中心", CentreLevel.NATIONAL)],
)
def test_the_level_may_stand_with_the_kind(reference_engine: Engine, kind: str, level: CentreLevel) -> None:
    plan = plan_of(reference_engine, f"名称,类型,地市,建设单位,建设情况\n某流量中心,{kind},苏州,某院,建设中\n")
    after = plan.rows[0].after
    assert after is not None and (after.level, after.kind) == (level, CentreKind.METROLOGY)


@pytest.mark.parametrize(
    ("headings", "cells", "stages"),
    [
        ("批筹时间,建成时间", "2019.3,2021年5月", ["approved_for_construction 2019-03", "accepted 2021-05"]),
        ("获批年份,验收年度", "2019年,2021年度", ["approved_for_construction 2019", "accepted 2021"]),
        (
            "立项日期,目前状态",
            "2019-03,未验收",
            ["approved_for_construction 2019-03", "under_construction  2026-11-24"],
        ),
        (
            "批复文号,进展",
            "苏市监〔2019〕3号,在建",
            ["approved_for_construction  2026-11-24", "under_construction  2026-11-24"],
        ),
        ("批准日期,是否验收", "2019-03,是", ["approved_for_construction 2019-03", "accepted"]),
        ("批准日期,验收日期", "2019-03,未验收", ["approved_for_construction 2019-03"]),
        ("批筹文号,验收日期", "苏市监〔2019〕3号,2021-05", ["approved_for_construction", "accepted 2021-05"]),
        ("统计日期,阶段", "2026年6月,批准筹建", ["approved_for_construction  2026-06"]),
        ("批准筹建日期,验收日期", "2018,2018-02-09", ["accepted 2018-02-09"]),  # the year may mean a later day
        ("阶段,撤销日期,撤销原因", "撤销,2023-01,整合", ["withdrawn 2023-01"]),
        ("Approved on,Accepted on", "2019-03,2021-05", ["approved_for_construction 2019-03", "accepted 2021-05"]),
    ],
)
def test_usual_headings_of_stages(reference_engine: Engine, headings: str, cells: str, stages: list[str]) -> None:
    content = f"中心名称,级别,类别,设区市,{headings}\n江苏省甲质检中心,省级,质检中心,苏州市,{cells}\n"
    assert history(plan_of(reference_engine, content)) == stages


def test_sections_name_the_city(reference_engine: Engine) -> None:
    rows = "一、苏州市,,\n江苏省甲质检中心,省级质检中心,在建\n二、无锡市,,\n江苏省乙计量中心,省级计量中心,在建\n"
    plan = plan_of(reference_engine, f"中心名称,类别,状态\n{rows}")
    assert [row.after.city_adcode for row in plan.rows if row.after] == ["320500", "320200"]


def test_a_workbook_with_merged_cells_and_dates(reference_engine: Engine) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["全省质检中心一览表"])
    sheet.append(["名称", "级别", "所在地区", "批准筹建", None, "验收", None])
    sheet.append([None, None, None, "日期", "文号", "日期", "文号"])
    sheet.append(["江苏省甲质检中心", "省级", "苏州市昆山市", 43525, "甲号", 2021.1, None])
    sheet.append(["江苏省乙质检中心", "省级", None, "2020年3月", None, None, None])
    sheet.merge_cells("D2:E2")
    sheet.merge_cells("F2:G2")
    sheet.merge_cells("C4:C5")
    out = io.BytesIO()
    book.save(out)
    plan = plan_of(reference_engine, out.getvalue())
    assert history(plan) == ["approved_for_construction 2019-03-01"]
    assert "2021.1" in told(plan)  # January or October
    assert [row.after.county_adcode for row in plan.rows if row.after] == ["320583", "320583"]


@pytest.mark.parametrize("heading", ["所在地市", "所属地级市", "归属设区市", "设区市名称", "所在城市", "地市"])
def test_whatever_a_column_of_cities_is_called_it_is_read(reference_engine: Engine, heading: str) -> None:
    plan = plan_of(reference_engine, f"中心名称,{heading},状态\n江苏省示例产品质检中心,苏州市,在建\n")
    assert plan.rows[0].outcome is Outcome.NEW
    assert plan.rows[0].after is not None and plan.rows[0].after.city_adcode == "320500"
