"""Workbooks with several sheets of stations, rows longer than the headings, and services as columns of ticks."""

from __future__ import annotations

import io
import pickle
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine

from stations.answers.imports import ROWS, STATION_IMPORT, StationImport
from stations.database import reading
from stations.errors import InvalidForm, InvalidInput
from stations.firms.instrument_import import COLUMNS, read_ledger_sheet
from stations.imports.about_list import about_list
from stations.imports.importing import plan_import, read_list
from stations.imports.plan import ImportOptions, ImportPlan
from stations.imports.report import import_report
from stations.language import Language
from stations.lists.centres import CENTRES
from stations.lists.list_plan import read_list as read_register
from stations.tables.table_file import read_table
from stations.tables.workbook_grids import NoSuchSheet, sheet_names
from tests.conftest import NOW
from tests.stations.imports.test_station_import import applied
from tests.stations.planning.test_imported_figure import bring
from tests.stations.registry_factories import PROVINCE

pytestmark = pytest.mark.one_database
CHINESE = Language("zh_CN")
HEADINGS = ("站点名称", "县(市、区)", "详细地址")
ONE = ("测试质量小站", "昆山市", "测试路1号")


def workbook(sheets: dict[str, Sequence[Sequence[Any]]], merged: str = "") -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if merged:
            sheet.merge_cells(merged)
    book.save(out)
    return out.getvalue()


def planned(engine: Engine, content: bytes) -> ImportPlan:
    with reading(engine) as session:
        return plan_import(session, PROVINCE, read_list(content), ImportOptions("名单.xlsx"), now=NOW)


def test_sheets_with_the_same_headings_are_read_one_after_the_other(reference_engine: Engine) -> None:
    content = workbook(
        {
            "说明": [["请填写"]],
            "空": [HEADINGS],
            "苏州市": [HEADINGS, ONE, ("合计", 1)],
            "名录": [["名称", "用途"], ["a", "b"]],
            "南京市": [["各市名单"], HEADINGS, ("又一小站", "鼓楼区", "测试路2号"), ONE],
            "徐州": [HEADINGS, ("鼓楼质量小站", "鼓楼区", "测试路3号"), ("", "不存在县", "测试路4号")],
            "淮安": [("站点名称", "详细地址", "县(市、区)"), ("淮安小站", "测试路5号", "清江浦区")],
        }
    )
    plan = planned(reference_engine, content)
    assert [str(row.number) for row in plan.rows] == ["苏州市!2", "南京市!3", "南京市!4", "徐州!2", "徐州!3"]
    assert [row.after and row.after.county_adcode for row in plan.rows] == ["320583", "320106", None, "320302", None]
    assert (plan.sheet.sheets, plan.sheet.unread) == (("苏州市", "南京市", "徐州"), (("淮安", 1),))
    told = "\n".join(CHINESE.translate(one.message, **one.params) for one in about_list(plan))
    assert "“苏州市”、“南京市”、“徐州”" in told and "“淮安” (1)" in told and "苏州市!3" in told
    answer = StationImport(plan, None)
    data = STATION_IMPORT.data(answer, CHINESE)
    assert data["list"]["unread_sheets"] == [{"name": "淮安", "rows": 1}]
    rows = list(data["rows"])
    assert (rows[2]["sheet"], rows[2]["row"]) == ("南京市", 4) and "苏州市!2" in rows[2]["message"]
    shown = ROWS.take("row")[0].cell(list(answer.each_row())[4], CHINESE)
    report = openpyxl.load_workbook(io.BytesIO(import_report(plan, CHINESE))).active
    assert shown == report["A6"].value == "徐州!3"


def test_the_sheets_read_together_are_written_and_a_cell_of_each_can_be_put_right(reference_engine: Engine) -> None:
    content = workbook({"甲": [HEADINGS, ONE], "乙": [HEADINGS, ("二号小站", "无此县", "测试路2号")]})
    wrong = planned(reference_engine, content).rows[1]
    assert wrong.outcome.value == "wrong"
    with reading(reference_engine) as session:
        sheet = read_list(content, corrections={(wrong.number, 1): "太仓市"})
        plan = plan_import(session, PROVINCE, sheet, ImportOptions("名单.xlsx"), now=NOW)
    assert [row.outcome.value for row in plan.rows] == ["new", "new"]
    assert pickle.loads(pickle.dumps(plan.rows[1].number)).sheet == "乙"
    done = applied(reference_engine, plan)
    assert done.added == 2 and [str(number) for number in done.codes] == ["甲!2", "乙!2"]


def test_one_sheet_of_several_is_chosen_and_told(reference_engine: Engine) -> None:
    other = ("又一小站", "鼓楼区", "测试路2号")
    content = workbook({"2025": [HEADINGS, ONE], "2026": [HEADINGS, other], "名录": [["名称", "用途"], ["a", "b"]]})
    sheet = read_list(content, name="2026")
    assert [(row.number, row.values["name"]) for row in sheet.rows] == [(2, "又一小站")]
    with reading(reference_engine) as session:
        plan = plan_import(session, PROVINCE, sheet, ImportOptions("名单.xlsx"), now=NOW)
    told = "\n".join(CHINESE.translate(one.message, **one.params) for one in about_list(plan))
    assert "“2026”" in told and "“2025”、“名录”" in told
    centres = workbook({"甲": [["中心名称"], ["某中心"]], "乙": [["中心名称"], ["又一中心"]]})
    assert [row.values["name"] for row in read_register(CENTRES, centres, name="乙").rows] == ["又一中心"]
    for wrong, file, there in (("二零", content, "“2025”、“2026”、“名录”"), ("甲", b"a,b\n1,2\n", "")):
        with pytest.raises(NoSuchSheet) as refused:
            read_list(file, name=wrong)
        said = CHINESE.translate(refused.value.message, **refused.value.params)
        assert f"“{wrong}”" in said and there in said


def test_only_visible_sheets_can_be_chosen() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "甲"
    book.create_sheet("乙").sheet_state = "hidden"
    book.create_sheet("丙")
    book.save(out)
    assert sheet_names(out.getvalue()) == ("甲", "丙")
    assert (sheet_names(b"a,b"), sheet_names(b"PK\x03\x04 broken"), sheet_names(b"\xd0\xcf\x11\xe0")) == ((), (), ())


def test_several_sheets_of_figures_are_refused() -> None:
    content = workbook({"2024": [["区县", "数值"], ["昆山市", 1]], "2025": [["区县", "数值"], ["昆山市", 2]]})
    with pytest.raises(InvalidInput, match="2024.*2025"):
        read_table(content, {"county": ("区县",), "value": ("数值",)}, ("county", "value"))


def test_several_sheets_of_instruments_are_refused() -> None:
    rows = [[column.headings[0] for column in COLUMNS], ["压力表", *("1" for _ in COLUMNS[1:])]]
    with pytest.raises(InvalidInput, match="一车间.*二车间"):
        read_ledger_sheet(workbook({"一车间": rows, "说明": [["填写说明"]], "二车间": rows}))


@pytest.mark.parametrize(
    "text",
    [
        "地区,数量,备注\n太仓市,1,200,\n",
        "地区,数量\n太仓市,1,200\n",
        "地区,数量,备注\n太仓市,1,200,暂估\n",
        "地区;数量;备注\n太仓市;1;200;暂估\n",
        "地区,数量\n太仓市,1,234,567.5\n",
    ],
)
def test_a_figure_parted_at_its_comma_is_a_fault(reference_engine: Engine, text: str) -> None:
    with pytest.raises(InvalidForm) as several:
        bring(reference_engine, text)
    assert [one.field for one in several.value.problems] == ["row 2"]


@pytest.mark.parametrize(
    "text",
    ["地区,数量,备注\n太仓市,1200,,\n", "地区,数量,,\n太仓市,1,,暂估\n", '地区,数量\n太仓市,"1,200"\n'],
)
def test_blank_cells_at_the_end_are_no_fault(reference_engine: Engine, text: str) -> None:
    bring(reference_engine, text)


def test_a_longer_row_of_stations_is_doubtful(reference_engine: Engine) -> None:
    plan = planned(reference_engine, f"{','.join(HEADINGS)}\n{','.join(ONE)},2楼\n".encode())
    assert [(row.outcome.value, row.remarks[0].column) for row in plan.rows] == [("doubtful", "")]


WORDS = ("计量", "标准化服务", "是否提供检验检测", "认证（√）")


@pytest.mark.parametrize(
    ("yes", "no"), [("√", None), ("是", "否"), ("有", "无"), (1, 0), ("●", "×"), ("✓", "/"), ("Y", "N"), (True, False)]
)
def test_columns_of_ticks_are_services(reference_engine: Engine, yes: Any, no: Any) -> None:
    content = workbook({"表": [(*HEADINGS, *WORDS, "备\n注"), (*ONE, yes, no, yes, no, "x")]})
    plan = planned(reference_engine, content)
    (row,) = plan.rows
    spelled = planned(reference_engine, workbook({"表": [(*HEADINGS, "服务内容"), (*ONE, "计量；检验检测")]})).rows[0]
    assert row.outcome.value == "new" and not row.remarks
    assert row.after.services == spelled.after.services and len(row.after.services) == 2
    assert plan.sheet.passed_over == ("备 注",)


@pytest.mark.parametrize("over", ["服务内容", "服务项目", "提供的服务"])
def test_ticks_under_a_heading_that_spans_them(reference_engine: Engine, over: str) -> None:
    rows = [(*HEADINGS, over, None, None, "电话"), (None, None, None, "计量", "标准", "认证"), (*ONE, "√", None, "√")]
    for merged in ("D1:F1", ""):
        (row,) = planned(reference_engine, workbook({"表": rows}, merged)).rows
        assert row.outcome.value == "new" and len(row.after.services) == 2


def test_counts_are_no_ticks_and_unclear_cells_are_kept(reference_engine: Engine) -> None:
    rows = [(*HEADINGS, "计量", "认证"), (*ONE, 12, "√"), ("二号小站", "太仓市", "测试路2号", 1, "部分")]
    plan = planned(reference_engine, workbook({"表": rows}))
    first, second = plan.rows
    assert len(first.after.services) == 1 and plan.sheet.passed_over == ("计量",)
    assert second.outcome.value == "doubtful" and dict(second.after.unread) == {"services": "部分"}


def test_the_table_of_the_command_names_items(reference_engine: Engine) -> None:
    plan = planned(reference_engine, workbook({"表": [(*HEADINGS, "电话"), (None, "不存在县", "测试路1号", "55")]}))
    (shown,) = StationImport(plan, None).each_row()
    said = shown.message(CHINESE)
    assert "站点名称：此项不能为空" in said and "电话：" in said
    field = next(column for column in ROWS.take("field"))
    assert field.cell(shown, CHINESE) in ("站点名称", "县(市、区)")
    assert field.data(field.value(shown)) in ("name", "county")
