"""Short forms of ``make fuzz``: the same few cases each time, so that a failure can be repeated."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

import portal.storage
from tests.conftest import Made
from tests.fuzz import target as fuzzed
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


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_whatever_is_written_there_is_an_answer_or_a_clear_error(target: Target) -> None:
    ran = run_target(target, target.short)
    assert not ran.finding, ran.finding
    assert ran.cases >= target.short / 2
