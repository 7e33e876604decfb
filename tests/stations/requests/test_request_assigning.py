"""Assigning requests."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from stations.audit.log import entries_about
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import Conflict, InvalidInput, NotAllowed
from stations.language import Language
from stations.notices.outbox import Notice
from stations.requests.assigning import assign
from stations.requests.deadlines import REMIND_EVERY, days_after, deadlines, is_reminded, reminding_begins
from stations.requests.filing import Draft
from stations.requests.handling import move_as_station, write_as_firm
from stations.requests.moves import MoveName
from stations.requests.notice_way import confirm_notice_address
from stations.requests.reopening import remind
from stations.requests.shown_request import shown_to
from stations.requests.stewards import stewards_of
from stations.requests.words import step_in_words
from tests.conftest import NOW
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, actor_with, add_steward, file_one, steward_of


def test_a_steward_of_the_station_takes_it_or_nobody_by_name(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        add_steward(session, request.station, "zhao")
        add_steward(session, request.station, "gone", active=False)
        add_steward(session, add_station(session, KUNSHAN), "elsewhere")
        assert [user.username for user in stewards_of(session, request.station)] == ["zhao"]
        office, number = actor_with(Role.COUNTY, AreaKind.COUNTY, KUNSHAN), request.number
        for wrong in ("gone", "elsewhere", "none"):
            with pytest.raises(InvalidInput) as problem:
                assign(session, office, number, wrong, version=1, now=NOW)
            assert problem.value.field == "username"
        due = request.due_on
        assign(session, office, number, "zhao", version=1, now=NOW)
        assert (request.steward, request.version, request.due_on) == ("管家zhao", 2, due)
        with pytest.raises(Conflict):
            assign(session, office, number, "", version=1, now=NOW)
        assign(session, office, number, "zhao", version=2, now=NOW)
        assert request.version == 2, "nothing changed"
        assign(session, office, number, "", version=2, now=NOW)
        assert (request.steward, request.steward_username) == (None, None)
        with pytest.raises(NotAllowed):
            assign(session, actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000"), number, "", version=3, now=NOW)
    with reading(reference_engine) as session:
        told = [(one.action, one.detail["after"]) for one in entries_about(session, "service_request", number)[1:]]
        assert told == [("assign", "zhao"), ("assign", "")]


def test_naming_a_steward_stands_among_the_steps_and_moves_nothing_else(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft, notice_channel="email", notice_address="a@example.com")
        confirm_notice_address(session, request, request.notice_proof or "", now=NOW)
        add_steward(session, request.station, "zhao")
        steward, number = steward_of(request.station), request.number
        write_as_firm(session, number, draft.code, "进展如何？", now=NOW)
        remind(session, number, draft.code, version=1, now=NOW + timedelta(days=8))
        before = [(due.kind, due.by) for due in deadlines(request)]
        told = len(session.scalars(select(Notice)).all())
        for username in ("zhao", ""):
            assign(session, steward, number, username, version=request.version, now=NOW + timedelta(days=9))
        # Assigning a steward answers neither the firm's message nor its reminder.
        assert [(due.kind, due.by) for due in deadlines(request)] == before and is_reminded(request)
        assert reminding_begins(request).day == days_after(NOW + timedelta(days=8), REMIND_EVERY).day
        assert len(session.scalars(select(Notice)).all()) == told
        named, given_back = request.events[-2:]
        assert (named.move, named.source, named.target) == (MoveName.ASSIGN, request.state, request.state)
        assert (named.note, given_back.note) == ("管家zhao", "")
        assert step_in_words(Language("en"), named) == "A steward was named"
        assert step_in_words(Language("en"), given_back) == "Given back to all stewards of the station"


def test_who_is_shown_no_personal_data_reads_no_stewards_name(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        add_steward(session, request.station, "zhao")
        assign(session, steward_of(request.station), request.number, "zhao", version=1, now=NOW)
        shown = shown_to(actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000"), request)
        assert (shown.steward, shown.events[-1].note) == ("管*****", "管*****")
        office = shown_to(actor_with(Role.COUNTY, AreaKind.COUNTY, KUNSHAN), request)
        assert (office.steward, office.events[-1].note) == ("管家zhao", "管家zhao")


def test_a_request_at_its_end_is_nobodys_turn(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        steward = steward_of(request.station)
        move_as_station(session, steward, request.number, MoveName.REFUSE, version=1, note="x", now=NOW)
        with pytest.raises(Conflict):
            assign(session, steward, request.number, "", version=request.version, now=NOW)
