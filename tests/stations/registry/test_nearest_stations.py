from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.distance import great_circle_m
from stations.catalogue.chain import IndustrialChain
from stations.catalogue.service import get_services
from stations.errors import InvalidInput
from stations.registry.nearest_stations import (
    PlacedBy,
    Search,
    nearest_combination,
    nearest_stations,
    offers_it,
    station_facts,
    station_records,
)
from stations.registry.station import Status, misplaced_stations
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station

DAY = date(2024, 6, 30)
HERE = (120.98, 31.38)
KUNSHAN = "320583"


def codes(session: Session, **options: object) -> list[str]:
    found = nearest_stations(session, *HERE, as_of=DAY, samples=True, **options)
    return [one.station.code for one in found if one.station.code.startswith("T-")]


def test_active_stations_by_true_distance(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        far = add_station(session, KUNSHAN, place=(121.10, 31.38))
        near = add_station(session, KUNSHAN, place=(120.99, 31.38))
        add_station(session, KUNSHAN, [(Status.CLOSED, "2024-01-01")], place=HERE)
        add_station(session, KUNSHAN, [(Status.ACTIVE, "2024-07-01")], place=HERE)
        found = nearest_stations(session, *HERE, as_of=DAY, samples=True, k=2)
    assert [one.station.code for one in found] == [near.code, far.code]
    assert found[0].distance_m == pytest.approx(float(great_circle_m(*HERE, 120.99, 31.38)), abs=1e-6)
    assert {one.placed_by for one in found} == {PlacedBy.POINT}


def test_a_station_without_coordinates_is_measured_to_its_county_and_says_so(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        found = nearest_stations(session, 118.6, 32.0, as_of=date(2026, 11, 24), samples=False, k=2)
    assert [(one.station.code, one.placed_by) for one in found] == [
        ("S-3201-003", PlacedBy.COUNTY),
        ("S-3201-004", PlacedBy.COUNTY),
    ]


def test_all_wanted_services_must_be_offered(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        both = add_station(session, KUNSHAN, services=["metrology.calibration", "certification.ccc"], place=HERE)
        one = add_station(session, KUNSHAN, services=["metrology.calibration"], place=HERE)
        group = add_station(session, KUNSHAN, services=["metrology", "certification"], place=(121.2, 31.4))
        assert codes(session, services=["metrology.calibration"], k=9) == [both.code, one.code, group.code]
        assert codes(session, services=["metrology.calibration", "certification.ccc"], k=9) == [both.code, group.code]
        assert codes(session, services=["certification"], k=9) == [both.code, group.code]
        assert codes(session, services=["standards"], k=9) == []
        found = nearest_stations(
            session, *HERE, as_of=DAY, samples=True, services=["metrology.calibration", "certification.ccc"], k=9
        )
    unsure = {one.station.code: [service.code for service in one.unsure] for one in found}
    assert (unsure[both.code], unsure[group.code]) == ([], ["metrology.calibration", "certification.ccc"])


@pytest.mark.one_database
def test_a_record_and_a_query_agree_on_what_a_station_offers(reference_engine: Engine) -> None:
    wanted = ["metrology", "metrology.calibration", "certification.ccc", "standards"]
    with Session(reference_engine) as session:
        stations = [
            add_station(session, KUNSHAN, services=services, place=HERE)
            for services in (["metrology"], ["metrology.calibration"], ["certification.ccc", "standards"], [])
        ]
        for service in get_services(session, wanted):
            by_record = {one.code for one in stations if offers_it(one, service, DAY)}
            assert by_record == set(codes(session, services=[service.code], k=9)), service.code


def test_a_service_no_longer_or_not_yet_offered_is_not_found(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        station = add_station(session, KUNSHAN, services=["metrology.calibration"], place=HERE)
        station.offers[0].since = date(2024, 7, 1)
        session.flush()
        assert codes(session, services=["metrology.calibration"], k=9) == []
        station.offers[0].since, station.offers[0].until = date(2024, 6, 1), DAY
        session.flush()
        assert codes(session, services=["metrology.calibration"], k=9) == []
        station.offers[0].until = date(2024, 7, 1)
        session.flush()
        assert codes(session, services=["metrology.calibration"], k=9) == [station.code]


def test_samples_can_be_left_out(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        sample = add_station(session, KUNSHAN, sample=True, place=HERE)
        assert nearest_stations(session, *HERE, as_of=DAY, samples=True, k=9)[0].station is sample
        found = nearest_stations(session, *HERE, as_of=DAY, samples=False, k=9)
        assert found and not any(one.station.sample for one in found)


def test_an_unknown_service_is_told(reference_engine: Engine) -> None:
    with Session(reference_engine) as session, pytest.raises(InvalidInput, match=r"metrology\.nothing"):
        nearest_stations(session, *HERE, as_of=DAY, samples=True, services=["metrology.nothing"])


def test_a_station_outside_its_stated_county_is_flagged(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        inside = add_station(session, KUNSHAN, place=HERE)
        outside = add_station(session, "320102", place=HERE)
        at_sea = add_station(session, "320981", place=(124.0, 33.0))
        assert [station.code for station in misplaced_stations(session, samples=True)] == [outside.code, at_sea.code]
        assert [station.misplaced for station in (inside, outside, at_sea)] == [False, True, True]


def test_a_combination_where_no_station_offers_all(reference_engine: Engine) -> None:
    wanted = ["certification.ccc", "metrology.calibration", "quality_finance.credit_enhancement"]
    with Session(reference_engine) as session:
        calibrates = add_station(session, KUNSHAN, services=["metrology.calibration"], place=(120.99, 31.38))
        add_station(session, KUNSHAN, services=["metrology.calibration"], place=(121.10, 31.38))
        certifies = add_station(session, KUNSHAN, services=["certification"], place=(121.2, 31.4))
        assert codes(session, services=wanted, k=9) == []
        found = nearest_combination(session, *HERE, as_of=DAY, samples=True, services=wanted)
    assert [
        (one and one.station.code, [service.code for service in services], one and len(one.unsure))
        for one, services in found
    ] == [
        (calibrates.code, ["metrology.calibration"], 0),
        (certifies.code, ["certification.ccc"], 1),
        (None, ["quality_finance.credit_enhancement"], None),
    ]


def test_a_combination_asks_as_few_stations_as_it_can(reference_engine: Engine) -> None:
    wanted = ["metrology.calibration", "standards.lookup", "testing.product_testing"]
    with Session(reference_engine) as session:
        for service in wanted[:2]:
            add_station(session, KUNSHAN, services=[service], place=(120.99, 31.38))
        both = add_station(session, KUNSHAN, services=wanted[:2], place=(121.05, 31.38))
        third = add_station(session, KUNSHAN, services=wanted[2:], place=(121.10, 31.38))
        found = nearest_combination(session, *HERE, as_of=DAY, samples=True, services=wanted)
    assert [(one.station.code, len(services)) for one, services in found if one] == [(both.code, 2), (third.code, 1)]


def test_only_those_of_a_chain_and_those_open_at_that_instant(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        near = add_station(session, "320583", place=(120.98, 31.38))
        middle = add_station(session, "320583", place=(120.98, 31.40))
        far = add_station(session, "320583", place=(120.98, 31.45))
        near.hours, middle.hours, far.hours = "Mo-Fr 13:00-17:00", None, "Mo-Fr 09:00-17:00"
        far.chains = [session.get_one(IndustrialChain, "new_energy_vehicles")]
        session.flush()

        def found(**asked: object) -> list[str]:
            several = nearest_stations(session, 120.98, 31.38, as_of=TODAY, samples=False, k=3, **asked)
            return [one.station.code for one in several if one.station.code.startswith("T-")]

        assert found() == [near.code, middle.code, far.code]
        assert found(open_at=NOW) == [far.code]  # ten in the morning
        assert found(chains=["new_energy_vehicles"]) == [far.code]
        assert found(chains=["nano_materials"], open_at=NOW) == []
        search = Search(120.98, 31.38, TODAY, False, station_records, open_at=NOW)
        together = search.combination(session, get_services(session, ["metrology.calibration"]))
        assert [one.station.code for one, _services in together] == [far.code]


@pytest.mark.parametrize("services", [[], ["metrology.calibration"], ["metrology.calibration", "certification.ccc"]])
def test_the_facts_of_stations_are_those_of_their_records(sample_engine: Engine, services: list[str]) -> None:
    with Session(sample_engine) as session:
        wanted = get_services(session, services)
        for lon, lat in ((118.8, 32.05), (120.98, 31.38), (117.2, 34.3), (0.0, 0.0)):
            facts, records = (
                Search(lon, lat, TODAY, True, load).nearest(session, wanted, 20)
                for load in (station_facts, station_records)
            )
            assert len(facts) == 20
            for fact, record in zip(facts, records, strict=True):
                for name in ("code", "name", "name_en", "county_adcode", "located_adcode", "sample"):
                    assert getattr(fact.station, name) == getattr(record.station, name), name
                assert (fact.station.county and fact.station.county.name) == (
                    record.station.county and record.station.county.name
                )
                for name in ("lon", "lat", "distance_m", "placed_by", "unsure"):
                    assert getattr(fact, name) == getattr(record, name), name
