"""The database: engine, sessions, column types and the base class of all tables.

SQLite by default (write-ahead log, foreign keys on, every commit on disk before it is acknowledged); any SQLAlchemy
URL works. One action is one transaction: ``with transaction(engine) as session: …`` commits at the end or rolls
everything back. Errors and logs never tell the values of a statement.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any, ClassVar, cast
from urllib.parse import quote
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import CursorResult, Delete, Dialect, Engine, MetaData, Table, Update, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import Pool
from sqlalchemy.types import TypeDecorator

from stations.errors import InvalidInput
from stations.language import N_
from stations.personal_data import PersonalData
from stations.server_changeover import leave_servers_that_fall_behind
from stations.system_reasons import reason_of

BUSY_SECONDS = 15
"""How long a writer waits for another before it is told that the database is busy."""
_MILLISECOND = timedelta(milliseconds=1)
_TAKES_NO_WRITES = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class UtcDateTime(TypeDecorator[datetime]):
    """Column type of an instant with time zone. SQLite stores no zone, so values are stored in UTC and read back as
    UTC.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base class of all tables. Every table sets the class variables."""

    in_caches: ClassVar[bool]
    """Whether cached figures and maps use its rows, so that a change increases the revision."""
    personal_data: ClassVar[PersonalData | None]
    """The personal data in the table; None if there is none."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: sa.JSON(), list[str]: sa.JSON()}


ONE_SNAPSHOT = "one_snapshot"
"""In the ``info`` of a session all of whose questions are answered from one snapshot of the data."""


class Versioned:
    """Columns of a record that people edit, for optimistic locking: saving an old version raises ``Conflict``."""

    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)


def choice(kind: type[StrEnum], name: str) -> sa.Enum:
    """Return a column type that stores a ``StrEnum`` by its value, with a CHECK constraint that migrations can change.
    """
    return sa.Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def open_engine(url: str, *, patience: timedelta = timedelta()) -> Engine:
    """Open the database at ``url``; create the folder of a SQLite file if it is missing.

    ``patience``: how long to wait for a PostgreSQL server while none answers (``server_changeover``).

    Raises:
        InvalidInput: the URL can't be parsed, or the folder can't be made.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise InvalidInput(
            "DATABASE_URL",
            N_("DATABASE_URL is not a database address; write for example sqlite:///var/portal.sqlite3"),
        ) from None
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
        if parsed.get_backend_name() == "postgresql":
            event.listen(engine, "connect", _prepare_postgresql)
            leave_servers_that_fall_behind(engine, patience)
        event.listen(engine, "before_cursor_execute", _make_storable, retval=True)
        return engine
    if (file := sqlite_file(parsed)) is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise InvalidInput(
                "DATABASE_URL",
                N_("The folder of DATABASE_URL, {folder}, can't be made: {reason}"),
                folder=file.parent,
                reason=reason_of(problem),
            ) from None
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "do_connect", _connect_unwritable)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "before_cursor_execute", _make_storable, retval=True)
    return engine


def sqlite_file(url: URL) -> Path | None:
    """Return the file of a SQLite database; None of one in memory, or of another kind."""
    name = (url.database or "").removeprefix("file:")
    return Path(name) if url.get_backend_name() == "sqlite" and name not in {"", ":memory:"} else None


def _make_storable(
    _connection: sa.Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
) -> tuple[str, Any]:
    # Every text goes through here, whether a form, an address or a file brought it.
    return statement, storable(parameters)


def storable(value: Any) -> Any:
    """Return a text, or the texts in a list, tuple or dictionary, without what not every database can take: NUL and
    lone surrogates.

    No record contains any, so a question about such a text finds what it would find without them.
    """
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else _UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {name: storable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [storable(one) for one in value]
    if type(value) is tuple:
        return tuple(storable(one) for one in value)
    return value


def _connect_unwritable(dialect: Dialect, _record: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
    """Connect to a file in a folder that this process can't write to; None for every other database.

    Even to read a file with a write-ahead log, SQLite makes another one beside it, unless the file is said not to
    change: which is so where its log was written back to it.
    """
    file = Path(str(arguments[0])) if arguments else Path()
    if not file.is_file() or os.access(file.parent, os.W_OK) or file.with_name(f"{file.name}-wal").exists():
        return None
    return dialect.connect(f"file:{quote(str(file))}?mode=ro&immutable=1", **{**options, "uri": True})


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    # By default it waits for another writer without end, and so would the visitor.
    connection.execute(f"SET lock_timeout = {round(BUSY_SECONDS * 1000)}")
    connection.commit()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling would run schema changes outside transactions.
    connection.isolation_level = None
    cursor = connection.cursor()
    _use_write_ahead_log(cursor)
    cursor.execute("PRAGMA synchronous = FULL")  # with NORMAL, a power cut takes back commits that were acknowledged
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")  # what is erased is not left in free parts of the file
    cursor.close()


def _use_write_ahead_log(cursor: sqlite3.Cursor) -> None:
    # Only one connection can switch a file to the write-ahead log. SQLite waits for other writers, but not here:
    # two connections that set up a new file at once would fail with "database is locked".
    deadline = monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in _TAKES_NO_WRITES:
                return  # it can still be read, in the mode that it has
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
        sleep(0.05)


def _begin_sqlite(connection: sa.Connection) -> None:
    # Under a plain BEGIN, a reader that later writes would fail with "database is locked" if another writer came
    # between. So sessions that write take the write lock at the start.
    options = connection.get_execution_options()
    if not options.get("writes", False):
        connection.exec_driver_sql("BEGIN")
        return
    wait: timedelta | None = options.get("wait")
    if wait is None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {wait // _MILLISECOND}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(BUSY_SECONDS * 1000)}")


@contextmanager
def transaction(engine: Engine, wait: timedelta | None = None) -> Iterator[Session]:
    """Open a session that writes: everything is committed at the end, or rolled back on an error.

    ``wait``: how long to wait for another writer, if less than usual.
    """
    loaded: list[object] = []
    writing = Session(engine.execution_options(writes=True, wait=wait), expire_on_commit=False)
    with _turn_to_write(engine, wait), writing as session, session.begin(), _kept_in(loaded, session):
        if wait is not None and engine.dialect.name == "postgresql":
            session.execute(sa.text(f"SET LOCAL lock_timeout = {wait // _MILLISECOND}"))
        yield session


_writers: WeakKeyDictionary[Pool, Lock] = WeakKeyDictionary()
"""Held by who writes to a SQLite database in this process; engines that only differ in their options share a pool."""

_known_writers = Lock()


@contextmanager
def _turn_to_write(engine: Engine, wait: timedelta | None) -> Iterator[None]:
    """Wait for the other writers of this process, where only one can write at a time.

    SQLite lets a writer look now and then whether the database is free. Of eight that file requests without a pause,
    some would never find it so until their patience ends.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    with _known_writers:
        turn = _writers.setdefault(engine.pool, Lock())
    mine = turn.acquire(timeout=BUSY_SECONDS if wait is None else wait.total_seconds())
    try:
        yield  # without the turn too: then SQLite says that the database is busy
    finally:
        if mine:
            turn.release()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a session that only reads, all from one snapshot. Loaded objects stay readable afterwards."""
    loaded: list[object] = []
    if engine.dialect.name == "postgresql":  # by default, each statement there has a snapshot of its own
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with Session(engine, expire_on_commit=False, info={ONE_SNAPSHOT: True}) as session, _kept_in(loaded, session):
        yield session


def count_changed(session: Session, statement: Update | Delete) -> int:
    """Execute a statement that changes or deletes rows, and return their number."""
    # The annotations of ``Session.execute`` promise less than it returns for such a statement.
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def table_of(model: type[Base]) -> Table:
    """Return the table of a mapped class."""
    return Base.metadata.tables[model.__tablename__]


@contextmanager
def _kept_in(loaded: list[object], session: Session) -> Iterator[None]:
    # Keep all objects that a session loaded alive until it is closed. Otherwise the garbage collector, which before
    # Python 3.12 can run during any allocation, may clear an object just while the session sets an attribute of its
    # state. Clearing sets that attribute too, the state's values are freed twice, and the process crashes.
    try:
        yield
    finally:
        loaded.extend(session.identity_map.values())
