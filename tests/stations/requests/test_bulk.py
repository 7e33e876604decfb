"""An act on many requests: foreseen, done for each by itself, and taken back while nothing followed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.audit.log import entries_about
from stations.database import reading, transaction
from stations.duty.roles import Actor, AreaKind, Role
from stations.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound, Outdated
from stations.notices.outbox import Notice, NoticeState
from stations.requests.bulk import (
    MOST,
    BulkAction,
    accepting,
    assigning,
    do_all,
    foresee,
    handing_over,
    urging,
    writing,
)
from stations.requests.bulk_record import last_act, taken_back
from stations.requests.bulk_undo import take_back
from stations.requests.filing import Draft, file_request
from stations.requests.handling import move_as_firm, move_as_station, write_as_firm
from stations.requests.lookup import open_request
from stations.requests.moves import MoveName
from stations.requests.notice_way import confirm_notice_address
from stations.requests.service_request import ServiceRequest
from stations.requests.states import State
from stations.requests.urging import UrgingForm, list_urgings
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, actor_with, add_steward, file_one, filled_form, steward_of

LATER = NOW + timedelta(minutes=1)  # at the same moment it would count as one form sent twice
PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")
Looks = tuple[object, ...]


def looks(session: Session, number: str) -> Looks:
    """All of a request that an act on many could change."""
    one = open_request(session, PROVINCE, number)
    session.refresh(one)
    items = [(item.service_code, item.institution_id, item.partner_station_id, item.due_on) for item in one.items]
    events = [(event.move, event.source, event.target, event.note) for event in one.events]
    return (
        *(one.state, one.station.code, one.steward, one.steward_username, one.routing, one.due_on, one.answered_late),
        *(
            items,
            events,
            [message.text for message in one.messages],
            [u.text for u in list_urgings(session, one) if u.open],
        ),
    )


@pytest.fixture
def filed(reference_engine: Engine) -> tuple[list[str], Actor, str]:
    """Three requests of one station, its steward, and the code of another station that can take them."""
    with transaction(reference_engine) as session:
        first = file_one(session)
        station = first.station
        numbers = [first.number]
        for _ in range(2):
            numbers.append(file_request(session, filled_form(station), Draft(), now=NOW, samples=True).number)
        add_steward(session, station, "zhao")
        return numbers, steward_of(station), add_station(session, KUNSHAN).code


def test_each_of_many_is_done_by_itself_and_told_apart_as_foreseen(
    reference_engine: Engine, filed: tuple[list[str], Actor, str]
) -> None:
    numbers, steward, _ = filed
    with transaction(reference_engine) as session:
        elsewhere = file_one(session).number
        move_as_station(session, steward, numbers[1], MoveName.ACCEPT, version=1, now=NOW)
    picked = [*((number, 1) for number in numbers), (elsewhere, 1)]
    with reading(reference_engine) as session:
        before = [looks(session, number) for number in numbers]
        entries = len(entries_about(session, "service_request", numbers[0]))
    wanted = [(numbers[0], type(None)), (numbers[1], Outdated), (numbers[2], type(None)), (elsewhere, NotAllowed)]
    foreseen = foresee(reference_engine, steward, accepting(), picked, now=LATER)
    assert [(one.number, type(one.problem)) for one in foreseen] == wanted
    with reading(reference_engine) as session:
        assert [looks(session, number) for number in numbers] == before, "nothing is kept of it"
        assert len(entries_about(session, "service_request", numbers[0])) == entries
    done = do_all(reference_engine, steward, accepting(), picked, now=LATER)
    assert [(one.number, type(one.problem)) for one in done.outcomes] == wanted
    again = do_all(reference_engine, steward, assigning("zhao"), [(numbers[0], 2), (numbers[1], 1)], now=LATER)
    assert [one.problem is None for one in again.outcomes] == [True, False]
    with reading(reference_engine) as session:
        states = [open_request(session, PROVINCE, number).state for number in (*numbers, elsewhere)]
        assert states == [State.ACCEPTED] * 3 + [State.SUBMITTED]
        assert open_request(session, PROVINCE, numbers[0]).steward == "管家zhao"


@pytest.mark.parametrize("count", [0, MOST + 1])
def test_none_or_too_many_is_refused_before_anything_is_done(reference_engine: Engine, count: int) -> None:
    for ask in (foresee, do_all):
        with pytest.raises(InvalidInput) as problem:
            ask(reference_engine, PROVINCE, accepting(), [("Q261124-000000", 1)] * count, now=NOW)
        assert problem.value.field == "picked"


def test_what_does_nothing_leaves_nothing_to_take_back(
    reference_engine: Engine, filed: tuple[list[str], Actor, str]
) -> None:
    numbers, steward, _ = filed
    assert do_all(reference_engine, steward, accepting(), [(numbers[0], 9)], now=LATER).act is None
    with reading(reference_engine) as session:
        assert last_act(session, steward.username) is None


ACTS: dict[str, Callable[[str], BulkAction]] = {
    "accept": lambda _: accepting(),
    "assign": lambda _: assigning("zhao"),
    "transfer": lambda other: handing_over(other, "对方小站就近"),
    "message": lambda _: writing("节假日照常受理"),
    "urge": lambda _: urging(UrgingForm("station", "请尽快", TODAY)),
}


@pytest.mark.parametrize("kind", ACTS)
def test_an_act_is_taken_back_whole_and_stays_on_the_record(
    reference_engine: Engine, filed: tuple[list[str], Actor, str], kind: str
) -> None:
    numbers, steward, other = filed
    actor = PROVINCE if kind == "urge" else steward
    picked = [(number, 1) for number in numbers]
    with reading(reference_engine) as session:
        before = [looks(session, number) for number in numbers]
    done = do_all(reference_engine, actor, ACTS[kind](other), picked, now=LATER)
    assert done.act is not None and all(one.problem is None for one in done.outcomes)
    with reading(reference_engine) as session:
        assert all(looks(session, number) != was for number, was in zip(numbers, before, strict=True))
    with pytest.raises(NotFound):
        take_back(reference_engine, steward_of_nobody(), done.act, now=LATER)
    back = take_back(reference_engine, actor, done.act, now=LATER)
    assert [(one.number, one.problem) for one in back] == [(number, None) for number in numbers]
    with reading(reference_engine) as session:
        assert [looks(session, number) for number in numbers] == before
        request = open_request(session, PROVINCE, numbers[0])
        assert [one.act.kind.value for one in taken_back(session, request)] == [kind]
        assert "take_back" in [one.action for one in entries_about(session, "service_request", numbers[0])]
        assert last_act(session, actor.username) is None
    with pytest.raises(NotFound):
        take_back(reference_engine, actor, done.act, now=LATER)


def steward_of_nobody() -> Actor:
    return Actor("somebody", "某人", False, ())


def _accepted(session: Session, request: ServiceRequest, draft: Draft, steward: Actor) -> None:
    move_as_station(session, steward, request.number, MoveName.START, version=2, now=LATER)


def _written(session: Session, request: ServiceRequest, draft: Draft, steward: Actor) -> None:
    write_as_firm(session, request.number, draft.code, "进展如何？", now=LATER)


def _cancelled(session: Session, request: ServiceRequest, draft: Draft, steward: Actor) -> None:
    move_as_firm(session, request.number, draft.code, MoveName.CANCEL, version=2, note="不办了", now=LATER)


def _told(session: Session, request: ServiceRequest, draft: Draft, steward: Actor) -> None:
    step = session.scalars(select(Notice).where(Notice.key.contains(":step:1"))).one()
    step.state, step.sent_at = NoticeState.SENT, LATER


@pytest.mark.parametrize("followed", [_accepted, _written, _cancelled, _told])
def test_what_was_followed_by_anything_stays(
    reference_engine: Engine, followed: Callable[[Session, ServiceRequest, Draft, Actor], None]
) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft, notice_channel="email", notice_address="a@example.com")
        confirm_notice_address(session, request, request.notice_proof or "", now=NOW)
        number, steward = request.number, steward_of(request.station)
    done = do_all(reference_engine, steward, accepting(), [(number, 1)], now=LATER)
    with transaction(reference_engine) as session:
        followed(session, open_request(session, PROVINCE, number), draft, steward)
    with reading(reference_engine) as session:
        before = looks(session, number)
    problem: DomainError | None = take_back(reference_engine, steward, done.act or 0, now=LATER)[0].problem
    assert isinstance(problem, Conflict)
    with reading(reference_engine) as session:
        assert looks(session, number) == before


def test_a_notice_that_has_not_gone_is_never_sent(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session, notice_channel="email", notice_address="a@example.com")
        confirm_notice_address(session, request, request.notice_proof or "", now=NOW)
        number, steward = request.number, steward_of(request.station)
        waiting = len(session.scalars(select(Notice)).all())
    done = do_all(reference_engine, steward, accepting(), [(number, 1)], now=LATER)
    take_back(reference_engine, steward, done.act or 0, now=LATER)
    with reading(reference_engine) as session:
        assert len(session.scalars(select(Notice)).all()) == waiting
