"""A flood of sign-ins, and what others can do meanwhile."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations import secret_hash
from stations.accounts import password_check
from stations.accounts.factor_check import with_code
from stations.accounts.own_account import change_password, set_first_password
from stations.accounts.password_check import sign_in
from stations.accounts.sign_in_guard import GUESSES, GUESSES_OF_ONE_NAME, Guesser, note_failure
from stations.accounts.sign_ins import Client, SignIn
from stations.database import reading, transaction
from stations.errors import Busy
from stations.requests.code_guard import try_look_up
from tests.conftest import NOW
from tests.stations.account_factories import PASSWORD, SEALED, account, enrol, try_password, who

OTHER = "another long sentence"


class Hasher:
    """Counts what is hashed, and says whether a transaction that writes is open at that moment."""

    def __init__(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = 0
        self._engine, self._real = engine, secret_hash.hasher
        monkeypatch.setattr(secret_hash, "hasher", self)

    def _write(self) -> None:
        """Fails at once if anybody holds the database for writing, as the caller itself might."""
        self.calls += 1
        with self._engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA busy_timeout = 0")
                connection.rollback()
                connection.connection.execute("BEGIN IMMEDIATE")
                connection.connection.execute("ROLLBACK")
                connection.exec_driver_sql("PRAGMA busy_timeout = 15000")
                return
            own = "datname = current_database()"
            idle = f"SELECT count(*) FROM pg_stat_activity WHERE {own} AND left(state, 7) = 'idle in'"
            assert connection.exec_driver_sql(idle).scalar() == 0

    def hash(self, secret: str) -> str:
        self._write()
        return self._real.hash(secret)

    def verify(self, secret_hash: str, secret: str) -> bool:
        self._write()
        return self._real.verify(secret_hash, secret)

    def check_needs_rehash(self, secret_hash: str) -> bool:
        return True


def test_nothing_is_hashed_while_a_transaction_is_open(
    reference_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(reference_engine)
    hasher = Hasher(reference_engine, monkeypatch)
    token = try_password(reference_engine, "wang", PASSWORD)
    assert token and sign_in(reference_engine, "wang", "wrong", NOW) is None
    assert sign_in(reference_engine, "nobody", "wrong", NOW) is None
    assert change_password(reference_engine, who(reference_engine, token), PASSWORD, OTHER, OTHER, NOW, sign_in="x")
    assert not set_first_password(reference_engine, "wang", "AAAA", OTHER, OTHER, NOW)
    found = try_look_up(reference_engine, "Q261124-000000", "WRONG", client="a", now=NOW, samples=True)
    assert found.found is None and hasher.calls >= 6
    before = hasher.calls
    _, codes = enrol(reference_engine)
    assert hasher.calls == before + len(codes)
    assert with_code(
        reference_engine, "wang", codes[1], NOW, settings=SEALED, address="", act=lambda *_: True
    ) and hasher.calls == before + len(codes) + 1  # the one that its first character names


def test_for_those_who_are_shut_out_nothing_is_hashed_at_all(
    reference_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(reference_engine)
    with transaction(reference_engine) as session:
        for _ in range(GUESSES):
            note_failure(session, Guesser.at("10.0.0.9", "somebody"), NOW)
    hasher = Hasher(reference_engine, monkeypatch)
    for username in ("wang", "nobody"):
        assert sign_in(reference_engine, username, PASSWORD, NOW, client=Client("10.0.0.9")) is None
    assert not set_first_password(reference_engine, "wang", "AAAA", OTHER, OTHER, NOW, client=Client("10.0.0.9"))
    assert hasher.calls == 0


def test_many_guesses_at_once_are_no_more_than_one_after_the_other(reference_engine: Engine) -> None:
    """All of them ask the guard before any has failed."""
    account(reference_engine)
    asked = threading.Barrier(GUESSES_OF_ONE_NAME + 3)

    def together(secret: str) -> str | None:
        asked.wait(30)
        return sign_in(reference_engine, "wang", secret, NOW)

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(GUESSES_OF_ONE_NAME + 3) as pool:
        real, passed = password_check.secret_matches, threading.Barrier(GUESSES_OF_ONE_NAME + 3)

        def right_last(secret_hash: str | None, secret: str) -> bool:
            right = real(secret_hash, secret)
            passed.wait(30)  # all have passed the guard by now
            if right:
                threading.Event().wait(1)
            return right

        patch.setattr(password_check, "secret_matches", right_last)
        results = list(pool.map(together, [*["wrong"] * (GUESSES_OF_ONE_NAME + 2), PASSWORD]))
    assert results == [None] * len(results)
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 0


@pytest.mark.parametrize(("column", "value"), [("active", False), ("password_hash", "x")])
def test_a_password_that_changes_while_it_is_checked_opens_nothing(
    reference_engine: Engine, monkeypatch: pytest.MonkeyPatch, column: str, value: object
) -> None:
    account(reference_engine)
    real = password_check.secret_matches

    def meanwhile(secret_hash: str | None, secret: str) -> bool:
        with transaction(reference_engine) as session:
            setattr(session.scalar(sa.select(password_check.User)), column, value)
        return real(secret_hash, secret)

    monkeypatch.setattr(password_check, "secret_matches", meanwhile)
    assert sign_in(reference_engine, "wang", PASSWORD, NOW) is None


def test_few_hash_at_a_time_and_whoever_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    release, inside = threading.Event(), threading.Semaphore(0)

    class Slow:
        def hash(self, secret: str) -> str:
            inside.release()
            release.wait(30)
            return secret

    monkeypatch.setattr(secret_hash, "hasher", Slow())
    monkeypatch.setattr(secret_hash, "WAIT_SECONDS", 0.2)
    with ThreadPoolExecutor(secret_hash.AT_ONCE) as pool:
        busy = [pool.submit(secret_hash.hash_secret, "a") for _ in range(secret_hash.AT_ONCE)]
        for _ in busy:
            assert inside.acquire(timeout=30)
        with pytest.raises(Busy, match="try again in a minute"):
            secret_hash.hash_secret("b")
        release.set()
        assert [one.result() for one in busy] == ["a"] * secret_hash.AT_ONCE
    assert secret_hash.hash_secret("c") == "c"
