"""What a list says about the whole: its coordinate system, its date, its columns in two heading rows."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine

from stations.answers.imports import STATION_IMPORT, StationImport
from stations.answers.presentation import note_of
from stations.database import reading
from stations.errors import InvalidInput
from stations.imports.importing import plan_import, read_list
from stations.imports.list_facts import ListFacts, facts_of
from stations.imports.plan import ImportOptions, ImportPlan, Outcome, Weight
from stations.language import Language
from stations.partial_date import PartialDate
from stations.registry.record_state import HistoryEntry
from stations.registry.station import Status
from tests.conftest import NOW, TODAY
from tests.stations.imports.import_files.make import CHANGSHU, HEAD, KUNSHAN, PLACES, book, text
from tests.stations.imports.import_files.make import _in as places_in
from tests.stations.imports.test_station_import import applied
from tests.stations.registry_factories import PROVINCE

pytestmark = pytest.mark.one_database


def plan_of(engine: Engine, content: bytes, **options: object) -> ImportPlan:
    with reading(engine) as session:
        return plan_import(session, PROVINCE, read_list(content), ImportOptions("名单.xlsx", **options), now=NOW)


@pytest.mark.parametrize(
    ("over", "parts", "crs"),
    [
        ("经纬度（高德）", ("经度", "纬度"), "gcj02"),
        ("百度坐标", ("经度", "纬度"), "bd09"),
        ("坐标（天地图）", ("经度", "纬度"), "wgs84"),
        ("位置(GPS)", ("经度", "纬度"), "wgs84"),
        (None, ("经度（高德）", "纬度（高德）"), "gcj02"),
        (None, ("经度(BD-09)", "纬度"), "bd09"),
        (None, ("高德经度", "高德纬度"), "gcj02"),
        ("百度坐标", ("X坐标", "Y坐标"), "bd09"),
        (None, ("经度", "纬度"), ""),
        (None, ("经度（高德）", "纬度（百度）"), ""),
    ],
)
def test_headings_say_the_coordinate_system(over: str | None, parts: tuple[str, str], crs: str) -> None:
    heads = [(*HEAD[:3], over, None), (None, None, None, *parts)] if over else [(*HEAD[:3], *parts)]
    sheet = read_list(book([*heads, (*KUNSHAN[:3], *PLACES[0])]))
    assert facts_of(sheet, TODAY).crs == crs


def test_coordinates_are_read_in_the_system_of_their_heading(reference_engine: Engine) -> None:
    rows = [(*HEAD[:3], "经纬度（高德）", None), (None, None, None, "经度", "纬度")]
    rows += [(*row[:3], *at) for row, at in zip((KUNSHAN, CHANGSHU), places_in("gcj02", *PLACES[:2]), strict=True)]
    plan = plan_of(reference_engine, book(rows, merge=("D1:E1",)), crs="bd09")
    assert [row.outcome.value for row in plan.rows] == ["new", "new"]
    for row, place in zip(plan.rows, PLACES, strict=False):
        assert row.after.place == pytest.approx(place, abs=2e-6)
    assert "GCJ-02" in note_of(STATION_IMPORT, StationImport(plan, None), Language("en"))


@pytest.mark.parametrize(
    ("heads", "values"),
    [
        ([("联系人", None), ("姓名", "联系电话")], ("王某", "13800000001")),
        ([("联系人（质量管家）", None), ("姓名", "手机")], ("王某", "13800000001")),
        ([("负责人", None), ("姓名", "电话")], ("王某", "13800000001")),
        ([("联系人", "联系人电话")], ("王某", "13800000001")),
    ],
)
def test_headings_say_whose_name_and_telephone(reference_engine: Engine, heads: list, values: tuple) -> None:
    first = (*HEAD, "依托单位", *heads[0])
    below = [(*[None] * 5, *part) for part in heads[1:]]
    plan = plan_of(reference_engine, book([first, *below, (*KUNSHAN, "昆山某所", *values)]))
    after = plan.rows[0].after
    assert (after.phone, after.host, after.contact_name, after.contact_phone) == (KUNSHAN[3], "昆山某所", *values)
    assert not plan.sheet.passed_over


@pytest.mark.parametrize(
    ("around", "date"),
    [
        ([("填报单位：某局", "填报日期：2026年11月20日")], "2026-11-20"),
        ([("填报单位：某局", None, "填报日期：", datetime(2026, 11, 20))], "2026-11-20"),
        ([("填报日期", "2026.11.20")], "2026-11-20"),
        ([("质量小站名单（截至2026年10月31日）",)], "2026-10-31"),
        ([("质量小站名单",), ("2026年10月",)], "2026-10"),
        ([("质量小站名单",), ("2026年11月",)], "2026-11-24"),  # a month that is not over: today
        ([("填报日期：2027年1月5日",)], None),
        ([("质量小站名单（2026年10月）",)], "2026-10"),
        ([("2026年质量小站名单",)], None),
        ([], None),
    ],
)
def test_a_list_says_when_it_was_filled_in(around: list, date: str | None) -> None:
    sheet = read_list(book([*around, HEAD, KUNSHAN]))
    assert facts_of(sheet, TODAY) == ListFacts("", PartialDate.parse(date) if date else None)
    below = read_list(book([HEAD, KUNSHAN, ("填表人：某某", None, "填报日期：2026-11-20")]))
    assert str(facts_of(below, TODAY).date) == "2026-11-20"


CLOSED = [(*HEAD, "状态", "原因", "启用日期"), (*KUNSHAN, "关闭", "合并", "2024-03"), (*CHANGSHU, "暂停", "检修", "")]


def test_an_end_without_a_date_asks_for_one(reference_engine: Engine) -> None:
    plan = plan_of(reference_engine, text(CLOSED))
    assert [row.outcome.value for row in plan.rows] == ["doubtful", "doubtful"]
    assert plan.undated == (2, 3)
    told = [remark.told(Language("en")) for row in plan.rows for remark in row.remarks]
    assert "active until today" in told[0] and "do not know the station" in told[1]
    assert "Give one date" in note_of(STATION_IMPORT, StationImport(plan, None), Language("en"))


def test_one_date_is_taken_for_all_of_them(reference_engine: Engine) -> None:
    plan = plan_of(reference_engine, text(CLOSED), status_date=PartialDate(2026, 6))
    assert [row.outcome.value for row in plan.rows] == ["new", "new"]
    assert plan.rows[0].after.history == (
        HistoryEntry(Status.ACTIVE, PartialDate(2024, 3)),
        HistoryEntry(Status.CLOSED, PartialDate(2026, 6), reason="合并"),
    )
    assert [remark.weight for row in plan.rows for remark in row.remarks] == [Weight.NOTE, Weight.NOTE]
    applied(reference_engine, plan)
    assert {row.outcome.value for row in plan_of(reference_engine, text(CLOSED)).rows} == {"unchanged"}


def test_the_lists_own_date_is_when_it_was_so(reference_engine: Engine) -> None:
    plan = plan_of(reference_engine, text([("填报日期：2026-11-20", *[""] * 6), *CLOSED]))
    assert [row.outcome.value for row in plan.rows] == ["new", "new"]
    assert plan.rows[1].after.history == (
        HistoryEntry(Status.SUSPENDED, as_of=PartialDate(2026, 11, 20), reason="检修"),
    )


def test_a_month_that_is_not_over_counts_until_today(reference_engine: Engine) -> None:
    plan = plan_of(reference_engine, text([("质量小站名单（2026年11月）", *[""] * 6), *CLOSED]))
    assert plan.rows[1].after.history[0].as_of == PartialDate.of(TODAY)
    assert [row.outcome.value for row in plan.rows] == ["new", "new"]


def test_a_registered_station_is_closed_from_the_date_given(reference_engine: Engine) -> None:
    opened = [(*HEAD, "启用日期"), (*KUNSHAN, "2024-03")]
    applied(reference_engine, plan_of(reference_engine, text(opened)))
    closed = text([(*HEAD, "状态", "原因"), (*KUNSHAN, "关闭", "合并")])
    assert plan_of(reference_engine, closed).rows[0].outcome == "doubtful"
    (row,) = plan_of(reference_engine, closed, status_date=PartialDate(2026, 6, 30)).rows
    assert row.outcome == "changed" and row.after.history[-1].dated == PartialDate(2026, 6, 30)


def test_the_date_lies_in_the_past(reference_engine: Engine) -> None:
    with pytest.raises(InvalidInput) as told:
        plan_of(reference_engine, text(CLOSED), status_date=PartialDate(TODAY.year))
    assert told.value.field == "status_date"


def test_columns_that_are_not_used_are_named_by_the_command(reference_engine: Engine) -> None:
    plan = plan_of(reference_engine, text([(*HEAD, "负责科室"), (*KUNSHAN, "质量科")]))
    answer = StationImport(plan, None)
    assert "“负责科室”" in note_of(STATION_IMPORT, answer, Language("zh_CN"))
    assert STATION_IMPORT.data(answer, Language("en"))["list"]["passed_over"] == ["负责科室"]


@pytest.mark.parametrize(("cell", "phone"), [(12345, "12345"), (12315.0, "12315"), (4008001234, "4008001234")])
@pytest.mark.one_database
def test_a_telephone_number_may_be_a_number_cell(reference_engine: Engine, cell: float, phone: str) -> None:
    (row,) = plan_of(reference_engine, book([HEAD, (*KUNSHAN[:3], cell)])).rows
    assert (row.outcome, row.after.phone) == (Outcome.NEW, phone)


@pytest.mark.one_database
def test_coordinates_beyond_the_border_in_one_system_only_are_a_doubt(reference_engine: Engine) -> None:
    rows = [("站点名称", "详细地址", "经度", "纬度", "坐标系"), ("示例站", "某路1号", 119.20989, 34.91010, "WGS-84")]
    (row,) = plan_of(reference_engine, book(rows)).rows
    assert row.outcome in (Outcome.DOUBTFUL, Outcome.WRONG)
    assert any("GCJ-02" in remark.told(Language("en")) for remark in row.remarks)
