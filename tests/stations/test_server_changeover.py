"""The database server changes: silent ones are given up, followers are left, and pages wait for the next leader."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from stations.database import open_engine, reading, transaction
from stations.database_faults import DatabaseFault, fault_of
from stations.server_changeover import CONNECTION_OPTIONS
from tests.conftest import Databases
from tests.torture.postgresql import durable_postgresql

pytestmark = pytest.mark.one_database("postgresql")


def test_a_silent_server_is_given_up_unless_the_address_says_otherwise(reference_url: str) -> None:
    for more, options in (
        ({}, CONNECTION_OPTIONS),
        ({"connect_timeout": "90"}, CONNECTION_OPTIONS | {"connect_timeout": 90}),
    ):
        engine = open_engine(str(make_url(reference_url).update_query_dict(more)))
        with engine.connect() as connection:
            used = connection.connection.driver_connection.info.get_parameters()
        assert {name: int(used[name]) for name in options} == options
        engine.dispose()


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    engine = open_engine(url := databases.new())
    with transaction(engine) as session:
        session.execute(text("CREATE TABLE told (word TEXT)"))
    yield engine
    engine.dispose()
    databases.drop(url)


def takes_writes(engine: Engine, yes: bool) -> None:
    """Let new connections to the database be as to a leader, or as to a server that follows."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET default_transaction_read_only = off"))
        connection.execute(text(f"ALTER DATABASE {engine.url.database} SET default_transaction_read_only = {not yes}"))
    engine.dispose()


def test_connections_to_a_server_that_only_follows_are_dropped_after_one_refusal(engine: Engine) -> None:
    takes_writes(engine, False)
    with engine.connect(), engine.connect():  # several wait in the pool
        pass
    with reading(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM told")) == 0
    other = create_engine(engine.url)
    takes_writes(other, True)
    with pytest.raises(DBAPIError) as refused, transaction(engine) as session:
        session.execute(text("INSERT INTO told VALUES ('lost')"))
    assert fault_of(refused.value) is DatabaseFault.READ_ONLY
    for word in ("one", "two"):
        with transaction(engine) as session:
            session.execute(text("INSERT INTO told VALUES (:word)"), {"word": word})
    with reading(engine) as session:
        assert session.scalars(text("SELECT word FROM told ORDER BY word")).all() == ["one", "two"]


class Door:
    """A port before the server: closed, it ends each connection at once. ``knocks``: the connections so far."""

    def __init__(self, behind: str) -> None:
        self._behind = behind
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.open, self.knocks = False, 0
        threading.Thread(target=self._keep, daemon=True).start()

    def _keep(self) -> None:
        while True:
            try:
                visitor, _ = self._door.accept()
            except OSError:
                return
            self.knocks += 1
            if not self.open:
                visitor.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._behind)
            for source, target in ((visitor, server), (server, visitor)):
                threading.Thread(target=_pass_on, args=(source, target), daemon=True).start()

    def take_away(self) -> None:
        self._door.close()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    while data := source.recv(65536):
        target.sendall(data)
    target.close()


@contextmanager
def behind_a_door(url: str, patience: float) -> Iterator[tuple[Door, Engine]]:
    parsed = make_url(url)
    door = Door(f"{parsed.query['host']}/.s.PGSQL.5432")
    engine = open_engine(
        str(parsed.set(query={"sslmode": "disable", "gssencmode": "disable"}, host="127.0.0.1", port=door.port)),
        patience=timedelta(seconds=patience),
    )
    yield door, engine
    engine.dispose()
    door.take_away()


def test_a_page_waits_for_the_next_server(reference_url: str) -> None:
    with behind_a_door(reference_url, patience=60) as (door, engine):
        threading.Timer(0.6, lambda: setattr(door, "open", True)).start()
        with reading(engine) as session:
            assert session.scalar(text("SELECT 1")) == 1
        assert door.knocks > 1


def test_a_server_that_stays_away_is_not_waited_for_twice(reference_url: str) -> None:
    with behind_a_door(reference_url, patience=0.6) as (door, engine):
        for most in (60, 0.5):
            began, knocks = time.monotonic(), door.knocks
            with pytest.raises(OperationalError), reading(engine) as session:
                session.execute(text("SELECT 1"))
            assert time.monotonic() - began < most
        assert door.knocks == knocks + 1
        door.open = True
        with reading(engine) as session:
            assert session.scalar(text("SELECT 1")) == 1


def test_a_leader_that_started_again_as_a_follower_shows_nobody_what_only_it_has() -> None:
    """What waited for a second node when it was shut down counts as committed on it, and nowhere else."""
    with durable_postgresql() as server:
        engine = open_engine(server.url)
        with transaction(engine) as session:
            session.execute(text("CREATE TABLE told (word TEXT)"))
        engine.dispose()
        server.stop()
        standby = server.folder / "data" / "standby.signal"
        standby.touch()
        server.start()
        waiting = open_engine(server.url, patience=timedelta(seconds=0.3))
        plain = create_engine(server.url)
        with plain.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM told")) == 0, "it can be read"
        plain.dispose()
        for one in (engine, waiting):
            with pytest.raises(OperationalError) as away, reading(one) as session:
                session.scalar(text("SELECT count(*) FROM told"))
            assert fault_of(away.value) is DatabaseFault.OUT_OF_REACH
        server.promote()
        for one in (engine, waiting):
            with reading(one) as session:
                assert session.scalar(text("SELECT count(*) FROM told")) == 0
            one.dispose()
