"""One telephone number, and one address, file so many requests a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.database import transaction
from stations.errors import InvalidForm
from stations.requests.filing import Draft, file_request
from stations.requests.filing_limits import FiledFromNetwork, Network, filing_limits
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


@pytest.mark.one_database
def test_a_network_files_so_many_a_day_whatever_address_of_it(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = add_station(session, "320583")

        def file(address: str, later: timedelta = timedelta(0), count: int | None = 3) -> None:
            place = session.scalar(sa.select(sa.func.count()).select_from(FiledFromNetwork))
            form = filled_form(station, phone=f"139{place:08d}")
            file_request(session, form, Draft(), now=NOW + later, samples=True, network=Network(address, count))

        for last in range(3):
            file(f"2001:db8:0:1::{last}")
        with pytest.raises(InvalidForm) as refused:
            file("2001:db8:0:1:ffff::1")
        (problem,) = refused.value.problems
        assert (problem.field, problem.params) == ("network", {"count": 3, "hours": 24})
        file("2001:db8:0:2::1")
        file("192.0.2.1")
        file("2001:db8:0:1::1", count=None)  # as many as the province's rule says
        stored = {row.client_hash for row in session.scalars(sa.select(FiledFromNetwork))}
        assert len(stored) == 3 and not any(":" in one or "." in one for one in stored)
        file("2001:db8:0:1::9", timedelta(days=1))  # a day later it may again, and what was counted is gone
        assert session.scalar(sa.select(sa.func.count()).select_from(FiledFromNetwork)) == 1


@pytest.mark.one_database
def test_what_is_refused_for_another_reason_is_not_counted(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station, sample = add_station(session, "320583"), add_station(session, "320581", sample=True)
        network = Network("192.0.2.1", 1)
        with pytest.raises(InvalidForm):
            file_request(session, filled_form(station, phone=""), Draft(), now=NOW, samples=True, network=network)
        file_request(session, filled_form(sample), Draft(), now=NOW, samples=True, network=network)
        draft = Draft()
        for _again in range(2):  # a form that is sent twice is one
            file_request(session, filled_form(station), draft, now=NOW, samples=True, network=network)
