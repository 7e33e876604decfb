"""An office's list of centres with usual headings and words, and with planted errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import NotAllowed
from stations.imports.about_list import about_any_list
from stations.imports.applied_plan import RegistryMoved
from stations.imports.plan import Outcome, Weight
from stations.language import Language
from stations.lists.applying import apply_list
from stations.lists.list_plan import ListPlan, plan_list, read_list
from stations.lists.register import ListedRow
from stations.registry.centre import CentreKind, CentreLevel, Stage, list_centres
from stations.registry.record_history import list_changes
from stations.registry.record_kind import RecordKind
from tests.conftest import NOW, Databases
from tests.stations.commands.test_command_line import answer, run
from tests.stations.lists.test_list_round_trip import CENTRES, planned, taken
from tests.stations.registry_factories import PROVINCE
from tests.stations.request_factories import actor_with

OFFICE = Path(__file__).with_name("office_centres.csv").read_bytes()
CHINESE = Language("zh_CN")

NEW, CHANGED, UNCHANGED = Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED
DOUBTFUL, WRONG = Outcome.DOUBTFUL, Outcome.WRONG


def by_number(plan: ListPlan) -> dict[int, ListedRow[Any]]:
    """Return the rows by the number in the office's own column."""
    return {int(read.whole[0]): row for read, row in zip(plan.sheet.rows, plan.rows, strict=True)}


def told(row: ListedRow[Any]) -> str:
    return " ".join(f"{one.column}: {one.told(CHINESE)}" for one in row.remarks if one.weight is not Weight.NOTE)


def history(row: ListedRow[Any]) -> list[str]:
    assert row.after is not None
    return [f"{entry.stage.value} {entry.dated or ''} {entry.as_of or ''}".strip() for entry in row.after.history]


@pytest.fixture(name="plan")
def plan_of_the_office(reference_engine: Engine) -> ListPlan:
    with reading(reference_engine) as session:
        return planned(session, PROVINCE, CENTRES, OFFICE)


@pytest.mark.one_database
def test_each_row_has_its_outcome(plan: ListPlan) -> None:
    outcomes = {number: row.outcome for number, row in by_number(plan).items()}
    assert outcomes == {
        **dict.fromkeys((1, 2, 3, 4, 5, 6, 7, 8, 25), NEW),
        **dict.fromkeys((9, 10, 11, 14, 16, 21, 23, 24, 26), DOUBTFUL),
        **dict.fromkeys((12, 13, 15, 17, 18), WRONG),
        **dict.fromkeys((19, 22), CHANGED),
        20: UNCHANGED,
    }, {number: told(row) for number, row in by_number(plan).items()}
    about = " ".join(CHINESE.translate(one.message, **one.params) for one in about_any_list(plan))
    assert "联系电话" in about


@pytest.mark.parametrize(
    ("number", "column", "words"),
    [
        (9, "accepted_dated", "2027-03"),
        (10, "approved_for_construction_dated", "2021-04"),
        (11, "level", "市级"),
        (12, "kind", "名称"),
        (13, "county", "火星市"),
        (14, "county", "火星市"),
        (15, "name", "填写"),
        (16, "approved_for_construction_dated", "去年春天"),
        (16, "stage", "莫名其妙"),
        (17, "name", "8"),
        (18, "city", "设区市"),
        (21, "accepted_dated", "2023-02-09"),
        (23, "stage", "通过验收"),
        (24, "name", "国家眼镜产品质量监督检验中心"),
        (26, "county", "苏州工业园区"),
    ],
)
@pytest.mark.one_database
def test_a_problem_names_its_field_and_what_was_written(plan: ListPlan, number: int, column: str, words: str) -> None:
    row = by_number(plan)[number]
    about = [one for one in row.remarks if one.column == column and one.weight is not Weight.NOTE]
    assert about and words in " ".join(one.told(CHINESE) for one in about), told(row)


@pytest.mark.one_database
def test_what_the_rows_say_is_read(plan: ListPlan) -> None:
    rows = by_number(plan)
    first = rows[1].after
    assert first is not None
    assert (first.level, first.kind, first.county_adcode) == (
        CentreLevel.NATIONAL,
        CentreKind.QUALITY_INSPECTION,
        "320507",
    )
    assert [entry.source for entry in first.history] == ["国市监检测函〔2019〕11号", "国市监检测函〔2022〕5号"]
    assert history(rows[1]) == ["approved_for_construction 2019-03", "accepted 2022-06-08"]
    assert history(rows[2]) == ["approved_for_construction 2023-08", "under_construction  2026-10-20"]
    assert rows[2].after is not None and rows[2].after.kind is CentreKind.INDUSTRIAL_METROLOGY
    assert history(rows[3]) == ["approved_for_construction 2015", "accepted 2017"]
    assert history(rows[4])[0] == "approved_for_construction 2021-05"
    assert rows[5].after is not None and rows[5].after.level is CentreLevel.PROVINCIAL
    assert history(rows[7]) == ["approved_for_construction 2016-04", "withdrawn  2026-10-20"]
    assert rows[7].after is not None and rows[7].after.history[-1].reason == "两年未通过验收"
    assert history(rows[8]) == ["planned  2026-10-20"]
    assert history(rows[9]) == ["approved_for_construction 2024-11", "under_construction  2026-10-20"]
    assert history(rows[10]) == ["accepted 2021-04"]
    assert rows[11].after is not None and rows[11].after.level is CentreLevel.PROVINCIAL
    assert rows[26].after is not None and (rows[26].after.city_adcode, rows[26].after.county_adcode) == ("320500", None)
    assert rows[14].after is not None and rows[14].after.city_adcode == "321300"
    assert rows[16].after is not None and rows[16].after.history == ()
    assert history(rows[19]) == ["approved_for_construction 2003-05", "accepted 2006-11-02"]
    assert rows[19].after is not None and rows[19].after.history[-1].source == "国认实函〔2006〕3号"
    assert history(rows[25]) == ["approved_for_construction 2023-03-15", "under_construction  2026-10-20"]


def test_imported_again_it_is_unchanged_and_each_change_has_its_history(reference_engine: Engine) -> None:
    first = taken(reference_engine, CENTRES, OFFICE, doubtful=True)
    with reading(reference_engine) as session:
        again = planned(session, PROVINCE, CENTRES, OFFICE)
        centres = {one.name: one for one in list_centres(session, samples=False)}
        changes = list_changes(session, RecordKind.CENTRE, [centres["国家金银制品质量监督检验中心"].code])
    assert len(centres) == 63 + 9 + sum(row.outcome is DOUBTFUL and row.new for row in first.rows)
    outcomes = {number: row.outcome for number, row in by_number(again).items()}
    assert {number for number, one in outcomes.items() if one is WRONG} == {12, 13, 15, 17, 18}
    left = {number: told(row) for number, row in by_number(again).items() if row.outcome not in (UNCHANGED, WRONG)}
    assert left.keys() == {10, 23}, left  # what they say is still not on file
    assert [one.reason for one in changes][0] == "list"
    assert centres["国家金银制品质量监督检验中心"].history[-1].stage is Stage.ACCEPTED


@pytest.mark.one_database
def test_nothing_is_written_to_a_register_that_was_changed_meanwhile(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        plan = planned(session, PROVINCE, CENTRES, OFFICE)
    taken(
        reference_engine,
        CENTRES,
        "中心名称,级别,类别,市,状态\n国家示例智能装备质量检验检测中心,国家级,质检,苏州,在建\n".encode(),
    )
    with transaction(reference_engine) as session, pytest.raises(RegistryMoved):
        apply_list(session, PROVINCE, CENTRES, plan, doubtful=False, now=NOW)


@pytest.mark.one_database
def test_areas_of_duty_apply(reference_engine: Engine) -> None:
    sheet = read_list(CENTRES, OFFICE)
    for actor in (actor_with(Role.CITY, AreaKind.CITY, "320500"), None):
        with reading(reference_engine) as session, pytest.raises(NotAllowed):
            plan_list(session, actor, CENTRES, sheet, now=NOW)
    in_one_city = actor_with(Role.PROVINCE, AreaKind.CITY, "320500")
    with reading(reference_engine) as session:
        rows = by_number(plan_list(session, in_one_city, CENTRES, sheet, now=NOW))
    assert rows[1].outcome is NEW
    assert rows[2].outcome is WRONG and "无锡市" in told(rows[2])


@pytest.mark.one_database
def test_by_command(databases: Databases, reference_url: str, tmp_path: Path) -> None:
    url, file = databases.new(like=reference_url), tmp_path / "centres.csv"
    file.write_bytes(OFFICE.decode().encode("gbk"))
    dry = answer(url, "import", "centres", str(file), "--dry-run", "--report", str(tmp_path / "report.xlsx"))
    assert (dry["new"], dry["wrong"], dry["imported"]["added"]) == (9, 5, 0)
    (gold,) = [row for row in dry["rows"] if row["name"] == "国家金银制品质量监督检验中心"]
    assert gold["changes"]["accepted_document"]["after"] == "国认实函〔2006〕3号"
    assert (tmp_path / "report.xlsx").stat().st_size > 5_000
    done = answer(url, "import", "centres", str(file))
    assert done["imported"] == {"added": 9, "changed": 2}
    exported = tmp_path / "exported.csv"
    exported.write_text(run(url, "export", "centres", "--format", "csv").stdout)
    again = answer(url, "import", "centres", str(exported))
    assert again["unchanged"] == 63 + 9 and again["imported"] == {"added": 0, "changed": 0}
