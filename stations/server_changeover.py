"""Going on when the database server changes: one that fails is replaced by another at the same address.

For PostgreSQL behind something that finds the one that leads (``docs/operations.md``, several machines). While none
does, connections may lead to one that only follows, which takes no writes.
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


def leave_servers_that_fall_behind(engine: Engine) -> None:
    """Let the engine give a silent server up, and drop all connections once one of them turns out to take no writes:
    they lead to a server that leads no more.
    """
    event.listen(engine, "do_connect", _give_up_in_time)
    event.listen(engine, "handle_error", _leave_a_follower)


def _give_up_in_time(_dialect: Dialect, _record: Any, _arguments: list[Any], options: dict[str, Any]) -> None:
    for name, value in CONNECTION_OPTIONS.items():
        options.setdefault(name, value)


def _leave_a_follower(context: ExceptionContext) -> None:
    if getattr(context.original_exception, "sqlstate", None) == _READ_ONLY:
        context.is_disconnect = True


def wait_for_the_next_server(engine: Engine, patience: timedelta = PATIENCE) -> None:
    """Let new connections wait while no server answers: at most until ``patience`` after it was first noticed.

    A page then takes some seconds longer instead of failing. After that each fails at once, so that visitors do not
    queue up before a server that stays away.
    """
    outage = _Outage(patience.total_seconds())
    event.listen(engine, "do_connect", outage.connect)


class _Outage:
    """Since when no server answers; nobody has noticed that while ``since`` is None."""

    def __init__(self, patience: float, now: Callable[[], float] = monotonic) -> None:
        self._patience = patience
        self._now = now
        self._since: float | None = None

    def connect(self, dialect: Dialect, _record: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
        while True:
            try:
                connection = dialect.connect(*arguments, **options)
            except dialect.loaded_dbapi.OperationalError:
                since = self._since = self._now() if self._since is None else self._since
                if self._now() - since >= self._patience:
                    raise
                sleep(_PAUSE)
            else:
                self._since = None
                return connection
