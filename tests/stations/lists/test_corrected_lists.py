"""Cells of a register's list put right over the upload, and what the audit log keeps of that."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from stations.audit.log import entries_about
from stations.database import reading, transaction
from stations.imports.corrected_cells import correction_grid, problems_of
from stations.lists.applying import apply_list
from stations.lists.list_plan import ListOptions, plan_list, read_list
from stations.lists.registers import REGISTERS
from tests.conftest import NOW
from tests.stations.imports.import_files.make import text
from tests.stations.registry_factories import PROVINCE

pytestmark = pytest.mark.one_database

CENTRES = [
    ("中心名称", "级别", "类别", "依托单位", "所在地", "批准筹建日期"),
    ("江苏省示例家具质检中心", "省级", "质检中心", "某院", "火星市", "2020"),
]
ACCOUNTS = [("姓名", "用户名", "角色", "职责范围"), ("示例人", "shiliren1", "县级管理员", "火星区")]


@pytest.mark.parametrize(
    ("name", "rows", "place", "logged"),
    [
        ("centres", CENTRES, 4, {"row": 2, "field": "county", "before": "火星市", "after": "昆山市"}),
        ("accounts", ACCOUNTS, 3, {"row": 2, "field": "area"}),  # nothing of a person in clear
    ],
)
def test_a_cell_is_put_right_and_logged(
    reference_engine: Engine, name: str, rows: list, place: int, logged: dict
) -> None:
    register = REGISTERS[name]

    def planned(corrections: dict):
        sheet = read_list(register, text(rows), corrections=corrections)
        with reading(reference_engine) as session:
            return plan_list(session, PROVINCE, register, sheet, ListOptions("名单.csv"), now=NOW)

    wrong = planned({})
    (row,) = correction_grid(wrong, every=False, at_most=5).rows
    assert row.cells == rows[1] and problems_of(row.planned)
    with transaction(reference_engine) as session:
        apply_list(session, PROVINCE, register, planned({(2, place): "昆山市"}), doubtful=True, now=NOW)
    with reading(reference_engine) as session:
        (entry,) = entries_about(session, "import", "名单.csv")
    assert entry.detail["corrected"] == [logged]
