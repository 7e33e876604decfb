"""The sample network is marked, the same at every load, consistent with the rules, and can be excluded."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from stdnum.cn import uscc

import stations.samples.network
from geo.counties import locate
from stations.accounts.sign_ins import actor_of, enter_as_sample, list_sample_users
from stations.alerts.alert_rules import AlertKind
from stations.alerts.alerts import CoverageAlert, check_coverage
from stations.audit.proof import verify_audit
from stations.coverage.county_coverage import coverage_on
from stations.coverage.through_time import coverage_history
from stations.database import Base, open_engine, transaction
from stations.duty.roles import Action
from stations.keeping.proposal import Proposal, ProposalState
from stations.language import CHINA_TIME, day_in_china
from stations.loading.setup import set_up
from stations.registry.centre import Centre
from stations.registry.confirmation import Confirmed, confirmations_of
from stations.registry.station import Station, Status, get_status, list_stations, misplaced_stations
from stations.requests.deadlines import REOPEN_WITHIN, days_after, settle
from stations.requests.lateness import is_overdue
from stations.requests.moves import MOVES, MoveName
from stations.requests.queue import list_requests
from stations.requests.rating import Rating
from stations.requests.service_request import ServiceRequest
from stations.requests.states import Party, State
from stations.requests.urging import Urging, usual_day
from stations.samples.network import load_sample_network
from stations.samples.renewal import renew_sample_network
from stations.targets.pilot import Pilot
from stations.targets.target import Bucket, get_target, list_targets, standing_on
from stations.working_days import is_working_day, working_days_between
from tests.conftest import NOW, TODAY, Databases, Made
from tests.stations.request_factories import file_one

MARKED = ("示例", "Sample: ")


def samples_of(session: Session, kind: type) -> list:
    return list(session.scalars(select(kind).where(kind.sample).order_by(kind.id)))


@pytest.mark.parametrize(("kind", "least", "most"), [(Station, 115, 125), (Centre, 38, 45), (Pilot, 28, 35)])
def test_every_record_is_marked(sample_engine: Engine, kind: type, least: int, most: int) -> None:
    with Session(sample_engine) as session:
        records = samples_of(session, kind)
        assert least <= len(records) <= most
        for record in records:
            assert record.code.startswith("SAMPLE-")
            assert record.name.startswith(MARKED[0])
            assert record.name_en.startswith(MARKED[1])
            assert "sample" in record.source
            assert "示例" in record.source


def test_every_request_is_marked_and_belongs_to_a_sample_station(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        requests = samples_of(session, ServiceRequest)
        assert 600 <= len(requests) <= 640
        assert {request.state for request in requests} == set(State)
        for request in requests:
            assert request.station.sample
            assert request.firm_name.startswith("示例")
            assert request.contact_name.startswith("示例")
            assert uscc.is_valid(request.credit_code)
            assert len({item.service_code for item in request.items}) == len(request.items) >= 1


def test_every_step_of_a_request_is_one_the_table_has(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        for request in samples_of(session, ServiceRequest):
            state = None
            for position, event in enumerate(request.events):
                assert (event.position, event.source) == (position, state)
                if event.move is not None:
                    move = MOVES[event.move]
                    assert state in move.sources
                    assert event.target is move.leads_to(state)
                    assert event.party in (move.parties or {Party.STATION})
                    assert event.note or move.note is None
                elif position:
                    assert event.item in request.items
                    assert state is event.target is State.IN_PROGRESS
                state = event.target
            assert state is request.state
            assert [event.at for event in request.events] == sorted(event.at for event in request.events)
            delivered = [item for item in request.items if item.delivered_at]
            if request.state in {State.DELIVERED, State.CLOSED}:
                assert len(delivered) == len(request.items)
            elif request.state not in {State.IN_PROGRESS, State.PAUSED}:
                assert not delivered
            assert all(item.performer and item.result for item in delivered)


def test_stations_were_active_and_offered_it_when_they_were_asked(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        for request in samples_of(session, ServiceRequest):
            day = request.created_at.date()
            assert get_status(session, request.station, day) is Status.ACTIVE
            offered = {offer.service_code for offer in request.station.offers if offer.holds_on(day)}
            assert {item.service_code for item in request.items} <= offered


def test_places_lie_in_their_counties_but_for_two(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        placed = [station for station in samples_of(session, Station) if station.lon is not None]
        outside = {
            station.code for station in placed if locate(station.lon, station.lat).adcode != station.county_adcode
        }
        assert outside == {station.code for station in misplaced_stations(session, samples=True)}
        assert len(outside) == 2
        assert 0 < len(samples_of(session, Station)) - len(placed) < 10


def test_coverage_grows_and_leaves_some_out(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        ends = [coverage_on(session, date(year, 12, 31), samples=True).covered for year in range(2021, 2026)]
        today = coverage_on(session, TODAY, samples=True)
        assert ends == sorted(ends)
        assert 5 <= ends[0] < 20
        assert 75 <= ends[-1] <= today.covered <= 88
        assert 0.6 <= today.fully_served / today.covered < 0.9
        assert len({row.county.city_adcode for row in today.uncovered}) >= 4
        statuses = Counter(one.status for one in list_stations(session, TODAY, samples=True))
        assert set(Status) <= set(statuses)


def test_centres_and_pilots_stand_everywhere(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        standing = standing_on(session, get_target(session, "qi_centres"), TODAY, samples=True)
        for bucket in set(Bucket) - {Bucket.UNKNOWN}:
            assert standing.sample_count(bucket) > 0, bucket
        assert 15 <= standing.counted < 49
        for code in ("agri_pilots", "social_pilots"):
            assert standing_on(session, get_target(session, code), TODAY, samples=True).counted > 0


def test_left_out_they_change_no_figure(sample_engine: Engine, reference_engine: Engine) -> None:
    def figures(engine: Engine) -> list:
        with Session(engine) as session:
            days = [date(2022, 6, 30), TODAY]
            covered = [
                [
                    (row.county.adcode, row.status, row.stations)
                    for row in coverage_on(session, day, samples=False).counties
                ]
                for day in days
            ]
            standings = [
                {bucket: standing_on(session, target, TODAY, samples=False).count(bucket) for bucket in Bucket}
                for target in list_targets(session)
            ]
            return [covered, standings]

    assert figures(sample_engine) == figures(reference_engine)


def told(engine: Engine) -> list:
    with Session(engine) as session:
        stations = [
            (one.code, one.name, one.lon, one.lat, [(entry.status, str(entry.dated)) for entry in one.history])
            for one in samples_of(session, Station)
        ]
        centres = [
            (one.code, one.name, [(entry.stage, str(entry.dated)) for entry in one.history])
            for one in samples_of(session, Centre)
        ]
        requests = [
            (one.number, one.state, [event.at for event in one.events])
            for one in samples_of(session, ServiceRequest)
        ]
        proposals = [(one.code, one.state) for one in samples_of(session, Proposal)]
        return [stations, centres, requests, proposals]


@pytest.mark.one_database
def test_the_same_at_every_load_of_a_day(databases: Databases, sample_engine: Engine) -> None:
    other = open_engine(databases.new())
    set_up(other, samples=True, now=NOW + timedelta(hours=9))
    assert told(other) == told(sample_engine)
    other.dispose()


def test_no_two_stations_share_a_name(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        names = Counter(session.scalars(select(Station.name)))
        assert max(names.values()) == 1


def assert_alive(session: Session, today: date) -> None:
    """Assert that the desk looks like one at which people work, and the figures of cities can be compared."""
    requests = samples_of(session, ServiceRequest)
    assert {request.state for request in requests} == set(State)
    due = [request.due_on for request in requests if request.due_on]
    late = [day for day in due if is_overdue(day, today)]
    assert len(due) >= 50
    assert 1 <= len(late) <= len(due) / 5
    assert all(working_days_between(day, today) <= 10 for day in late)
    in_time = [item.delivered_late for request in requests for item in request.items if item.delivered_at]
    assert 0.02 < sum(in_time) / len(in_time) < 0.2
    answered = [request.answered_late for request in requests if request.answered_at]
    assert 0.02 < sum(answered) / len(answered) < 0.15
    cities = Counter(
        request.station.city_adcode
        for request in requests
        if day_in_china(request.created_at) >= today - timedelta(days=365)
    )
    assert len(cities) == 13 and min(cities.values()) >= 30
    months = Counter(f"{request.created_at:%Y-%m}" for request in requests)
    quarters = [sum(months[month] for month in sorted(months)[place : place + 3]) for place in (1, 4, 7, 10)]
    assert quarters == sorted(quarters)
    assert 0.05 < sum(request.on_site for request in requests) / len(requests) < 0.3
    urgings = list(session.scalars(select(Urging).join(Urging.request).where(ServiceRequest.sample)))
    judged = [one.late(today) for one in urgings if not one.open or one.due_on < today]
    assert len(judged) >= 10 and 0 < sum(judged) < len(judged) / 2
    assert {one.open for one in urgings} == {True, False}
    grades = {rating.overall for rating in session.scalars(select(Rating))}
    assert {2, 3, 4, 5} <= grades
    assert {one.state for one in samples_of(session, Proposal)} == set(ProposalState)
    alerts = [one for one in samples_of(session, CoverageAlert) if one.rule.kind is AlertKind.UNCOVERED]
    assert {bool(one.acknowledged_at) for one in alerts if one.settled_on is None} == {True, False}
    raised = check_coverage(session, today, samples=True, now=NOW).raised
    assert not [one for one in raised if one.sample and one.rule.kind is AlertKind.UNCOVERED]
    active = [one.station for one in list_stations(session, today, samples=True, statuses=[Status.ACTIVE])]
    standing = Counter(one.standing(today) for one in confirmations_of(session, active).values())
    assert set(standing) == set(Confirmed) and standing[Confirmed.FRESH] > len(active) / 2
    session.rollback()


def assert_possible(session: Session, today: date) -> None:
    """Assert that the domain's own rules could have made every request: stations act in office hours of working days,
    nothing is later than the evening before ``today``, and deadlines, lateness and ratings follow from the steps.
    """
    for request in samples_of(session, ServiceRequest):
        for event in request.events[1:]:
            local = event.at.astimezone(CHINA_TIME)
            assert local.date() < today
            if event.party is Party.STATION:
                assert is_working_day(local.date()) and 9 <= local.hour < 18
        assert request.version == len(request.events)
        kept = (request.due_on, request.answer_due_on, request.answered_late, request.answered_at)
        items = [(item.due_on, item.working_days, item.delivered_late) for item in request.items]
        settle(request)
        assert kept == (request.due_on, request.answer_due_on, request.answered_late, request.answered_at)
        assert items == [(item.due_on, item.working_days, item.delivered_late) for item in request.items]
        for reopened in (event for event in request.events if event.move is MoveName.REOPEN):
            done = max(event.at for event in request.events[: reopened.position])
            assert day_in_china(reopened.at) <= days_after(done, REOPEN_WITHIN).day
    for urging in session.scalars(select(Urging)):
        filed, urged = urging.request.created_at, day_in_china(urging.created_at)
        assert filed < urging.created_at and urged < today and is_working_day(urged)
        assert urging.due_on == usual_day(urged)
        if urging.answered_at is not None:
            assert urging.created_at < urging.answered_at and day_in_china(urging.answered_at) < today
            assert urging.answered_late is (day_in_china(urging.answered_at) > urging.due_on)
    for proposal in samples_of(session, Proposal):
        assert all(is_working_day(day_in_china(step.at)) for step in proposal.steps)
    for rating in session.scalars(select(Rating)):
        assert rating.request.state is State.CLOSED


def test_it_looks_alive_and_could_have_happened(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        assert_alive(session, TODAY)
        assert_possible(session, TODAY)
        assert verify_audit(session).fault is None


@pytest.mark.one_database
@pytest.mark.parametrize("day", [date(2026, 2, 24), date(2027, 1, 4), date(2028, 10, 9)], ids=str)
def test_it_looks_alive_whatever_day_it_is_loaded(made: Made, databases: Databases, day: date) -> None:
    """After the Spring Festival and on other days; by dating the network anew, which leaves what is documented."""
    engine = open_engine(databases.new(like=made.loaded(databases, "samples")))
    now = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    with transaction(engine) as session:
        assert renew_sample_network(session, now)
    with Session(engine) as session:
        assert_alive(session, day)
        assert_possible(session, day)
        assert min(one.created_at for one in samples_of(session, ServiceRequest)).date() > day - timedelta(days=410)
        endings = coverage_history(session, samples=True).endangered(day)
        assert {(one.ends_on - day).days for one in endings if one.ends_on} >= {26, 68}
    engine.dispose()


def test_renewed_on_its_own_day_it_is_the_same_and_nothing_else_changes(
    sample_copy_engine: Engine, sample_engine: Engine
) -> None:
    with transaction(sample_copy_engine) as session:
        number = file_one(session).number
    with transaction(sample_copy_engine) as session:
        assert renew_sample_network(session, NOW)
        assert session.scalar(select(ServiceRequest.number).where(~ServiceRequest.sample)) == number
        assert verify_audit(session).fault is None
    assert told(sample_copy_engine) == told(sample_engine)


def test_a_second_load_changes_nothing_even_if_the_story_did(
    sample_copy_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counts(session: Session) -> dict[str, int]:
        tables = Base.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables}

    monkeypatch.setattr(stations.samples.network, "SEED", 1)
    with transaction(sample_copy_engine) as session:
        before = counts(session)
        assert load_sample_network(session, NOW) is False
        assert counts(session) == before


def test_sample_people_enter_without_password_and_reach_samples_only(sample_copy_engine: Engine) -> None:
    with transaction(sample_copy_engine) as session:
        users = list_sample_users(session)
        assert len({duty.role for user in users for duty in user.duties}) == 6
        real = session.scalar(select(Station).where(Station.sample.is_(False)))
        for user in users:
            assert user.name.startswith("示例")
            assert user.password_hash is None
            token = enter_as_sample(session, user.username, NOW)
            actor = actor_of(session, token, NOW, samples=True)
            assert actor
            assert not any(actor.may(action, real.area) for action in Action)
            assert all(request.sample for request in list_requests(session, actor, samples=True))
            assert actor_of(session, token, NOW, samples=False) is None


def test_the_stewards_have_work_to_do(sample_copy_engine: Engine) -> None:
    with transaction(sample_copy_engine) as session:
        for number in (1, 2, 3):
            token = enter_as_sample(session, f"sample-steward-{number}", NOW)
            actor = actor_of(session, token, NOW, samples=True)
            assert len(list_requests(session, actor, samples=True)) >= 10
