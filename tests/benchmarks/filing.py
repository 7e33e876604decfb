"""``python -m tests.benchmarks.filing``: requests filed by eight firms at once, beside the bare INSERTs that they make.

Both write to a SQLite database with the sample network, and each request is on disk before it is acknowledged. The peer
sends the very rows again, eight writers at once, one transaction for each request, without a check of any kind.
"""

from __future__ import annotations

import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copyfile
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event

from stations.database import open_engine, reading, transaction
from stations.loading.setup import set_up
from stations.registry.nearest_stations import Search, station_facts
from stations.registry.station import Station
from stations.registry.who_offers import find_who_offers
from stations.requests.filing import Draft
from stations.requests.filing_in_parts import file_form
from tests.benchmarks.measured import Measured, keep
from tests.conftest import NOW
from tests.stations.request_factories import filled_form, new_credit_code

AT_ONCE, REQUESTS, TWICE = 8, 400, 2.0
SERVICE, KUNSHAN = "metrology.calibration", (120.98, 31.38)
Statement = tuple[str, Any]


def seconds_each(work: Callable[[Any], object], things: Iterable[Any]) -> float:
    """Return the seconds by the clock that one of the things takes, eight being worked on at once."""
    waiting = list(things)
    with ThreadPoolExecutor(AT_ONCE) as workers:
        began = perf_counter()
        deque(workers.map(work, waiting), maxlen=0)
        return (perf_counter() - began) / len(waiting)


def file_one(engine: Engine, code: str) -> None:
    """File a request at a station as a firm does that chose it."""
    station = Station(code=code)
    form = filled_form(station, services=(SERVICE,), credit_code=new_credit_code())
    draft = Draft()  # with its slow hash, before the transaction
    with transaction(engine) as session:
        file_form(session, form, draft, now=NOW, samples=True)


def inserts_of(engine: Engine, work: Callable[[], object]) -> list[Statement]:
    """Return the INSERTs that a piece of work sends."""
    sent: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.startswith("INSERT"):
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sent


def insert(engine: Engine, statements: list[Statement]) -> None:
    """Send INSERTs as one transaction, without a look at what they refer to."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        for statement, parameters in statements:
            cursor.execute(statement, parameters)
            cursor.fetchall()
        cursor.execute("COMMIT")
    finally:
        connection.close()


def measure(folder: Path) -> Measured:
    """Measure both sides on databases of their own."""
    files = [folder / name for name in ("ours.sqlite3", "noted.sqlite3", "bare.sqlite3")]
    first = open_engine(f"sqlite:///{files[0]}")
    set_up(first, samples=True, now=NOW)
    with reading(first) as session:
        found = find_who_offers(session, Search(*KUNSHAN, NOW.date(), True, station_facts), [SERVICE], 1)
    code = found.offers[0].found.station.code
    first.dispose()
    for file in files[1:]:
        copyfile(files[0], file)
    ours, noted, bare = (open_engine(f"sqlite:///{file}") for file in files)
    event.listen(bare, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys = OFF"))
    rows = [inserts_of(noted, lambda: file_one(noted, code)) for _ in range(REQUESTS)]
    file_one(ours, code)
    insert(bare, [])
    filed = seconds_each(lambda _: file_one(ours, code), range(REQUESTS))
    inserted = seconds_each(lambda statements: insert(bare, statements), rows)
    return Measured("a request filed, 8 at once", "its bare INSERTs", filed, inserted, TWICE)


def main() -> bool:
    """Measure, and return whether the reach is met."""
    with tempfile.TemporaryDirectory() as folder:
        return keep([measure(Path(folder))])


if __name__ == "__main__":
    sys.exit(not main())
