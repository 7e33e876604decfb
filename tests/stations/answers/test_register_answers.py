"""The registers as they are told: what pages, files and commands say of stations and centres."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.answers.columns import cells, headings
from stations.answers.registers import (
    COUNTY_STATION_FILE,
    STATION_REGISTER,
    STATUS_HISTORY,
    STATUS_HISTORY_COLUMNS,
    stations_on,
)
from stations.language import Language
from stations.partial_date import PartialDate
from stations.registry.station import Station, StationStatus, Status
from tests.stations.commands.test_command_line import answer

CHINESE, ENGLISH, DAY = Language("zh_CN"), Language("en"), date(2026, 11, 24)
STATION = Station(source="政府公报")


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (
            StationStatus(station=STATION, status=Status.ACTIVE, dated=PartialDate(2025, 6), source="揭牌公告"),
            {"status": "active", "dated": "2025-06", "as_of": None, "reason": None, "source": "揭牌公告"},
        ),
        (
            StationStatus(station=STATION, status=Status.CLOSED, as_of=PartialDate(2026), reason="合并"),
            {"status": "closed", "dated": None, "as_of": "2026", "reason": "合并", "source": "政府公报"},
        ),
    ],
)
def test_an_entry_of_the_history(entry: StationStatus, told: dict[str, str | None]) -> None:
    assert STATUS_HISTORY.as_data(entry) == told
    assert cells(STATUS_HISTORY_COLUMNS, entry, ENGLISH)[1:] == list(told.values())[1:]
    assert headings(STATUS_HISTORY_COLUMNS, ENGLISH) == ["Status", "Since", "As of", "Reason", "Source"]


@pytest.mark.one_database
def test_stations_come_with_their_history(sample_engine: Engine, sample_url: str) -> None:
    with Session(sample_engine) as session:
        found = stations_on(session, DAY, samples=True)
    told = STATION_REGISTER.data(found, CHINESE)
    assert told == answer(sample_url, "stations")
    assert all(one["history"] for one in told)
    first = cells(COUNTY_STATION_FILE, found[0], CHINESE)
    assert first[0] == told[0]["code"] and first[-2:] == [told[0]["lon"], told[0]["lat"]]
