"""Going on when the database server changes: one that fails is replaced by another at the same address.

For PostgreSQL behind something that finds the one that leads (``docs/operations.md``, several machines). While none
does, connections may lead to one that only follows, which takes no writes; for a second or two also to one that led,
was cut off, and started again as a follower. That one is no server to us: PostgreSQL counts a commit as done that was
waiting for a second node when it was shut down, so it shows what no other node has.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Dialect, Engine, event
from sqlalchemy.engine import ExceptionContext

CONNECTION_OPTIONS = {
    "connect_timeout": 5,  # seconds
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds until what was sent must have arrived
}
"""Of libpq, where the address does not say otherwise: a server that has fallen silent is given up within 25 seconds.
The system's own times are minutes and hours. There is no limit for statements: one that is cancelled while it waits for
a second server counts as committed.
"""
PATIENCE = timedelta(seconds=10)
_PAUSE = 0.25
_READ_ONLY = "25006"  # read_only_sql_transaction
_FOLLOWS_NOBODY = "SELECT pg_is_in_recovery() AND pg_last_wal_receive_lsn() IS NULL"


def leave_servers_that_fall_behind(engine: Engine, patience: timedelta) -> None:
    """Let the engine give a silent server up, take none that led before, and drop all connections once one of them
    turns out to take no writes: they lead to a server that leads no more.

    While no server answers, new connections wait: at most until ``patience`` after it was first noticed. A page then
    takes some seconds longer instead of failing. After that each fails at once, so that visitors do not queue up before
    a server that stays away.
    """
    event.listen(engine, "do_connect", _Outage(patience.total_seconds()).connect)
    event.listen(engine, "handle_error", _leave_a_follower)


def _connect(dialect: Dialect, arguments: list[Any], options: dict[str, Any]) -> Any:
    """Return a connection to a server that leads, or follows one.

    Raises:
        OperationalError: of the driver; none answers.
    """
    connection: Any = dialect.connect(*arguments, **{**CONNECTION_OPTIONS, **options})
    (follows_nobody,) = connection.execute(_FOLLOWS_NOBODY).fetchone()
    connection.rollback()
    if follows_nobody:
        connection.close()
        raise dialect.loaded_dbapi.OperationalError("the server follows, and has heard of no leader since its start")
    return connection


def _leave_a_follower(context: ExceptionContext) -> None:
    if getattr(context.original_exception, "sqlstate", None) == _READ_ONLY:
        context.is_disconnect = True


class _Outage:
    """Since when no server answers; nobody has noticed that while ``since`` is None."""

    def __init__(self, patience: float, now: Callable[[], float] = monotonic) -> None:
        self._patience = patience
        self._now = now
        self._since: float | None = None

    def connect(self, dialect: Dialect, _record: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
        while True:
            try:
                connection = _connect(dialect, arguments, options)
            except dialect.loaded_dbapi.OperationalError:
                since = self._since = self._now() if self._since is None else self._since
                if self._now() - since >= self._patience:
                    raise
                sleep(_PAUSE)
            else:
                self._since = None
                return connection
