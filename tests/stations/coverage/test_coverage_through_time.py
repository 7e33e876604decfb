from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.coverage.county_coverage import CoverageStatus, coverage_on
from stations.coverage.through_time import ChangeKind, CoverageHistory, Danger, Step, coverage_history
from stations.errors import InvalidInput
from stations.partial_date import PartialDate
from stations.registry.station import Station, Status
from tests.conftest import TODAY
from tests.stations.factories import FOUR_ELEMENTS, add_station

XUANWU, QINHUAI, KUNSHAN = "320102", "320104", "320583"
FIRST, LAST = date(2024, 6, 24), date(2024, 7, 6)

DAYS = st.dates(min_value=date(2024, 6, 25), max_value=date(2024, 7, 5))
SPANS = st.tuples(st.none() | DAYS, st.none() | DAYS)
STATIONS = st.lists(
    st.tuples(
        st.sampled_from([XUANWU, QINHUAI, KUNSHAN]),
        st.lists(st.tuples(st.sampled_from(Status), DAYS), min_size=1, max_size=4),
        st.dictionaries(st.sampled_from(FOUR_ELEMENTS), SPANS),
        st.booleans(),
    ),
    max_size=5,
)


def history_of(session: Session, *, samples: bool = True) -> CoverageHistory:
    return coverage_history(session, samples=samples)


def by_records(session: Session, day: date, *, samples: bool) -> dict[str, tuple[int, int, set[str]]]:
    """By county: active stations, samples among them, and elements offered; counted record by record."""
    counted: dict[str, tuple[int, int, set[str]]] = {}
    for station in session.scalars(select(Station)):
        entries = [one for one in station.history if one.known_from and one.known_from <= day]
        last = max(entries, key=lambda one: (one.known_from, one.position), default=None)
        if last is None or last.status is not Status.ACTIVE or (station.sample and not samples):
            continue
        elements = {one.service.group_code for one in station.offers if one.holds_on(day) and one.service.element}
        stations, invented, before = counted.get(station.county_adcode or "", (0, 0, set()))
        counted[station.county_adcode or ""] = (stations + 1, invented + station.sample, before | elements)
    return counted


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATIONS, st.booleans())
def test_the_curve_is_the_coverage_of_every_date(reference_engine: Engine, network: list, samples: bool) -> None:
    with Session(reference_engine) as session:
        for adcode, entries, services, sample in network:
            statuses = [(status, day.isoformat()) for status, day in sorted(entries, key=lambda entry: entry[1])]
            station = add_station(session, adcode, statuses, services=sorted(services), sample=sample)
            for offer in station.offers:
                offer.since, offer.until = services[offer.service_code]
        session.flush()
        history = history_of(session, samples=samples)
        for point in history.curve(FIRST, LAST, Step.DAY):
            told = coverage_on(session, point.day, samples=samples)
            counted = by_records(session, point.day, samples=samples)
            assert told.without_county == counted.pop("", (0,))[0]
            assert {
                row.county.adcode: (row.stations, row.sample_stations, set(row.elements))
                for row in told.counties
                if row.covered
            } == counted
            assert (point.covered, point.fully_served, point.samples_only) == (
                told.covered,
                told.fully_served,
                told.covered_by_samples_only,
            )
            assert point.cities == {city.adcode: (city.covered, city.fully_served) for city in told.by_city()}
            for timeline, row in zip(history.counties, told.counties, strict=True):
                state = timeline.on(point.day)
                assert (state.status, state.stations, state.sample_stations) == (
                    row.status,
                    row.stations,
                    row.sample_stations,
                )


def test_a_curve_by_month_stands_at_the_ends_of_months_and_at_its_own(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        history = history_of(session)
        points = history.curve(date(2026, 1, 15), date(2026, 3, 10))
        assert [point.day for point in points] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 10)]
        for point in points:
            assert point.covered == coverage_on(session, point.day, samples=True).covered
        assert len(history.curve(date(2024, 1, 1), date(2024, 12, 31), Step.DAY)) == 366


def test_dates_the_wrong_way_round_are_told(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        history = history_of(session)
    with pytest.raises(InvalidInput, match="swap"):
        history.curve(TODAY, date(2021, 1, 1))
    with pytest.raises(InvalidInput, match="swap"):
        history.changes(TODAY, date(2021, 1, 1))


def test_what_changed_and_through_which_stations(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        gained = add_station(session, KUNSHAN, [(Status.ACTIVE, "2024-03-01")])
        add_station(session, KUNSHAN, [(Status.PLANNED, "2024-03-01")])
        lost = add_station(session, XUANWU, [(Status.ACTIVE, "2022-01-01"), (Status.CLOSED, "2024-05-01")])
        thinner = add_station(session, QINHUAI)
        thinner.offers[0].until = date(2024, 4, 1)
        came_and_went = [(Status.ACTIVE, "2024-03-01"), (Status.SUSPENDED, "2024-05-01")]
        add_station(session, "320581", came_and_went)
        session.flush()
        changes = history_of(session).changes(date(2024, 1, 1), date(2024, 6, 1))
        told = {
            change.county.adcode: (
                change.before.status,
                change.after.status,
                change.kind,
                [one.station.code for one in change.stations],
            )
            for change in changes
        }
    assert told == {
        XUANWU: (CoverageStatus.FULLY_SERVED, CoverageStatus.UNCOVERED, ChangeKind.LOST, [lost.code]),
        QINHUAI: (CoverageStatus.FULLY_SERVED, CoverageStatus.THIN, ChangeKind.THINNED, [thinner.code]),
        KUNSHAN: (CoverageStatus.UNCOVERED, CoverageStatus.FULLY_SERVED, ChangeKind.GAINED, [gained.code]),
    }
    assert [change.county.adcode for change in changes] == [XUANWU, QINHUAI, KUNSHAN]


@pytest.mark.parametrize(
    "dated, reported, known",
    [
        ("2024-03-01", None, True),
        ("2024-03", "2024-06-01", True),
        ("2024", None, False),
        (None, "2024-03-01", False),
    ],
    ids=["opened that day", "opened that month", "opened that year, perhaps before", "reported without a date"],
)
def test_a_county_is_newly_covered_only_where_it_is_known_not_to_have_been(
    reference_engine: Engine, dated: str | None, reported: str | None, known: bool
) -> None:
    with Session(reference_engine) as session:
        entry = add_station(session, KUNSHAN).history[0]
        entry.dated = PartialDate.parse(dated) if dated else None
        entry.as_of = PartialDate.parse(reported) if reported else None
        session.flush()
        changes = history_of(session).changes(date(2024, 1, 31), date(2024, 12, 31))
    (change,) = [one for one in changes if one.county.adcode == KUNSHAN]
    assert (change.before_known, change.kind) == (known, ChangeKind.GAINED if known else ChangeKind.UNKNOWN)
    assert [(one.before, one.before_known) for one in change.stations] == [(None, known)]


def test_a_county_that_may_have_been_covered_by_another_station_is_not_newly_covered(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        add_station(session, KUNSHAN, [(Status.ACTIVE, "2024-03-01")])
        entry = add_station(session, KUNSHAN, [(Status.ACTIVE, "2024-03-01")]).history[0]
        entry.dated, entry.as_of = None, PartialDate.parse("2024-03-01")
        add_station(session, XUANWU, [(Status.PLANNED, "2023-05-01"), (Status.ACTIVE, "2024-03-01")])
        session.flush()
        changes = history_of(session).changes(date(2024, 1, 31), date(2024, 12, 31))
    kinds = {change.county.adcode: change.kind for change in changes}
    assert (kinds[XUANWU], kinds[KUNSHAN]) == (ChangeKind.GAINED, ChangeKind.UNKNOWN)


@pytest.mark.parametrize("end", [date(2025, 1, 1), TODAY])
def test_changes_of_the_sample_network_are_the_differences_of_coverage(sample_engine: Engine, end: date) -> None:
    start = date(2023, 6, 30)
    with Session(sample_engine) as session:
        changes = history_of(session).changes(start, end)
        before, after = (coverage_on(session, day, samples=True) for day in (start, end))
    differing = {
        was.county.adcode
        for was, became in zip(before.counties, after.counties, strict=True)
        if was.status is not became.status
    }
    assert {change.county.adcode for change in changes} == differing
    assert all(change.stations for change in changes)


def test_counties_about_to_fall_uncovered(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        closing = [(Status.ACTIVE, "2022-01-01"), (Status.CLOSED, "2024-09-01")]
        suspended = [(Status.ACTIVE, "2022-01-01"), (Status.SUSPENDED, "2024-08-01"), (Status.ACTIVE, "2024-10-01")]
        add_station(session, XUANWU, closing)
        add_station(session, QINHUAI, suspended)
        alone = add_station(session, KUNSHAN)
        add_station(session, "320581", closing)
        add_station(session, "320581")
        told = history_of(session).endangered(date(2024, 7, 1))
    documented = {"320111", "320612", "320614"}
    told = [one for one in told if one.county.adcode not in documented]
    assert [(one.county.adcode, one.danger, one.ends_on) for one in told] == [
        (QINHUAI, Danger.ENDING, date(2024, 8, 1)),
        (XUANWU, Danger.ENDING, date(2024, 9, 1)),
        (KUNSHAN, Danger.RESTING_ON_ONE, None),
    ]
    assert [station.code for station in told[-1].stations] == [alone.code]


def test_since_when_a_county_is_uncovered(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        add_station(session, XUANWU, [(Status.ACTIVE, "2022-01-01"), (Status.SUSPENDED, "2023-01-01")])
        timelines = {timeline.county.adcode: timeline for timeline in history_of(session).counties}
    assert timelines[XUANWU].uncovered_since(date(2024, 1, 1)) == date(2023, 1, 1)
    assert timelines[XUANWU].uncovered_since(date(2022, 6, 1)) is None
    assert timelines[QINHUAI].uncovered_since(date(2024, 1, 1)) is None
    assert timelines[XUANWU].uncovered_from(date(2022, 6, 1)) == date(2023, 1, 1)
    assert timelines[XUANWU].uncovered_from(date(2023, 1, 1) + timedelta(days=1)) is None
