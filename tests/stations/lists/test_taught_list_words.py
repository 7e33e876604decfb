"""An office's own words in lists of centres, pilots, institutions and accounts: asked once, taught, remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from stations.database import reading, transaction
from stations.errors import InvalidForm, InvalidInput
from stations.imports.mapping_file import mapping_rows, read_word_mapping
from stations.imports.remembered_words import mapping_of, remember_words, remembered_words
from stations.imports.word_choices import WordChoices
from stations.imports.word_mapping import LEFT_OUT, NO_MAPPING, TaughtWord, WordKind, WordMapping
from stations.lists.list_plan import ListOptions, ListPlan, plan_list, read_list
from stations.lists.register import Register
from stations.lists.registers import REGISTERS
from stations.registry.centre import Stage
from stations.registry.record_terms import Terms
from stations.targets.pilot import PilotKind
from tests.conftest import NOW, Databases
from tests.stations.commands.test_command_line import run
from tests.stations.imports.import_files.make import text
from tests.stations.registry_factories import PROVINCE

pytestmark = pytest.mark.one_database

CENTRES = [
    ("中心名称", "级别", "类别", "落在哪", "阶段", "产业链", "备查"),
    ("示例微流控中心", "国字号", "验货平台", "鹿城", "搬砖中（2025年3月）", "锻压一条龙", "甲"),
    ("示例流变仪器中心", "国字号", "验货平台", "江北新区南京", "搬砖中", "", ""),
]
PILOTS = [("试点名称", "类型", "市", "进展"), ("示例稻虾循环", "种养结合", "苏州市", "搬砖中 2025.4")]
INSTITUTIONS = [
    ("机构名称", "机构类别", "区县", "服务项目", "检测参数"),
    ("示例鹿城量具厂", "量具作坊", "鹿城", "量具一条龙", "长度"),
]
ACCOUNTS = [
    ("姓名", "用户名", "岗位", "管辖地区", "状态"),
    ("甲一", "jia.yi", "驻点人、管片的", "鹿城", "趴窝"),
    ("乙二", "yi.er", "县(市、区)管理员", "鹿城", "在用"),
]
WORDS = {
    "centres": (
        CENTRES,
        (
            TaughtWord(WordKind.LEVEL, "国字号", ("national",)),
            TaughtWord(WordKind.KIND, "验货平台", ("quality_inspection",)),
            TaughtWord(WordKind.STAGE, "搬砖中", (Stage.UNDER_CONSTRUCTION.value,)),
            TaughtWord(WordKind.HEADING, "落在哪", ("county",)),
            TaughtWord(WordKind.HEADING, "备查", LEFT_OUT),
            TaughtWord(WordKind.AREA, "鹿城", ("320583",)),
            TaughtWord(WordKind.AREA, "江北新区南京", ("320111",)),
        ),
    ),
    "pilots": (
        PILOTS,
        (
            TaughtWord(WordKind.KIND, "种养结合", (PilotKind.AGRICULTURAL.value,)),
            TaughtWord(WordKind.STAGE, "搬砖中", (Stage.APPROVED.value,)),
        ),
    ),
    "institutions": (
        INSTITUTIONS,
        (
            TaughtWord(WordKind.KIND, "量具作坊", ("metrology",)),
            TaughtWord(WordKind.SERVICE, "量具一条龙", ("metrology.calibration",)),
            TaughtWord(WordKind.AREA, "鹿城", ("320583",)),
        ),
    ),
    "accounts": (
        ACCOUNTS,
        (
            TaughtWord(WordKind.ROLE, "管片的", ("county",)),
            TaughtWord(WordKind.ROLE, "驻点人", LEFT_OUT),
            TaughtWord(WordKind.AREA, "鹿城", ("320583",)),
            TaughtWord(WordKind.STATE, "趴窝", ("out_of_use",)),
        ),
    ),
}


def planned(engine: Engine, name: str, rows: list[Any], mapping: WordMapping = NO_MAPPING) -> ListPlan:
    register: Register[Any] = REGISTERS[name]
    with reading(engine) as session:
        sheet = read_list(register, text(rows), mapping=mapping)
        return plan_list(session, PROVINCE, register, sheet, ListOptions("名单.csv", mapping=mapping), now=NOW)


@pytest.mark.parametrize("name", WORDS)
def test_each_unknown_word_is_asked_about_and_once_taught_read(reference_engine: Engine, name: str) -> None:
    rows, words = WORDS[name]
    heads = tuple(word for word in words if word.kind is WordKind.HEADING)
    first = planned(reference_engine, name, rows, WordMapping("", heads))
    met = {(one.kind, one.written) for one in first.unknown}
    assert {(word.kind, word.written) for word in words if word not in heads} <= met
    plan = planned(reference_engine, name, rows, WordMapping("", words))
    assert not {word.written for word in words} & {one.written for one in plan.unknown}
    assert {one.written for one in plan.applied} >= {word.written for word in words if word.means}
    told = {remark.column for row in plan.rows for remark in row.remarks if remark.weight != "note"}
    assert told <= {"chains", "name"}  # the chain was not taught; two centres are called alike
    assert all(row.outcome in ("new", "doubtful") for row in plan.rows)


def test_what_the_words_mean_is_what_is_read(reference_engine: Engine) -> None:
    after = {
        name: [row.after for row in planned(reference_engine, name, rows, WordMapping("", words)).rows]
        for name, (rows, words) in WORDS.items()
    }
    centre, zone = after["centres"]
    assert (centre.level, centre.kind, centre.county_adcode) == ("national", "quality_inspection", "320583")
    assert [(one.stage, str(one.dated)) for one in centre.history] == [(Stage.UNDER_CONSTRUCTION, "2025-03")]
    assert zone.county_adcode == "320111"
    (pilot,) = after["pilots"]
    assert (pilot.kind, str(pilot.history[0].dated)) == (PilotKind.AGRICULTURAL, "2025-04")
    (institution,) = after["institutions"]
    assert (institution.kind, institution.county_adcode) == ("metrology", "320583")
    assert [line.service_code for line in institution.scope] == ["metrology.calibration"]
    one, other = after["accounts"]
    assert (one.active, [(duty.role, duty.area_code) for duty in one.duties]) == (False, [("county", "320583")])
    assert [(duty.role, duty.area_code) for duty in other.duties] == [("county", "320583")]


@pytest.mark.parametrize("name", WORDS)
def test_the_mapping_file_of_taught_words_says_the_same(reference_engine: Engine, name: str) -> None:
    _rows, words = WORDS[name]
    vocabulary = REGISTERS[name].vocabulary
    with transaction(reference_engine) as session:
        terms = Terms.load(session)
        file = [("种类", "名单用语", "对应"), *mapping_rows(words, vocabulary, terms)]
        assert read_word_mapping(text(file), "用语.csv", vocabulary, terms).words == words
        remember_words(session, PROVINCE, "320000", words, vocabulary, terms, now=NOW)
        found = remembered_words(session, PROVINCE, "320000", vocabulary, terms)
        assert set(mapping_of(found).by_key) == {word.key for word in words}
        for other in REGISTERS.values():
            if other.name != name:
                assert remembered_words(session, PROVINCE, "320000", other.vocabulary, terms) == []


def test_a_list_takes_only_words_that_it_has(reference_engine: Engine) -> None:
    vocabulary = REGISTERS["pilots"].vocabulary
    with reading(reference_engine) as session:
        terms = Terms.load(session)
        with pytest.raises(InvalidInput):
            role = TaughtWord(WordKind.ROLE, "管片的", ("county",))
            remember_words(session, PROVINCE, "320000", [role], vocabulary, terms, now=NOW)
        with pytest.raises(InvalidForm) as told:
            read_word_mapping(text([("种类", "名单用语", "对应"), ("角色", "管片的", "县级")]), "x", vocabulary, terms)
    assert "阶段" in str(told.value.problems[0])


def test_what_a_word_may_mean_is_offered(reference_engine: Engine) -> None:
    plan = planned(reference_engine, "accounts", ACCOUNTS)
    with reading(reference_engine) as session:
        choices = WordChoices(REGISTERS["accounts"].vocabulary, Terms.load(session), plan)
        offered = {word.written: [choice.means for choice in choices.of(word)] for word in plan.unknown}
    assert offered["趴窝"] == [LEFT_OUT, ("in_use",), ("out_of_use",)]
    assert offered["驻点人"][:3] == [LEFT_OUT, ("province",), ("city",)]


def test_the_command_teaches_remembers_and_exports_them(
    databases: Databases, reference_url: str, tmp_path: Path
) -> None:
    url = databases.new(like=reference_url)
    words = [("种类", "名单用语", "对应"), ("类型", "种养结合", "农业标准化"), ("进展", "搬砖中", "立项")]
    for name, rows in (("list.csv", PILOTS), ("words.csv", words)):
        (tmp_path / name).write_bytes(text(rows))
    listed = ("import", "pilots", str(tmp_path / "list.csv"), "--format", "json", "--lang", "en")
    assert json.loads(run(url, *listed, "--dry-run").stdout)["wrong"] == 1
    done = json.loads(run(url, *listed, "--mapping", str(tmp_path / "words.csv"), "--remember", "江苏").stdout)
    assert (done["imported"]["added"], len(done["list"]["taught_words"])) == (1, 2)
    assert json.loads(run(url, *listed, "--dry-run", "--remembered", "江苏").stdout)["unchanged"] == 1
    assert "种养结合" in run(url, "export", "words", "--list", "pilots", "--format", "csv").stdout
    assert "种养结合" not in run(url, "export", "words", "--format", "csv").stdout
