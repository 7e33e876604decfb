"""What a list's unknown words are, and what becomes of the list once they are taught."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from stations.database import reading
from stations.imports.about_list import about_list
from stations.imports.importing import plan_import, read_list
from stations.imports.mapping_file import mapping_rows, read_word_mapping
from stations.imports.plan import ImportOptions, ImportPlan
from stations.imports.station_words import STATION_WORDS
from stations.imports.word_choices import WordChoices, example_of
from stations.imports.word_mapping import LEFT_OUT, NO_MAPPING, Origin, TaughtWord, WordKind, WordMapping
from stations.language import Language
from stations.registry.record_terms import Terms
from stations.registry.station import Status
from stations.tables.heading_rows import MissingHeading
from tests.conftest import NOW
from tests.stations.imports.import_files.make import text
from tests.stations.registry_factories import PROVINCE

pytestmark = pytest.mark.one_database

HEAD = ("站点名称", "县区", "详细地址", "服务项目", "状态", "量具箱", "备注")
LIST = [
    HEAD,
    ("示例甲质量小站", "昆山市", "示例路1号", "量具一条龙、校准", "迁走（2026年3月）", "√", "一"),
    ("示例乙质量小站", "鹿城", "示例路2号", "量具一条龙；量具 一条龙", "迁走 2026.4", "", "二"),
    ("示例丙质量小站", "鹿城", "昆山市示例路3号", "校准", "运行中", "√", ""),
    ("示例丁质量小站", "江北新区", "南京市浦口区示例路4号", "校准", "运行中", "√", ""),
]
TAUGHT = (
    TaughtWord(WordKind.SERVICE, "量具一条龙", ("metrology.calibration", "metrology.compulsory_verification")),
    TaughtWord(WordKind.SERVICE, "量具箱", ("standards.lookup",)),
    TaughtWord(WordKind.AREA, "鹿城", ("320583",)),
    TaughtWord(WordKind.STATUS, "迁走", ("closed",)),
    TaughtWord(WordKind.HEADING, "备注", LEFT_OUT),
)


def planned(engine: Engine, rows: list, mapping: WordMapping = NO_MAPPING) -> ImportPlan:
    with reading(engine) as session:
        sheet = read_list(text(rows), mapping=mapping)
        return plan_import(session, PROVINCE, sheet, ImportOptions("名单.csv", mapping=mapping), now=NOW)


def test_each_unknown_word_is_met_once_with_its_rows_and_an_example(reference_engine: Engine) -> None:
    plan = planned(reference_engine, LIST)
    assert [(word.kind.value, word.written, word.rows, word.example) for word in plan.unknown] == [
        ("service", "量具一条龙", 2, 2),
        ("area", "鹿城", 2, 3),
        ("area", "江北新区", 1, 5),
        ("status", "迁走", 2, 2),
        ("heading", "量具箱", 3, 2),
        ("heading", "备注", 2, 2),
    ]
    assert [word.ticks for word in plan.unknown] == [False] * 4 + [True, False]


def test_a_taught_list_is_read_without_a_doubt_and_tells_what_was_applied(reference_engine: Engine) -> None:
    remembered = [TaughtWord(*(one.kind, one.written, one.means), Origin.REMEMBERED) for one in TAUGHT[:2]]
    plan = planned(reference_engine, LIST, WordMapping("", (*remembered, *TAUGHT[2:])))
    assert [word.written for word in plan.unknown] == ["江北新区"]
    first, second, third, _fourth = plan.rows
    assert [offer.service_code for offer in second.after.services] == [
        "metrology.calibration",
        "metrology.compulsory_verification",
    ]
    assert [offer.service_code for offer in third.after.services] == ["metrology.calibration", "standards.lookup"]
    assert (second.after.county_adcode, third.after.county_adcode) == ("320583", "320583")
    assert [(one.stage, str(one.dated)) for one in first.after.history] == [(Status.CLOSED, "2026-03")]
    english = Language("en")
    told = [english.translate(one.message, **one.params) for one in about_list(plan)]
    assert "Remembered: “量具一条龙” → Calibration of measuring instruments, Compulsory verification" in "; ".join(
        told
    ) or "Remembered: “量具一条龙” → " in "; ".join(told)
    assert any("(rows: 2)" in line for line in told)


@pytest.mark.parametrize(
    ("word", "doubts"),
    [
        (TaughtWord(WordKind.AREA, "江北新区", LEFT_OUT), 0),
        (TaughtWord(WordKind.AREA, "江北新区", ("320111",)), 0),
        (TaughtWord(WordKind.AREA, "江北新区", ("320116",)), 1),  # the address says another county
    ],
)
def test_a_zone_is_a_county_or_lies_where_the_row_says(reference_engine: Engine, word: TaughtWord, doubts: int) -> None:
    (row,) = planned(reference_engine, [HEAD, LIST[-1]], WordMapping("", (word,))).rows
    assert row.after.county_adcode == (word.means[0] if word.means else "320111")
    assert sum(remark.weight == "doubt" for remark in row.remarks) == doubts


def test_a_zone_whose_row_does_not_say_its_place_is_wrong(reference_engine: Engine) -> None:
    row = ("示例丁质量小站", "江北新区", "示例路4号", "校准", "运行中", "", "")
    mapping = WordMapping("", (TaughtWord(WordKind.AREA, "江北新区", LEFT_OUT),))
    (planned_row,) = planned(reference_engine, [HEAD, row], mapping).rows
    assert planned_row.outcome == "wrong"


def test_a_city_can_be_taught_and_a_county_in_the_column_of_cities(reference_engine: Engine) -> None:
    rows = [
        ("站点名称", "市", "县区", "详细地址"),
        ("示例甲质量小站", "鹿", "", "示例路1号"),
        ("示例乙", "园", "", "示例路2号"),
    ]
    words = (TaughtWord(WordKind.AREA, "鹿", ("320500",)), TaughtWord(WordKind.AREA, "园", ("320583",)))
    assert [word.written for word in planned(reference_engine, rows).unknown] == ["鹿", "园"]
    one, other = planned(reference_engine, rows, WordMapping("", words)).rows
    assert (one.after.city_adcode, one.after.county_adcode) == ("320500", None)
    assert (other.after.city_adcode, other.after.county_adcode) == ("320500", "320583")


@pytest.mark.parametrize("written", ["否", "迁走", "迁 走", "迁走（2025-6）", "迁走，2025年6月"])
def test_a_status_is_taught_with_any_date_beside_it(reference_engine: Engine, written: str) -> None:
    rows = [HEAD[:5], (*LIST[1][:4], written)]
    mapping = WordMapping("", (TaughtWord(WordKind.STATUS, written.split("（")[0].split("，")[0], ("suspended",)),))
    (row,) = planned(reference_engine, rows, mapping).rows
    assert row.after.history[-1].stage is Status.SUSPENDED
    assert str(row.after.history[-1].dated) == ("2025-06" if "2025" in written else "None")


def test_the_mapping_file_of_taught_words_says_the_same(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        terms = Terms.load(session)
        rows = [("种类", "名单用语", "对应"), *mapping_rows(TAUGHT, STATION_WORDS, terms)]
        assert read_word_mapping(text(rows), "用语.csv", STATION_WORDS, terms).words == TAUGHT


def test_of_two_meanings_the_later_one_counts(reference_engine: Engine) -> None:
    first = WordMapping("", (TaughtWord(WordKind.AREA, "鹿城", ("320581",), Origin.REMEMBERED),))
    mapping = first.with_words((TaughtWord(WordKind.AREA, "鹿 城", ("320583",), Origin.NOW),))
    plan = planned(reference_engine, [HEAD, LIST[2]], mapping)
    assert plan.rows[0].after.county_adcode == "320583"
    assert [(one.origin, one.rows) for one in plan.applied] == [(Origin.NOW, 1)]


def test_what_a_word_may_mean_is_offered_the_likely_first(reference_engine: Engine) -> None:
    rows = [HEAD, ("示例甲质量小站", "江北新区", "示例路1号", "强检", "迁走", "√", "甲乙"), LIST[1]]
    plan = planned(reference_engine, rows)
    with reading(reference_engine) as session:
        choices = WordChoices(STATION_WORDS, Terms.load(session), plan)
    offered = {word.written: choices.of(word) for word in plan.unknown}
    zone = [choice.means for choice in offered["江北新区"]]
    assert (set(zone[:2]), zone[2], len(zone)) == ({("320111",), ("320116",)}, LEFT_OUT, 95 + 13 + 1)
    assert [choice.means for choice in offered["迁走"]] == [(), ("planned",), ("active",), ("suspended",), ("closed",)]
    ticks, words = offered["量具箱"], offered["备注"]
    assert {choice.kind for choice in ticks} == {WordKind.HEADING, WordKind.SERVICE}
    assert {choice.kind for choice in words} == {WordKind.HEADING}
    assert [words[at].means for at in (0, 1, -1)] == [LEFT_OUT, ("code",), ("status",)]  # the list has a status
    assert {example_of(plan, word) for word in plan.unknown} >= {"示例甲质量小站", "√", "甲乙"}
    assert ticks[1].taught(plan.unknown[-1]).origin is Origin.NOW


@pytest.mark.parametrize(
    ("rows", "stand"),
    [
        ([("点位", "县区", "详细地址")], ("点位", "县区", "详细地址")),
        ([("某市名单",), ("点位", "所属", "方位")], ("点位", "所属", "方位")),
    ],
)
def test_a_list_without_a_heading_of_names_says_which_headings_it_has(
    reference_engine: Engine, rows: list, stand: tuple[str, ...]
) -> None:
    rows = [*rows, ("示例甲质量小站", "昆山市", "示例路1号")]
    with pytest.raises(MissingHeading) as missing:
        planned(reference_engine, rows)
    assert (missing.value.column, missing.value.stand) == ("name", stand)
    word = TaughtWord(WordKind.HEADING, stand[0], ("name",), Origin.NOW)
    assert [row.name for row in planned(reference_engine, rows, WordMapping("", (word,))).rows] == ["示例甲质量小站"]
