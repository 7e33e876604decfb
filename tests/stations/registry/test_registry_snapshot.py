"""The registry in columns says what its records say, whoever changed them last."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from random import Random
from threading import Thread

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.catalogue.chain import IndustrialChain
from stations.database import reading, transaction
from stations.partial_date import PartialDate
from stations.registry.registry_snapshot import registry_snapshot
from stations.registry.station import Station, StationService, StationStatus, Status
from stations.registry.station_columns import StationColumns, read_columns
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station

KUNSHAN, XUANWU = "320583", "320102"
SERVICES = ("metrology", "metrology.calibration", "standards", "certification.ccc")


def as_told(columns: StationColumns) -> dict[str, object]:
    """What the columns hold, by code, without regard to the order of offers and chains."""
    code = {identity: str(name) for identity, name in zip(columns.stations.id, columns.stations.code, strict=True)}
    columns_of_stations = (getattr(columns.stations, each.name).tolist() for each in fields(columns.stations))
    told: dict[str, object] = {one[1]: str(one) for one in zip(*columns_of_stations, strict=True)}
    for part in ("entries", "offers", "chains"):
        table = getattr(columns, part)
        rows = zip(*(getattr(table, each.name).tolist() for each in fields(table)), strict=True)
        told[part] = sorted((code[row[0]], *map(str, row[1:])) for row in rows)
    return told


def change_anything(session: Session, chance: Random) -> Station:
    """Change one station at random; return it."""
    station = chance.choice(session.scalars(select(Station).order_by(Station.code)).all())
    what = chance.randrange(6)
    if what == 0:
        station.name += "改"
    elif what == 1:
        station.place_at(118 + chance.random(), 32 + chance.random())
    elif what == 2:
        day = PartialDate.parse(f"20{chance.randrange(20, 27)}-0{chance.randrange(1, 10)}")
        position = max((one.position for one in station.history), default=0) + 1
        station.history.append(
            StationStatus(
                position=position, status=chance.choice(list(Status)), dated=day, recorded_by="t", recorded_at=NOW
            )
        )
    elif what == 3:
        named = {one.service_code for one in station.offers}
        new = chance.choice([one for one in SERVICES if one not in named] or [None])
        if new:
            station.offers.append(StationService(service_code=new, since=date(2025, 1, 1)))
    elif what == 4 and station.offers:
        station.offers.pop()
    else:
        chains = session.scalars(select(IndustrialChain).order_by(IndustrialChain.code)).all()
        station.chains = chance.sample(chains, 2)
    session.flush()
    return station


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000))
def test_what_changed_replaced_is_what_reading_all_anew_gives(reference_engine: Engine, seed: int) -> None:
    with Session(reference_engine) as session:
        chance, before = Random(seed), read_columns(session)
        changed = {change_anything(session, chance).id for _ in range(4)}
        gone = chance.choice(session.scalars(select(Station)).all())
        changed.add(gone.id)
        session.delete(gone)
        changed.add(add_station(session, KUNSHAN, services=SERVICES).id)
        after = before.replaced(changed, read_columns(session, changed))
        fresh = read_columns(session)
        assert as_told(after) == as_told(fresh)
        for day in (TODAY, date(2022, 6, 1)):
            for samples in (True, False):
                assert np.array_equal(
                    after.active_on(day.toordinal(), samples=samples), fresh.active_on(day.toordinal(), samples=samples)
                )


def codes_of(session: Session) -> list[str]:
    return registry_snapshot(session).columns.stations.code.tolist()


def test_a_session_sees_its_own_changes_and_others_when_they_are_committed(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        before = codes_of(session)
    with transaction(reference_engine) as session:
        added = add_station(session, XUANWU).code
        assert added in codes_of(session)
        with reading(reference_engine) as other:
            assert codes_of(other) == before
    with reading(reference_engine) as session:
        assert codes_of(session) == sorted([*before, added])


def test_what_was_rolled_back_is_not_remembered(reference_engine: Engine) -> None:
    with pytest.raises(RuntimeError), transaction(reference_engine) as session:
        added = add_station(session, XUANWU).code
        assert added in codes_of(session)
        raise RuntimeError
    with reading(reference_engine) as session:
        assert added not in codes_of(session)


def test_it_is_read_once_for_each_revision(reference_engine: Engine) -> None:
    with reading(reference_engine) as one, reading(reference_engine) as other:
        assert registry_snapshot(one) is registry_snapshot(other)
    with transaction(reference_engine) as session:
        add_station(session, XUANWU)
    with reading(reference_engine) as later:
        assert registry_snapshot(later) is not None
        assert registry_snapshot(later) is registry_snapshot(later)


def test_asking_from_many_threads_gives_all_the_same(reference_engine: Engine) -> None:
    found: list[int] = []

    def ask() -> None:
        with reading(reference_engine) as session:
            found.append(id(registry_snapshot(session)))

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


def test_counties_of_a_snapshot_belong_to_no_session(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        counties = registry_snapshot(session).counties
        assert not any(county in session for county in counties)
    assert {county.city.name for county in counties if county.adcode == KUNSHAN} == {"苏州市"}
