"""The queue of the work desk: the most urgent first, filtered and paged without gaps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.requests.handling import move_as_station
from stations.requests.moves import MoveName
from stations.requests.queue import (
    UNASSIGNED,
    QueueFilter,
    count_requests,
    list_requests,
    stations_in_queue,
    stewards_in_queue,
)
from stations.requests.queue_order import (
    MOST_URGENT,
    QueueOrder,
    QueuePlace,
    SortedBy,
    place_of,
    read_order,
    read_place,
)
from stations.requests.service_request import ServiceRequest
from stations.requests.states import State
from tests.conftest import NOW, TODAY
from tests.stations.request_factories import KUNSHAN, actor_with, file_one, steward_of

PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")


def move(session: Session, request: ServiceRequest, name: MoveName) -> None:
    steward = steward_of(request.station)
    move_as_station(session, steward, request.number, name, version=request.version, note="原因", now=NOW)


def numbers(session: Session, wanted: QueueFilter) -> set[str]:
    return {request.number for request in list_requests(session, PROVINCE, wanted, samples=True)}


def test_the_most_urgent_come_first_a_page_at_a_time_with_none_twice(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        filed = [file_one(session) for _ in range(7)]
        for request in filed[2:4]:
            move(session, request, MoveName.REFUSE)
        for request, days in zip(filed[4:], (-3, 9, -3), strict=True):
            request.due_on = TODAY + timedelta(days=days)
        expected = [filed[place].number for place in (4, 6, 0, 1, 5, 3, 2)]
    with reading(reference_engine) as session:
        whole = list_requests(session, PROVINCE, samples=True)
        assert [request.number for request in whole] == expected
        paged, after = [], None
        while page := list_requests(session, PROVINCE, samples=True, after=after, limit=2):
            paged += [request.number for request in page]
            after = read_place(str(place_of(page[-1])))
        assert paged == expected


@pytest.mark.parametrize("down", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("by", SortedBy)
def test_every_order_is_paged_with_none_twice(reference_engine: Engine, by: SortedBy, down: bool) -> None:
    order = QueueOrder(by, down)
    assert read_order(str(order)) == order
    with transaction(reference_engine) as session:
        filed = [file_one(session, firm_name=f"{letter}有限公司") for letter in "bacab"]
        move(session, filed[2], MoveName.REFUSE)
        filed[3].due_on = TODAY - timedelta(days=3)
    with reading(reference_engine) as session:
        whole = [one.number for one in list_requests(session, PROVINCE, samples=True, order=order)]
        assert sorted(whole) == sorted(one.number for one in filed)
        paged, after = [], None
        while page := list_requests(session, PROVINCE, samples=True, order=order, after=after, limit=2):
            paged += [one.number for one in page]
            after = read_place(str(place_of(page[-1])))
        assert paged == whole
        if by is SortedBy.FIRM:
            firms = [one.firm_name for one in list_requests(session, PROVINCE, samples=True, order=order)]
            assert firms == sorted(firms, reverse=down)


@pytest.mark.parametrize("text", ["", "-", "none", "--firm", "firm_name", "FIRM"])
def test_an_order_that_cant_be_read_is_the_most_urgent_first(text: str) -> None:
    assert read_order(text) == MOST_URGENT


@pytest.mark.parametrize("text", ["", "none", "2026-13-01.4", "2026-11-20", "2026-11-20.x", "none." + "9" * 20])
def test_a_place_that_cant_be_read_is_the_beginning(text: str) -> None:
    assert read_place(text) is None


def test_a_place_reads_as_it_is_written() -> None:
    for place in (QueuePlace(date(2026, 11, 20), 4), QueuePlace(None, 7)):
        assert read_place(str(place)) == place


def test_each_filter_narrows_to_what_it_names(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        late = file_one(session, firm_name="苏州100%精密_有限公司")
        other = file_one(session, adcode="320102", services=("metrology.calibration",))
        late.due_on = TODAY - timedelta(days=1)
        move(session, other, MoveName.ACCEPT)
        late_number, other_number = late.number, other.number
        stations = late.station.code, other.station.code
    with reading(reference_engine) as session:
        for wanted, expected in (
            (QueueFilter(), {late_number, other_number}),
            (QueueFilter(states=frozenset({State.ACCEPTED})), {other_number}),
            (QueueFilter(overdue_on=TODAY), {late_number}),
            (QueueFilter(station=stations[1]), {other_number}),
            (QueueFilter(county=KUNSHAN), {late_number}),
            (QueueFilter(city="320100"), {other_number}),
            (QueueFilter(service="testing"), {late_number}),
            (QueueFilter(service="metrology.calibration"), {late_number, other_number}),
            (QueueFilter(service="metro"), set()),
            (QueueFilter(steward="steward"), {other_number}),
            (QueueFilter(steward=UNASSIGNED), {late_number}),
            (QueueFilter(text="100%精密_"), {late_number}),
            (QueueFilter(text="1%0"), set()),
            (QueueFilter(text=other_number.lower()), {other_number}),
            (QueueFilter(escalated=True), set()),
            (QueueFilter(behind=ServiceRequest.number == late_number), {late_number}),
        ):
            assert numbers(session, wanted) == expected, wanted
            assert sum(count_requests(session, PROVINCE, wanted, samples=True).values()) == len(expected)
        assert [one.code for one in stations_in_queue(session, PROVINCE, samples=True)] == sorted(stations)
        assert stewards_in_queue(session, PROVINCE, samples=True) == {"steward": "李管家"}
