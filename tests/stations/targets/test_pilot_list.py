"""Lists of pilots, all rows or none; imported again, nothing changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from stations.answers.pilot_list import PILOT_LIST
from stations.answers.presentation import render
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import InvalidForm, NotAllowed
from stations.language import Language
from stations.registry.centre import Stage
from stations.targets.counting_rule import Bucket
from stations.targets.pilot import Pilot, list_pilots
from stations.targets.pilot_list import ImportedPilots, import_pilots
from stations.targets.target import get_target, standing_on
from tests.conftest import NOW, TODAY, Databases
from tests.stations.commands.test_command_line import answer, run
from tests.stations.registry_factories import PROVINCE
from tests.stations.request_factories import actor_with

OFFICE = """江苏省国家标准化试点示范项目清单,,,,,,
填报单位：某处,,,,,,
序号,项目名称,项目类别,所在地区,承担单位,下达时间,验收时间,状态
1,昆山水稻标准化示范区,国家农业标准化示范区,昆山市,昆山市农业农村局,2021年6月,2023.11.5,
2,政务服务标准化试点,社会管理和公共服务综合标准化试点,苏州市,苏州市行政审批局,2022-03,,实施中
3,养老服务标准化试点,国家级服务业标准化试点,南京市鼓楼区,某中心,,,已验收
"""


def take(engine: Engine, text: str, source: str = "省局文件") -> ImportedPilots:
    with transaction(engine) as session:
        return import_pilots(session, PROVINCE, text.encode(), source=source, now=NOW)


def held(engine: Engine) -> dict[str, Pilot]:
    with reading(engine) as session:
        return {one.name: one for one in list_pilots(session, samples=False)}


def stages(pilot: Pilot) -> list[tuple[Stage, str | None, str | None]]:
    return [
        (entry.stage, str(entry.dated) if entry.dated else None, str(entry.as_of) if entry.as_of else None)
        for entry in pilot.history
    ]


def test_an_offices_list_feeds_the_targets(reference_engine: Engine) -> None:
    assert len(take(reference_engine, OFFICE).added) == 3
    pilots = held(reference_engine)
    rice = pilots["昆山水稻标准化示范区"]
    assert (rice.city_adcode, rice.county_adcode, rice.host) == ("320500", "320583", "昆山市农业农村局")
    assert stages(rice) == [(Stage.APPROVED, "2021-06", None), (Stage.ACCEPTED, "2023-11-05", None)]
    assert stages(pilots["政务服务标准化试点"]) == [
        (Stage.APPROVED, "2022-03", None),
        (Stage.UNDER_CONSTRUCTION, None, TODAY.isoformat()),
    ]
    assert stages(pilots["养老服务标准化试点"]) == [(Stage.ACCEPTED, None, TODAY.isoformat())]
    with reading(reference_engine) as session:
        counted = standing_on(session, get_target(session, "agri_pilots"), TODAY, samples=False)
        social = standing_on(session, get_target(session, "social_pilots"), TODAY, samples=False)
    assert counted.counted == 1
    assert (social.counted, social.count(Bucket.PIPELINE), social.count(Bucket.UNDATED)) == (0, 1, 1)


def test_a_list_imported_again_changes_nothing_and_a_later_one_adds_what_is_new(reference_engine: Engine) -> None:
    take(reference_engine, OFFICE)
    again = take(reference_engine, OFFICE)
    assert (again.added, again.changed, again.unchanged) == ((), (), 3)
    later = """名称,类型,市,验收日期
政务服务标准化试点,社会管理,苏州,2025-09-30
昆山水稻标准化示范区,农业,苏州,2023-11
"""
    done = take(reference_engine, later)
    assert (done.added, len(done.changed), done.unchanged) == ((), 1, 1)
    pilots = held(reference_engine)
    assert stages(pilots["政务服务标准化试点"])[-1] == (Stage.ACCEPTED, "2025-09-30", None)
    assert stages(pilots["昆山水稻标准化示范区"])[-1] == (Stage.ACCEPTED, "2023-11-05", None)  # the more exact one


def test_every_wrong_row_is_named_and_nothing_is_written(reference_engine: Engine) -> None:
    take(reference_engine, OFFICE)
    wrong = """名称,类型,所在地,立项日期,验收日期,状态
某试点,工业,昆山市,2021,,
某试点二,农业,火星市,2021,,
某试点三,农业,昆山市,,,
某试点四,农业,昆山市,2024-05,2023-05,
某试点五,农业,昆山市,2021,,莫名
,农业,昆山市,2021,,
昆山水稻标准化示范区,农业,昆山市,2020-06,,
养老服务标准化试点,公共服务,南京市,,2099-01,
某试点（六）,农业,昆山市,2021,,
某试点 (六),农业,昆山市,2021,,
"""
    with pytest.raises(InvalidForm) as told:
        take(reference_engine, wrong)
    messages = {problem.field: str(problem) for problem in told.value.problems}
    assert list(messages) == [f"row {number}" for number in (2, 3, 4, 5, 6, 7, 8, 9, 11)]
    named = {2: "工业", 3: "火星市", 5: "2023-05", 6: "莫名", 8: "2020-06", 9: "2099-01", 11: "某试点 (六)"}
    assert all(words in messages[f"row {row}"] for row, words in named.items())
    assert len(held(reference_engine)) == 3


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.one_database
def test_the_exported_list_comes_back_unchanged(reference_engine: Engine, form: str) -> None:
    take(reference_engine, OFFICE)
    with transaction(reference_engine) as session:
        content = render(PILOT_LIST, list_pilots(session, samples=False), Language("zh_CN"), form)
        content = content.encode("utf-8-sig") if isinstance(content, str) else content
        done = import_pilots(session, PROVINCE, content, source="x", now=NOW)
    assert (done.added, done.changed, done.unchanged) == ((), (), 3)


@pytest.mark.one_database
def test_only_the_province_imports(reference_engine: Engine) -> None:
    city = actor_with(Role.CITY, AreaKind.CITY, "320500")
    with transaction(reference_engine) as session, pytest.raises(NotAllowed):
        import_pilots(session, city, OFFICE.encode(), source="x", now=NOW)


@pytest.mark.one_database
def test_by_command(databases: Databases, reference_url: str, tmp_path: Path) -> None:
    url, file = databases.new(like=reference_url), tmp_path / "pilots.csv"
    file.write_text(OFFICE, encoding="gbk")
    assert run(url, "import", "pilots", str(file)).returncode == 1  # where they are from is not said
    told = answer(url, "import", "pilots", str(file), "--source", "省局文件")
    assert (told["added"], told["changed"]) == (3, 0)
    assert [one["name"] for one in answer(url, "export", "pilots")] == [
        "昆山水稻标准化示范区",
        "政务服务标准化试点",
        "养老服务标准化试点",
    ]


def test_what_a_list_adds_must_fit_what_is_registered(reference_engine: Engine) -> None:
    take(reference_engine, "名称,类型,市,验收日期\n某试点,农业,苏州,2024-05\n")
    with pytest.raises(InvalidForm, match="2025-03"):
        take(reference_engine, "名称,类型,市,立项日期\n某试点,农业,苏州,2025-03\n")


@pytest.mark.one_database
def test_sample_pilots_are_not_exported_to_come_back_as_real_ones(sample_url: str) -> None:
    assert answer(sample_url, "export", "pilots") == []
    assert run(sample_url, "import", "pilots", "x.csv", "--mapping", "y.csv").returncode == 2
