"""Stations with every field: exported and imported again they are unchanged; imported elsewhere they are the same."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from geo.counties import county_layer
from stations.database import reading, transaction
from stations.imports.importing import apply_import
from stations.imports.plan import Outcome
from stations.keeping.record_bulk import insert_records
from stations.partial_date import PartialDate
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import UNREAD_IN_HISTORY, HistoryEntry, Offer, Place, StationState
from stations.registry.station import Status
from stations.registry.unread import Unread
from tests.conftest import NOW, TODAY
from tests.stations.imports.test_station_list import exported, planned
from tests.stations.registry_factories import PROVINCE

pytestmark = pytest.mark.one_database

SAMPLE_PROVINCE = replace(PROVINCE, sample=True)
DATES = ("2021", "2022-03", "2023-04-05")
ENDED = ("2024", "2025-06", "2026-10-31")
HOURS = (None, "Mo-Fr 09:00-17:00; PH off", "24/7", 'Mo-Fr 09:00-17:00; Sa,Su unknown "by appointment"')
PHONES = (None, "0512-5555 0001", "0512-55550001、0512-55550002", "400-888-0001", "12315", "0512-55550001转8001")
OPTIONAL = ("hours", "phone", "contact_phone", "place")
GENERAL = (("metrology",), ("metrology.calibration", "standards"), (), ("testing.food_testing",))
WORDS = {
    "code": "甲-1", "hours": "看情况", "phone": "12", "contact_phone": "总机",
    "services": "潜水", "chains": "没有的链", "place": "北纬", "county": "火星区",
}  # fmt: skip


def moments(choose: random.Random, dates: Sequence[str]) -> tuple[PartialDate | None, PartialDate | None]:
    """Return a date, that of a report, or both."""
    dated, as_of = PartialDate.parse(choose.choice(dates)), PartialDate.parse(dates[-1])
    return choose.choice(((dated, None), (None, dated), (dated, as_of)))


def history(choose: random.Random) -> tuple[HistoryEntry, ...]:
    """Return a history of up to six entries, some with reasons and sources of their own."""
    if choose.random() < 0.2:
        return (HistoryEntry(Status.PLANNED, *moments(choose, DATES)),)
    opening = HistoryEntry(Status.ACTIVE, *moments(choose, DATES), source=choose.choice((None, "某文件 | 附件\\1")))
    if choose.random() < 0.3:
        return (opening,)
    between: list[HistoryEntry] = []
    for month in range(1, 1 + 2 * choose.randrange(3)):
        status = Status.ACTIVE if month % 2 == 0 else Status.SUSPENDED
        between.append(HistoryEntry(status, PartialDate(2023, 6 + month), reason=choose.choice((None, "搬迁"))))
    end = choose.choice((Status.SUSPENDED, Status.CLOSED))
    last = HistoryEntry(end, *moments(choose, ENDED), reason=choose.choice((None, "装修；2026年底前恢复")))
    return choose.choice(((opening, *between, last), (opening, *between), (last,)))


def made(seed: int) -> StationState:
    """Return a station with some of its fields."""
    choose = random.Random(seed)
    county = choose.choice(county_layer().counties)
    optional: dict[str, Any] = {
        "name_en": choose.choice((None, f"Station {seed}, Test")),
        "brand": choose.choice((None, "质量驿站")),
        "host": choose.choice((None, "某检验检测中心、某所")),
        "hours": choose.choice(HOURS),
        "phone": choose.choice(PHONES),
        "contact_name": choose.choice((None, "张三", "Li, Ming")),
        "contact_phone": choose.choice((None, "13800001111")),
        "chains": choose.choice(((), ("nano_materials",), ("nano_materials", "special_steel"))),
    }
    return StationState(
        name=f"往返第{seed}站（{choose.choice('甲乙丙')}）",
        address=f"往返路{seed}号“东”楼, 1层",
        city_adcode=county.city_adcode,
        county_adcode=county.adcode,
        source=choose.choice(("苏市监〔2025〕1号", "某局名单；2025年")),
        place=choose.choice((None, Place(round(county.lon, 7), round(county.lat, 7)))),
        services=tuple(Offer(code, choose.choice((None, TODAY - timedelta(9)))) for code in choose.choice(GENERAL)),
        history=history(choose),
        **optional,
    )


def with_words(state: StationState, seed: int) -> StationState:
    """Return the station with words that were not understood, some in fields that it has not."""
    field = random.Random(seed).choice(sorted(WORDS.keys() - UNREAD_IN_HISTORY))
    empty = {field: None} if random.Random(seed + 1).random() < 0.5 and field in OPTIONAL else {}
    return replace(state, unread=(Unread(field, WORDS[field]),), **empty)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_field_comes_back_unchanged(reference_engine: Engine, form: str) -> None:
    states = {f"S-3201-{900 + seed}": made(seed) for seed in range(80)}
    states |= {f"S-3202-{900 + seed}": with_words(made(seed + 100), seed) for seed in range(40)}
    with transaction(reference_engine) as session:
        insert_records(
            session, RecordKind.STATION, states, sample=False, actor=PROVINCE, reason="test", now=NOW - timedelta(1)
        )
    with reading(reference_engine) as session:
        content = exported(session, PROVINCE, form)
        plan = planned(session, PROVINCE, content)
    assert [(row.code, row.changes, row.remarks) for row in plan.rows if row.outcome is not Outcome.UNCHANGED] == []
    assert len(plan.rows) >= len(states)


def test_a_list_of_every_field_makes_the_same_stations_elsewhere(reference_engine: Engine) -> None:
    states = {f"S-3201-{900 + seed}": made(seed) for seed in range(60)}
    with transaction(reference_engine) as session:
        insert_records(
            session, RecordKind.STATION, states, sample=False, actor=PROVINCE, reason="test", now=NOW - timedelta(1)
        )
    with reading(reference_engine) as session:
        rows = list(csv.DictReader(io.StringIO(exported(session, PROVINCE, "csv").decode("utf-8-sig"))))
    chosen = [row | {"登记编号": ""} for row in rows if row["登记编号"] in states]
    out = io.StringIO()
    writer = csv.DictWriter(out, chosen[0])
    writer.writeheader()
    writer.writerows(chosen)
    with transaction(reference_engine) as session:
        plan = planned(session, SAMPLE_PROVINCE, out.getvalue().encode())
        apply_import(session, SAMPLE_PROVINCE, plan, doubtful=True, now=NOW)
    now_offered = {row.name: row.after for row in plan.rows}
    for state in states.values():
        after = now_offered[state.name]
        assert after is not None
        assert {offer.service_code for offer in after.services} == {offer.service_code for offer in state.services}
        assert replace(after, services=()) == replace(state, services=())
