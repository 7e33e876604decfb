from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.errors import InvalidForm
from stations.registry.station import Station
from stations.requests.code_session import keep_open, new_browser_token
from stations.requests.filing import Draft, file_request
from stations.requests.handling import move_as_firm
from stations.requests.likely_duplicate import RULE
from stations.requests.moves import MoveName
from stations.requests.request_form import RequestForm
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, filled_form, new_credit_code


def form_for(station: Station, **changes: object) -> RequestForm:
    return filled_form(station, despite_duplicate=False, **changes)


def told(session: Session, form: RequestForm, now: datetime = NOW, browser: str | None = None) -> str:
    """Return the warning; "" if the request is filed."""
    try:
        with session.begin_nested():
            file_request(session, form, Draft(), now=now, samples=True, browser=browser)
    except InvalidForm as refused:
        assert [problem.field for problem in refused.problems] == ["despite_duplicate"]
        return str(refused)
    return ""


def test_a_like_request_is_pointed_out_before_filing_and_can_be_filed_all_the_same(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN)
        first = file_request(session, form_for(station), Draft(), now=NOW, samples=True)
        again = form_for(station, services=("testing.product_testing", "standards.lookup"))
        assert f"Your request {first.number} for 产品" in told(session, again)
        assert told(session, replace(again, despite_duplicate=True)) == ""
        elsewhere = add_station(session, KUNSHAN)
        assert "still open" in told(session, form_for(elsewhere)), "another station makes it no other matter"


def test_who_merely_knows_a_credit_code_learns_no_number(reference_engine: Engine) -> None:
    browser, other = new_browser_token(), new_browser_token()
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN)
        first = file_request(session, form_for(station), Draft(), now=NOW, samples=True)
        keep_open(session, browser, first, NOW)
        stranger = form_for(station, phone="025-8888 0000", contact_name="别人")
        for asked in (told(session, stranger), told(session, stranger, browser=other)):
            assert "A request of this firm" in asked
            for secret in (first.number, first.contact_name, first.phone, first.product, station.name):
                assert secret not in asked
        assert first.number in told(session, stranger, browser=browser), "the browser that filed it"
        assert first.number in told(session, form_for(station, phone="（0512）55550000")), "the same telephone"


@pytest.mark.parametrize(
    "changes",
    [
        {"services": ("standards.lookup",)},
        {"credit_code": new_credit_code()},
        {"now": NOW + RULE.within},
        {"cancelled": True},
        {"sample": True},
    ],
    ids=["other services", "another firm", "long ago", "over", "invented"],
)
def test_what_is_not_alike_is_not_pointed_out(reference_engine: Engine, changes: dict) -> None:
    draft, changes = Draft(), dict(changes)
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN, sample=False)
        first = file_request(session, form_for(station), draft, now=NOW, samples=True)
        session.flush()
        now = changes.pop("now", NOW + timedelta(days=1))
        if changes.pop("cancelled", False):
            move_as_firm(
                session, first.number, draft.code, MoveName.CANCEL, version=first.version, note="不办了", now=NOW
            )
        if changes.pop("sample", False):
            station = add_station(session, KUNSHAN, sample=True)
        assert told(session, form_for(station, **changes), now) == ""
        assert session.query(ServiceRequest).count() == 2
