"""An office's own words, taught once by a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from stations.database import reading
from stations.errors import InvalidForm
from stations.imports.importing import plan_import, read_list
from stations.imports.mapping_file import read_word_mapping
from stations.imports.plan import ImportOptions
from stations.language import Language
from stations.registry.record_state import Offer
from stations.registry.record_terms import Terms
from tests.conftest import NOW
from tests.stations.commands.test_command_line import run
from tests.stations.imports.import_files.make import text
from tests.stations.registry_factories import PROVINCE

pytestmark = pytest.mark.one_database

MAPPING = [
    ("种类", "名单用语", "对应"),
    ("表头", "片区", "县(市、区)"),
    ("服务", "量具一条龙", "校准；强制检定"),
    ("县", "鹿城", "昆山市"),
]
LIST = [("站点名称", "片区", "详细地址", "服务项目"), ("示例质量小站", "鹿城", "示例路1号", "量具一条龙、标准查新")]


def test_words_mean_what_the_file_says(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        mapping = read_word_mapping(text(MAPPING), "用语.csv", Terms.load(session))
        sheet = read_list(text(LIST), mapping=mapping)
        (row,) = plan_import(session, PROVINCE, sheet, ImportOptions(mapping=mapping), now=NOW).rows
    assert (row.outcome, row.after.county_adcode, sheet.passed_over) == ("new", "320583", ())
    codes = ("metrology.calibration", "metrology.compulsory_verification", "standards.lookup")
    assert row.after.services == tuple(map(Offer, codes))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("地名", "鹿城", "昆山市"), "“地名”"),
        (("县", "鹿城", "无此县"), "“无此县”"),
        (("服务", "一条龙", "潜水"), "“潜水”"),
        (("表头", "片区", "科室"), "“科室”"),
        (("县", "鹿城", ""), "“对应”为空"),
        (("状态", "2025-06", "关闭"), "含义"),
        (("服务", "一" * 201, "校准"), "200"),
        (("服务", "㍿" * 60, "校准"), "200"),
        (("产业链", "一条龙", "潜水"), "“潜水”"),
        (("状态", "迁走", "不知道"), "“不知道”"),
    ],
)
def test_a_wrong_row_is_named(reference_engine: Engine, row: tuple[str, str, str], told: str) -> None:
    with reading(reference_engine) as session, pytest.raises(InvalidForm) as problems:
        read_word_mapping(text([*MAPPING, row]), "用语.csv", Terms.load(session))
    (problem,) = problems.value.problems
    assert problem.field == "row 5" and told in Language("zh_CN").translate(problem.message, **problem.params)


def test_the_command_takes_the_file_and_tells_of_it(reference_url: str, tmp_path: Path) -> None:
    for name, rows in (("list.csv", LIST), ("words.csv", MAPPING)):
        (tmp_path / name).write_bytes(text(rows))
    arguments = ("import", "stations", str(tmp_path / "list.csv"), "--dry-run", "--format", "json", "--lang", "en")
    done = run(reference_url, *arguments, "--mapping", str(tmp_path / "words.csv"))
    answer = json.loads(done.stdout)
    assert answer["new"] == 1 and "Words taken as words.csv says: 3" in answer["list"]["told"]
    assert json.loads(run(reference_url, *arguments).stdout)["new"] == 0


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh_CN", ("第 3 行：对应：“潜水”不在服务目录中", "第 4 行：对应：“飞行”不在可填内容之内：规划中、")),
        ("en", ("row 3: means: “潜水” is not in the service catalogue", "row 4: means: “飞行” is none of: Planned")),
    ],
)
def test_the_command_names_each_wrong_row_in_the_readers_language(
    reference_url: str, tmp_path: Path, language: str, told: tuple[str, str]
) -> None:
    wrong = [*MAPPING[:2], ("服务", "一条龙", "潜水"), ("状态", "停摆", "飞行")]
    for name, rows in (("list.csv", LIST), ("words.csv", wrong)):
        (tmp_path / name).write_bytes(text(rows))
    words = str(tmp_path / "words.csv")
    done = run(reference_url, "import", "stations", str(tmp_path / "list.csv"), "--mapping", words, "--lang", language)
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 2 and len(lines) == 2
    assert all(one in line for one, line in zip(told, lines, strict=True)), lines
