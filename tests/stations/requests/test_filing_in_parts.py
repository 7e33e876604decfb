"""One form at several stations: each part is a request of its own, under one code and one address for notices."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.database import transaction
from stations.errors import InvalidForm, InvalidInput
from stations.notices.outbox import Notice
from stations.registry.who_offers import share_out, who_offers
from stations.requests.filing import Draft
from stations.requests.filing_in_parts import file_form
from stations.requests.lookup import look_up
from stations.requests.notice_way import try_notice_code
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, SERVICES, filled_form


def test_a_form_is_shared_out_to_stations_that_each_do_a_part(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        near = add_station(session, KUNSHAN, services=SERVICES[:1])
        other = add_station(session, "320507", services=SERVICES[1:])
        county = near.county
        who = who_offers(session, county.lon, county.lat, as_of=TODAY, samples=False, services=SERVICES)
        shares = share_out(session, who, county.lon, county.lat, as_of=TODAY, samples=False)
        parts = tuple((one.found.station.code, tuple(service.code for service in one.services)) for one in shares)
        assert dict(parts) == {near.code: SERVICES[:1], other.code: SERVICES[1:]}
        assert shares[0].found.told_m is None, "of both no more is known than the county"
        form = filled_form(near, station_code="", parts=parts, notice_channel="sms", phone="13800000000")
        draft = Draft()
        first = file_form(session, form, draft, now=NOW, samples=True)
        assert file_form(session, form, draft, now=NOW, samples=True) is first, "sent twice it is filed once"
        (part,) = first.split_off
        assert [one.station.code for one in (first, part)] == [code for code, _services in parts]
        assert part.answer_due_on == first.answer_due_on is not None
        for one in (first, part):
            assert look_up(session, one.number, draft.code) is one
        (asked,) = session.scalars(sa.select(Notice))
        assert try_notice_code(session, part, re.findall(r"\d{6}", asked.text)[0], now=NOW)
        assert first.notice_confirmed_at == part.notice_confirmed_at == NOW


@pytest.mark.one_database
def test_parts_that_do_not_fit_are_refused_and_nothing_is_filed(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        near = add_station(session, KUNSHAN, services=SERVICES[:1])
        other = add_station(session, "320507", services=SERVICES[1:])
        form = filled_form(near, station_code="")
    for parts, problem in (
        (((near.code, SERVICES[:1]),), InvalidInput),  # a service is left out
        (((near.code, SERVICES), (other.code, SERVICES[1:])), InvalidInput),  # one is asked for twice
        (((near.code, SERVICES[:1]), (near.code, SERVICES[1:])), InvalidForm),  # the station does not offer it
    ):
        with pytest.raises(problem), transaction(reference_engine) as session:
            file_form(session, replace(form, parts=parts), Draft(), now=NOW, samples=True)
    with transaction(reference_engine) as session:
        assert session.scalars(sa.select(ServiceRequest)).all() == []
