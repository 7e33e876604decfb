"""A register is read page by page, restricted to an area, to words and to what is offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.answers.pilots import pilots_on
from stations.answers.registers import centres_on, institutions_on, stations_on
from stations.database import reading
from stations.errors import InvalidInput
from stations.registry.page_reading import read_page
from stations.registry.station import Station, Status, own_status_on, status_on

DAY = date(2026, 11, 24)
REGISTERS: dict[str, tuple[Callable[..., list[Any]], Callable[[Any], str]]] = {
    "stations": (stations_on, lambda one: one.station.code),
    "centres": (centres_on, lambda one: one.centre.code),
    "institutions": (institutions_on, lambda one: one.institution.code),
    "pilots": (pilots_on, lambda one: one.pilot.code),
}


def codes(session: Session, register: str, **page: Any) -> list[str]:
    answer, code_of = REGISTERS[register]
    return [code_of(one) for one in answer(session, DAY, samples=True, page=read_page(session, **page))]


@pytest.mark.parametrize("register", REGISTERS)
def test_pages_follow_each_other_and_make_the_whole(sample_engine: Engine, register: str) -> None:
    with reading(sample_engine) as session:
        whole, seen = codes(session, register), list[str]()
        while page := codes(session, register, after=seen[-1] if seen else "", limit=9):
            assert len(page) <= 9
            seen += page
        assert seen == whole == sorted(whole)


def test_a_page_is_restricted_to_an_area_and_to_words_as_they_are_written(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        city, county = codes(session, "stations", city="苏州"), codes(session, "stations", county="昆山市")
        assert set(county) < set(city) < set(codes(session, "stations"))
        assert set(codes(session, "stations", words="昆山")) >= set(codes(session, "stations", words="昆山市纺织"))
        assert codes(session, "stations", words="%") == codes(session, "stations", words="_") == []
        for field in ("city", "county"):
            with pytest.raises(InvalidInput) as told:
                read_page(session, **{field: "nowhere"})
            assert told.value.field == field


def test_stations_are_those_that_offer_all_services_and_their_histories_are_loaded(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        asked = ["metrology.calibration", "metrology.compulsory_verification"]
        found = stations_on(session, DAY, samples=True, statuses=[Status.ACTIVE], services=asked)
        both = [set(asked) <= {offer.service_code for offer in one.station.offers} for one in found]
        assert found and all(both) and all(one.station.history for one in found)


@pytest.mark.one_database
@pytest.mark.parametrize("day", [date(2023, 6, 1), date(2025, 1, 1), DAY])
def test_the_status_of_one_station_is_that_among_all(sample_engine: Engine, day: date) -> None:
    with reading(sample_engine) as session:
        among_all = {station: status for station, status in session.execute(status_on(day))}
        each = {station: status for station, status in session.execute(select(Station.id, own_status_on(day)))}
    assert {station: status for station, status in each.items() if status} == among_all
