"""The register as a list: imported again it changes nothing, and only what was changed in it is changed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.answers.presentation import render
from stations.answers.station_list import STATION_LIST
from stations.database import reading, transaction
from stations.duty.roles import Actor
from stations.errors import NotAllowed
from stations.imports.importing import apply_import, plan_import, read_list
from stations.imports.plan import ImportOptions, ImportPlan, Outcome
from stations.imports.station_list import list_registered
from stations.language import Language
from stations.registry.station import Station, Status
from stations.registry.unread import Unread
from tests.conftest import NOW, TODAY
from tests.stations.commands.test_command_line import answer, run
from tests.stations.registry_factories import COUNTY, PROVINCE, added_station

SAMPLE_PROVINCE = replace(PROVINCE, sample=True)


def exported(session: Session, actor: Actor, form: str, language: str = "zh_CN") -> bytes:
    content = render(STATION_LIST, list_registered(session, actor, TODAY), Language(language), form)
    return content.encode("utf-8-sig") if isinstance(content, str) else content


def planned(session: Session, actor: Actor, content: bytes) -> ImportPlan:
    return plan_import(session, actor, read_list(content), ImportOptions("list"), now=NOW)


@pytest.mark.parametrize(("form", "language"), [("xlsx", "zh_CN"), ("csv", "zh_CN"), ("xlsx", "en"), ("csv", "en")])
@pytest.mark.one_database
def test_the_sample_network_comes_back_unchanged(sample_engine: Engine, form: str, language: str) -> None:
    with reading(sample_engine) as session:
        plan = planned(session, SAMPLE_PROVINCE, exported(session, SAMPLE_PROVINCE, form, language))
    changed = [
        (row.number, row.name, row.outcome, row.remarks) for row in plan.rows if row.outcome is not Outcome.UNCHANGED
    ]
    assert changed == []
    assert len(plan.rows) > 100


def test_the_documented_stations_come_back_unchanged(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        plan = planned(session, PROVINCE, exported(session, PROVINCE, "xlsx"))
    assert {row.outcome for row in plan.rows} == {Outcome.UNCHANGED}
    assert len(plan.rows) == 7


def test_only_what_was_changed_in_the_list_changes(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        text = exported(session, PROVINCE, "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    row = next(one for one in rows if one["登记编号"] == "S-3206-001")
    row["电话"], row["状态"], row["状态日期"], row["原因"] = "0513-5550 1234", "暂停服务", "2026-11-01", "装修"
    content = io.StringIO()
    writer = csv.DictWriter(content, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    with transaction(reference_engine) as session:
        plan = planned(session, PROVINCE, content.getvalue().encode())
        outcomes = {one.outcome for one in plan.rows}
        assert outcomes == {Outcome.UNCHANGED, Outcome.CHANGED}
        apply_import(session, PROVINCE, plan, doubtful=False, now=NOW + timedelta(minutes=1))
    with reading(reference_engine) as session:
        station = session.scalars(select(Station).where(Station.code == "S-3206-001")).one()
        assert station.phone == "0513-5550 1234"
        assert [(entry.status, str(entry.dated)) for entry in station.history] == [
            (Status.ACTIVE, "2017"),
            (Status.SUSPENDED, "2026-11-01"),
        ]
        assert planned(session, PROVINCE, exported(session, PROVINCE, "xlsx")).rows
        again = planned(session, PROVINCE, exported(session, PROVINCE, "xlsx"))
        assert {one.outcome for one in again.rows} == {Outcome.UNCHANGED}


def test_words_that_were_not_understood_come_back_as_written(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session, contact_name="张三", contact_phone="13800001111", host="某所")
        content = "登记编号,名称,服务时间,服务项目\n" + f"{station.code},{station.name},看情况,校准；没有的服务\n"
        plan = planned(session, PROVINCE, content.encode())
        apply_import(session, PROVINCE, plan, doubtful=True, now=NOW)
    with reading(reference_engine) as session:
        (held,) = [one for one in list_registered(session, PROVINCE, TODAY) if one.code == station.code]
        assert {one.field for one in held.state.unread} == {"hours", "services"}
        assert all(isinstance(one, Unread) for one in held.state.unread)
        plan = planned(session, PROVINCE, exported(session, PROVINCE, "xlsx"))
    (row,) = [one for one in plan.rows if one.code == station.code]
    assert row.outcome is Outcome.UNCHANGED, row.remarks


def test_who_may_not_import_gets_no_list(reference_engine: Engine) -> None:
    with reading(reference_engine) as session, pytest.raises(NotAllowed):
        list_registered(session, COUNTY, TODAY)


@pytest.mark.one_database
def test_the_command_gives_the_list(reference_url: str) -> None:
    assert [one["code"] for one in answer(reference_url, "export", "stations")][:1] == ["S-3201-001"]
    done = run(reference_url, "export", "stations", "--format", "csv", "--lang", "zh_CN")
    assert done.stdout.lstrip("\ufeff").startswith("登记编号,名称,")
