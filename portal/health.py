"""Whether this server works, for load balancers and watchers.

``/health``: the process serves and its database answers. ``/ready``: the database also has the schema of this version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from portal.storage import engine
from stations.database import open_engine, sqlite_file
from stations.errors import NotReady
from stations.loading.migration import check_ready

ANSWERS_WITHIN = 5
"""Seconds; a database that takes longer does not answer."""
_AT_ONCE = 2
_set_up: set[str] = set()  # databases that have been seen with our tables
_turns = anyio.CapacityLimiter(_AT_ONCE)  # a database that hangs must not take the threads of all other requests


def database_answers(database: Engine) -> bool:
    """Whether a query is answered, by the database that was there before.

    Open connections still reach a SQLite file that was deleted, and a new one would make an empty file in its place.
    So the file is opened anew, and one without our tables counts as gone once it has had them.
    """
    file = sqlite_file(database.url)
    try:
        if file is not None and not file.is_file():
            return False
        with _reader(database, file) as connection:
            set_up = inspect(connection).has_table("alembic_version")
    except (SQLAlchemyError, OSError):
        return False
    if set_up:
        _set_up.add(str(database.url))
    return set_up or str(database.url) not in _set_up


@contextmanager
def _reader(database: Engine, file: Path | None) -> Iterator[Connection]:
    if file is None:
        with database.connect() as connection:
            yield connection
        return
    fresh = open_engine(str(database.url))
    try:
        with fresh.connect() as connection:
            yield connection
    finally:
        fresh.dispose()


def database_ready(database: Engine) -> bool:
    """Whether it answers, and has the schema of this version."""
    try:
        if database_answers(database):
            check_ready(database)
            return True
    except (NotReady, SQLAlchemyError):
        pass
    return False


async def _told(check: Callable[[Engine], bool]) -> JSONResponse:
    fine = False
    with anyio.move_on_after(ANSWERS_WITHIN):
        fine = await anyio.to_thread.run_sync(check, engine(), abandon_on_cancel=True, limiter=_turns)
    answer = {"status": "ok"} if fine else {"status": "failing", "part": "database"}
    return JSONResponse(answer, 200 if fine else 503, headers={"Cache-Control": "no-store"})


async def health(request: Request) -> JSONResponse:
    """Answer 200 while the database answers, else 503."""
    return await _told(database_answers)


async def ready(request: Request) -> JSONResponse:
    """Answer 200 while the database can be used, else 503."""
    return await _told(database_ready)


routes: list[BaseRoute] = [Route("/health", health), Route("/ready", ready)]
