"""The dated history that rows give a station: at its first import, and once the list has been corrected."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from stations.imports.plan import Outcome, PlannedRow, Weight
from stations.language import Language
from stations.registry.station import Status
from tests.stations.imports.import_files.make import HEAD, KUNSHAN
from tests.stations.imports.test_station_import import applied, planned

pytestmark = pytest.mark.one_database
ACTIVE, SUSPENDED, CLOSED, PLANNED = Status.ACTIVE, Status.SUSPENDED, Status.CLOSED, Status.PLANNED


def row_of(engine: Engine, given: dict[str, str], *, apply: bool = False) -> PlannedRow:
    plan = planned(engine, [(*HEAD, *given), (*KUNSHAN, *given.values())])
    if apply:
        applied(engine, plan, doubtful=True)
        (again,) = planned(engine, [(*HEAD, *given), (*KUNSHAN, *given.values())]).rows
        assert again.outcome is Outcome.UNCHANGED, (again.remarks, again.changes)
    (row,) = plan.rows
    return row


def history(row: PlannedRow) -> list[tuple[Status, str | None]]:
    assert row.after is not None
    return [(entry.stage, entry.dated and str(entry.dated)) for entry in row.after.history]


def unread(row: PlannedRow) -> dict[str, str]:
    assert row.after is not None
    return dict(row.after.unread)


def doubts(row: PlannedRow) -> list[str]:
    return [remark.told(Language("zh_CN")) for remark in row.remarks if remark.weight is Weight.DOUBT]


UNKNOWN = {"启用日期": "2023-02-03", "状态": "半开放", "停用日期": "2025-06-30", "原因": "合并"}


@pytest.mark.parametrize(
    ("status", "entries"),
    [
        ("已停", [(ACTIVE, "2023-02-03"), (SUSPENDED, "2025-06-30")]),
        ("已关停", [(ACTIVE, "2023-02-03"), (CLOSED, "2025-06-30")]),
    ],
)
def test_dates_stay_beside_a_status_until_it_is_understood(reference_engine: Engine, status: str, entries) -> None:
    row = row_of(reference_engine, UNKNOWN, apply=True)
    assert row.outcome is Outcome.DOUBTFUL and history(row) == []
    assert unread(row) == {"status": "半开放", "opened": "2023-02-03", "since": "2025-06-30", "reason": "合并"}
    corrected = row_of(reference_engine, UNKNOWN | {"状态": status}, apply=True)
    assert corrected.outcome is Outcome.CHANGED
    assert history(corrected) == entries and unread(corrected) == {}
    assert corrected.after.history[-1].reason == "合并"


def test_an_active_station_gets_its_date_with_its_status(reference_engine: Engine) -> None:
    given = {"启用日期": "2024-02-03", "状态": "半开放"}
    assert unread(row_of(reference_engine, given, apply=True))["opened"] == "2024-02-03"
    corrected = row_of(reference_engine, given | {"状态": "正常运营"}, apply=True)
    assert history(corrected) == [(ACTIVE, "2024-02-03")] and unread(corrected) == {}


def test_the_new_status_of_a_registered_station_is_not_understood(reference_engine: Engine) -> None:
    row_of(reference_engine, {"启用日期": "2023-02"}, apply=True)
    row = row_of(reference_engine, UNKNOWN | {"启用日期": "2023-02"}, apply=True)
    assert history(row) == [(ACTIVE, "2023-02")]
    assert unread(row) == {"status": "半开放", "since": "2025-06-30", "reason": "合并"}
    corrected = row_of(reference_engine, UNKNOWN | {"启用日期": "2023-02", "状态": "停运"}, apply=True)
    assert history(corrected) == [(ACTIVE, "2023-02"), (SUSPENDED, "2025-06-30")] and unread(corrected) == {}


def test_a_planned_station_that_has_opened_is_a_doubt(reference_engine: Engine) -> None:
    row = row_of(reference_engine, {"状态": "在建", "启用日期": "2023-09-01"}, apply=True)
    assert row.outcome is Outcome.DOUBTFUL and "2023-09-01" in "".join(doubts(row))
    assert history(row) == [(PLANNED, None)] and unread(row) == {"opened": "2023-09-01"}


@pytest.mark.parametrize(
    "given",
    [{"状态": "规划中", "启用日期": "2027-03"}, {"状态": "在建，预计2027年3月启用"}, {"状态": "预计2027年3月启用"}],
)
def test_the_planned_date_of_opening_is_kept(reference_engine: Engine, given: dict[str, str]) -> None:
    row = row_of(reference_engine, given, apply=True)
    assert (row.outcome, unread(row)) == (Outcome.NEW, {"opened": "2027-03"})
    opened = row_of(reference_engine, {"状态": "运行中", "启用日期": "2026-12-01"})
    assert history(opened) == [(PLANNED, None), (ACTIVE, "2026-12-01")] and unread(opened) == {}


@pytest.mark.parametrize(
    ("first", "then", "entries"),
    [
        ({"启用日期": "2024-2-30"}, {"启用日期": "2024-02-28"}, [(ACTIVE, "2024-02-28")]),
        ({}, {"启用日期": "2024-02"}, [(ACTIVE, "2024-02")]),
        ({"状态": "关闭", "停用日期": ""}, {"状态": "关闭", "停用日期": "2025-06"}, [(CLOSED, "2025-06")]),
        ({"状态": "关闭", "停用日期": "去年"}, {"状态": "关闭", "停用日期": "2025-06"}, [(CLOSED, "2025-06")]),
        (
            {"状态": "关闭", "停用日期": "", "启用日期": "疫情后"},
            {"状态": "关闭", "停用日期": "2025-06", "启用日期": "2023-05"},
            [(ACTIVE, "2023-05"), (CLOSED, "2025-06")],
        ),
        ({}, {"状态": "关闭", "停用日期": "2025-06", "启用日期": "2023"}, [(ACTIVE, "2023"), (CLOSED, "2025-06")]),
        ({}, {"状态": "关闭", "停用日期": "2025-06"}, [(CLOSED, "2025-06")]),
        (
            {"状态": "在建", "启用日期": "2023-09-01"},
            {"状态": "运行中", "启用日期": "2023-09-01"},
            [(ACTIVE, "2023-09-01")],
        ),
    ],
)
def test_a_date_that_the_registry_lacks_is_filled_in(reference_engine: Engine, first, then, entries) -> None:
    row_of(reference_engine, first, apply=True)
    row = row_of(reference_engine, then, apply=True)
    assert (row.outcome, history(row), unread(row)) == (Outcome.CHANGED, entries, {})


def test_a_different_date_is_a_doubt(reference_engine: Engine) -> None:
    row_of(reference_engine, {"启用日期": "2024-02"}, apply=True)
    row = row_of(reference_engine, {"启用日期": "2024-05"})
    assert row.outcome is Outcome.DOUBTFUL and "2024-02" in "".join(doubts(row))
    assert history(row) == [(ACTIVE, "2024-02")]


@pytest.mark.parametrize(
    ("given", "entries"),
    [
        ({"状态": "2026年3月关闭", "启用日期": "2023-05"}, [(ACTIVE, "2023-05"), (CLOSED, "2026-03")]),
        ({"状态": "关闭（2026年3月）", "停用日期": "2026-03-05"}, [(CLOSED, "2026-03-05")]),
        ({"状态": "2023年6月启用"}, [(ACTIVE, "2023-06")]),
        ({"状态": "2023年6月启用", "停用日期": ""}, [(ACTIVE, "2023-06")]),
        ({"是否在用": "√"}, [(ACTIVE, None)]),
        ({"开放状态": "已停", "停运时间": "2026-03"}, [(SUSPENDED, "2026-03")]),
    ],
)
def test_a_date_in_the_cell_of_the_status(reference_engine: Engine, given: dict[str, str], entries) -> None:
    row = row_of(reference_engine, given)
    assert (row.outcome, history(row), unread(row)) == (Outcome.NEW, entries, {})


@pytest.mark.parametrize(
    ("given", "quoted", "entries"),
    [
        ({"备注": "已撤销"}, "已撤销", []),
        ({"状态": "运行中", "备注": "2026年6月起暂停服务"}, "2026年6月起暂停服务", [(ACTIVE, None)]),
        ({"启用日期": "2023-05", "停用日期": "2025-06-30"}, "停用日期：2025-06-30", []),
        ({"状态": "运行中", "启用日期": "2023-05", "停用日期": "2025-06"}, "停用日期：2025-06", [(ACTIVE, "2023-05")]),
    ],
)
def test_words_elsewhere_that_it_has_ended_are_a_doubt(reference_engine: Engine, given, quoted: str, entries) -> None:
    row = row_of(reference_engine, given, apply=True)
    assert row.outcome is Outcome.DOUBTFUL and f"“{quoted}”" in "".join(doubts(row))
    assert history(row) == entries and unread(row)["status"] == quoted


@pytest.mark.parametrize("given", [{"备注": "周末暂停服务"}, {"状态": "关闭（2026年3月）", "备注": "已撤销"}])
def test_other_remarks_raise_no_doubt(reference_engine: Engine, given: dict[str, str]) -> None:
    assert row_of(reference_engine, given).outcome is Outcome.NEW


def test_a_remark_on_a_registered_station(reference_engine: Engine) -> None:
    row_of(reference_engine, {"启用日期": "2023-05"}, apply=True)
    row = row_of(reference_engine, {"启用日期": "2023-05", "备注": "2026.6停用"}, apply=True)
    assert row.outcome is Outcome.DOUBTFUL and history(row) == [(ACTIVE, "2023-05")]


def test_the_reason_in_the_cell_of_the_status_is_the_reason(reference_engine: Engine) -> None:
    opened = {"启用日期": "2023-02-03"}
    row = row_of(reference_engine, opened | {"状态": "2026年9月起暂停（装修）至2026年12月底"}, apply=True)
    assert history(row) == [(ACTIVE, "2023-02-03"), (SUSPENDED, "2026-09")] and not doubts(row)
    assert row.after.history[-1].reason == "装修（至2026年12月底）"
    later = row_of(reference_engine, opened | {"状态": "已关闭：搬迁", "停用日期": "2026-10"}, apply=True)
    assert later.after.history[-1].reason == "搬迁" and history(later)[-1] == (CLOSED, "2026-10")


def test_the_reasons_of_two_columns_are_both_kept(reference_engine: Engine) -> None:
    row = row_of(reference_engine, {"状态": "暂停（装修）", "停用日期": "2026-10", "原因": "等新设备"})
    assert row.after.history[-1].reason == "等新设备；装修"


def test_a_station_is_fitted_out_before_it_opens(reference_engine: Engine) -> None:
    row = row_of(reference_engine, {"启用日期": "2027-03", "状态": "装修中"})
    assert [stage for stage, _dated in history(row)] == [PLANNED] and unread(row) == {"opened": "2027-03"}
    assert not doubts(row)
    row_of(reference_engine, {"状态": "规划中"}, apply=True)
    again = row_of(reference_engine, {"状态": "装修中"})
    assert [stage for stage, _dated in history(again)] == [PLANNED] and not doubts(again)


def test_a_station_that_has_opened_is_suspended_while_it_is_fitted_out(reference_engine: Engine) -> None:
    row = row_of(reference_engine, {"启用日期": "2023-03", "状态": "装修中", "停用日期": "2026-10"})
    assert history(row) == [(ACTIVE, "2023-03"), (SUSPENDED, "2026-10")]
