"""A database that takes no writes, and one that is gone: what visitors and watchers see."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.health import database_answers, database_ready
from stations.accounts.accounts import User
from stations.accounts.sign_ins import Client, Method, open_sign_in
from stations.database import is_read_only, open_engine, reading, transaction
from stations.loading.migration import upgrade
from tests.conftest import NOW, Databases, Made
from tests.portal.conftest import Server, served
from tests.portal.page_socket import opened


@pytest.fixture(scope="module")
def database(made: Made) -> Iterator[tuple[Path, str]]:
    """Yield the file of a database, and the token of a sign-in in it that was last used ten minutes ago."""
    databases = made.of_kind("sqlite")
    url = databases.new(like=made.loaded(databases, "samples"))
    engine = open_engine(url)
    with transaction(engine) as session:
        user = session.scalar(select(User).where(User.username == "sample-province"))
        token = open_sign_in(session, user, Method.SAMPLE, Client(), NOW - timedelta(minutes=10))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    yield Path(url.removeprefix("sqlite:///")), token
    databases.drop(url)


@pytest.fixture(scope="module")
def read_only(database: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    url = f"sqlite:///file:{database[0]}?mode=ro&uri=true"
    with served(["-m", "portal"], tmp_path_factory.mktemp("read-only"), DATABASE_URL=url, SAMPLE="1") as server:
        yield server


def test_who_is_signed_in_reads_on_when_nothing_can_be_written(read_only: Server, database: tuple[Path, str]) -> None:
    before = hashlib.sha256(database[0].read_bytes()).hexdigest()
    for page in ("home", "stations", "registry", "desk", "account", "find", "request"):
        with opened(read_only, page, cookie=f"session={database[1]}; language=en") as visit:
            assert "Something went wrong" not in visit.drawn, page
            assert "Sign out" in visit.drawn, page
    assert hashlib.sha256(database[0].read_bytes()).hexdigest() == before
    for path in ("/health", "/ready"):
        assert requests.get(read_only.url + path, timeout=30).status_code == 200


@pytest.mark.parametrize(
    ("language", "words", "quote"), [("en", "nothing can be saved", "this number: "), ("zh", "暂时不能保存", "")]
)
def test_what_can_not_be_saved_is_told_with_a_reference(
    read_only: Server, language: str, words: str, quote: str
) -> None:
    answer = requests.post(
        f"{read_only.url}/sign-in",
        data={"username": "secret-name", "password": "secret-word"},
        headers={"Origin": read_only.url, "Accept-Language": language},
        timeout=30,
    )
    assert answer.status_code == 503 and answer.headers["Content-Type"].startswith("text/html")
    assert words in answer.text and quote in answer.text and "Internal Server Error" not in answer.text
    assert "Content-Security-Policy" in answer.headers
    reference = re.search(r"[0-9a-f]{8}(?=</p>)", answer.text)
    assert reference, answer.text
    assert reference.group() == answer.headers["X-Request-ID"]
    log = read_only.log.read_text(encoding="utf-8")
    assert reference.group() in log
    assert "secret-name" not in log and "secret-word" not in log and "parameters:" not in log


def test_a_server_whose_database_is_gone_says_so(read_only: Server, database: tuple[Path, str]) -> None:
    """Last in this file: the database stays away."""
    for file in database[0].parent.glob(f"{database[0].name}*"):
        file.unlink()
    for path in ("/health", "/ready"):
        assert requests.get(read_only.url + path, timeout=30).status_code == 503
    assert requests.get(f"{read_only.url}/about", timeout=30).status_code == 200  # the document alone
    answer = requests.get(f"{read_only.url}/sign-in", headers={"Accept-Language": "zh"}, timeout=30)
    assert answer.status_code in {200, 503} and "Internal Server Error" not in answer.text


def test_a_missing_and_an_empty_database_are_not_ready(databases: Databases) -> None:
    engine = open_engine(databases.new())
    if databases.kind == "sqlite":
        assert not database_answers(engine)
        with engine.connect():
            pass
    assert database_answers(engine) and not database_ready(engine)
    engine.dispose()
    upgrade(engine)
    assert database_answers(engine) and database_ready(engine)
    engine.dispose()
    databases.drop(engine.url.render_as_string(hide_password=False).replace("+psycopg", ""))
    assert not database_answers(engine) and not database_ready(engine)
    with engine.connect() if databases.kind == "sqlite" else nullcontext():  # which makes an empty file in its place
        assert not database_answers(engine) and not database_ready(engine)


@pytest.mark.one_database("postgresql")
def test_a_server_of_databases_that_is_read_only_is_known_by_its_answer(reference_url: str) -> None:
    engine = open_engine(reference_url)
    with pytest.raises(DBAPIError) as refused, transaction(engine) as session:
        session.execute(text("SET TRANSACTION READ ONLY"))
        session.execute(text("DELETE FROM failed_sign_in"))
    assert is_read_only(refused.value)
    with pytest.raises(DBAPIError) as wrong, reading(engine) as session:
        session.execute(text("SELECT nothing"))
    assert not is_read_only(wrong.value)
    engine.dispose()
