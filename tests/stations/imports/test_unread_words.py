"""What can't be read of a field that a station does not need is kept beside the record, and never costs the row."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from stations.database import reading, transaction
from stations.imports.plan import Outcome, Weight
from stations.keeping.editing import change_status, edit_record
from stations.keeping.listing import list_records
from stations.language import Language
from stations.registry.dated_entries import EntryForm
from stations.registry.record_history import list_changes
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of
from stations.registry.record_state import Offer
from stations.registry.station import Status, get_station
from stations.registry.unread import Unread
from tests.conftest import NOW, TODAY
from tests.stations.imports.import_files.make import HEAD, KUNSHAN
from tests.stations.imports.test_station_import import applied, outcomes, planned
from tests.stations.registry_factories import PROVINCE, form_of

STATION = RecordKind.STATION


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("heading", "words", "field"),
    [
        ("服务时间", "看情况", "hours"),
        ("联系电话", "1234", "phone"),
        ("启用日期", "疫情之后", "opened"),
        ("启用日期", "2062-03", "opened"),
        ("状态日期", "去年", "since"),
        ("状态", "半开放", "status"),
        ("服务项目", "飞行", "services"),
        ("产业链", "某某链", "chains"),
        ("品牌", "牌" * 41, "brand"),
        ("英文名称", "x" * 161, "name_en"),
        ("来源", "文" * 2001, "source"),
        ("详细地址", "路" * 201, "address"),
        ("经纬度", "见附图", "place"),
        ("坐标系", "某坐标", "place"),
        ("登记编号", "?", "code"),
    ],
)
def test_the_row_stays_and_the_words_are_kept(reference_engine: Engine, heading: str, words: str, field: str) -> None:
    given = dict(zip(HEAD, KUNSHAN, strict=True)) | {heading: words}
    plan = planned(reference_engine, [list(given), list(given.values())])
    (row,) = plan.rows
    assert row.outcome is Outcome.DOUBTFUL
    assert [remark.weight for remark in row.remarks] == [Weight.DOUBT]
    assert row.after.unread == (Unread(field, words),)
    done = applied(reference_engine, plan, doubtful=True)
    with reading(reference_engine) as session:
        station = get_station(session, done.codes[2], samples=False)
        assert state_of(station) == row.after
        (change,) = list_changes(session, STATION, [station.code])
        assert change.fields["unread"].after == row.after.unread
        for listed in ({"words": words[:20]}, {"unread": True}):
            assert [one.record.code for one in list_records(session, PROVINCE, STATION, TODAY, samples=True, **listed)]
    (again,) = planned(reference_engine, [list(given), list(given.values())]).rows
    assert again.outcome is Outcome.UNCHANGED
    assert {remark.weight for remark in again.remarks} == {Weight.NOTE}


def test_known_services_are_taken_and_only_the_others_stay_unread(reference_engine: Engine) -> None:
    plan = planned(reference_engine, [(*HEAD, "服务项目"), (*KUNSHAN, "校准、飞行、标准查新；潜水")])
    (row,) = plan.rows
    assert row.after.services == (Offer("metrology.calibration"), Offer("standards.lookup"))
    assert row.after.unread == (Unread("services", "飞行；潜水"),)
    assert row.outcome is Outcome.DOUBTFUL


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("cell", "codes", "unread"),
    [
        ("检测 认证", ("certification", "testing"), ""),
        ("计量检定\n标准查询", ("metrology", "standards.lookup"), ""),
        ("检测 潜水", (), "检测 潜水"),
        ("1、校准；2、潜水", ("metrology.calibration",), "潜水"),
    ],
)
def test_words_of_services(reference_engine: Engine, cell: str, codes: tuple[str, ...], unread: str) -> None:
    (row,) = planned(reference_engine, [(*HEAD, "服务项目"), (*KUNSHAN, f'"{cell}"')]).rows
    assert {offer.service_code for offer in row.after.services} == {*codes}
    assert dict(row.after.unread).get("services", "") == unread


def test_a_status_that_is_not_understood_is_not_taken_for_running(reference_engine: Engine) -> None:
    (row,) = planned(reference_engine, [(*HEAD, "状态"), (*KUNSHAN, "半开放")]).rows
    assert row.after.history == ()


@pytest.mark.one_database
def test_what_makes_a_station_makes_a_row_wrong(reference_engine: Engine) -> None:
    rows = [
        (*HEAD, "经度", "纬度"),
        ("", *KUNSHAN[1:], "", ""),
        ("示例甲", "无此县", "示例路1号", "", "", ""),
        ("示例乙", "", "示例路1号", "", "东经", "北纬"),
        ("示例丙", "", "示例路1号", "", 120.9807, 31.3856),
        ("示例丁", "昆山市", "", "", "", ""),
    ]
    assert outcomes(planned(reference_engine, rows)) == ["wrong", "wrong", "wrong", "doubtful", "doubtful"]


def test_words_go_once_their_field_is_set(reference_engine: Engine) -> None:
    head = (*HEAD, "服务时间", "状态")
    done = applied(
        reference_engine,
        planned(reference_engine, [head, (*KUNSHAN[:3], "1234", "看情况", "半开放")]),
        doubtful=True,
    )
    code = done.codes[2]

    def left() -> list[str]:
        with reading(reference_engine) as session:
            return [one.field for one in state_of(get_station(session, code, samples=False)).unread]

    assert left() == ["hours", "phone", "status"]
    with transaction(reference_engine) as session:
        station = get_station(session, code, samples=False)
        form = form_of(station, hours="Mo-Fr 09:00-17:00")
        edit_record(session, PROVINCE, STATION, code, form, version=station.version, now=NOW)
    assert left() == ["phone", "status"]
    with transaction(reference_engine) as session:
        entry = EntryForm(Status.ACTIVE.value, dated="2026-11")
        change_status(session, PROVINCE, STATION, code, entry, version=2, now=NOW)
    assert left() == ["phone"]
    plan = planned(reference_engine, [head, (*KUNSHAN, "", "")])
    assert outcomes(plan) == ["changed"] and set(plan.rows[0].changes) == {"phone", "unread"}
    applied(reference_engine, plan)
    assert left() == []


def test_words_can_be_dismissed_without_setting_the_field(reference_engine: Engine) -> None:
    done = applied(reference_engine, planned(reference_engine, [HEAD, (*KUNSHAN[:3], "1234")]), doubtful=True)
    with transaction(reference_engine) as session:
        station = get_station(session, done.codes[2], samples=False)
        edit_record(session, PROVINCE, STATION, station.code, form_of(station, unread=()), version=1, now=NOW)
        assert state_of(station).unread == ()


def test_a_doubt_quotes_what_was_written(reference_engine: Engine) -> None:
    (row,) = planned(reference_engine, [(*HEAD, "服务时间"), (*KUNSHAN, "看情况")]).rows
    assert "“看情况”" in row.remarks[0].told(Language("zh_CN"))


@pytest.mark.one_database
def test_setting_a_status_keeps_the_planned_opening_until_the_station_opens(reference_engine: Engine) -> None:
    rows = [(*HEAD, "状态", "启用日期", "原因"), (*KUNSHAN, "半开放", "2027-03", "等设备")]
    code = applied(reference_engine, planned(reference_engine, rows), doubtful=True).codes[2]

    def after(entry: EntryForm, version: int) -> dict[str, str]:
        with transaction(reference_engine) as session:
            change_status(session, PROVINCE, STATION, code, entry, version=version, now=NOW)
        with reading(reference_engine) as session:
            return dict(state_of(get_station(session, code, samples=False)).unread)

    planned_only = after(EntryForm(Status.PLANNED.value, as_of="2026-10"), 1)
    assert planned_only == {"opened": "2027-03", "reason": "等设备"}  # only the status is known now
    assert after(EntryForm(Status.ACTIVE.value, dated="2026-11-20"), 2) == {"reason": "等设备"}
    assert after(EntryForm(Status.SUSPENDED.value, dated="2026-11-23", reason="等设备"), 3) == {}


@pytest.mark.one_database
@pytest.mark.parametrize("heading", ["联系人电话", "服务时间", "联系人"])
def test_the_number_of_an_identity_card_is_neither_kept_nor_repeated(reference_engine: Engine, heading: str) -> None:
    (row,) = planned(reference_engine, [(*HEAD, heading), (*KUNSHAN, "身份证11010519491231002X")]).rows
    assert row.outcome is Outcome.DOUBTFUL
    assert "0519491231" not in str(row.after) + row.remarks[0].told(Language("zh_CN"))
