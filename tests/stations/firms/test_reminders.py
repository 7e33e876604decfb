"""The daily job for firms: each due day and each opening is reported once, whoever runs it and how often."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select

from stations.commands.command_line import main
from stations.database import reading, transaction
from stations.errors import Conflict, InvalidForm, InvalidInput, NotFound
from stations.firms.instruments import InstrumentLedger, mark_verified
from stations.firms.ledgers import own_ledger
from stations.firms.reminder_days import remind_days
from stations.firms.reminders import Reminded, send_reminders
from stations.firms.subscriptions import Subscription, SubscriptionForm, confirm, end, find_subscription, subscribe
from stations.notices.firm_address import public_url
from stations.notices.outbox import Notice
from stations.partial_date import PartialDate
from stations.registry.station import Station, StationService, StationStatus, Status
from stations.requests.consent import Purpose, consent_texts
from stations.retention import kept_for
from tests.conftest import CLOCK, NOW, TODAY
from tests.stations.factories import add_station
from tests.stations.ledger_factories import BROWSER, add_instrument, begin, remind

DAY = timedelta(days=1)
SERVICE = "metrology.calibration"
FORM = {
    "county_adcode": "320583",
    "service_code": SERVICE,
    "notice_channel": "email",
    "notice_address": "a@example.com",
    "consent": True,
    "language": "zh_CN",
}


def run(engine: Engine, on: date = TODAY, days: int = 0) -> Reminded:
    return send_reminders(engine, on, now=NOW + days * DAY)


def ask(engine: Engine, **changes: object) -> None:
    with transaction(engine) as session:
        subscribe(session, SubscriptionForm(**{**FORM, **changes}), now=NOW, today=TODAY)


def asked_and_confirmed(engine: Engine) -> str:
    ask(engine)
    with transaction(engine) as session:
        proof = session.scalar(select(Subscription.proof))
        confirm(session, proof.lower(), now=NOW)
    return proof


def notices(engine: Engine, kind: str) -> list[Notice]:
    with reading(engine) as session:
        return [one for one in session.scalars(select(Notice).order_by(Notice.id)) if one.data["kind"] == kind]


def test_each_rule_reminds_once_in_one_message_for_all(reference_engine: Engine) -> None:
    due = TODAY + 30 * DAY
    with transaction(reference_engine) as session:
        ledger = begin(session).ledger
        remind(session, ledger)
        for number in "123":
            add_instrument(session, ledger, number, due.replace(year=due.year - 1))
        add_instrument(session, ledger, "later", TODAY)
        add_instrument(session, ledger, "unknown", None)
        silent = begin(session).ledger  # nobody confirmed an address
        add_instrument(session, silent, "1", date(2020, 1, 1))
    told = [(day, run(reference_engine, TODAY + day * DAY).instruments) for day in range(34)]
    assert [(day, count) for day, count in told if count] == [(0, 3), (23, 3), (30, 3)]
    assert remind_days() == (30, 7, 0)
    sent = notices(reference_engine, "instruments_due")
    assert len(sent) == 3 and "3 件" in sent[0].subject and sent[0].text.count("压力表") == 3


def test_a_job_that_missed_days_tells_the_nearest_rule_only(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        ledger = begin(session).ledger
        remind(session, ledger)
        code = add_instrument(session, ledger, "1", date(2025, 1, 1)).code
    assert [run(reference_engine, TODAY + day * DAY).instruments for day in (0, 1, 40)] == [1, 0, 0]
    with transaction(reference_engine) as session:
        own = own_ledger(session, ledger.number, BROWSER, now=NOW, samples=False)
        mark_verified(session, own, [code], TODAY, now=NOW, today=TODAY)
    next_due = TODAY.replace(year=TODAY.year + 1)
    assert [run(reference_engine, next_due + day * DAY).instruments for day in (-31, -30, -29)] == [0, 1, 0]


def test_several_servers_at_once_tell_once(reference_engine: Engine) -> None:
    asked_and_confirmed(reference_engine)
    with transaction(reference_engine) as session:
        for number in range(3):
            ledger = begin(session).ledger
            remind(session, ledger, f"{number}@example.com")
            add_instrument(session, ledger, "1", date(2025, 1, 1))
        add_station(session, "320583", services=[SERVICE])
    with ThreadPoolExecutor(4) as servers:
        done = list(servers.map(lambda _: run(reference_engine), range(4)))
    assert (sum(one.ledgers for one in done), sum(one.openings for one in done)) == (3, 1)
    assert len(notices(reference_engine, "instruments_due")) == 3
    assert len(notices(reference_engine, "service_opened")) == 1


@pytest.mark.parametrize("how", ["activation", "offer", "group"])
def test_an_opening_is_told_once_however_it_came(reference_engine: Engine, how: str) -> None:
    with transaction(reference_engine) as session:
        services = [SERVICE] if how == "activation" else ["standards"]
        statuses = [(Status.SUSPENDED if how == "activation" else Status.ACTIVE, "2022-01-01")]
        code = add_station(session, "320583", statuses, services=services).code
        add_station(session, "320583", services=[SERVICE], sample=True)  # a sample record: no notices
        add_station(session, "320582", services=[SERVICE])  # in the neighbouring county
    asked_and_confirmed(reference_engine)
    assert run(reference_engine).openings == 0
    with transaction(reference_engine) as session:
        station = session.scalar(select(Station).where(Station.code == code))
        if how == "activation":
            station.history.append(
                StationStatus(
                    position=1,
                    status=Status.ACTIVE,
                    dated=PartialDate.of(TODAY + DAY),
                    recorded_by="test",
                    recorded_at=NOW,
                )
            )
        else:
            offered = SERVICE if how == "offer" else "metrology"
            station.offers.append(StationService(service_code=offered, since=TODAY + DAY))
    assert [run(reference_engine, TODAY + day * DAY).openings for day in (0, 1, 2)] == [0, 1, 0]
    (sent,) = notices(reference_engine, "service_opened")
    assert (sent.address, sent.data["station"]) == ("a@example.com", code)


def test_nothing_but_the_code_goes_to_an_address_that_is_not_confirmed(reference_engine: Engine) -> None:
    ask(reference_engine)
    ask(reference_engine)  # sends a new code, as the first one may have run out
    with transaction(reference_engine) as session:
        add_station(session, "320583", services=[SERVICE])
    assert run(reference_engine).openings == 0
    assert len(notices(reference_engine, "confirm_address")) == 2
    with transaction(reference_engine) as session, pytest.raises(NotFound):
        confirm(session, "0" * 20, now=NOW)


def test_asking_tells_every_wrong_field_and_what_is_there_already(reference_engine: Engine) -> None:
    with pytest.raises(InvalidForm) as problem:
        ask(reference_engine, county_adcode="", service_code="x", notice_address="nobody", consent=False)
    assert [one.field for one in problem.value.problems] == [
        "county_adcode",
        "service_code",
        "notice_address",
        "consent",
    ]
    with transaction(reference_engine) as session:
        add_station(session, "320583", services=[SERVICE])
    with pytest.raises(Conflict):
        ask(reference_engine)
    with reading(reference_engine) as session:
        assert session.scalar(select(func.count()).select_from(Subscription)) == 0


def test_codes_do_not_pile_up_at_an_address(reference_engine: Engine) -> None:
    for adcode in ("320583", "320582", "320581", "320585", "320509"):
        ask(reference_engine, county_adcode=adcode)
    with pytest.raises(InvalidInput):
        ask(reference_engine, county_adcode="320508")
    assert len(notices(reference_engine, "confirm_address")) == 5
    run(reference_engine, days=kept_for("unconfirmed").days + 1)
    assert notices(reference_engine, "confirm_address") == []


def test_the_command_tells_what_it_did(reference_engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    asked_and_confirmed(reference_engine)
    with transaction(reference_engine) as session:
        add_station(session, "320583", services=[SERVICE])
    environment = {"CLOCK": CLOCK, "DATABASE_URL": reference_engine.url.render_as_string(hide_password=False)}
    for openings in (1, 0):
        assert main(["send-reminders", "--on", TODAY.isoformat(), "--format", "json"], environment) == 0
        assert json.loads(capsys.readouterr().out)["openings"] == openings


def test_ending_deletes_the_address_at_once(reference_engine: Engine) -> None:
    proof = asked_and_confirmed(reference_engine)
    with transaction(reference_engine) as session:
        end(session, proof, now=NOW)
    with reading(reference_engine) as session:
        for table in (Subscription, Notice):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        with pytest.raises(NotFound):
            find_subscription(session, proof)


def test_what_is_kept_long_enough_is_deleted(reference_engine: Engine) -> None:
    ask(reference_engine)
    with transaction(reference_engine) as session:
        begin(session)
    assert run(reference_engine, days=kept_for("unconfirmed").days).deleted == 0
    assert run(reference_engine, days=kept_for("unconfirmed").days + 1).deleted == 1
    assert run(reference_engine, days=kept_for("ledger").days + 1).deleted == 1
    with reading(reference_engine) as session:
        for table in (Subscription, InstrumentLedger, Notice):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_told_subscription_is_kept_a_while_and_can_be_asked_anew(reference_engine: Engine) -> None:
    asked_and_confirmed(reference_engine)
    with transaction(reference_engine) as session:
        code = add_station(session, "320583", services=[SERVICE]).code
    assert run(reference_engine).openings == 1
    with transaction(reference_engine) as session:
        session.delete(session.scalar(select(Station).where(Station.code == code)))
    ask(reference_engine)
    with reading(reference_engine) as session:
        again = session.scalar(select(Subscription))
        assert (again.confirmed_at, again.told_at) == (None, None)


def test_links_carry_the_address_from_the_settings_only() -> None:
    assert public_url({}) == ""
    assert public_url({"PUBLIC_URL": "https://zlxz.example.com/"}) == "https://zlxz.example.com"
    with pytest.raises(InvalidInput):
        public_url({"PUBLIC_URL": "zlxz.example.com"})


def test_each_purpose_has_its_own_agreement() -> None:
    texts = [consent_texts(purpose)[-1].text_zh for purpose in Purpose]
    assert len(set(texts)) == len(Purpose)
