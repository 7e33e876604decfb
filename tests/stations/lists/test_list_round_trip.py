"""Each register as a list: imported again it changes nothing, and only what was changed in it is changed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.answers.presentation import render
from stations.answers.register_lists import register_list
from stations.database import reading, transaction
from stations.duty.roles import Actor
from stations.imports.plan import Outcome
from stations.language import Language
from stations.lists.applying import apply_list, list_register
from stations.lists.list_plan import ListOptions, ListPlan, plan_list, read_list
from stations.lists.register import Register
from stations.lists.registers import REGISTERS
from tests.conftest import NOW
from tests.stations.registry_factories import PROVINCE

CENTRES = REGISTERS["centres"]
STILL = (Outcome.UNCHANGED, Outcome.JOINED)


def exported(session: Session, actor: Actor, register: Register[Any], form: str, language: str = "zh_CN") -> bytes:
    rows = list_register(session, actor, register, now=NOW)
    content = render(register_list(register), rows, Language(language), form)
    return content.encode("utf-8-sig") if isinstance(content, str) else content


def planned(session: Session, actor: Actor, register: Register[Any], content: bytes) -> ListPlan:
    return plan_list(session, actor, register, read_list(register, content), ListOptions("list"), now=NOW)


def changed_list(content: bytes, change: Callable[[list[dict[str, str]]], None]) -> bytes:
    """Return a CSV in which some cells are written anew."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    change(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def taken(engine: Engine, register: Register[Any], content: bytes, *, doubtful: bool = False) -> ListPlan:
    with transaction(engine) as session:
        plan = planned(session, PROVINCE, register, content)
        if plan.to_apply(doubtful=doubtful):
            apply_list(session, PROVINCE, register, plan, doubtful=doubtful, now=NOW)
        return plan


@pytest.mark.parametrize(("form", "language"), [("xlsx", "zh_CN"), ("csv", "zh_CN"), ("xlsx", "en"), ("csv", "en")])
def test_every_centre_comes_back_unchanged(reference_engine: Engine, form: str, language: str) -> None:
    with reading(reference_engine) as session:
        plan = planned(session, PROVINCE, CENTRES, exported(session, PROVINCE, CENTRES, form, language))
    assert [
        (row.number, row.name, row.outcome, row.remarks) for row in plan.rows if row.outcome is not Outcome.UNCHANGED
    ] == []
    assert len(plan.rows) == 63
    assert plan.sheet.passed_over == ()


@pytest.mark.parametrize("name", REGISTERS)
@pytest.mark.one_database
def test_the_sample_network_comes_back_unchanged(sample_engine: Engine, name: str) -> None:
    register, actor = REGISTERS[name], replace(PROVINCE, sample=True)
    with reading(sample_engine) as session:
        plan = planned(session, actor, register, exported(session, actor, register, "xlsx"))
    changed = [(row.name, row.outcome, row.remarks, row.changes) for row in plan.rows if row.outcome not in STILL]
    assert changed == []
    assert plan.rows


@pytest.mark.parametrize(
    ("heading", "written", "field"),
    [
        ("承担单位", "另一单位", "host"),
        ("中心名称", "国家物联网感知装备产业计量测试中心（改）", "name"),
        ("级别", "省级", "level"),
        ("类别", "计量中心", "kind"),
        ("地址", "某路1号", "address"),
        ("验收文号", "国市监〔2023〕1号", "history"),
        ("验收日期", "2023-05-01", "history"),
        ("批准筹建日期", "2019-06", "history"),
        ("英文名称", "A Centre", "name_en"),
        ("来源", "另一文件", "source"),
        ("县(市、区)", "江阴市", "county_adcode"),
    ],
)
@pytest.mark.one_database
def test_a_changed_cell_changes_only_its_field(
    reference_engine: Engine, heading: str, written: str, field: str
) -> None:
    with reading(reference_engine) as session:
        content = exported(session, PROVINCE, CENTRES, "csv")

    def change(rows: list[dict[str, str]]) -> None:
        rows[0][heading] = written

    plan = taken(reference_engine, CENTRES, changed_list(content, change))
    outcomes = [row.outcome for row in plan.rows]
    assert outcomes == [Outcome.CHANGED] + [Outcome.UNCHANGED] * 62, plan.rows[0]
    first = plan.rows[0]
    assert first.before is not None and first.after is not None
    assert [
        name for name in type(first.after).__slots__ if getattr(first.before, name) != getattr(first.after, name)
    ] == [field]
    with reading(reference_engine) as session:
        again = planned(session, PROVINCE, CENTRES, changed_list(content, change))
    assert {row.outcome for row in again.rows} == {Outcome.UNCHANGED}
