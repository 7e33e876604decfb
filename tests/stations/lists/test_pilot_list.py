"""Lists of pilots row by row; imported again, nothing changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from stations.database import reading
from stations.duty.roles import AreaKind, Role
from stations.errors import NotAllowed
from stations.imports.plan import Outcome, Weight
from stations.language import Language
from stations.lists.list_plan import ListPlan, plan_list, read_list
from stations.lists.registers import REGISTERS
from stations.registry.centre import Stage
from stations.targets.counting_rule import Bucket
from stations.targets.pilot import Pilot, list_pilots
from stations.targets.target import get_target, standing_on
from tests.conftest import NOW, TODAY, Databases
from tests.stations.commands.test_command_line import answer, run
from tests.stations.lists.test_list_round_trip import changed_list, exported, planned, taken
from tests.stations.request_factories import actor_with

PILOTS = REGISTERS["pilots"]
CHINESE = Language("zh_CN")

OFFICE = """江苏省国家标准化试点示范项目清单,,,,,,,
填报单位：某处,,,,,,,
序号,试点项目名称,项目类别,所在地区,承担单位,下达时间,验收时间,状态,批次
1,昆山水稻标准化示范区,国家农业标准化示范区,昆山市,昆山市农业农村局,2021年6月,2023.11.5,,第十批
2,政务服务标准化试点,社会管理和公共服务综合标准化试点,苏州市,苏州市行政审批局,2022-03,,实施中,
3,养老服务标准化试点,国家级公共服务标准化试点,南京市鼓楼区,某中心,,,已验收,
4,茶叶标准化示范区,农业,宜兴市,某合作社,2020-05,,终止,第九批
5,河蟹标准化示范区,农业,高淳区,某协会,,,,第十一批
"""


def take(engine: Engine, text: str, *, doubtful: bool = False) -> ListPlan:
    return taken(engine, PILOTS, text.encode(), doubtful=doubtful)


def held(engine: Engine) -> dict[str, Pilot]:
    with reading(engine) as session:
        return {one.name: one for one in list_pilots(session, samples=False)}


def stages(pilot: Pilot) -> list[tuple[Stage, str | None, str | None]]:
    return [
        (entry.stage, str(entry.dated) if entry.dated else None, str(entry.as_of) if entry.as_of else None)
        for entry in pilot.history
    ]


def test_an_offices_list_feeds_the_targets(reference_engine: Engine) -> None:
    assert take(reference_engine, OFFICE).counts[Outcome.NEW] == 5
    pilots = held(reference_engine)
    rice = pilots["昆山水稻标准化示范区"]
    assert (rice.code, rice.city_adcode, rice.county_adcode, rice.host) == (
        "P-001",
        "320500",
        "320583",
        "昆山市农业农村局",
    )
    assert stages(rice) == [(Stage.APPROVED, "2021-06", None), (Stage.ACCEPTED, "2023-11-05", None)]
    assert rice.history[0].reason == "第十批"
    assert stages(pilots["政务服务标准化试点"]) == [
        (Stage.APPROVED, "2022-03", None),
        (Stage.UNDER_CONSTRUCTION, None, TODAY.isoformat()),
    ]
    assert stages(pilots["养老服务标准化试点"]) == [(Stage.ACCEPTED, None, TODAY.isoformat())]
    assert stages(pilots["茶叶标准化示范区"]) == [
        (Stage.APPROVED, "2020-05", None),
        (Stage.WITHDRAWN, None, TODAY.isoformat()),
    ]
    assert stages(pilots["河蟹标准化示范区"]) == [(Stage.APPROVED, None, TODAY.isoformat())]
    with reading(reference_engine) as session:
        counted = standing_on(session, get_target(session, "agri_pilots"), TODAY, samples=False)
        social = standing_on(session, get_target(session, "social_pilots"), TODAY, samples=False)
    assert counted.counted == 1
    assert (social.counted, social.count(Bucket.PIPELINE), social.count(Bucket.UNDATED)) == (0, 1, 1)


def test_a_list_imported_again_changes_nothing_and_a_later_one_adds_what_is_new(reference_engine: Engine) -> None:
    take(reference_engine, OFFICE)
    assert {row.outcome for row in take(reference_engine, OFFICE).rows} == {Outcome.UNCHANGED}
    later = """名称,类型,市,验收日期
政务服务标准化试点,社会管理,苏州,2025-09-30
昆山水稻标准化示范区,农业,苏州,2023-11
"""
    assert [row.outcome for row in take(reference_engine, later).rows] == [Outcome.CHANGED, Outcome.UNCHANGED]
    pilots = held(reference_engine)
    assert stages(pilots["政务服务标准化试点"])[-1] == (Stage.ACCEPTED, "2025-09-30", None)
    assert stages(pilots["昆山水稻标准化示范区"])[-1] == (Stage.ACCEPTED, "2023-11-05", None)  # the more exact one
    assert pilots["政务服务标准化试点"].version == 2


def test_what_is_wrong_is_named_and_costs_no_more_than_it_must(reference_engine: Engine) -> None:
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
    with reading(reference_engine) as session:
        plan = planned(session, actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000"), PILOTS, wrong.encode())
    outcomes = {row.number: row.outcome for row in plan.rows}
    assert [number for number, one in outcomes.items() if one is Outcome.WRONG] == [2, 3, 7, 11]
    assert [number for number, one in outcomes.items() if one is Outcome.DOUBTFUL] == [4, 5, 6, 8, 9]
    messages = {
        row.number: " ".join(
            one.told(CHINESE) for one in row.remarks if one.weight is not Weight.NOTE or row.number == 9
        )
        for row in plan.rows
    }
    named = {2: "工业", 3: "火星市", 5: "2023-05", 6: "莫名", 8: "2020-06", 9: "2099-01", 11: "10"}
    assert all(words in messages[row] for row, words in named.items()), messages


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_exported_list_comes_back_unchanged(reference_engine: Engine, form: str) -> None:
    take(reference_engine, OFFICE)
    province = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")
    with reading(reference_engine) as session:
        plan = planned(session, province, PILOTS, exported(session, province, PILOTS, form))
    assert [row.outcome for row in plan.rows] == [Outcome.UNCHANGED] * 5


@pytest.mark.parametrize(
    ("heading", "written", "field"),
    [
        ("名称", "昆山优质水稻标准化示范区", "name"),
        ("类型", "社会管理和公共服务", "kind"),
        ("承担单位", "另一单位", "host"),
        ("设区市", "苏州", None),
        ("县(市、区)", "常熟市", "county_adcode"),
        ("验收文号", "国标委〔2023〕1号", "history"),
        ("立项说明", "第十一批", "history"),
        ("来源", "另一文件", "source"),
    ],
)
@pytest.mark.one_database
def test_a_changed_cell_changes_only_its_field(
    reference_engine: Engine, heading: str, written: str, field: str | None
) -> None:
    take(reference_engine, OFFICE)
    province = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")
    with reading(reference_engine) as session:
        content = exported(session, province, PILOTS, "csv")

    def change(rows: list[dict[str, str]]) -> None:
        rows[0][heading] = written

    first, *others = taken(reference_engine, PILOTS, changed_list(content, change)).rows
    assert {row.outcome for row in others} == {Outcome.UNCHANGED}
    assert first.before is not None and first.after is not None
    names = [name for name in type(first.after).__slots__ if getattr(first.before, name) != getattr(first.after, name)]
    assert names == ([field] if field else [])


@pytest.mark.one_database
def test_only_the_province_imports(reference_engine: Engine) -> None:
    city = actor_with(Role.CITY, AreaKind.CITY, "320500")
    with reading(reference_engine) as session, pytest.raises(NotAllowed):
        plan_list(session, city, PILOTS, read_list(PILOTS, OFFICE.encode()), now=NOW)


@pytest.mark.one_database
def test_by_command(databases: Databases, reference_url: str, tmp_path: Path) -> None:
    url, file = databases.new(like=reference_url), tmp_path / "pilots.csv"
    file.write_text(OFFICE, encoding="gbk")
    assert answer(url, "import", "pilots", str(file), "--dry-run")["imported"] == {"added": 0, "changed": 0}
    assert answer(url, "import", "pilots", str(file), "--source", "省局文件")["imported"] == {"added": 5, "changed": 0}
    listed = tmp_path / "listed.csv"
    listed.write_text(run(url, "export", "pilots", "--format", "csv").stdout)
    assert answer(url, "import", "pilots", str(listed))["unchanged"] == 5
