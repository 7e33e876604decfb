from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.area_within import share_of_area_within
from stations.planning.demand import Weighting, county_demand
from stations.planning.share_reached import reach_on
from stations.registry.station import Status
from tests.conftest import TODAY
from tests.stations.factories import add_station

KUNSHAN = "320583"


def test_stations_active_on_the_day_reach_and_no_others(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        alone = reach_on(session, TODAY, samples=False)
        add_station(session, KUNSHAN, [(Status.CLOSED, "2022-01-01")], place=(120.95, 31.38))
        add_station(session, KUNSHAN, sample=True, place=(120.95, 31.38))
        assert reach_on(session, TODAY, samples=False) == alone
        told = reach_on(session, TODAY, samples=True)
        assert (told.stations, told.sample_stations) == (alone.stations + 1, 1)
        assert all(
            more.area > less.area and more.people > less.people
            for more, less in zip(told.shares, alone.shares, strict=True)
        )


def test_a_station_placed_by_its_county_only_is_counted_so(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        before = reach_on(session, TODAY, samples=False)
        add_station(session, KUNSHAN)
        after = reach_on(session, TODAY, samples=False)
    assert (before.by_county, after.by_county) == (4, 5)  # the documented covering stations are placed so
    assert after.shares[0].area > before.shares[0].area


def test_people_are_spread_evenly_over_their_county(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        add_station(session, KUNSHAN, place=(120.95, 31.38))
        told = reach_on(session, TODAY, samples=False)
        demand = county_demand(session, Weighting.POPULATION)
        places = [(120.95, 31.38)]
        documented = [one.county for one in demand if one.county.adcode in {"320111", "320612", "320614"}]
        places.extend((county.lon, county.lat) for county in documented)
    within = share_of_area_within(*zip(*places, strict=True), 20_000)
    people = sum(one.weight * within[one.county.adcode] for one in demand)
    share = next(share for share in told.shares if share.km == 20)
    assert share.residents == pytest.approx(people)
    assert share.people == pytest.approx(people / (84_748_016 - 1_976_810), rel=1e-6)
    assert told.people_left_out == 1_976_810  # in zones that span several counties
    assert told.estimated_people == 0


def test_farther_is_never_less(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        shares = reach_on(session, TODAY, samples=True).shares
    assert [share.km for share in shares] == [10, 20, 30]
    assert [share.area for share in shares] == sorted(share.area for share in shares)
    assert [share.people for share in shares] == sorted(share.people for share in shares)
