"""A firm that lost its code is let in again: by its confirmed contact, or by the station after a check."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.errors import InvalidForm, InvalidInput, NotAllowed, NotFound
from stations.notices.channels.email import CHANNEL as EMAIL
from stations.notices.channels.sms import CHANNEL as SMS
from stations.notices.firm_address import MOST_CODES
from stations.notices.outbox import Notice
from stations.requests.access import IdentityCheck, new_code_as_firm, reissue_code
from stations.requests.code_guard import TRIES_BEFORE_CLOSING
from stations.requests.code_session import keep_open, opened_requests
from stations.requests.contact_details import ContactForm, correct_contact
from stations.requests.filing import Draft
from stations.requests.lookup import Browser, look_up
from stations.requests.notice_way import confirm_notice_address, try_notice_code
from stations.requests.one_time_code import TRIES, VALID_FOR
from stations.requests.recovery import ask_for_code, open_requests_of, read_contact
from stations.requests.service_request import ServiceRequest
from stations.secret_codes import NewCode
from tests.conftest import NOW
from tests.stations.request_factories import file_one, new_credit_code, steward_of

BOTH = (SMS, EMAIL)
PHONE = "13800000000"


def confirmed(session: sa.orm.Session, **changes: str) -> ServiceRequest:
    way = {"notice_channel": "sms", "phone": PHONE} | changes
    request = file_one(session, **way)
    confirm_notice_address(session, request, request.notice_proof or "", now=NOW)
    return request


def ask(engine: Engine, typed: str, browser: str = "b", client: str = "192.0.2.1", now=NOW) -> None:
    ask_for_code(engine, read_contact(typed, BOTH), browser=browser, client=client, language="zh_CN", now=now)


def enter(engine: Engine, typed: str, code: str, browser: str = "b", client: str = "192.0.2.1", now=NOW) -> list[str]:
    return open_requests_of(engine, read_contact(typed, BOTH), code, browser=browser, client=client, now=now)


def codes(engine: Engine) -> list[tuple[str, str]]:
    """The address and the six digits of each message that opens requests."""
    with reading(engine) as session:
        sent = session.scalars(sa.select(Notice).where(Notice.key.startswith("recover:")).order_by(Notice.id))
        return [(one.address, re.findall(r"\b\d{6}\b", one.text)[0]) for one in sent]


def test_a_contact_opens_all_its_requests_and_no_other_firms(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        other = new_credit_code()
        mine = [
            confirmed(session).number,
            file_one(session, phone="138-0000-0000").number,  # the same firm, without notices
        ]
        file_one(session, phone=PHONE, credit_code=other)  # perhaps mistyped
        file_one(session, notice_channel="sms", phone=PHONE, credit_code=other)  # and not confirmed
        file_one(session)  # the same firm, another contact
    ask(reference_engine, "138 0000 0000")
    ((address, code),) = codes(reference_engine)
    assert address == PHONE
    assert sorted(enter(reference_engine, PHONE, code)) == sorted(mine)
    with reading(reference_engine) as session:
        assert {one.number for one in opened_requests(session, "b", NOW, samples=True)} == set(mine)
        assert opened_requests(session, "another browser", NOW, samples=True) == []
        logged = session.scalars(sa.select(AuditEntry.subject).where(AuditEntry.action == "recover_access"))
        assert sorted(logged) == sorted(mine)
    with pytest.raises(InvalidInput, match="not the code"):
        enter(reference_engine, PHONE, code)  # it is used up


@pytest.mark.one_database
def test_who_has_no_requests_is_answered_alike_and_gets_nothing(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        confirmed(session, notice_channel="email", email="Wang@Example.com")
        file_one(session, notice_channel="sms", phone=PHONE, credit_code=new_credit_code())
    for typed in ("13900000000", "nobody@example.com", PHONE):
        ask(reference_engine, typed)
        assert codes(reference_engine) == [], "nothing goes to an address that was not confirmed"
        with pytest.raises(InvalidInput, match="not the code that was sent"):
            enter(reference_engine, typed, "000000")
    ask(reference_engine, "wang@example.COM")
    assert len(codes(reference_engine)) == 1
    for typed in ("", "0512-5555 0000", "wang@", "王先生"):
        with pytest.raises(InvalidInput) as refused:
            ask(reference_engine, typed)
        assert refused.value.field == "contact"
    with pytest.raises(InvalidInput, match="No code can be sent"):
        read_contact(PHONE, [EMAIL])


@pytest.mark.one_database
def test_a_code_is_short_lived_takes_few_tries_and_holds_in_one_browser(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        confirmed(session)
    ask(reference_engine, PHONE)
    code = codes(reference_engine)[0][1]
    with pytest.raises(InvalidInput):
        enter(reference_engine, PHONE, code, browser="a stranger's")
    with pytest.raises(InvalidInput):
        enter(reference_engine, PHONE, code, now=NOW + VALID_FOR)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(TRIES):
        with pytest.raises(InvalidInput):
            enter(reference_engine, PHONE, wrong)
    with pytest.raises(InvalidInput):
        enter(reference_engine, PHONE, code)
    ask(reference_engine, PHONE)
    ask(reference_engine, PHONE)
    (_first, (_address, replaced), (_same, newest)) = codes(reference_engine)
    if replaced != newest:
        with pytest.raises(InvalidInput):
            enter(reference_engine, PHONE, replaced)
    assert enter(reference_engine, PHONE, "  ".join((newest[:3], newest[3:])))


@pytest.mark.one_database
def test_codes_are_asked_for_within_limits_whether_or_not_they_are_sent(reference_engine: Engine) -> None:
    for _ in range(MOST_CODES):
        ask(reference_engine, PHONE)
    with pytest.raises(InvalidInput, match=f"{MOST_CODES} codes were asked for"):
        ask(reference_engine, PHONE, client="198.51.100.7")
    for other in range(TRIES_BEFORE_CLOSING - MOST_CODES):
        ask(reference_engine, f"1390000{other:04}")
    with pytest.raises(InvalidInput, match="from here"):
        ask(reference_engine, "13911111111")
    ask(reference_engine, "13911111111", client="198.51.100.7")
    ask(reference_engine, PHONE, now=NOW + timedelta(days=1))


def test_a_station_gives_a_new_code_after_a_check(reference_engine: Engine) -> None:
    draft, code = Draft(), NewCode()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft, notice_channel="email", email="wang@example.com")
        confirm_notice_address(session, request, request.notice_proof or "", now=NOW)
        keep_open(session, "b", request, NOW)
        number, steward = request.number, steward_of(request.station)
    with transaction(reference_engine) as session:
        with pytest.raises(InvalidInput, match="how you made sure"):
            reissue_code(session, steward, number, None, code, now=NOW)
        stranger = steward_of(file_one(session).station)
        with pytest.raises(NotAllowed):
            reissue_code(session, stranger, number, IdentityCheck.VISITED, code, now=NOW)
        reissue_code(session, steward, number, IdentityCheck.CALLED_BACK, code, now=NOW)
    with transaction(reference_engine) as session:
        for before in (draft.code, Browser("b")):
            with pytest.raises(NotFound):
                look_up(session, number, before, now=NOW)
        assert look_up(session, number, code.code).number == number
        (entry,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "issue_request_code"))
        assert (entry.actor, entry.subject, entry.detail) == ("steward", number, {"method": "called_back"})
        told = session.scalars(sa.select(Notice).order_by(Notice.id.desc())).first()
        assert told is not None and number in told.text and code.code not in told.text
    mine = NewCode()
    with transaction(reference_engine) as session:
        keep_open(session, "b", look_up(session, number, code.code), NOW)
        new_code_as_firm(session, number, Browser("b"), mine, now=NOW)
    with reading(reference_engine) as session:
        assert look_up(session, number, Browser("b"), now=NOW) and look_up(session, number, mine.code)


def test_corrected_details_are_unconfirmed_and_the_old_address_is_told(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = confirmed(session, draft=draft)
        form = ContactForm("赵新", "139 0000 0001", "zhao@example.com")
        correct_contact(session, request.number, draft.code, form, now=NOW)
        assert (request.contact_name, request.phone, request.email) == ("赵新", "139 0000 0001", "zhao@example.com")
        assert (request.notice_address, request.notice_confirmed_at) == ("13900000001", None)
        sent = list(session.scalars(sa.select(Notice).order_by(Notice.id)))
        assert [one.address for one in sent[-2:]] == [PHONE, "13900000001"]
        assert "139" not in sent[-2].text, "the new number is not told to the old one"
        code = re.findall(r"\b\d{6}\b", sent[-1].text)[0]
        assert not try_notice_code(session, request, "1234567", now=NOW)
        assert try_notice_code(session, request, code, now=NOW) and request.notice_confirmed_at == NOW
        with pytest.raises(InvalidForm) as refused:
            correct_contact(session, request.number, draft.code, ContactForm("", "12", "x"), now=NOW)
        assert [one.field for one in refused.value.problems] == ["contact_name", "phone", "email"]
        with pytest.raises(InvalidInput, match="write a mobile number"):
            correct_contact(session, request.number, draft.code, ContactForm("赵", "0512-55550000", ""), now=NOW)
    with reading(reference_engine) as session:
        (entry,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "change_contact"))
        assert entry.detail == {"fields": ["contact_name", "phone", "email"]}
