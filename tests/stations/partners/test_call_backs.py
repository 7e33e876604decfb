"""Systems are called back of changes in their area: signed, in order, again after failures, and logged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network

import pytest
from sqlalchemy import Engine, select
from standardwebhooks import Webhook, WebhookVerificationError

from stations.alerts.alert_contacts import set_contact
from stations.changes.feed import note_change
from stations.changes.kinds import Happening, Subject
from stations.database import reading, transaction
from stations.duty.roles import Area
from stations.errors import Conflict, InvalidInput, NotAllowed, NotFound
from stations.notices.channels.webhook import CallBacks
from stations.notices.outbox import BACK_OFF, Notice
from stations.partners.call_back import BOTH_SECRETS_FOR, CallBackState, DeliveryState
from stations.partners.call_back_administration import (
    MOST_OF_A_KEY,
    check_endpoint,
    end_subscription,
    list_deliveries,
    list_subscriptions,
    pause,
    renew_secret,
    send_again,
    subscribe,
)
from stations.partners.call_back_sending import CalledBack, call_back_due, forget_old_deliveries, put_down
from stations.partners.interface_key import InterfaceKey
from stations.partners.key_administration import KeyForm, make_key, withdraw_key
from stations.retention import kept_for
from tests.conftest import NOW, TODAY
from tests.stations.receivers import HttpReceiver, http_receiver
from tests.stations.registry_factories import PROVINCE, SUZHOU

SETTINGS = CallBacks(b"a secret of this installation", (ip_network("127.0.0.0/8"),))
KUNSHAN, NANJING = Area.of_codes("320500", "320583"), Area.of_codes("320100", "320102")


class City:
    """A subscribed system, with a clock of its own."""

    def __init__(self, engine: Engine, receiver: HttpReceiver, *kinds: str) -> None:
        self.engine, self.receiver, self.now = engine, receiver, NOW
        until = TODAY + timedelta(days=90)
        form = KeyForm("city", "城市平台", "某局", SUZHOU, ["registers:read", "requests:read"], until)
        with transaction(engine) as session:
            self.key, _ = make_key(session, PROVINCE, form, now=NOW)
            subscription = subscribe(session, self.key, f"{receiver.url}/hook", kinds, by="zhao", now=NOW)
            self.code, self.secret = subscription.code, subscription.secret(SETTINGS)

    def check(self) -> bool:
        return check_endpoint(self.engine, self.key, self.code, SETTINGS, by="zhao", now=self.now).taken

    def change(self, *codes: str, area: Area = KUNSHAN, actor: str = "zhao") -> None:
        with transaction(self.engine) as session:
            for code in codes:
                note_change(session, Subject.STATION, Happening.CHANGED, code, area, actor=actor, now=self.now)

    def round(self, after: timedelta = timedelta()) -> CalledBack:
        self.now += after
        return call_back_due(self.engine, SETTINGS, lambda: self.now)

    def got(self) -> list[str]:
        return [message["data"]["code"] for message in self.messages() if message["type"] != "endpoint.check"]

    def messages(self) -> list[dict]:
        return [json.loads(body) for _, _, body in self.receiver.taken]

    def state(self) -> CallBackState:
        with reading(self.engine) as session:
            return list_subscriptions(session, self.key)[0].state

    def deliveries(self) -> list[tuple[str, DeliveryState, int, int | None]]:
        with reading(self.engine) as session:
            found = list_deliveries(session, self.key, self.code)
        return [(one.code, one.state, one.tries, one.response) for one in reversed(found)]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpReceiver]:
    monkeypatch.setenv("WEBHOOK_NETWORKS", "127.0.0.0/8")  # where http is taken
    with http_receiver() as running:
        yield running


@pytest.fixture
def city(reference_engine: Engine, receiver: HttpReceiver) -> City:
    return City(reference_engine, receiver)


def test_a_system_is_called_back_signed_and_only_of_its_area(city: City) -> None:
    city.change("before")
    assert city.round() == CalledBack() and city.receiver.taken == []  # nothing goes to an address not checked yet
    assert city.check() and city.state() is CallBackState.ACTIVE
    city.change("elsewhere", area=NANJING)
    city.change("own", actor=f"key:{city.key.prefix}")
    city.change("one", "two")
    assert city.round() == CalledBack(sent=3) and city.got() == ["before", "one", "two"]
    assert city.round() == CalledBack()
    for _, headers, body in city.receiver.taken:
        # The library checks by the machine's clock, which tests do not have.
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), NOW.tzinfo)
        assert Webhook(city.secret).sign(headers["webhook-id"], at, body.decode()) == headers["webhook-signature"]
    message = city.messages()[-1]
    assert (message["type"], message["data"]["code"]) == ("station.changed", "two")
    assert message["data"]["link"] == "/api/v1/registry/stations/two"
    assert len({headers["webhook-id"] for _, headers, _ in city.receiver.taken}) == 4
    assert city.deliveries()[-1] == ("two", DeliveryState.SENT, 1, 200)


def test_after_an_outage_everything_comes_in_order_with_the_same_ids(city: City) -> None:
    assert city.check()
    city.receiver.answers = [503, 500, 429]
    city.change("one", "two", "three")
    assert city.round() == CalledBack(failed=1)
    assert city.round(BACK_OFF[0]) == CalledBack(failed=1)
    assert city.round(BACK_OFF[0]) == CalledBack()  # not due yet
    assert city.round(BACK_OFF[1]) == CalledBack(failed=1)
    assert city.deliveries()[0] == ("one", DeliveryState.WAITING, 3, 429)
    assert city.round(BACK_OFF[2]) == CalledBack(sent=3)
    assert city.got() == ["one"] * 4 + ["two", "three"]
    assert len({headers["webhook-id"] for _, headers, _ in city.receiver.taken[1:5]}) == 1


def test_what_a_receiver_refuses_holds_up_no_other(city: City) -> None:
    assert city.check()
    city.receiver.answers = [422]
    city.change("one", "two")
    assert city.round() == CalledBack(sent=1, failed=1)
    city.receiver.answers = []
    assert city.round(BACK_OFF[0]) == CalledBack(sent=1) and city.got() == ["one", "two", "one"]
    with reading(city.engine) as session:
        assert list_subscriptions(session, city.key)[0].failing_since is None


def test_after_long_failure_it_is_switched_off_told_and_goes_on_where_it_was(city: City) -> None:
    assert city.check()
    with transaction(city.engine) as session:
        set_contact(session, SUZHOU, "email", "office@example.com", by="zhao", now=NOW)
    city.receiver.answers = [500] * 50
    city.change("one", "two")
    city.round()
    for wait in BACK_OFF:
        city.round(wait)
    assert city.state() is CallBackState.DISABLED
    with reading(city.engine) as session:
        notice = session.scalars(select(Notice)).one()
    assert (notice.address, notice.sample) == ("office@example.com", False) and "城市平台" in notice.text
    assert city.deliveries() == [
        ("one", DeliveryState.FAILED, len(BACK_OFF) + 1, 500),
        ("two", DeliveryState.WAITING, 0, None),
    ]
    city.change("three")
    assert city.round(timedelta(days=3)) == CalledBack()
    city.receiver.answers = []
    assert city.check() and city.round() == CalledBack(sent=2)
    assert city.got()[-2:] == ["two", "three"]
    with transaction(city.engine) as session:
        first = list_deliveries(session, city.key, city.code)[-1]
        send_again(session, city.key, city.code, first.id, by="zhao", now=city.now)
        with pytest.raises(Conflict):
            send_again(session, city.key, city.code, first.id, by="zhao", now=city.now)
    assert city.round() == CalledBack(sent=1) and city.got()[-1] == "one"


def test_who_says_it_is_gone_is_not_called_again(city: City) -> None:
    assert city.check()
    city.receiver.answers = [410]
    city.change("one", "two")
    assert city.round() == CalledBack(failed=1) and city.state() is CallBackState.DISABLED


def test_a_private_address_is_never_called(reference_engine: Engine, receiver: HttpReceiver) -> None:
    city = City(reference_engine, receiver)
    closed = CallBacks(SETTINGS.secret, ())
    checked = check_endpoint(reference_engine, city.key, city.code, closed, by="zhao", now=NOW)
    assert not checked.taken and "private address" in checked.error and receiver.taken == []
    assert city.check()
    city.change("one")
    assert call_back_due(reference_engine, closed, lambda: NOW) == CalledBack(failed=1)
    assert city.state() is CallBackState.DISABLED


def test_two_secrets_are_valid_while_they_change(city: City) -> None:
    assert city.check()
    with transaction(city.engine) as session:
        renewed = renew_secret(session, city.key, city.code, by="zhao", now=NOW).secret(SETTINGS)
        with pytest.raises(Conflict):
            renew_secret(session, city.key, city.code, by="zhao", now=NOW)
    assert renewed != city.secret
    city.change("one")
    city.round()
    city.change("two")
    city.round(BOTH_SECRETS_FOR)
    signed = [headers["webhook-signature"].split(" ") for _, headers, _ in city.receiver.taken]
    assert [len(one) for one in signed] == [1, 2, 1]
    headers, body = city.receiver.taken[1][1:]
    stale = {name: headers[name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature")}
    with pytest.raises(WebhookVerificationError):  # a library refuses what was signed long ago or not by this secret
        Webhook(renewed).verify(body, {**stale, "webhook-timestamp": "1000000000"})


def test_a_pause_and_a_withdrawn_key_stop_it(city: City) -> None:
    assert city.check()
    with transaction(city.engine) as session:
        pause(session, city.key, city.code, by="zhao", now=NOW)
    city.change("one")
    assert city.round() == CalledBack()
    assert city.check() and city.round() == CalledBack(sent=1)
    with transaction(city.engine) as session:
        withdraw_key(session, PROVINCE, city.key.prefix, version=1, now=NOW)
    city.change("two")
    assert city.round() == CalledBack() and city.state() is CallBackState.DISABLED
    with transaction(city.engine) as session:
        key = session.scalars(select(InterfaceKey)).one()
        with pytest.raises(Conflict):
            subscribe(session, key, "https://example.com/hook", [], by="zhao", now=NOW)
        end_subscription(session, key, city.code, by="zhao", now=NOW)
        with pytest.raises(NotFound):
            list_deliveries(session, key, city.code)


def test_only_kinds_asked_for_and_old_deliveries_go(reference_engine: Engine, receiver: HttpReceiver) -> None:
    city = City(reference_engine, receiver, "station.added,request.filed")
    assert city.check()
    city.change("one")
    with transaction(city.engine) as session:
        note_change(session, Subject.STATION, Happening.ADDED, "new", KUNSHAN, actor="zhao", now=NOW)
    assert put_down(city.engine, NOW) == 1 and put_down(city.engine, NOW) == 0
    assert city.round() == CalledBack(sent=1) and city.got() == ["new"]
    assert forget_old_deliveries(city.engine, NOW + kept_for("change")) == 0
    assert forget_old_deliveries(city.engine, NOW + kept_for("change") + timedelta(days=1)) == 1


@pytest.mark.one_database
def test_a_subscription_that_makes_no_sense_is_refused(city: City) -> None:
    for url, kinds in (("ftp://example.com", []), ("https://u:p@example.com/", []), ("https://example.com/", ["x.y"])):
        with pytest.raises(InvalidInput), transaction(city.engine) as session:
            subscribe(session, city.key, url, kinds, by="zhao", now=NOW)
    form = KeyForm("city", "城市平台", "某局", SUZHOU, ["requests:file"], TODAY)
    with transaction(city.engine) as session:
        key, _ = make_key(session, PROVINCE, form, now=NOW)
        with pytest.raises(NotAllowed):
            subscribe(session, key, "https://example.com/", [], by="zhao", now=NOW)
        for _ in range(MOST_OF_A_KEY - 1):
            subscribe(session, city.key, "https://example.com/", [], by="zhao", now=NOW)
        with pytest.raises(Conflict):
            subscribe(session, city.key, "https://example.com/", [], by="zhao", now=NOW)
        assert session.scalars(select(Notice)).all() == []
