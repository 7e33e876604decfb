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
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from stations.catalogue.chain import IndustrialChain
from stations.database import reading, table_of, transaction
from stations.partial_date import PartialDate
from stations.registry import changed_stations
from stations.registry import registry_snapshot as registry_snapshot_module
from stations.registry.centre import Centre
from stations.registry.changed_stations import ChangedStation, stations_changed
from stations.registry.registry_snapshot import registry_snapshot
from stations.registry.station import Station, StationService, StationStatus, Status
from stations.registry.station_columns import StationColumns, read_columns
from stations.revision import current_revision, move_revision
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


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000))
def test_through_any_changes_the_snapshot_is_what_reading_all_anew_gives(reference_engine: Engine, seed: int) -> None:
    chance = Random(seed)
    for _ in range(5):
        with transaction(reference_engine) as session:
            for _ in range(chance.randrange(1, 4)):
                change_anything(session, chance)
            if chance.random() < 0.3:
                session.delete(chance.choice(session.scalars(select(Station)).all()))
            if chance.random() < 0.3:
                add_station(session, KUNSHAN, services=SERVICES)
            if chance.random() < 0.2:  # rows that no object tells of
                move_revision(session)
                session.connection().execute(update(table_of(Station)).values(name_en="by hand"))
            assert as_told(registry_snapshot(session).columns) == as_told(read_columns(session))
        with reading(reference_engine) as session:
            assert as_told(registry_snapshot(session).columns) == as_told(read_columns(session))


def test_what_is_not_yet_sent_counts(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        registry_snapshot(session)
    with transaction(reference_engine) as session:
        session.delete(session.scalars(select(Station)).first())
        assert as_told(registry_snapshot(session).columns) == as_told(read_columns(session))


def test_what_does_not_concern_the_stations_leaves_their_columns(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        before = registry_snapshot(session)
    with transaction(reference_engine) as session:
        session.scalars(select(Centre)).first().name += "改"
    with reading(reference_engine) as session:
        after = registry_snapshot(session)
    assert after.revision > before.revision
    assert after.columns is before.columns


def test_one_changed_station_alone_is_read(reference_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with reading(reference_engine) as session:
        registry_snapshot(session)
    with transaction(reference_engine) as session:
        changed = add_station(session, XUANWU)
        session.flush()
        identity = changed.id
    asked: list[object] = []

    def noted(session: Session, ids: frozenset[int] | None = None) -> StationColumns:
        asked.append(ids)
        return read_columns(session, ids)

    monkeypatch.setattr(registry_snapshot_module, "read_columns", noted)
    with reading(reference_engine) as session:
        registry_snapshot(session)
    assert asked == [{identity}]


@pytest.mark.parametrize("what", ["another server's", "too many", "forgotten"])
def test_where_it_is_not_known_what_changed_all_is_read(
    reference_engine: Engine, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    with reading(reference_engine) as session:
        before = registry_snapshot(session)
    if what == "too many":
        monkeypatch.setattr(changed_stations, "MOST", 1)
    with transaction(reference_engine) as session:
        for _ in range(2):
            add_station(session, XUANWU)
    if what != "too many":
        with reference_engine.begin() as connection:  # as a server of an older release, or as time does
            connection.execute(delete(table_of(ChangedStation)))
    with reading(reference_engine) as session:
        assert stations_changed(session, before.revision, current_revision(session)) is None
        assert as_told(registry_snapshot(session).columns) == as_told(read_columns(session))


def test_what_was_written_down_is_forgotten_after_a_while(
    reference_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changed_stations, "REMEMBERED", 3)
    for _ in range(8):
        with transaction(reference_engine) as session:
            add_station(session, XUANWU)
    with reading(reference_engine) as session:
        assert 3 <= session.scalar(select(func.count(ChangedStation.revision.distinct()))) <= 6


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
