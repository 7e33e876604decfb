"""What can't be read of a centre, a pilot, an institution or a line of its scope stays beside the record in the
office's own words: shown, found, in the exported list, and gone once the field is set.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select

from stations.database import reading, table_of, transaction
from stations.imports.plan import Outcome
from stations.keeping.centre_form import centre_form_of
from stations.keeping.editing import edit_record
from stations.keeping.listing import list_records
from stations.language import Language
from stations.lists.centres import CENTRES
from stations.lists.institution_editing import change_institution, form_of_institution
from stations.lists.institutions import INSTITUTIONS
from stations.lists.pilots import PILOTS
from stations.lists.register import Register
from stations.registry.centre import Centre
from stations.registry.institution_state import state_of_institution
from stations.registry.institutions import Institution, find_institutions
from stations.registry.record_history import RecordChange
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of_centre
from stations.registry.unread import Unread
from stations.targets.pilot import Pilot
from tests.conftest import NOW, TODAY
from tests.stations.imports.import_files.make import text
from tests.stations.lists.test_list_round_trip import exported, planned, taken
from tests.stations.registry_factories import PROVINCE

CHINESE = Language("zh_CN")
CENTRE = {
    "中心名称": "国家示例传感器产业计量测试中心",
    "设区市": "苏州市",
    "经度": "东经一百二十度多",
    "纬度": "",
    "产业链": "集成电路；飞行汽车",
    "阶段": "批准筹建",
    "验收日期": "年底前后",
}
OUTSIDE = {"中心名称": "江苏省示例质检中心", "设区市": "火星市", "承担单位": "苏州市某检测院", "阶段": "在建"}
PILOT = {"项目名称": "示例稻虾标准化试点", "类型": "农业", "县区": "昆山市", "阶段": "立项", "立项日期": "春耕时"}
INSTITUTION = {
    "机构名称": "示例苏州检测院",
    "所在市": "苏州市",
    "联系电话": "总机转",
    "支撑小站": "没有的小站",
    "CMA证书编号": "√",
    "检测项目/参数/产品": "食品中铅",
    "服务项目": "测一测",
    "有效期至": "三年后",
}
KEPT: list[tuple[Register[Any], dict[str, str], dict[str, str]]] = [
    (CENTRES, CENTRE, {"place": "东经一百二十度多", "chains": "飞行汽车", "accepted_dated": "年底前后"}),
    (CENTRES, OUTSIDE, {"county": "火星市"}),
    (PILOTS, PILOT, {"approved_for_construction_dated": "春耕时"}),
    (INSTITUTIONS, INSTITUTION, {"phone": "总机转", "stations": "没有的小站"}),
]
MODELS = {"centres": Centre, "pilots": Pilot, "institutions": Institution}
IN_LINE = {"cma_number": "√", "service": "测一测", "valid_until": "三年后"}


def sheet(*rows: dict[str, str]) -> bytes:
    return text([tuple(rows[0]), *(tuple(row.values()) for row in rows)])


def on_file(engine: Engine, register: Register[Any], name: str) -> Any:
    with reading(engine) as session:
        (state,) = (one.state for one in register.held(session, sample=False) if one.state.name == name)
        return state


@pytest.mark.parametrize(("register", "cells", "kept"), KEPT)
def test_unread_words_are_kept_exported_and_read_again(
    reference_engine: Engine, register: Register[Any], cells: dict[str, str], kept: dict[str, str]
) -> None:
    (row,) = taken(reference_engine, register, sheet(cells), doubtful=True).rows
    assert row.outcome == Outcome.DOUBTFUL
    for words in kept.values():  # told once, and marked as not taken
        assert [one for one in row.remarks if words in one.told(CHINESE) and "未采用" in one.told(CHINESE)]
    state = on_file(reference_engine, register, row.name)
    assert dict(state.unread) == kept
    if register is INSTITUTIONS:
        assert [dict(line.unread) for line in state.scope] == [IN_LINE]
    with reading(reference_engine) as session:
        again = planned(session, PROVINCE, register, exported(session, PROVINCE, register, "xlsx"))
    assert {one.outcome for one in again.rows} <= {Outcome.UNCHANGED, Outcome.JOINED}
    assert taken(reference_engine, register, sheet(cells), doubtful=True).rows[0].outcome == Outcome.UNCHANGED


@pytest.mark.parametrize(("register", "cells", "kept"), KEPT)
@pytest.mark.one_database
def test_the_words_of_a_field_go_once_a_later_list_says_it(
    reference_engine: Engine, register: Register[Any], cells: dict[str, str], kept: dict[str, str]
) -> None:
    taken(reference_engine, register, sheet(cells), doubtful=True)
    right = {"产业链": "集成电路", "验收日期": "2024-12", "立项日期": "2023-03", "联系电话": "0512-68251000"}
    right |= {"经度": "", "支撑小站": "", "服务项目": "", "CMA证书编号": "211020340123", "有效期至": "2027-12-31"}
    later = {name: right.get(name, cell) for name, cell in cells.items()}
    taken(reference_engine, register, sheet(later), doubtful=True)
    state = on_file(reference_engine, register, next(iter(cells.values())))
    left = {"place", "stations", "county"}  # left blank: what was there stays
    assert {one.field for one in state.unread} == kept.keys() & left
    if register is INSTITUTIONS:
        assert [one.field for one in state.scope[0].unread] == ["service"]


def test_an_export_brings_the_words_into_an_empty_register(reference_engine: Engine) -> None:
    for register, cells, _kept in KEPT:
        taken(reference_engine, register, sheet(cells), doubtful=True)
        before = on_file(reference_engine, register, next(iter(cells.values())))
        with reading(reference_engine) as session:
            content = exported(session, PROVINCE, register, "csv")
        with transaction(reference_engine) as session:
            for record in session.scalars(select(MODELS[register.name])):
                session.delete(record)
            session.flush()
            session.execute(delete(table_of(RecordChange)))
        taken(reference_engine, register, content, doubtful=True)
        assert on_file(reference_engine, register, before.name).unread == before.unread


def test_a_centre_is_found_by_the_words_and_put_right_in_its_form(reference_engine: Engine) -> None:
    taken(reference_engine, CENTRES, sheet(CENTRE), doubtful=True)
    with reading(reference_engine) as session:
        for options in ({"words": "飞行汽车"}, {"unread": True}):
            (found,) = list_records(session, PROVINCE, RecordKind.CENTRE, TODAY, samples=False, **options)
            assert found.record.name == CENTRE["中心名称"]
    with transaction(reference_engine) as session:
        centre = session.scalars(select(Centre).where(Centre.name == CENTRE["中心名称"])).one()
        form = replace(centre_form_of(state_of_centre(centre)), lon=120.6, lat=31.3)
        edit_record(session, PROVINCE, RecordKind.CENTRE, centre.code, form, version=centre.version, reason="", now=NOW)
        assert {one.field for one in state_of_centre(centre).unread} == {"chains", "accepted_dated"}


@pytest.mark.one_database
def test_an_institution_is_found_by_the_words_and_put_right_in_its_form(reference_engine: Engine) -> None:
    taken(reference_engine, INSTITUTIONS, sheet(INSTITUTION), doubtful=True)
    with transaction(reference_engine) as session:
        for words in ("总机转", "三年后"):
            (institution,) = find_institutions(session, samples=False, words=words)
        form = form_of_institution(state_of_institution(institution), TODAY)
        (line,) = form.scope
        right = replace(form, phone="0512-68251000", scope=(replace(line, cma_number="211020340123"),))
        right = replace(right, done=("stations",))
        version = institution.version
        change_institution(session, PROVINCE, institution.code, right, version=version, note="", now=NOW)
        session.refresh(institution)
        state = state_of_institution(institution)
    assert state.unread == ()
    assert state.scope[0].unread == (Unread("service", "测一测"), Unread("valid_until", "三年后"))
