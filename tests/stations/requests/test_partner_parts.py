"""What the people of a partner station see of a request that another station answers: their own part."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import NotAllowed
from stations.registry.station import Station
from stations.requests.handling import deliver_item, move_as_station
from stations.requests.lookup import open_request
from stations.requests.moves import MoveName
from stations.requests.partner_parts import PartnerPart, list_parts
from stations.requests.queue import list_requests
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, SERVICES, actor_with, file_one, steward_of

XUANWU = "320102"
PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")


def shared(session: Session, *, adcode: str = XUANWU, sample: bool = False) -> tuple[ServiceRequest, Station]:
    """File a request of two services, of which a station elsewhere does the second."""
    request, partner = file_one(session, sample=sample), add_station(session, adcode, sample=sample)
    partner.phone = "025-5555 0000"
    request.items[1].partner_station = partner
    request.items[1].remarks = "联系 13812345678"
    session.flush()
    return request, partner


def seen(session: Session, actor, *, samples: bool = True) -> list[PartnerPart]:
    return list_parts(session, actor, samples=samples)


def test_a_partners_steward_sees_its_own_part_and_nothing_of_the_firm(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request, partner = shared(session)
        steward = steward_of(partner)
        (part,) = seen(session, steward)
        assert (part.number, part.service.code) == (request.number, SERVICES[1])
        assert (part.station, part.partner, part.product) == (request.station, partner, request.product)
        told = " ".join(str(value) for value in dataclasses.asdict(part).values() if isinstance(value, str))
        for hidden in (request.firm_name, request.contact_name, request.phone, request.credit_code):
            assert hidden not in told
        # The request as a whole belongs to the answering station.
        assert list_requests(session, steward, samples=True) == []
        with pytest.raises(NotAllowed):
            open_request(session, steward, request.number)


def test_whoever_sees_the_whole_request_finds_it_in_the_queue_instead(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request, _partner = shared(session)
        for whole in (PROVINCE, steward_of(request.station), actor_with(Role.COUNTY, AreaKind.COUNTY, KUNSHAN)):
            assert seen(session, whole) == [] and len(list_requests(session, whole, samples=True)) == 1
        assert len(seen(session, actor_with(Role.COUNTY, AreaKind.COUNTY, XUANWU))) == 1
        assert seen(session, actor_with(Role.COUNTY, AreaKind.COUNTY, "320104")) == []
        assert seen(session, actor_with(Role.PLANNER, AreaKind.CITY, "320100")) == []
        (masked,) = seen(session, actor_with(Role.AUDITOR, AreaKind.COUNTY, XUANWU))
        assert masked.remarks == "联系 138****5678"


def test_a_partners_office_sees_its_part_of_a_request_whose_station_is_in_no_known_county(
    reference_engine: Engine,
) -> None:
    with transaction(reference_engine) as session:
        request, _partner = shared(session)
        request.station.county = None
        session.flush()
        assert len(seen(session, actor_with(Role.COUNTY, AreaKind.COUNTY, XUANWU))) == 1


def test_parts_come_by_their_day_and_go_with_the_request(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request, partner = shared(session)
        steward, number = steward_of(request.station), request.number
        other = file_one(session)
        other.items[0].partner_station = partner
        session.flush()
        move_as_station(session, steward, number, MoveName.ACCEPT, version=1, now=NOW)
        assert [part.number for part in seen(session, steward_of(partner))] == [number, other.number]
        deliver_item(
            session,
            steward,
            number,
            SERVICES[1],
            version=request.version,
            performer="测试院",
            result="证书",
            now=NOW,
        )
        parts = seen(session, steward_of(partner))
        assert [(part.number, part.delivered_at is None) for part in parts] == [(other.number, True), (number, False)]
        steward = steward_of(other.station)
        move_as_station(session, steward, other.number, MoveName.REFUSE, version=1, note="无能力", now=NOW)
        assert [part.number for part in seen(session, steward_of(partner))] == [number]


def test_invented_parts_are_for_those_who_see_samples(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request, partner = shared(session, sample=True)
        assert [part.number for part in seen(session, steward_of(partner, sample=True))] == [request.number]
        assert seen(session, steward_of(partner), samples=False) == []
        _real, real_partner = shared(session)
        assert seen(session, steward_of(real_partner, sample=True)) == []
