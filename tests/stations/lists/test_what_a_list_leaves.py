"""What a list does not say: empty cells, lines and duties that it lacks stay and are told, or go if asked to."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.answers.register_lists import RegisterImport
from stations.catalogue.chain import IndustrialChain
from stations.database import transaction
from stations.duty.roles import Actor, Role
from stations.imports.plan import Planned
from stations.language import Language
from stations.lists.applying import apply_list
from stations.lists.list_plan import ListOptions, ListPlan, plan_list, read_list
from stations.lists.registers import REGISTERS
from tests.conftest import NOW, TODAY
from tests.stations.account_factories import account
from tests.stations.imports.import_files.make import KUNSHAN, text
from tests.stations.imports.test_station_import import applied
from tests.stations.imports.test_station_import import planned as stations_planned
from tests.stations.lists.test_list_round_trip import changed_list, exported
from tests.stations.registry_factories import CITY, PROVINCE

pytestmark = pytest.mark.one_database
CHINESE = Language("zh_CN")
ACCOUNTS, INSTITUTIONS = REGISTERS["accounts"], REGISTERS["institutions"]
LINES = [
    ("机构名称", "机构类别", "设区市", "联系电话", "检测参数", "依据标准"),
    ("示例量具检测所", "检测机构", "苏州市", "0512-55500001", "长度", "GB/T 1"),
    ("示例量具检测所", "检测机构", "苏州市", "0512-55500001", "硬度", "GB/T 2"),
]


@pytest.fixture
def session(reference_engine: Engine) -> Iterator[Session]:
    with transaction(reference_engine) as session:
        yield session


def listed(
    session: Session, name: str, rows: list[Any] | bytes, actor: Actor = PROVINCE, **options: bool
) -> ListPlan:
    """Return the plan of a list after importing it, doubtful rows too."""
    register = REGISTERS[name]
    content = rows if isinstance(rows, bytes) else text(rows)
    sheet = read_list(register, content)
    plan = plan_list(session, actor, register, sheet, ListOptions("名单.csv", **options), now=NOW)
    if plan.to_apply(doubtful=True):
        apply_list(session, actor, register, plan, doubtful=True, now=NOW)
        session.flush()
    return plan


def said(row: Planned[Any]) -> str:
    return "\n".join(one.told(CHINESE) for one in row.remarks)


def emptied(session: Session, name: str, heading: str) -> tuple[bytes, str]:
    """Return the exported list, in which the first filled cell under a heading is emptied, and the record's name."""
    content = exported(session, PROVINCE, REGISTERS[name], "csv")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    at = next(at for at, row in enumerate(rows) if row[heading])

    def empty(rows: list[dict[str, str]]) -> None:
        rows[at][heading] = ""

    return changed_list(content, empty), str(at)


@pytest.mark.parametrize(
    ("heading", "field", "nothing"), [("承担单位", "host", None), ("地址", "address", None), ("产业链", "chains", ())]
)
def test_an_emptied_cell_of_a_centre_stays_or_is_cleared(
    session: Session, heading: str, field: str, nothing: object
) -> None:
    first = [("中心名称", "级别", "类别", "市", "阶段", "承担单位", "地址", "产业链")]
    chain = session.scalars(select(IndustrialChain.name_zh).order_by(IndustrialChain.code)).first()
    row = ("国家示例微流控质检中心", "国家级", "质检中心", "苏州市", "在建", "某院", "某路", chain)
    listed(session, "centres", [*first, row])
    content, at = emptied(session, "centres", heading)
    left = listed(session, "centres", content).rows[int(at)]
    assert (left.outcome, getattr(left.after, field)) == ("unchanged", getattr(left.before, field))
    assert f"表中为空，登记档案保持不变：{heading}" in said(left)
    gone = listed(session, "centres", content, clears=True).rows[int(at)]
    assert (gone.outcome, getattr(gone.after, field)) == ("changed", nothing)
    assert f"表中为空，清除登记档案中的内容：{heading}" in said(gone)


def test_what_a_record_needs_is_never_cleared(session: Session) -> None:
    content, at = emptied(session, "centres", "级别")
    row = listed(session, "centres", content, clears=True).rows[int(at)]
    assert row.outcome == "unchanged" and "保持不变：级别" in said(row)


def test_lines_of_scope_that_a_list_lacks_stay_or_go(session: Session) -> None:
    listed(session, "institutions", LINES)
    (kept,) = listed(session, "institutions", LINES[:2]).rows
    assert (kept.outcome, len(kept.after.scope)) == ("unchanged", 2)
    assert "名单中没有、予以保留的资质范围（1 条）：硬度" in said(kept)
    (gone,) = listed(session, "institutions", LINES[:2], replaces=True).rows
    assert [line.subject_zh for line in gone.after.scope] == ["长度"]
    assert "名单中没有、将删除的资质范围（1 条）：硬度" in said(gone)
    assert gone.changes["scope"][0].startswith("testing 硬度")
    alone = [LINES[0][:4], LINES[1][:4]]  # a list that names no line says nothing of the scope
    (row,) = listed(session, "institutions", alone, replaces=True).rows
    assert row.outcome == "unchanged"


@pytest.mark.parametrize("username", ["wang", "WANG", "Wang"])
def test_a_changed_role_is_added_and_told_or_replaces(reference_engine: Engine, username: str) -> None:
    account(reference_engine, "wang", Role.COUNTY, "320583")
    rows = [("用户名", "姓名", "角色", "管辖地区"), (username, "王科长", "县级管理员", "太仓市")]
    with transaction(reference_engine) as session:
        register = ACCOUNTS
        plan = plan_list(session, CITY, register, read_list(register, text(rows)), now=NOW)
        (row,) = plan.rows
        assert (row.outcome, row.code) == ("doubtful", "wang")
        assert "将增加县级管理员 · 苏州市太仓市；登记档案中的县级管理员 · 苏州市昆山市予以保留" in said(row)
        (row,) = listed(session, "accounts", rows, CITY, replaces=True).rows
        assert row.outcome == "changed" and "将取消的职责：县级管理员 · 苏州市昆山市" in said(row)
    with transaction(reference_engine) as session:
        (row,) = listed(session, "accounts", rows).rows
        assert row.outcome == "unchanged"
        assert [(duty.role, duty.area_code) for duty in row.before.duties] == [("county", "320585")]


def test_a_duty_above_the_own_is_not_taken_by_a_list(reference_engine: Engine) -> None:
    account(reference_engine, "wang", Role.CITY, "320500")
    rows = [("用户名", "姓名", "角色", "管辖地区"), ("wang", "王科长", "县级管理员", "太仓市")]
    with transaction(reference_engine) as session:
        (row,) = listed(session, "accounts", rows, CITY, replaces=True).rows
    assert row.outcome == "wrong"


def test_one_user_name_in_two_cases_is_one_account_in_a_list(session: Session) -> None:
    person = ("李四", "县级管理员")
    rows = [("用户名", "姓名", "角色", "管辖地区"), ("Li.Si", *person, "太仓市"), ("li.si", *person, "昆山市")]
    assert [row.outcome.value for row in listed(session, "accounts", rows).rows] == ["new", "joined"]


def test_an_account_loses_its_telephone_only_if_empty_cells_clear(session: Session) -> None:
    head = ("用户名", "姓名", "角色", "管辖地区", "手机")
    listed(session, "accounts", [head, ("lisi", "李四", "县级管理员", "太仓市", "13812345678")])
    again = [head, ("lisi", "李四", "县级管理员", "太仓市", "")]
    (row,) = listed(session, "accounts", again).rows
    assert row.outcome == "unchanged" and "保持不变：手机" in said(row)
    (row,) = listed(session, "accounts", again, clears=True).rows
    assert (row.outcome, row.after.phone) == ("changed", None)


def test_empty_cells_of_stations_stay_or_are_cleared(reference_engine: Engine) -> None:
    head = (*(heading for heading in ("站点名称", "县(市、区)", "详细地址")), "电话", "服务项目", "运营单位")
    full = ("示例甲质量小站", KUNSHAN[1], "示例路1号", "0512-55500001", "校准", "某院")
    applied(reference_engine, stations_planned(reference_engine, [head, full]))
    bare = (*full[:3], "", "", "某院")
    (row,) = stations_planned(reference_engine, [head, bare]).rows
    assert row.outcome == "unchanged" and "表中为空，登记档案保持不变：电话、服务项目" in said(row)
    (row,) = stations_planned(reference_engine, [head, bare], clears=True).rows
    assert (row.outcome, row.after.phone) == ("changed", None)
    assert [offer.until for offer in row.after.services] == [TODAY]


def test_messages_name_the_fields_as_the_list_heads_them(session: Session) -> None:
    rows = [("中心名称", "中心 级别", "所属区县", "阶段"), ("某微流控中心", "国字号", "火星市", "搬砖")]
    plan = listed(session, "centres", rows)
    (told,) = RegisterImport(REGISTERS["centres"], plan, None).each_row()
    message = told.message(CHINESE)
    assert "中心 级别：“国字号”" in message and "所属区县：" in message and "阶段：“搬砖”" in message
    assert message.count("；") >= 2
