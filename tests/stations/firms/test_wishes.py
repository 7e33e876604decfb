"""Where nothing is sent yet, a subscription is a wish that offices see, and that is acted on once sending is set up."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import NotAllowed
from stations.firms.reminders import send_reminders
from stations.firms.subscriptions import Subscription, SubscriptionForm, confirm, subscribe
from stations.firms.wishes import ask_wishes, list_wishes
from stations.notices.channels.email import CHANNEL as EMAIL
from stations.notices.channels.sms import CHANNEL as SMS
from stations.notices.outbox import Notice
from tests.conftest import NOW, TODAY
from tests.stations.request_factories import KUNSHAN, actor_with


def wish(engine: Engine, channel: str, address: str, county: str = KUNSHAN) -> None:
    form = SubscriptionForm(county, "testing.food_testing", channel, address, True, "zh_CN")
    with transaction(engine) as session:
        subscribe(session, form, now=NOW, today=TODAY, configured=())


def test_a_wish_is_counted_for_its_offices_and_asked_once_its_channel_is_set_up(reference_engine: Engine) -> None:
    wish(reference_engine, "sms", "13800000000")
    wish(reference_engine, "email", "wang@example.com")
    wish(reference_engine, "email", "li@example.com", "320102")
    later = NOW + timedelta(days=30)
    send_reminders(reference_engine, TODAY, now=later)
    with reading(reference_engine) as session:
        assert session.scalars(sa.select(Notice)).all() == [], "nothing is sent to them"
        kunshan = actor_with(Role.COUNTY, AreaKind.COUNTY, KUNSHAN)
        (one,) = list_wishes(session, kunshan)
        told = (one.firms, one.confirmed, one.county.adcode)
        assert told == (2, 0, KUNSHAN), "and none is forgotten as unconfirmed"
        province = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")
        assert [one.firms for one in list_wishes(session, province)] == [2, 1]
        with pytest.raises(NotAllowed):
            list_wishes(session, actor_with(Role.STATION, AreaKind.STATION, "S-1"))
    assert ask_wishes(reference_engine, [SMS], later) == 1
    assert ask_wishes(reference_engine, [SMS], later) == 0, "each once"
    assert ask_wishes(reference_engine, [SMS, EMAIL], later) == 2
    with transaction(reference_engine) as session:
        asked = session.scalars(sa.select(Notice.address).order_by(Notice.id)).all()
        assert asked == ["13800000000", "wang@example.com", "li@example.com"]
        proof = session.scalars(sa.select(Subscription.proof).where(Subscription.channel == SMS)).one()
        assert confirm(session, proof, now=later).confirmed_at == later
    send_reminders(reference_engine, TODAY, now=later + timedelta(days=8))
    with reading(reference_engine) as session:
        assert len(session.scalars(sa.select(Subscription)).all()) == 1, "who did not confirm is forgotten as ever"
