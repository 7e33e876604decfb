"""One telephone number, and one address, file so many requests a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from stations.database import transaction
from stations.errors import InvalidForm
from stations.requests.filing import Draft, file_request
from stations.requests.filing_limits import filing_limits
from tests.conftest import NOW
from tests.stations.factories import add_station
from tests.stations.request_factories import filled_form

WAYS = {
    "phone": [{"phone": "13912345678"}, {"phone": "139 1234 5678"}, {"phone": "+86-139-1234-5678"}],
    "address": [{"email": "a@firm.example"}, {"notice_channel": "email", "notice_address": "a@firm.example"}],
}


@pytest.mark.one_database
@pytest.mark.parametrize("what", WAYS)
def test_one_number_or_address_files_so_many_a_day_however_it_is_written(reference_engine: Engine, what: str) -> None:
    limit, ways = filing_limits()[what], WAYS[what]
    with transaction(reference_engine) as session:
        station = add_station(session, "320583")

        def file(place: int, later: timedelta = timedelta(0)) -> None:
            phone = {} if what == "phone" else {"phone": f"139{place:08d}"}
            form = filled_form(station, **phone, **ways[place % len(ways)])
            file_request(session, form, Draft(), now=NOW + later, samples=True)

        for place in range(limit.count):
            file(place)
        for place in range(len(ways)):
            with pytest.raises(InvalidForm) as refused:
                file(place)
            (problem,) = refused.value.problems
            assert problem.field in {*ways[place % len(ways)]} and problem.params["count"] == limit.count
        file(0, limit.within)  # a day later it may again


@pytest.mark.one_database
def test_samples_and_others_are_not_held_up(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station, sample = add_station(session, "320583"), add_station(session, "320581", sample=True)
        for _ in range(filing_limits()["phone"].count + 1):
            file_request(session, filled_form(sample), Draft(), now=NOW, samples=True)
        file_request(session, filled_form(station), Draft(), now=NOW, samples=True)
