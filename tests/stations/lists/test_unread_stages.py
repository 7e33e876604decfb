"""The present stage under any of its headings, and in a column that is not read; documents; kinds of pilots."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from stations.database import reading
from stations.imports.plan import Outcome
from stations.language import Language
from stations.lists.list_plan import ListPlan
from stations.lists.registers import REGISTERS
from tests.stations.lists.test_list_round_trip import exported, planned, taken
from tests.stations.registry_factories import PROVINCE

CENTRES, PILOTS = REGISTERS["centres"], REGISTERS["pilots"]
CHINESE = Language("zh_CN")

pytestmark = pytest.mark.one_database


def of(engine: Engine, heading: str, told: str, register: str = "centres") -> ListPlan:
    kind = "质检中心" if register == "centres" else "农业"
    text = f"名称,类别,级别,设区市,验收时间,{heading}\n某某特种玻璃中心,{kind},国家级,苏州市,2017,{told}\n"
    with reading(engine) as session:
        return planned(session, PROVINCE, REGISTERS[register], text.encode())


@pytest.mark.parametrize("register", ["centres", "pilots"])
@pytest.mark.parametrize(
    "heading", ["目前进展", "进展情况", "当前进展", "建设进展", "进展", "最新状态", "项目进度", "现状态", "目前状态"]
)
def test_the_present_stage_has_many_headings(reference_engine: Engine, heading: str, register: str) -> None:
    (row,) = of(reference_engine, heading, "已撤销", register).rows
    assert row.outcome is Outcome.NEW and row.after is not None
    assert [entry.stage.value for entry in row.after.history] == ["accepted", "withdrawn"]


@pytest.mark.parametrize(("told", "outcome"), [("已撤销", Outcome.DOUBTFUL), ("2019年撤销", Outcome.DOUBTFUL)])
def test_a_stage_in_a_column_that_is_not_read_is_a_doubt(reference_engine: Engine, told: str, outcome: Outcome) -> None:
    (row,) = of(reference_engine, "近况说明", told).rows
    assert row.outcome is outcome
    message = " ".join(one.told(CHINESE) for one in row.remarks)
    assert "近况说明" in message and told in message


@pytest.mark.parametrize("told", ["已验收", "是", "联系人张三", "", "运行良好", "12"])
def test_other_words_in_a_column_that_is_not_read_are_no_doubt(reference_engine: Engine, told: str) -> None:
    (row,) = of(reference_engine, "近况说明", told).rows
    assert row.outcome is Outcome.NEW, [one.told(CHINESE) for one in row.remarks]


def test_the_name_of_a_list_is_no_number_of_a_document(reference_engine: Engine) -> None:
    headings = "名称,类别,级别,设区市,批准筹建日期,批准筹建文号,验收日期"
    text = f"{headings}\n某某特种玻璃中心,质检中心,国家级,苏州市,2015,国市监〔2015〕3号,2017\n"
    taken(reference_engine, CENTRES, text.encode())
    with reading(reference_engine) as session:
        table = exported(session, PROVINCE, CENTRES, "csv").decode("utf-8-sig").splitlines()
        again = planned(session, PROVINCE, CENTRES, "\n".join(table).encode())
    (line,) = (line for line in table if "特种玻璃" in line)
    cells = dict(zip(table[0].split(","), line.split(","), strict=True))
    assert cells["批准筹建文号"] == "国市监〔2015〕3号"
    assert (cells["验收文号"], cells["来源"]) == ("", "list")
    assert again.counts[Outcome.UNCHANGED] == len(again.rows)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("国家级服务业标准化试点", Outcome.DOUBTFUL),
        ("农村综合改革标准化试点", Outcome.DOUBTFUL),
        ("国家农业标准化示范区", Outcome.NEW),
        ("社会管理和公共服务综合标准化试点", Outcome.NEW),
    ],
)
def test_a_kind_that_is_only_counted_under_another_is_a_doubt(
    reference_engine: Engine, kind: str, outcome: Outcome
) -> None:
    text = f"名称,类型,设区市,状态\n某某试点,{kind},苏州市,实施中\n"
    with reading(reference_engine) as session:
        (row,) = planned(session, PROVINCE, PILOTS, text.encode()).rows
    assert row.outcome is outcome
    assert (kind in " ".join(one.told(CHINESE) for one in row.remarks)) is (outcome is Outcome.DOUBTFUL)
