"""Short forms of ``make fuzz``: the same few cases each time, so that a failure can be repeated."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

import portal.storage
from portal.visit import SESSION_COOKIE
from stations import clock
from stations.accounts.accounts import User
from stations.accounts.sign_ins import Client, Method, open_sign_in
from stations.database import BUSY_SECONDS, transaction
from tests.conftest import Made
from tests.fuzz import target as fuzzed
from tests.fuzz.pages import draw
from tests.fuzz.running import run_target
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS


@pytest.fixture(scope="module", autouse=True)
def sample_database(made: Made) -> Iterator[None]:
    """Let all targets use a copy of the suite's own database with the sample network."""
    databases = made.of_kind("sqlite")
    url = databases.new(like=made.loaded(databases, "samples"))
    before = os.environ.get("DATABASE_URL")
    fuzzed.use_database(url)
    yield
    for cached in (portal.storage.domain_settings, portal.storage.engine):
        cached.cache_clear()
    if before is None:
        os.environ.pop("DATABASE_URL", None)
    else:
        os.environ["DATABASE_URL"] = before


def test_who_is_signed_in_reads_on_while_another_program_writes() -> None:
    """The use of the sign-in is due to be noted, and can't be."""
    engine = fuzzed.database()
    with transaction(engine) as session:
        user = session.scalar(select(User).where(User.username == "sample-province"))
        token = open_sign_in(session, user, Method.SAMPLE, Client(), clock.now() - timedelta(minutes=5))
    other = sqlite3.connect(str(engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        began = time.monotonic()
        draw("account", {}, {SESSION_COOKIE: token})
        assert time.monotonic() - began < BUSY_SECONDS
    finally:
        other.close()


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_whatever_is_written_there_is_an_answer_or_a_clear_error(target: Target) -> None:
    ran = run_target(target, target.short)
    assert not ran.finding, ran.finding
    assert ran.cases >= target.short / 2
