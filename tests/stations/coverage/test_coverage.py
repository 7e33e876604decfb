from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.coverage.county_coverage import CoverageStatus, coverage_on, coverage_status
from stations.registry.station import Status
from tests.stations.factories import FOUR_ELEMENTS, add_station

XUANWU, QINHUAI, KUNSHAN = "320102", "320104", "320583"
DAY = date(2024, 6, 30)


def status_of(session: Session, adcode: str, day: date = DAY, samples: bool = True) -> CoverageStatus:
    coverage = coverage_on(session, day, samples=samples)
    return next(row.status for row in coverage.counties if row.county.adcode == adcode)


def test_a_county_is_covered_while_a_station_in_it_is_active(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        add_station(
            session,
            KUNSHAN,
            [
                (Status.PLANNED, "2022-01-01"),
                (Status.ACTIVE, "2023-03-10"),
                (Status.SUSPENDED, "2024-01-01"),
                (Status.ACTIVE, "2024-03-01"),
                (Status.CLOSED, "2025-01-01"),
            ],
        )
        days = ("2021-12-31", "2023-03-09", "2023-03-10", "2024-01-01", "2024-03-01", "2024-12-31", "2025-01-01")
        told = {day: status_of(session, KUNSHAN, date.fromisoformat(day)) for day in days}
    covered = {day for day, status in told.items() if status is not CoverageStatus.UNCOVERED}
    assert covered == {"2023-03-10", "2024-03-01", "2024-12-31"}


def test_stations_serve_a_county_fully_together(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        add_station(session, KUNSHAN, services=["metrology", "standards"])
        assert status_of(session, KUNSHAN) is CoverageStatus.THIN
        other = add_station(session, KUNSHAN, services=["testing.product_testing", "certification"])
        assert status_of(session, KUNSHAN) is CoverageStatus.FULLY_SERVED
        next(offer for offer in other.offers if offer.service_code == "certification").until = DAY
        assert status_of(session, KUNSHAN) is CoverageStatus.THIN
        assert status_of(session, KUNSHAN, DAY - timedelta(days=1)) is CoverageStatus.FULLY_SERVED


def test_a_year_counts_from_its_last_day(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        add_station(session, XUANWU, [(Status.ACTIVE, "2023")])
        assert status_of(session, XUANWU, date(2023, 12, 30)) is CoverageStatus.UNCOVERED
        assert status_of(session, XUANWU, date(2023, 12, 31)) is CoverageStatus.FULLY_SERVED


DOCUMENTED = 3
"""The counties covered by documented stations: 浦口区, 海门区, 通州区."""


def test_samples_are_told_apart_and_can_be_left_out(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        add_station(session, XUANWU, sample=True)
        add_station(session, QINHUAI, sample=True)
        add_station(session, QINHUAI)
        with_samples = coverage_on(session, DAY, samples=True)
        without = coverage_on(session, DAY, samples=False)
    assert (with_samples.covered, without.covered) == (DOCUMENTED + 2, DOCUMENTED + 1)
    assert (with_samples.sample_stations, with_samples.covered_by_samples_only) == (2, 1)
    assert (without.sample_stations, without.covered_by_samples_only) == (0, 0)


def test_a_station_of_no_stated_county_covers_none_and_is_not_dropped(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        before = coverage_on(session, date(2026, 11, 24), samples=False)
    assert (before.without_county, before.covered, before.total) == (3, DOCUMENTED, 95)


COUNTIES = st.sampled_from([XUANWU, QINHUAI, KUNSHAN])
DAYS = st.dates(min_value=date(2024, 6, 25), max_value=date(2024, 7, 5))
STATIONS = st.lists(
    st.tuples(
        COUNTIES,
        st.lists(st.tuples(st.sampled_from(Status), DAYS), min_size=1, max_size=4),
        st.sets(st.sampled_from(FOUR_ELEMENTS)),
    ),
    max_size=5,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATIONS)
def test_the_query_tells_what_the_rule_says_read_plainly(reference_engine: Engine, network: list) -> None:
    with Session(reference_engine) as session:
        for adcode, history, services in network:
            ordered = sorted(history, key=lambda entry: entry[1])
            statuses = [(status, day.isoformat()) for status, day in ordered]
            add_station(session, adcode, statuses, services=sorted(services))
        told = coverage_on(session, DAY, samples=False)
    for adcode in (XUANWU, QINHUAI, KUNSHAN):
        active = []
        for county, history, services in network:
            begun = [entry for entry in sorted(history, key=lambda entry: entry[1]) if entry[1] <= DAY]
            if county == adcode and begun and begun[-1][0] is Status.ACTIVE:
                active.append(services)
        expected = coverage_status(len(active), set().union(*active))
        row = next(row for row in told.counties if row.county.adcode == adcode)
        assert (row.stations, row.status) == (len(active), expected)


def test_cities_add_up(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        coverage = coverage_on(session, date(2026, 11, 24), samples=True)
    cities = coverage.by_city()
    assert len(cities) == 13
    assert sum(city.total for city in cities) == coverage.total == 95
    assert sum(city.covered for city in cities) == coverage.covered == 95 - len(coverage.uncovered)
    assert sum(city.fully_served for city in cities) == coverage.fully_served
