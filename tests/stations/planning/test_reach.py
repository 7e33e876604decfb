"""Reach: true distances, the people within them, and shares that add up; the same on the page and by command."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.distance import great_circle_m
from stations.database import reading
from stations.errors import InvalidInput
from stations.places.counties import get_county
from stations.planning.reach import reach_on
from stations.planning.reach_report import PER
from stations.registry.centre import CentreKind
from stations.registry.station import Status, list_stations
from tests.conftest import TODAY
from tests.stations.commands.test_command_line import run
from tests.stations.factories import add_station


def test_distances_by_hand(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        add_station(session, "320583", place=(120.98, 31.39))
        add_station(session, "320102", services=("metrology",))
        add_station(session, "320102", ((Status.PLANNED, "2022-01-01"),))
        report = reach_on(session, TODAY, samples=False, weighting="equal")
        rows = {one.county.adcode: one for one in report.counties}
        kunshan = rows["320583"].county
        assert rows["320583"].station.way == pytest.approx(great_circle_m(kunshan.lon, kunshan.lat, 120.98, 31.39))
        # If only the county is known, its inner point counts as the place.
        assert rows["320102"].station.way == 0
        xuanwu = get_county(session, "320102")
        away = great_circle_m(xuanwu.lon, xuanwu.lat, 120.98, 31.39)
        assert rows["320102"].by_element["metrology"] == 0
        assert rows["320102"].by_element["certification"] <= away
        assert report.stations == sum(
            one.station.lon is not None or one.station.county_adcode is not None
            for one in list_stations(session, TODAY, samples=False, statuses=[Status.ACTIVE])
        )


def test_people_and_shares_add_up(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        report = reach_on(session, TODAY, samples=True)
        weights = np.array([one.weight for one in report.counties])
        scores = np.array([one.score for one in report.counties])
        assert report.province.weight == pytest.approx(weights.sum())
        assert sum(one.weight for one in report.cities) == pytest.approx(weights.sum())
        for km in (10, 20, 30):
            by_city = sum(one.within[km] * one.weight for one in report.cities)
            assert report.province.within[km] * report.province.weight == pytest.approx(by_city)
        # Every station is reached by somebody, so all of them are distributed.
        assert (weights * scores).sum() / PER == pytest.approx(report.stations)
        assert report.curve[0] == (0, 0)
        assert report.curve[-1] == pytest.approx((1, 1))
        assert 0 < report.province.gini < 1
        assert [one.city.adcode for one in report.cities] == sorted(one.city.adcode for one in report.cities)


@settings(max_examples=10)
@given(day=st.dates(date(2021, 1, 1), date(2026, 11, 24)), kind=st.sampled_from([None, *CentreKind]))
def test_more_never_reaches_less(sample_engine: Engine, day: date, kind: CentreKind | None) -> None:
    with reading(sample_engine) as session:
        every = reach_on(session, day, samples=True, weighting="equal")
        some = reach_on(session, day, samples=True, weighting="equal", service="testing", centre_kind=kind)
        for all_of, part in zip(every.counties, some.counties, strict=True):
            for name in ("station", "centre"):
                if getattr(part, name) is not None:
                    assert getattr(all_of, name).way <= getattr(part, name).way
        for km in (10, 20):
            assert every.province.within[km] >= some.province.within[km]
            assert every.province.within[km] <= every.province.within[km + 10]


def test_where_nothing_stands_nothing_is_reached(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        report = reach_on(session, date(2000, 1, 1), samples=False)
    assert (report.stations, report.province.gini, report.province.average) == (0, None, None)
    assert set(report.province.within.values()) == {0}
    assert all(one.station is None and one.score == 0 for one in report.counties)


@pytest.mark.parametrize(
    "changes", [{"service": "nonsense"}, {"weighting": "gold"}, {"catchment_km": 0}, {"catchment_km": float("nan")}]
)
def test_what_is_not_known_is_told(sample_engine: Engine, changes: dict) -> None:
    with reading(sample_engine) as session, pytest.raises(InvalidInput):
        reach_on(session, TODAY, samples=True, **changes)


def test_samples_are_left_out_where_asked(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        report = reach_on(session, TODAY, samples=False)
    assert report.samples == 0
    assert not any(one.station and one.station.sample for one in report.counties)


def test_the_command_tells_the_same(sample_url: str, sample_engine: Engine) -> None:
    done = run(sample_url, "reach", "--format", "json", "--as-of", TODAY.isoformat(), "--centre-kind", "metrology")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    with reading(sample_engine) as session:
        report = reach_on(session, TODAY, samples=True, centre_kind=CentreKind.METROLOGY)
    assert len(told["counties"]) == 95
    assert told["province"]["gini"] == pytest.approx(report.province.gini)
    assert told["sample_stations"] == report.sample_stations > 0
    assert "town" in done.stderr
    assert "sample" in done.stderr
    assert run(sample_url, "reach", "--centre-kind", "x").returncode == 2
