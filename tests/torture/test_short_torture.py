"""A short form of ``make torture``: one fault after the other while eight clients file, on each kind of database."""

from __future__ import annotations

import shutil
from pathlib import Path

from stations.database import open_engine
from stations.loading.setup import set_up
from tests.conftest import NOW, Made
from tests.torture.faults import FAULTS, Place
from tests.torture.load import CLIENTS, load
from tests.torture.postgresql import durable_postgresql
from tests.torture.proof import prove

SEED = "short"


def _withstands(place: Place) -> None:
    with load(place.url, SEED) as work:
        for fault in FAULTS:
            if fault.short and place.kind in fault.kinds:
                fault.act(work, place, fault.short)
    proof = prove(place.url, work.heard)
    assert proof.holds and proof.acknowledged >= 3 * CLIENTS, (proof, work.heard.faults)
    assert not [told for told in work.heard.faults if told.startswith("UNKNOWN")], work.heard.faults


def test_what_was_acknowledged_is_there_once_on_sqlite(made: Made, tmp_path: Path) -> None:
    loaded = made.loaded(made.of_kind("sqlite"), "reference")
    file = shutil.copyfile(loaded.removeprefix("sqlite:///"), tmp_path / "portal.sqlite3")
    _withstands(Place(f"sqlite:///{file}"))


def test_what_was_acknowledged_is_there_once_on_postgresql() -> None:
    with durable_postgresql() as server:
        engine = open_engine(server.url)
        set_up(engine, samples=False, now=NOW)
        engine.dispose()
        _withstands(Place(server.url, server))
