"""The desk, the evaluation of a month and the bulletin with a million requests.

``python -m tests.benchmarks.requests``: each beside the bare SQL that it asks, sent again through SQLAlchemy with the
same parameters and fetched. SQLite by default; ``--database`` names another database, ``--requests`` another number.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from geo.province import province_in_use
from stations.answers.queue import queue_of
from stations.bulletin.figures import make_bulletin
from stations.database import open_engine, reading
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.evaluation.indicators import UnitLevel
from stations.evaluation.period import month_of
from stations.evaluation.results import evaluate_for
from stations.loading.setup import set_up
from stations.requests.desk_figures import desk_figures
from stations.requests.queue import QueueFilter
from tests.benchmarks.measured import Measured, keep
from tests.benchmarks.national_network import NOW, add_stations
from tests.benchmarks.national_requests import make_national_requests

TODAY = date(2026, 11, 24)
STATIONS, REQUESTS, TWICE, TIMES = 20_000, 1_000_000, 2.0, 3
Statement = tuple[str, Any]


@contextmanager
def noted(engine: Engine) -> Iterator[list[Statement]]:
    """Yield the statements that are sent until the block ends, with their parameters."""
    sent: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def beside_its_sql(engine: Engine, case: str, ask: Callable[[Session], object]) -> Measured:
    """Measure a question beside its own SQL."""
    with reading(engine) as session:
        ask(session)  # what is read once for each revision
    ours, peer = [], []
    for _ in range(TIMES):
        with noted(engine) as sent:
            began = perf_counter()
            with reading(engine) as session:
                ask(session)
            ours.append(perf_counter() - began)
        began = perf_counter()
        with engine.connect() as connection:
            for statement, parameters in sent:
                connection.exec_driver_sql(statement, parameters).fetchall()
        peer.append(perf_counter() - began)
    return Measured(case, "the same SQL bare", min(ours), min(peer), TWICE)


def cases(engine: Engine, count: int) -> Iterator[Measured]:
    """Measure all."""
    province = Responsibility(Role.PROVINCE, AreaKind.PROVINCE, province_in_use().adcode)
    actor, month = Actor("bench", "bench", False, (province,)), month_of(TODAY).before()
    late = QueueFilter(overdue_on=TODAY)
    asked: dict[str, Callable[[Session], object]] = {
        "the queue of the desk": lambda session: queue_of(session, actor, samples=True, today=TODAY),
        "the overdue of the desk": lambda session: queue_of(session, actor, late, samples=True, today=TODAY),
        "the figures of the desk": lambda session: desk_figures(session, actor, samples=True, today=TODAY),
        "evaluation of a month, counties": lambda session: evaluate_for(
            session, actor, month, UnitLevel.COUNTY, today=TODAY, samples=True
        ),
        "evaluation of a month, stations": lambda session: evaluate_for(
            session, actor, month, UnitLevel.STATION, today=TODAY, samples=True
        ),
        "bulletin of a month": lambda session: make_bulletin(session, actor, month.first, samples=True, today=TODAY),
    }
    for name, ask in asked.items():
        yield beside_its_sql(engine, f"{name}, {count:,} requests", ask)


def main() -> int:
    """Measure all; 1 where a reach is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.requests")
    parser.add_argument("--database", default="")
    parser.add_argument("--requests", type=int, default=REQUESTS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(asked.database or f"sqlite:///{Path(folder) / 'national.sqlite3'}")
        set_up(engine, samples=True, now=NOW)
        add_stations(engine, STATIONS, np.random.default_rng(32))
        made = make_national_requests(engine, asked.requests)
        return int(not keep(cases(engine, round(made, -3))))


if __name__ == "__main__":
    sys.exit(main())
