"""Short forms of ``make torture``: each fault while eight clients file, on the databases that it can befall."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from stations.database import open_engine
from stations.loading.setup import set_up
from tests.conftest import NOW, Made
from tests.torture.faults import FAULTS, SQLITE, Fault, Place, do
from tests.torture.postgresql import DurablePostgreSql, durable_postgresql

SEED = "short"
SHORT = [fault for fault in FAULTS if fault.short]


@pytest.fixture(scope="module")
def server() -> Iterator[DurablePostgreSql]:
    with durable_postgresql() as started:
        engine = open_engine(started.url)
        set_up(engine, samples=False, now=NOW)
        engine.dispose()
        yield started


def _check(fault: Fault, place: Place) -> None:
    outcome = do(fault, place, f"{SEED}-{fault.name}", fault.short)
    assert outcome.proof.holds, outcome
    assert not [told for told in outcome.told if told.startswith("UNKNOWN")], outcome


@pytest.mark.parametrize("fault", [one for one in SHORT if "sqlite" in one.kinds], ids=lambda one: one.act.__name__)
def test_what_was_acknowledged_is_there_once_on_sqlite(fault: Fault, made: Made, tmp_path: Path) -> None:
    loaded = made.loaded(made.of_kind("sqlite"), "reference")
    file = shutil.copyfile(loaded.removeprefix("sqlite:///"), tmp_path / "portal.sqlite3")
    _check(fault, Place(f"sqlite:///{file}"))


@pytest.mark.parametrize("fault", [one for one in SHORT if one.kinds != SQLITE], ids=lambda one: one.act.__name__)
def test_what_was_acknowledged_is_there_once_on_postgresql(fault: Fault, server: DurablePostgreSql) -> None:
    _check(fault, Place(server.url, server))
