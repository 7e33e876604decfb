"""A list with every dated entry gives the same histories back in an empty register."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import Engine, delete, select

from stations.database import reading, table_of, transaction
from stations.imports.plan import Outcome
from stations.lists.pilots import PILOTS, PilotState
from stations.lists.register import ListedRow
from stations.partial_date import PartialDate
from stations.registry.centre import Centre, CentreKind, CentreLevel, Stage
from stations.registry.record_history import RecordChange
from stations.registry.record_state import CentreState, HistoryEntry
from stations.targets.pilot import Pilot, PilotKind
from tests.conftest import NOW
from tests.stations.lists.test_list_round_trip import CENTRES, changed_list, exported, planned, taken
from tests.stations.registry_factories import PROVINCE

STEPS = ("2016", "2018-03", "2019-05-01", "2021-11", "2024-02-29", "2026-08")


def stages(seed: int) -> tuple[HistoryEntry, ...]:
    """Return a history of any stages, also repeated ones, in the order of their dates."""
    choose = random.Random(seed)
    entries = []
    for moment in STEPS[: choose.randrange(1, len(STEPS) + 1)]:
        day = PartialDate.parse(moment)
        dated, as_of = choose.choice(((day, None), (None, day), (day, day)))
        told = (choose.choice((None, "资金未到位 | 另议")), choose.choice((None, "国市监〔2023〕1号", "某公告；\\n")))
        entries.append(HistoryEntry(choose.choice(tuple(Stage)), dated, as_of, *told))
    return tuple(entries)


@pytest.mark.one_database
def test_the_exported_list_gives_every_history_back_in_an_empty_register(reference_engine: Engine) -> None:
    centres = {
        f"C-9{seed:02d}": CentreState(
            name=f"示例第{seed}计量中心",
            level=CentreLevel.PROVINCIAL,
            kind=CentreKind.METROLOGY,
            city_adcode="320500",
            source="某文件",
            history=stages(seed),
        )
        for seed in range(60)
    }
    pilots = {
        f"P-9{seed:02d}": PilotState(
            name=f"示例第{seed}试点", kind=PilotKind.SOCIAL, city_adcode="320500", source="某文件", history=stages(seed)
        )
        for seed in range(100, 140)
    }
    for register, states in ((CENTRES, centres), (PILOTS, pilots)):
        with transaction(reference_engine) as session:
            rows = [
                ListedRow(number, Outcome.NEW, state.name, code, after=state)
                for number, (code, state) in enumerate(states.items(), start=2)
            ]
            register.write(session, PROVINCE, rows, reason="test", now=NOW)
        with reading(reference_engine) as session:
            content = exported(session, PROVINCE, register, "xlsx")
        with transaction(reference_engine) as session:
            for record in session.scalars(select(Centre if register is CENTRES else Pilot)):
                session.delete(record)
            session.flush()
            session.execute(delete(table_of(RecordChange)))
        plan = taken(reference_engine, register, content, doubtful=True)
        assert Outcome.WRONG not in {row.outcome for row in plan.rows}
        with reading(reference_engine) as session:
            held = {one.code: one.state for one in register.held(session, sample=False)}
        assert {code: held[code] for code in states} == states


def test_an_older_history_in_a_list_or_another_one_changes_nothing_on_file(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        content = exported(session, PROVINCE, CENTRES, "csv")

    def later(rows: list[dict[str, str]]) -> None:
        rows[0]["阶段记录"] = rows[0]["阶段记录"].split("；")[0]

    def other(rows: list[dict[str, str]]) -> None:
        rows[0]["阶段记录"] = "批准筹建 | 1999"

    def unread(rows: list[dict[str, str]]) -> None:
        rows[0]["阶段记录"] = "见附件"

    with reading(reference_engine) as session:
        outcomes = [
            planned(session, PROVINCE, CENTRES, changed_list(content, change)).rows[0].outcome
            for change in (later, other, unread)
        ]
    assert outcomes == [Outcome.UNCHANGED, Outcome.UNCHANGED, Outcome.DOUBTFUL]
