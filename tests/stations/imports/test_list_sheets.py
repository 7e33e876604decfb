"""Workbooks with several sheets of stations, rows longer than the headings, and services as columns of ticks."""

from __future__ import annotations

import io
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
from stations.language import Language
from stations.tables.table_file import read_table
from tests.conftest import NOW
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


def test_sheets_that_are_not_read_are_named(reference_engine: Engine) -> None:
    rows = [HEADINGS, ONE, ("又一质量小站", "太仓市", "测试路2号"), ("合计", 2)]
    content = workbook(
        {"说明": [["请填写"]], "空": [HEADINGS], "盐城": rows[:2], "名录": [["名称", "用途"], ["a", "b"]], "淮安": rows}
    )
    plan = planned(reference_engine, content)
    assert [row.name for row in plan.rows] == ["测试质量小站"]
    assert (plan.sheet.name, plan.sheet.unread) == ("盐城", (("淮安", 2),))
    told = [CHINESE.translate(one.message, **one.params) for one in about_list(plan)]
    assert any("盐城" in line and "淮安" in line and "2" in line for line in told)
    data = STATION_IMPORT.data(StationImport(plan, None), CHINESE)
    assert data["list"]["unread_sheets"] == [{"name": "淮安", "rows": 2}]


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
    assert "名称：此项不能为空" in said and "电话：" in said
    field = next(column for column in ROWS.take("field"))
    assert field.cell(shown, CHINESE) in ("名称", "县（市、区）")
    assert field.data(field.value(shown)) in ("name", "county")
