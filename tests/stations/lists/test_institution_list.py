"""Lists of institutions with their scopes, as offices write them: merged cells, annexes of certificates, mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import Engine, select

from stations.answers.register_lists import column_labels
from stations.audit.log import entries_about
from stations.database import reading, transaction
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.errors import NotAllowed
from stations.imports.plan import Outcome, Weight
from stations.imports.report import import_report
from stations.language import Language
from stations.lists.applying import apply_list, list_register
from stations.lists.list_plan import ListPlan
from stations.lists.registers import REGISTERS
from stations.registry.institutions import Institution, InstitutionKind, StationInstitution
from stations.registry.station import Station
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station
from tests.stations.imports.import_files.make import text
from tests.stations.lists.test_list_round_trip import changed_list, exported, planned, taken
from tests.stations.registry_factories import CITY, KUNSHAN, PROVINCE

INSTITUTIONS = REGISTERS["institutions"]
STEWARD = Actor("guan", "管家", False, (Responsibility(Role.STATION, AreaKind.STATION, "S-3205-001"),))
CREDIT = ("123205004660000011", "123205004660000024")
CHINESE = Language("zh_CN")
HEADINGS = (
    "序号", "机构名称", "统一社会信用代码", "所在市", "联系电话", "支撑小站", "资质认定证书编号(CMA)",
    "认可证书编号(CNAS)", "有效期至", "检测项目/参数/产品", "测量范围", "不确定度/准确度等级", "依据标准(方法)",
    "限制说明",
)  # fmt: skip
CALIPERS = ("游标卡尺", "(0～500) mm", "U=0.02 mm (k=2)", "JJG 30-2012", "不含带表卡尺")
BALANCES = ("电子天平", "1 mg～30 kg", "Ⅰ级", "JJG 1036-2022", None)
LEAD = ("食品中铅", None, None, "GB 5009.12-2023", "只做石墨炉法")
METROLOGY = ("苏州市计量测试院", CREDIT[0], "苏州市", "0512-68251000", "昆山质量小站", None, "L0452", "2027年3月14日")
FOOD = ("苏州市食品检验检测中心", CREDIT[1], "苏州市", "0512-68252000", None, "211020340123", "L1234", "2026-12-31")


def workbook(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS, merged: Sequence[str] = ()) -> bytes:
    """Return a list as an office sends it, with a title above."""
    book = Workbook()
    sheet = book.active
    sheet.append(["检验检测技术机构能力一览表"])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


OFFICE = workbook(
    (1, *METROLOGY, *CALIPERS),
    (None, *[None] * 8, *BALANCES),
    (2, *FOOD, *LEAD),
    merged=[f"{column}3:{column}4" for column in "ABCDEFGHI"],
)


@pytest.fixture
def engine(reference_engine: Engine) -> Engine:
    with transaction(reference_engine) as session:
        for code, name in (("S-3205-001", "昆山质量小站"), ("S-3205-002", "太仓质量小站")):
            station = add_station(session, KUNSHAN)
            station.code, station.name = code, name
    return reference_engine


def told(plan: ListPlan) -> dict[int, tuple[Outcome, list[tuple[str, str]]]]:
    return {
        row.number: (row.outcome, [(remark.column, remark.told(CHINESE)) for remark in row.remarks])
        for row in plan.rows
    }


def outcomes(plan: ListPlan) -> list[Outcome]:
    return [row.outcome for row in plan.rows]


def test_an_institution_over_merged_rows_comes_in_with_its_scope_and_station(engine: Engine) -> None:
    plan = taken(engine, INSTITUTIONS, OFFICE)
    assert outcomes(plan) == [Outcome.NEW, Outcome.JOINED, Outcome.NEW]
    with reading(engine) as session:
        institution = session.scalars(select(Institution).where(Institution.credit_code == CREDIT[0])).one()
        assert (institution.kind, institution.city_adcode) == (InstitutionKind.METROLOGY, "320500")
        assert institution.source == "list"
        assert [link.station.code for link in institution.stations] == ["S-3205-001"]
        assert [
            (line.service_code, line.subject_zh, line.range, line.accuracy, line.standard, line.limitation)
            for line in institution.scope
        ] == [("metrology", *CALIPERS), ("metrology", *BALANCES)]
        assert {(line.cnas_number, line.cma_number, line.valid_until) for line in institution.scope} == {
            ("L0452", None, date(2027, 3, 14))
        }
        (entry,) = entries_about(session, "institution", institution.code)
        assert (entry.actor, entry.action, entry.detail["after"]) == ("zhao", "add_institution", METROLOGY[0])
    assert outcomes(taken(engine, INSTITUTIONS, OFFICE)) == [Outcome.UNCHANGED, Outcome.JOINED, Outcome.UNCHANGED]


@pytest.mark.parametrize(("form", "language"), [("xlsx", "zh_CN"), ("csv", "en")])
def test_the_exported_list_comes_back_unchanged(engine: Engine, form: str, language: str) -> None:
    taken(engine, INSTITUTIONS, OFFICE)
    with reading(engine) as session:
        content = exported(session, PROVINCE, INSTITUTIONS, form, language)
        plan = planned(session, PROVINCE, INSTITUTIONS, content)
    assert outcomes(plan) == [Outcome.UNCHANGED, Outcome.JOINED, Outcome.UNCHANGED]
    assert plan.sheet.passed_over == ()


@pytest.mark.parametrize(
    ("row", "heading", "written", "field"),
    [
        (1, "测量范围", "1 mg～50 kg", "range"),
        (1, "有效期至", "2029-12-31", "valid_until"),
        (0, "服务项目", "校准", "service_code"),
        (1, "检测项目/参数/产品", "机械天平", "subject_zh"),
        (0, "限制说明", "不含数显卡尺", "limitation"),
        (1, "计量授权证书编号", "(苏)法计(2022)01032号", "authorization_number"),
    ],
)
@pytest.mark.one_database
def test_a_changed_cell_of_a_line_changes_only_that(
    engine: Engine, row: int, heading: str, written: str, field: str
) -> None:
    taken(engine, INSTITUTIONS, OFFICE)
    with reading(engine) as session:
        content = exported(session, PROVINCE, INSTITUTIONS, "csv")
        (held, *_others) = INSTITUTIONS.held(session, sample=False)

    def change(rows: list[dict[str, str]]) -> None:
        rows[row][heading] = written

    plan = taken(engine, INSTITUTIONS, changed_list(content, change))
    assert outcomes(plan) == [Outcome.CHANGED, Outcome.JOINED, Outcome.UNCHANGED], told(plan)
    with reading(engine) as session:
        after = INSTITUTIONS.held(session, sample=False)[0].state
        (change_entry,) = entries_about(session, "institution", held.code)[1:]
    assert change_entry.action == "edit_institution"
    assert list(change_entry.detail["fields"]) == ["scope"]
    differing = [
        (at, name)
        for at, (one, other) in enumerate(zip(held.state.scope, after.scope, strict=True))
        for name in type(one).__slots__
        if getattr(one, name) != getattr(other, name)
    ]
    assert differing == [(row, field)]


@pytest.mark.one_database
def test_a_telephone_changed_in_one_of_several_rows_is_changed(engine: Engine) -> None:
    taken(engine, INSTITUTIONS, OFFICE)
    with reading(engine) as session:
        content = exported(session, PROVINCE, INSTITUTIONS, "csv")

    def change(rows: list[dict[str, str]]) -> None:
        rows[1]["电话"] = "0512-68259999"

    plan = taken(engine, INSTITUTIONS, changed_list(content, change))
    assert [(row.outcome, dict(row.changes)) for row in plan.rows][0] == (
        Outcome.CHANGED,
        {"phone": ("0512-68251000", "0512-68259999")},
    )


WRONG_CREDIT = f"{CREDIT[0][:-1]}9"


@pytest.mark.parametrize(
    ("changed", "column", "weight", "words"),
    [
        ({2: WRONG_CREDIT}, "credit_code", Weight.DOUBT, WRONG_CREDIT),
        ({3: "某某市"}, "city", Weight.DOUBT, "某某市"),
        ({4: "O512-1234"}, "phone", Weight.DOUBT, "O512-1234"),
        ({5: "某某小站"}, "stations", Weight.DOUBT, "某某小站"),
        ({6: "√"}, "cma_number", Weight.DOUBT, "√"),
        ({6: "2.1102E+11"}, "cma_number", Weight.DOUBT, "2.1102E+11"),
        ({8: "三年"}, "valid_until", Weight.DOUBT, "三年"),
        ({8: "2027-02-30"}, "valid_until", Weight.DOUBT, "2027-02-30"),
        ({10: "长" * 501}, "range", Weight.DOUBT, "500"),
        ({9: None, 12: None}, "subject_zh", Weight.DOUBT, ""),
        ({1: None, 2: None}, "name", Weight.FAULT, ""),
    ],
    ids=lambda value: str(value)[:24],
)
@pytest.mark.one_database
def test_what_cannot_be_read_is_named_and_costs_nothing_else(
    engine: Engine, changed: dict[int, Any], column: str, weight: Weight, words: str
) -> None:
    row = [1, *METROLOGY, *CALIPERS]
    for at, cell in changed.items():
        row[at] = cell
    content = workbook(row, (2, *FOOD, *LEAD))
    with reading(engine) as session:
        plan = planned(session, PROVINCE, INSTITUTIONS, content)
    first, second = plan.rows
    (remark,) = [one for one in first.remarks if one.column == column]
    assert remark.weight is weight
    assert words in remark.told(CHINESE)
    assert first.outcome is (Outcome.WRONG if weight is Weight.FAULT else Outcome.DOUBTFUL)
    assert second.outcome is Outcome.NEW
    if weight is Weight.DOUBT:
        taken(engine, INSTITUTIONS, content, doubtful=True)
        with reading(engine) as session:
            assert {one.name for one in session.scalars(select(Institution))} == {METROLOGY[0], FOOD[0]}


@pytest.mark.one_database
def test_rows_that_contradict_each_other_are_doubted_where_they_do(engine: Engine) -> None:
    other = [None, *METROLOGY, *BALANCES]
    other[4] = "0512-68259999"
    plan = taken(engine, INSTITUTIONS, workbook((1, *METROLOGY, *CALIPERS), other))
    (_first, doubts), (second, remarks) = told(plan).values()
    assert (outcomes(plan), doubts, second) == ([Outcome.DOUBTFUL] * 2, [], Outcome.DOUBTFUL)
    assert [column for column, _words in remarks] == ["name", "phone"]
    assert "0512-68251000" in remarks[1][1]


@pytest.mark.one_database
def test_an_institution_in_other_words_is_a_possible_double(engine: Engine) -> None:
    taken(engine, INSTITUTIONS, OFFICE)
    renamed = ["", "苏州市计量测试研究院", None, *METROLOGY[2:], *CALIPERS]
    with reading(engine) as session:
        plan = planned(session, PROVINCE, INSTITUTIONS, workbook(renamed))
    assert outcomes(plan) == [Outcome.DOUBTFUL]
    assert METROLOGY[0] in told(plan)[3][1][0][1]
    by_code = ["", "苏州市计量测试研究院", *METROLOGY[1:], *CALIPERS]
    with reading(engine) as session:
        plan = planned(session, PROVINCE, INSTITUTIONS, workbook(by_code))
    assert outcomes(plan) == [Outcome.CHANGED]
    assert dict(plan.rows[0].changes) == {"name": (METROLOGY[0], "苏州市计量测试研究院")}


NUMBERS = "CMA 211020340999；CNAS L0777"
VALIDITY = "2022-01-05至2028-01-04"


@pytest.mark.one_database
def test_annexes_of_certificates_and_lists_without_scope_are_read(engine: Engine) -> None:
    annex = workbook(
        ("苏州市产品质量监督检验院", "电线电缆", "绝缘电阻", "GB/T 3048.5-2007", NUMBERS, VALIDITY),
        (None, "电线电缆", "导体电阻", "GB/T 3048.4-2007", None, None),
        ("苏州某认证有限公司", None, None, None, "CNAS C123-M", VALIDITY),
        headings=("单位名称", "检测对象", "项目/参数", "检测标准（方法）", "证书编号", "有效期"),
    )  # fmt: skip
    plan = taken(engine, INSTITUTIONS, annex, doubtful=True)
    assert outcomes(plan)[:2] == [Outcome.NEW, Outcome.JOINED]
    with reading(engine) as session:
        testing, certification = session.scalars(select(Institution).order_by(Institution.code))
        assert testing.city_adcode == "320500"
        assert [(line.subject_zh, line.cma_number, line.cnas_number, line.valid_from) for line in testing.scope] == [
            ("电线电缆 · 绝缘电阻", "211020340999", "L0777", date(2022, 1, 5)),
            ("电线电缆 · 导体电阻", None, None, None),
        ]
        (whole,) = certification.scope
        assert (certification.kind, whole.service_code) == (InstitutionKind.CERTIFICATION, "certification")
        assert (whole.cnas_number, whole.valid_until) == ("C123-M", date(2028, 1, 4))


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("检验检测机构", InstitutionKind.TESTING),
        ("专利代理", InstitutionKind.INTELLECTUAL_PROPERTY),
        ("法定计量检定机构（市级）", InstitutionKind.METROLOGY),
        ("Certification body", InstitutionKind.CERTIFICATION),
    ],
)
def test_the_words_for_kinds_of_institutions_are_read(written: str, kind: InstitutionKind) -> None:
    (column,) = [one for one in INSTITUTIONS.columns if one.name == "kind"]
    assert column.read("kind", written) is kind


@pytest.mark.one_database
def test_stations_that_a_list_names_are_those_from_the_day_of_the_import_on(engine: Engine) -> None:
    taken(engine, INSTITUTIONS, OFFICE)
    moved = [1, *METROLOGY, *CALIPERS]
    moved[5] = "太仓质量小站"
    assert outcomes(taken(engine, INSTITUTIONS, workbook(moved))) == [Outcome.CHANGED]
    with reading(engine) as session:
        links = session.execute(
            select(Station.code, StationInstitution.since, StationInstitution.until)
            .join(StationInstitution.station)
            .order_by(Station.code)
        ).all()
    assert links == [("S-3205-001", None, TODAY), ("S-3205-002", TODAY, None)]


@pytest.mark.one_database
def test_the_report_has_each_remark_in_its_row(engine: Engine) -> None:
    second = [None, *[None] * 8, *BALANCES]
    second[8] = "三年"
    with reading(engine) as session:
        plan = planned(session, PROVINCE, INSTITUTIONS, workbook((1, *METROLOGY, *CALIPERS), second))
    sheet = load_workbook(BytesIO(import_report(plan, CHINESE, labels=column_labels(INSTITUTIONS)))).active
    rows = {row[0]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert "三年" not in str(rows[3][-1])
    assert "“三年”" in str(rows[4][-1])


@pytest.mark.one_database
def test_a_city_imports_and_exports_the_institutions_of_its_area_only(engine: Engine) -> None:
    rows = [
        ("机构名称", "设区市", "联系电话"),
        ("示例苏州检测所", "苏州市", "0512-55500001"),
        ("示例无锡检测所", "无锡市", "0510-55500001"),
        ("示例何处检测所", "", "0512-55500002"),
    ]
    with transaction(engine) as session:
        plan = planned(session, CITY, INSTITUTIONS, text(rows))
        mine, other, nowhere = plan.rows
        assert (mine.outcome, other.outcome, nowhere.outcome) == ("new", "wrong", "wrong")
        refused = CHINESE.translate(other.remarks[-1].message, **other.remarks[-1].params)
        assert "无锡市" in refused and "市级管理员" in refused
        apply_list(session, CITY, INSTITUTIONS, plan, doubtful=False, now=NOW)
        held = {row["name"] for row in list_register(session, CITY, INSTITUTIONS, now=NOW)}
    assert "示例苏州检测所" in held and "示例无锡检测所" not in held
    with reading(engine) as session, pytest.raises(NotAllowed):
        planned(session, STEWARD, INSTITUTIONS, OFFICE)


MISPRINTED = CREDIT[0][:-1] + "5"


def test_a_code_with_a_wrong_check_character_is_taken_where_the_doubtful_row_is_imported(engine: Engine) -> None:
    content = workbook((1, METROLOGY[0], MISPRINTED, *METROLOGY[2:], *CALIPERS))
    (row,) = taken(engine, INSTITUTIONS, content).rows
    (remark,) = (one for one in row.remarks if one.column == "credit_code")
    assert row.outcome == Outcome.DOUBTFUL and "请将此待核实的行一并导入" in remark.told(CHINESE)
    assert row.after.credit_code == MISPRINTED
    taken(engine, INSTITUTIONS, content, doubtful=True)
    (again,) = taken(engine, INSTITUTIONS, content).rows  # known by its code, and doubted no more
    assert again.outcome == Outcome.UNCHANGED
    assert not [one for one in again.remarks if one.column == "credit_code"]


def test_a_scope_that_has_run_out_is_noted_and_kept(engine: Engine) -> None:
    ended = (*FOOD[:-1], "2024-12-31")
    (row,) = taken(engine, INSTITUTIONS, workbook((1, *ended, *LEAD))).rows
    assert row.outcome == Outcome.NEW and row.after.scope[0].valid_until == date(2024, 12, 31)
    assert [one.told(CHINESE) for one in row.remarks if one.column == "valid_until"] == [
        "已于 2024-12-31 到期；仍予保留，按已到期计"
    ]
