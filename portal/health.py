"""Whether this server works, for load balancers and watchers.

``/health``: the process serves and its database answers. ``/ready``: the database also has the schema of this version
and room on its disk; the answer tells how every other part does (``stations.operations``), though a late backup is no
reason to send visitors elsewhere. Figures are told only to who shows the ``METRICS_TOKEN``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hmac import compare_digest
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

import anyio
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from portal.settings import settings
from portal.storage import engine
from stations import clock
from stations.database import open_engine, sqlite_file
from stations.errors import NotReady
from stations.jobs.expected import expected_jobs
from stations.loading.schema_revision import KEPT_IN, check_ready
from stations.operations.check import Check, Part, State, worst
from stations.operations.standing import Installation, Operations, look

ANSWERS_WITHIN = 5
"""Seconds; a database that takes longer does not answer."""
LOOKS_EVERY = 2
"""Seconds; whoever asks more often is told the same again."""
NEEDED = frozenset({Part.DATABASE, Part.SCHEMA, Part.DISK})
"""The parts without which a server can't serve."""
_AT_ONCE = 2
_set_up: set[str] = set()  # databases that have been seen with our tables
_turns = anyio.CapacityLimiter(_AT_ONCE)  # a database that hangs must not take the threads of all other requests
_DATABASE_FAILING = {"ready": False, "status": State.FAILING.value, "checks": {"database": State.FAILING.value}}


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
            set_up = inspect(connection).has_table(KEPT_IN)
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


class _Looks:
    """The last look at the installation, so that asking often costs little."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._at = 0.0
        self._last: Operations | None = None

    def recent(self) -> Operations:
        """Return how the installation stands, as of ``LOOKS_EVERY`` seconds ago at most."""
        with self._lock:
            if self._last is None or monotonic() - self._at > LOOKS_EVERY:
                set_to = clock.installation_clock().set_to
                self._last = look(Installation(engine(), expected_jobs(), clock.now(), set_to))
                self._at = monotonic()
            return self._last


looks = _Looks()


def _readiness(database: Engine) -> Operations | None:
    return looks.recent() if database_ready(database) else None


async def _within(check: Callable[[Engine], Any]) -> Any:
    """Return what a check returns; None if that takes too long."""
    with anyio.move_on_after(ANSWERS_WITHIN):
        return await anyio.to_thread.run_sync(check, engine(), abandon_on_cancel=True, limiter=_turns)
    return None


def _answer(content: Mapping[str, Any], *, fine: bool) -> JSONResponse:
    return JSONResponse(content, 200 if fine else 503, headers={"Cache-Control": "no-store"})


async def health(request: Request) -> JSONResponse:
    """Answer 200 while the database answers, else 503."""
    fine = bool(await _within(database_answers))
    return _answer({"status": "ok"} if fine else {"status": "failing", "part": "database"}, fine=fine)


async def ready(request: Request) -> JSONResponse:
    """Answer 200 while this server can serve, else 503, and how each part does."""
    standing = await _within(_readiness)
    if standing is None:
        return _answer(_DATABASE_FAILING, fine=False)
    in_figures = shows_token(request)
    needed = [check for check in standing.checks if check.part in NEEDED]
    fine = worst(needed) is not State.FAILING
    content = {
        "ready": fine,
        "status": standing.state.value,
        "checks": {check.code: _told(check) if in_figures else check.state.value for check in standing.checks},
    }
    return _answer(content, fine=fine)


def _told(check: Check) -> dict[str, Any]:
    return {"status": check.state.value, "seen": str(check.seen), **check.figures}


def shows_token(request: Request) -> bool:
    """Whether a request shows the ``METRICS_TOKEN`` (``Authorization: Bearer …``); never where none is set."""
    token = settings().metrics_token
    shown = request.headers.get("authorization", "")
    return bool(token) and compare_digest(shown.encode(), f"Bearer {token}".encode())


routes: list[BaseRoute] = [Route("/health", health), Route("/ready", ready)]
