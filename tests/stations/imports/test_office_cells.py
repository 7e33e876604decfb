"""Cells as offices write them become the right values of a new station, and the same list again changes nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from stations.database import transaction
from stations.imports.importing import apply_import, plan_import, read_list
from stations.imports.plan import ImportOptions, ImportPlan
from stations.registry.record_state import StationState
from tests.conftest import NOW
from tests.stations.readers.test_entrances import csv_of
from tests.stations.registry_factories import PROVINCE

pytestmark = pytest.mark.one_database
ROW = {"站点名称": "测试质量小站", "县(市、区)": "昆山市", "详细地址": "测试路1号"}


def imported(engine: Engine, **cells: str) -> tuple[ImportPlan, ImportPlan]:
    """Return the plan of a list with one row, and that of the same list once it was imported."""
    row = ROW | cells
    sheet = read_list(csv_of(tuple(row), tuple(row.values())))
    with transaction(engine) as session:
        first = plan_import(session, PROVINCE, sheet, ImportOptions("名单.csv"), now=NOW)
        apply_import(session, PROVINCE, first, doubtful=True, now=NOW)
        return first, plan_import(session, PROVINCE, sheet, ImportOptions("名单.csv"), now=NOW)


def state(plan: ImportPlan) -> StationState:
    (row,) = plan.rows
    return row.after


@pytest.mark.parametrize(
    ("cell", "phone", "kept"),
    [
        ("0512-55550001、55550002、55550003", "0512-55550001、0512-55550002、0512-55550003", {}),
        ("0512-55550008转8001、8002", "0512-55550008转8001、8002", {}),
        ("电话：0512-55550006", "0512-55550006", {}),
        ("0512-55550004（值班）", "0512-55550004", {"phone": "值班"}),
        ("0512-55550004 王先生", "0512-55550004", {"contact_name": "王先生"}),
        ("5.1255550007E10", "051255550007", {}),
    ],
)
def test_telephones(reference_engine: Engine, cell: str, phone: str, kept: dict[str, str]) -> None:
    first, again = imported(reference_engine, 联系电话=cell)
    assert [row.outcome.value for row in first.rows] == ["new"]
    assert state(first).phone == phone and dict(state(first).unread) == kept
    assert [row.outcome.value for row in again.rows] == ["unchanged"]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("联系电话", "O512-55550005"), ("服务时间", "8:30-12:00（夏令时14:30-18:00）"), ("启用日期", "尚未启用")],
)
def test_what_can_not_be_read_is_doubtful_and_quoted(reference_engine: Engine, column: str, cell: str) -> None:
    first, _ = imported(reference_engine, **{column: cell})
    (row,) = first.rows
    assert row.outcome.value == "doubtful" and cell in dict(row.after.unread).values()
    assert any(cell in remark.params.values() for remark in row.remarks)


@pytest.mark.parametrize(
    ("county", "address", "adcode"),
    [
        ("苏州工业园区", "吴中区金鸡湖街道测试路1号", "320506"),
        ("鼓楼区", "江苏省南京市鼓楼区中山北路1号", "320106"),
        ("苏州高新区", "测试路1号", "320505"),
        ("新吴区(无锡高新区)", "测试路1号", "320214"),
        ("320583000000", "测试路1号", "320583"),
    ],
)
def test_a_county_by_zone_bracket_or_code(reference_engine: Engine, county: str, address: str, adcode: str) -> None:
    first, again = imported(reference_engine, **{"县(市、区)": county, "详细地址": address})
    assert state(first).county_adcode == adcode
    assert [row.outcome.value for row in (*first.rows, *again.rows)] == ["new", "unchanged"]


@pytest.mark.parametrize(
    ("heading", "cell", "name", "phone"),
    [
        ("联系人及电话", "王芳 13800000000", "王芳", "13800000000"),
        ("负责人及联系电话", "13800000000/王芳", "王芳", "13800000000"),
        ("联系人、电话", "王芳、0512-55550001", "王芳", "0512-55550001"),
        ("联络员/手机", "王芳（13800000000）", "王芳", "13800000000"),
        ("联系人（电话）", "联系人：王芳，电话：(0512)55550001", "王芳", "(0512)55550001"),
        ("姓名和电话", "王芳", "王芳", ""),
    ],
)
def test_a_person_and_a_telephone_in_one_cell(
    reference_engine: Engine, heading: str, cell: str, name: str, phone: str
) -> None:
    first, again = imported(reference_engine, **{heading: cell})
    assert (state(first).contact_name or "", state(first).contact_phone or "") == (name, phone)
    assert [row.outcome.value for row in (*first.rows, *again.rows)] == ["new", "unchanged"]


def test_a_telephone_beside_a_person_that_can_not_be_read_is_kept(reference_engine: Engine) -> None:
    first, _ = imported(reference_engine, 联系人及电话="王芳 1380000")
    assert first.rows[0].outcome.value == "doubtful"
    assert dict(state(first).unread) == {"contact_phone": "王芳 1380000"}


def test_further_headings(reference_engine: Engine) -> None:
    cells = {"联络员": "王芳", "联络员电话": "13800000000", "成立年月": "2024年3月", "承办机构": "测试院"}
    row = {"站点": "又一质量小站", "县(市、区)": "昆山市", "服务点地点": "测试路2号", **cells}
    with transaction(reference_engine) as session:
        sheet = read_list(csv_of(tuple(row), tuple(row.values())))
        after = state(plan_import(session, PROVINCE, sheet, ImportOptions("名单.csv"), now=NOW))
    assert (after.name, after.address, after.host) == ("又一质量小站", "测试路2号", "测试院")
    assert (after.contact_name, after.contact_phone) == ("王芳", "13800000000")
    assert str(after.history[0].dated) == "2024-03"
    sheet = read_list(csv_of(("单位", "服务地区"), ("一站", "昆山市")))
    assert sheet.headings == {"name": "单位", "county": "服务地区"}


@pytest.mark.parametrize("county", ["", "市本级", "市直", "市局", "无锡市直", "无锡市本级"])
def test_a_row_of_the_city_takes_its_county_from_the_address(reference_engine: Engine, county: str) -> None:
    first, again = imported(reference_engine, **{"县(市、区)": county, "详细地址": "无锡市梁溪区人民路1号"})
    assert state(first).county_adcode == "320213"
    assert [row.outcome.value for row in (*first.rows, *again.rows)] == ["doubtful", "unchanged"]


@pytest.mark.parametrize(
    ("county", "cells", "adcode"),
    [
        ("城区一带", {"详细地址": "无锡市梁溪区人民路1号"}, "320213"),
        ("城区一带", {"详细地址": "人民路1号", "经度": "120.98", "纬度": "31.385", "坐标系": "WGS84"}, "320583"),
        ("鼓楼区（苏州）", {"详细地址": "昆山市玉山镇测试路1号"}, "320583"),
        ("鼓楼区", {"详细地址": "昆山市玉山镇测试路1号"}, "320583"),
    ],
)
def test_a_county_not_understood_never_costs_a_row_that_says_it_elsewhere(
    reference_engine: Engine, county: str, cells: dict[str, str], adcode: str
) -> None:
    first, again = imported(reference_engine, **{"县(市、区)": county}, **cells)
    assert state(first).county_adcode == adcode and dict(state(first).unread) == {"county": county}
    assert any(county in remark.params.values() for remark in first.rows[0].remarks)
    assert [row.outcome.value for row in (*first.rows, *again.rows)] == ["doubtful", "unchanged"]


def test_a_county_that_nothing_says_is_quoted(reference_engine: Engine) -> None:
    sheet = read_list(csv_of(("站点名称", "县(市、区)"), ("测试质量小站", "城区一带")))
    with transaction(reference_engine) as session:
        (row,) = plan_import(session, PROVINCE, sheet, ImportOptions("名单.csv"), now=NOW).rows
    assert row.outcome.value == "wrong" and "城区一带" in row.remarks[0].params.values()
