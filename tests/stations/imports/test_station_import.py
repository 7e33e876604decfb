from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from sqlalchemy import Engine

from stations.audit.log import entries_about
from stations.database import reading, transaction
from stations.errors import Conflict, NotAllowed
from stations.imports.applied_plan import RegistryMoved
from stations.imports.importing import apply_import, plan_import, read_list
from stations.imports.plan import ImportOptions, ImportPlan, Outcome
from stations.imports.report import import_report
from stations.imports.template import import_template
from stations.keeping.editing import edit_record
from stations.language import Language
from stations.partial_date import PartialDate
from stations.registry.record_history import list_changes, state_at
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of
from stations.registry.record_state import FieldChange, Offer
from stations.registry.record_terms import Terms
from stations.registry.standing import standing_stations
from stations.registry.station import Status, get_station
from tests.conftest import NOW, TODAY
from tests.stations.imports.import_files.make import CHANGSHU, HEAD, KUNSHAN, TAICANG, text
from tests.stations.registry_factories import CITY, COLLEAGUE, PROVINCE, added_station, form_of

STATION = RecordKind.STATION
MORE = (*HEAD, "登记编号", "服务项目", "状态", "原因")


def planned(engine: Engine, rows: list, actor=PROVINCE, **options: object) -> ImportPlan:
    sheet = read_list(text(rows))
    with reading(engine) as session:
        return plan_import(session, actor, sheet, ImportOptions("名单.csv", **options), now=NOW)


def applied(engine: Engine, plan: ImportPlan, **options: bool):
    with transaction(engine) as session:
        return apply_import(session, PROVINCE, plan, now=NOW, **options)


def outcomes(plan: ImportPlan) -> list[str]:
    return [row.outcome.value for row in plan.rows]


def test_the_snapshot_equals_the_records(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        for sample in (False, True):
            standing = standing_stations(session, sample=sample)
            assert standing
            for code, one in standing.items():
                station = get_station(session, code, samples=True)
                assert (one.state, one.version, one.id) == (state_of(station), station.version, station.id)


def test_new_then_unchanged_then_changed(reference_engine: Engine) -> None:
    rows = [HEAD, KUNSHAN, CHANGSHU]
    plan = planned(reference_engine, rows)
    assert outcomes(plan) == ["new", "new"]
    done = applied(reference_engine, plan)
    assert (done.added, done.changed) == (2, 0)
    assert outcomes(planned(reference_engine, rows)) == ["unchanged", "unchanged"]
    plan = planned(reference_engine, [HEAD, (*KUNSHAN[:3], "12315"), (*CHANGSHU[:2], "", "")])
    assert outcomes(plan) == ["changed", "unchanged"]
    assert plan.rows[0].changes == {"phone": FieldChange(KUNSHAN[3], "12315")}
    assert applied(reference_engine, plan).changed == 1
    with reading(reference_engine) as session:
        station = get_station(session, done.codes[2], samples=False)
        assert (station.phone, station.version) == ("12315", 2)
        assert [change.version for change in list_changes(session, STATION, [station.code])] == [2, 1]
        assert state_at(session, STATION, station.code, 2) == state_of(station)
        entries = entries_about(session, "import", "名单.csv")
        assert [(entry.detail["added"], entry.detail["changed"]) for entry in entries] == [(2, 0), (0, 1)]


def test_services_and_status_move_on_and_keep_their_past(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session)
        code, before = station.code, state_of(station)
    row = ("昆山高新区质量小站", "", "", "", code, "校准、标准查询与文本", "暂停", "设备检修")
    plan = planned(reference_engine, [MORE, row], status_date=PartialDate.of(TODAY))
    assert outcomes(plan) == ["changed"]
    applied(reference_engine, plan)
    with reading(reference_engine) as session:
        after = state_of(get_station(session, code, samples=False))
    assert after.services == (
        next(offer for offer in before.services if offer.service_code == "metrology.calibration"),
        Offer("standards.lookup", since=TODAY),
        Offer("testing", until=TODAY),
    )
    assert after.history[:-1] == before.history
    assert (after.history[-1].stage, after.history[-1].reason) == (Status.SUSPENDED, "设备检修")
    assert outcomes(planned(reference_engine, [MORE, row])) == ["unchanged"]


def test_wrong_and_doubtful_rows_stay_out_unless_asked_for(reference_engine: Engine) -> None:
    applied(reference_engine, planned(reference_engine, [HEAD, KUNSHAN]))
    like = ("示例昆山市甲质量服务站", "昆山市", "另一路5号", "")
    rows = [HEAD, like, CHANGSHU, ("", *TAICANG[1:])]
    plan = planned(reference_engine, rows)
    assert outcomes(plan) == ["doubtful", "new", "wrong"]
    told = " ".join(remark.told(Language("zh_CN")) for remark in plan.rows[0].remarks)
    assert "同一记录：名称实质相同。" in told
    assert applied(reference_engine, plan).added == 1
    done = applied(reference_engine, planned(reference_engine, rows), doubtful=True)
    assert (done.added, done.left) == (1, 2)


def test_nothing_is_written_on_a_registry_that_moved(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session)
    row = (station.name, "昆山市", "新路1号", "")
    plan = planned(reference_engine, [HEAD, row, CHANGSHU])
    with transaction(reference_engine) as session:
        held = get_station(session, station.code, samples=False)
        edit_record(session, COLLEAGUE, STATION, held.code, form_of(held, phone="12345"), version=held.version, now=NOW)
    with pytest.raises(RegistryMoved):
        applied(reference_engine, plan)
    with reading(reference_engine) as session:
        standing = standing_stations(session, sample=False)
        assert CHANGSHU[0] not in {one.state.name for one in standing.values()}
        assert standing[station.code].state.address == station.address


def test_a_registry_that_moved_elsewhere_is_no_hindrance(reference_engine: Engine) -> None:
    plan = planned(reference_engine, [HEAD, CHANGSHU])
    with transaction(reference_engine) as session:
        added_station(session)
    assert applied(reference_engine, plan).added == 1


def test_nothing_to_write_and_nobody_without_the_duty(reference_engine: Engine) -> None:
    plan = planned(reference_engine, [HEAD, (KUNSHAN[0], "无此县", *KUNSHAN[2:])])
    with pytest.raises(Conflict):
        applied(reference_engine, plan)
    for actor in (None, CITY):
        with pytest.raises(NotAllowed):
            planned(reference_engine, [HEAD, KUNSHAN], actor)


def test_an_invented_person_reaches_samples_only(sample_copy_engine: Engine) -> None:
    invented = replace(PROVINCE, sample=True)
    rows = [MORE, ("某站", "昆山市", "路1号", "", "S-3201-001", "", "", "")]
    assert outcomes(planned(sample_copy_engine, rows, invented)) == ["wrong"]


def test_codes_that_are_not_there_or_stand_in_the_wrong_row_are_doubtful(reference_engine: Engine) -> None:
    rows = [MORE, ("完全另外的名字", "", "", "", "S-3201-001", "", "", ""), (*KUNSHAN, "S-3205-999", "", "", "")]
    assert outcomes(planned(reference_engine, rows)) == ["doubtful", "doubtful"]


def test_the_report_says_what_is_wrong_beside_its_cell(reference_engine: Engine) -> None:
    plan = planned(reference_engine, [HEAD, KUNSHAN, (*CHANGSHU[:3], "1234"), ("=1+1", *TAICANG[1:])])
    content = import_report(plan, Language("en"))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads == ["Row", *HEAD, "Outcome", "What to do"]
    phone = sheet.cell(3, 1 + heads.index("联系电话"))
    assert phone.value == "1234" and "not a telephone number" in phone.comment.text
    assert phone.fill.fgColor.rgb.endswith("FBE3B0")
    assert [sheet.cell(row, len(heads) - 1).value for row in (2, 3)] == ["New", "Doubtful"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    again = read_list(content)
    assert [row.cells["name"] for row in again.rows][:2] == [KUNSHAN[0], CHANGSHU[0]]


def test_what_no_workbook_can_hold_is_told_beside_its_cell_all_the_same(reference_engine: Engine) -> None:
    sheet = read_list("站点名称,县（市、区）,详细地址\r\n示例站,\x1b\ufffe火星,路1号\r\n".encode())
    with reading(reference_engine) as session:
        plan = plan_import(session, PROVINCE, sheet, ImportOptions(), now=NOW)
    report = openpyxl.load_workbook(io.BytesIO(import_report(plan, Language("zh_CN")))).worksheets[0]
    assert report["C2"].value == "\ufffd\ufffd火星"
    assert "\ufffd\ufffd火星" in report["C2"].comment.text


def test_the_report_carries_every_column_of_the_list_as_it_came(reference_engine: Engine) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["序号", HEAD[0], "负责科室", HEAD[1], HEAD[2], None, HEAD[3], None, "联系电话"])
    sheet.append([1, KUNSHAN[0], " 质量发展科 ", *KUNSHAN[1:3], None, "1234", None, "第二个电话"])
    sheet.append([2, CHANGSHU[0], datetime(2026, 3, 5), *CHANGSHU[1:3], None, CHANGSHU[3], None, None, None, "旁注"])
    content = io.BytesIO()
    book.save(content)
    sheet = read_list(content.getvalue())
    assert sheet.passed_over == ("序号", "负责科室", "联系电话")
    with reading(reference_engine) as session:
        plan = plan_import(session, PROVINCE, sheet, ImportOptions(), now=NOW)
    content = import_report(plan, Language("zh_CN"))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    heads, *rows = ([cell.value for cell in row] for row in sheet)
    assert heads == ["行", "序号", *HEAD[:1], "负责科室", *HEAD[1:], "联系电话", None, "处理结果", "说明与处理办法"]
    assert rows[0][1:9] == [1, KUNSHAN[0], "质量发展科", *KUNSHAN[1:3], "1234", "第二个电话", None]
    assert rows[1][1:9] == [2, CHANGSHU[0], datetime(2026, 3, 5), *CHANGSHU[1:], None, "旁注"]
    passed_over = [cell.column for cell in sheet[1] if cell.comment]
    assert passed_over == [2, 4, 8, 9] and "不导入" in sheet.cell(1, 4).comment.text
    assert "不是有效电话号码" in sheet.cell(2, 7).comment.text and sheet.cell(2, 8).comment is None
    again = read_list(content)
    assert [row.cells["phone"] for row in again.rows] == ["1234", CHANGSHU[3]]


@pytest.mark.parametrize("code", ["zh_CN", "en"])
def test_the_template_is_read_by_the_import(reference_engine: Engine, code: str) -> None:
    with reading(reference_engine) as session:
        content = import_template(Terms.load(session), Language(code))
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    rules = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert len(rules) == 3
    heads = [cell.value for cell in sheet[1]]
    lists = book.worksheets[2]
    given = {"名称": "示例站", "县(市、区)": lists["A2"].value, "地址": "路1号", "坐标系": lists["C4"].value}
    given |= {"Name": "示例站", "County, city or district": lists["A2"].value, "Address": "路1号"}
    given |= {"Status": lists["B2"].value}
    sheet.append([given.get(head) for head in heads])
    content = io.BytesIO()
    book.save(content)
    sheet = read_list(content.getvalue())
    assert not sheet.passed_over and not sheet.rows[0].problems
    with reading(reference_engine) as session:
        plan = plan_import(session, PROVINCE, sheet, ImportOptions(), now=NOW)
    assert [row.outcome for row in plan.rows] == [Outcome.NEW]
