from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.accounts.accounts import User, new_user
from stations.alerts.alert_contacts import AlertContact
from stations.catalogue.service import Service, get_services, list_groups
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import InvalidForm, InvalidInput
from stations.notices.channels.email import CHANNEL as EMAIL
from stations.notices.outbox import Notice
from stations.places.counties import get_county, list_counties
from stations.registry.institutions import Institution, InstitutionKind, ScopeEntry, ScopeStanding, StationInstitution
from stations.registry.nearest_stations import missing_services
from stations.registry.station import Station
from stations.requests.filing import Draft, file_request
from stations.requests.queue import QueueFilter, list_requests
from stations.requests.routing import Need, assess, plan, propose, rank_by
from stations.requests.routing_record import Chooser, read_routing
from stations.requests.routing_rules import NOBODY, Factor, RoutingRule, list_routing_rules
from stations.requests.service_request import ServiceRequest
from stations.requests.states import OPEN, State
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, SERVICES, actor_with, filled_form

HERE = (120.98, 31.39)  # in Kunshan


def need_for(session: Session, *codes: str, chain_code: str | None = None) -> Need:
    return Need(tuple(get_services(session, codes or SERVICES)), *HERE, chain_code)


def add_steward(session: Session, station: Station, username: str) -> User:
    user = new_user(
        username, f"管家 {username}", Role.STATION, AreaKind.STATION, station.code, sample=station.sample, now=NOW
    )
    session.add(user)
    session.flush()
    return user


def add_institution(
    session: Session, station: Station, code: str, service: str, valid_until: object = None
) -> Institution:
    institution = Institution(
        code=code,
        name=f"机构 {code}",
        kind=InstitutionKind.TESTING,
        source="test",
        sample=False,
        created_at=NOW,
        updated_at=NOW,
        scope=[ScopeEntry(position=0, service_code=service, subject_zh="压力表", valid_until=valid_until)],
    )
    session.add(institution)
    session.flush()
    session.add(StationInstitution(station_id=station.id, institution_id=institution.id))
    session.flush()
    return institution


def add_open_requests(session: Session, station: Station, count: int) -> None:
    for place in range(count):
        form = filled_form(station, phone=f"139{place:08d}")
        file_request(session, form, Draft(), now=NOW, samples=True)
    session.flush()


def test_among_alike_the_nearer_then_the_less_loaded_is_proposed(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        far = add_station(session, KUNSHAN, place=(121.05, 31.45))
        near = add_station(session, KUNSHAN, place=HERE)
        for station, username in ((far, "sun"), (near, "zhou")):
            add_steward(session, station, username)
        need = need_for(session)
        ranked = propose(session, need, as_of=TODAY, samples=True)
        assert [one.station for one in ranked] == [near, far]
        add_open_requests(session, near, 30)
        ranked = propose(session, need, as_of=TODAY, samples=True)
        assert [one.station for one in ranked] == [far, near]
        assert ranked[1].value(Factor.LOAD) == 30
        for username in ("li", "wang"):
            add_steward(session, near, username)
        assert assess(session, near, need, as_of=TODAY, samples=True).value(Factor.LOAD) == 10


def test_a_station_where_nobody_has_an_account_counts_as_the_busiest(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        empty = add_station(session, KUNSHAN, place=HERE)
        staffed = add_station(session, KUNSHAN, place=(121.0, 31.4))
        add_steward(session, staffed, "li")
        add_open_requests(session, staffed, 8)
        need = need_for(session)
        ranked = propose(session, need, as_of=TODAY, samples=True)
        assert [one.station for one in ranked] == [staffed, empty], "though it is next door"
        load = next(one for one in ranked[1].weighed if one.factor is Factor.LOAD)
        assert (load.value, load.score) == (None, 0)
        request = file_request(session, filled_form(empty), Draft(), now=NOW, samples=True)
        session.flush()
        session.expire(request)
        told = read_routing(request.routing)
        assert [one.value for one in told.station.weighed if one.factor is Factor.LOAD] == [None]
        # Even with a weight of zero, load breaks a tie.
        session.execute(sa.update(RoutingRule).values(weight=0))
        session.expire_all()
        assert propose(session, need, as_of=TODAY, samples=True)[0].station is staffed


def test_a_chain_named_services_and_institutions_with_valid_scope_speak_for_a_station(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        plain = add_station(session, KUNSHAN, place=HERE)
        named = add_station(session, KUNSHAN, place=HERE, services=SERVICES)
        need = need_for(session)
        assert [one.station for one in propose(session, need, as_of=TODAY, samples=True)] == [named, plain]
        for service in SERVICES:
            add_institution(session, plain, f"valid-{service}", service, TODAY)
        standing = assess(session, plain, need, as_of=TODAY, samples=True)
        assert (standing.value(Factor.CERTAINTY), standing.value(Factor.CAPABILITY)) == (0, 1)
        tomorrow = assess(session, plain, need, as_of=TODAY + timedelta(days=1), samples=True)
        assert tomorrow.value(Factor.CAPABILITY) == 0, "its scope has run out by then"
        assert standing.value(Factor.CHAIN) is None, "a firm that names no chain is asked for none"
        chained = replace(need, chain_code="nano_materials")
        assert assess(session, plain, chained, as_of=TODAY, samples=True).value(Factor.CHAIN) == 0


def test_rules_are_data(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        near = add_station(session, KUNSHAN, place=HERE)
        named = add_station(session, KUNSHAN, place=(121.3, 31.6), services=SERVICES)
        need = need_for(session)
        assert propose(session, need, as_of=TODAY, samples=True)[0].station is near
        session.execute(sa.update(RoutingRule).where(RoutingRule.factor == Factor.DISTANCE).values(weight=0))
        assert propose(session, need, as_of=TODAY, samples=True)[0].station is named


def test_a_plan_names_the_least_loaded_steward_and_the_best_institution_for_each_service(
    reference_engine: Engine,
) -> None:
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN, place=HERE)
        for username in ("li", "wang"):
            add_steward(session, station, username)
        calibration, testing = SERVICES
        add_institution(session, station, "a-undated", calibration)
        valid = add_institution(session, station, "b-valid", calibration, TODAY)
        add_institution(session, station, "c-lapsed", testing, TODAY - timedelta(days=1))
        names = []
        for _ in range(4):
            request = file_request(session, filled_form(station), Draft(), now=NOW, samples=True)
            names.append(request.steward_username)
        assert names == ["li", "wang", "li", "wang"]
        assert [item.institution for item in request.items] == [valid, None]
        record = read_routing(request.routing)
        assert record.chooser is Chooser.RULES
        assert [(item.institution, item.standing) for item in record.items] == [
            (valid.name, ScopeStanding.VALID),
            (None, None),
        ]
        assert (record.steward, record.steward_load) == ("管家 wang", 1)


def test_the_firms_own_choice_is_written_down_beside_what_the_rules_proposed(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        near, far = add_station(session, KUNSHAN, place=HERE), add_station(session, KUNSHAN, place=(121.3, 31.6))
        place = {"lon": HERE[0], "lat": HERE[1]}
        own = file_request(session, filled_form(far, **place), Draft(), now=NOW, samples=True)
        taken = file_request(session, filled_form(near, **place, station_code=""), Draft(), now=NOW, samples=True)
    with reading(reference_engine) as session:
        own, taken = session.merge(own), session.merge(taken)
        assert (own.station.code, taken.station.code) == (far.code, near.code)
        told = read_routing(own.routing)
        assert (told.chooser, told.station.code, [one.code for one in told.others]) == (
            Chooser.FIRM,
            far.code,
            [near.code],
        )
        assert read_routing(taken.routing).chooser is Chooser.RULES
        assert told.station.score == pytest.approx(
            sum(one.score * one.weight for one in told.station.weighed)
            / sum(one.weight for one in told.station.weighed)
        )


def test_where_nobody_offers_everything_one_station_answers_and_the_firm_agrees_to_partners(
    reference_engine: Engine,
) -> None:
    services = ("metrology.calibration", "testing.product_testing", "standards.lookup")
    with transaction(reference_engine) as session:
        most = add_station(session, KUNSHAN, place=(121.1, 31.5), services=("metrology", "testing"))
        one = add_station(session, KUNSHAN, place=HERE, services=("standards",))
        need = need_for(session, *services)
        ranked = propose(session, need, as_of=TODAY, samples=True)
        assert [choice.station for choice in ranked] == [most]
        planned = plan(session, ranked[0], need, as_of=TODAY, samples=True)
        assert planned.split and [item.partner for item in planned.items] == [None, one, None]
        form = filled_form(most, services=services)
        with pytest.raises(InvalidForm, match="has “标准查询.*done through “测试站”") as refused:
            file_request(session, form, Draft(), now=NOW, samples=True)
        assert [problem.field for problem in refused.value.problems] == ["split_agreed"]
        request = file_request(session, replace(form, split_agreed=True), Draft(), now=NOW, samples=True)
        assert request.station is most
        assert [item.partner_station for item in request.items] == [None, one, None]


def test_a_service_that_nobody_offers_is_told(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        add_station(session, KUNSHAN, place=HERE, services=("metrology",))
        with pytest.raises(InvalidInput, match="No active station offers “品牌") as refused:
            propose(
                session,
                need_for(session, "metrology.calibration", "branding.brand_value_evaluation"),
                as_of=TODAY,
                samples=True,
            )
        assert refused.value.field == "services"


def test_what_no_partner_can_do_is_named_and_not_what_one_can(reference_engine: Engine) -> None:
    services = ("metrology.calibration", "standards.lookup", "branding.brand_value_evaluation")
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN, place=HERE, services=("metrology",))
        add_station(session, KUNSHAN, place=HERE, services=("standards",))
        need = need_for(session, *services)
        with pytest.raises(InvalidInput, match="does not offer “品牌"):
            plan(session, assess(session, station, need, as_of=TODAY, samples=True), need, as_of=TODAY, samples=True)


def test_an_invented_station_is_no_partner_of_a_real_one(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        services = (
            "metrology.calibration",
            next(
                one.code
                for group in list_groups(session)
                if group.code == "intellectual_property"
                for one in group.services
            ),
        )
        real = add_station(session, KUNSHAN, place=HERE, services=("metrology",))
        invented = add_station(session, KUNSHAN, place=HERE, services=("intellectual_property",), sample=True)
        need = need_for(session, *services)
        assert [one.station for one in propose(session, need, as_of=TODAY, samples=True)] == [invented]
        with pytest.raises(InvalidInput, match="does not offer"):
            plan(
                session,
                assess(session, real, need, as_of=TODAY, samples=True),
                need,
                as_of=TODAY,
                samples=True,
            )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_station_is_never_proposed_for_what_neither_it_nor_its_partners_offer(
    sample_engine: Engine, data: st.DataObject
) -> None:
    with Session(sample_engine) as session:
        codes = [service.code for group in list_groups(session) for service in group.services]
        wanted = data.draw(st.lists(st.sampled_from(codes), min_size=1, max_size=5, unique=True))
        county = get_county(session, data.draw(st.sampled_from([one.adcode for one in list_counties(session)])))
        need = Need(tuple(get_services(session, wanted)), county.lon, county.lat)
        try:
            ranked = propose(session, need, as_of=TODAY, samples=True)
        except InvalidInput as refused:
            assert refused.field == "services"
            return
        order = [(one.value(Factor.LOAD) is None, -one.score) for one in ranked]
        assert ranked and order == sorted(order), "stations with a steward first"
        for one in ranked[:2]:
            planned = plan(session, one, need, as_of=TODAY, samples=True)
            assert [item.service.code for item in planned.items] == [service.code for service in need.services]
            for item in planned.items:
                assert not missing_services(item.partner or one.station, [item.service], TODAY)
                if item.institution:
                    group = item.service.group_code
                    assert any(entry.service_code in {item.service.code, group} for entry in item.institution.scope)


@settings(max_examples=60)
@given(
    loads=st.lists(st.integers(0, 500) | st.just(NOBODY), min_size=4, max_size=4),
    more=st.integers(1, 500),
    which=st.integers(0, 3),
    weights=st.lists(st.floats(0, 100), min_size=5, max_size=5),
)
def test_more_load_never_makes_a_station_more_preferred(
    loads: list[int], more: int, which: int, weights: list[float]
) -> None:
    rules = [
        RoutingRule(factor=factor, position=0, weight=weight, half_at=10 if factor in {"distance", "load"} else None)
        for factor, weight in zip(Factor, weights, strict=True)
    ]
    stations = [
        Station(id=number, code=f"S{number}", lon=121 + number / 7, lat=31, offers=[], chains=[]) for number in range(4)
    ]
    need = Need((Service(code="metrology.calibration", parent_code="metrology"),), 121.0, 31.0)
    behind: dict[int, list[Institution]] = {station.id: [] for station in stations}

    def place(loads: list[int]) -> int:
        ranked = rank_by(rules, stations, need, as_of=TODAY, loads=dict(enumerate(loads)), behind=behind)
        return [one.station.id for one in ranked].index(which)

    heavier = [load + more if number == which else load for number, load in enumerate(loads)]
    assert place(heavier) >= place(loads)


def test_sample_requests_tell_why_they_were_routed_so(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        requests = list(session.scalars(sa.select(ServiceRequest)))
        choosers = set()
        for request in requests:
            record = read_routing(request.routing)
            choosers.add(record.chooser)
            assert record.station.code == request.station.code
            assert [item.service_code for item in record.items] == [item.service_code for item in request.items]
            for item, told in zip(request.items, record.items, strict=True):
                assert told.institution == (item.institution.name if item.institution else None)
                if item.delivered_at and item.institution:
                    assert item.performer == item.institution.name
        assert choosers == set(Chooser)
        assert any(request.steward_username for request in requests if request.state in OPEN)
        assert all(one.half_at is None or one.half_at > 0 for one in list_routing_rules(session))
        assert State.DELIVERED not in OPEN


def test_a_station_without_a_steward_comes_last_and_its_nearest_office_answers(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        near = add_station(session, KUNSHAN, place=(120.98, 31.38))
        far = add_station(session, KUNSHAN, place=(121.15, 31.20))
        add_steward(session, far, "li")
        need = need_for(session)
        ranked = propose(session, need, as_of=TODAY, samples=False)
        assert [one.station for one in ranked] == [far, near], "whoever is nearer"
        assert plan(session, ranked[0], need, as_of=TODAY, samples=False).office is None
        offices = []
        for role, kind, code in (
            (None, None, ""),
            (Role.CITY, AreaKind.CITY, "320500"),
            (Role.COUNTY, AreaKind.COUNTY, "320582"),  # of another county
            (Role.COUNTY, AreaKind.COUNTY, KUNSHAN),
        ):
            if role is not None and kind is not None:
                session.add(new_user(f"office-{code}", "办公室", role, kind, code, sample=False, now=NOW))
                session.flush()
            offices.append(plan(session, ranked[1], need, as_of=TODAY, samples=False).office)
        assert offices == [AreaKind.PROVINCE, AreaKind.CITY, AreaKind.CITY, AreaKind.COUNTY]

        session.add(AlertContact(area_code=KUNSHAN, channel=EMAIL, address="kunshan@example.com"))
        session.flush()
        request = file_request(session, filled_form(near), Draft(), now=NOW, samples=False)
        (told,) = session.scalars(sa.select(Notice))
        assert (told.address, request.number in told.text, request.firm_name in told.text) == (
            "kunshan@example.com",
            True,
            False,
        )
        mine = QueueFilter(mine=True)
        for adcode, expected in ((KUNSHAN, [request]), ("320582", [])):
            actor = actor_with(Role.COUNTY, AreaKind.COUNTY, adcode)
            assert list_requests(session, actor, mine, samples=False) == expected
