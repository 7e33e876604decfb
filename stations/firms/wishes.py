"""Wishes: firms that wait for a service in their county, as its offices see them, and asking those that could not be.

Where nothing is sent yet, a subscription is a registered wish: its address is asked to confirm as soon as its channel
is set up. Offices see how many wait for what and since when, never who.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from stations.catalogue.service import Service
from stations.database import reading
from stations.duty.area_columns import AreaColumns
from stations.duty.duty_areas import in_duty
from stations.duty.roles import Action, Actor, outside_duty
from stations.firms.subscriptions import Subscription, ask_to_confirm
from stations.notices.channel import Channel
from stations.one_by_one import one_by_one
from stations.places.counties import County


@dataclass(frozen=True)
class Wish:
    """A service that firms of a county wait for: how many, how many of them with a confirmed address, since when."""

    county: County
    service: Service
    firms: int
    confirmed: int
    since: datetime


def list_wishes(session: Session, actor: Actor) -> list[Wish]:
    """Return what firms in the actor's area wait for, the most wanted first.

    Raises:
        NotAllowed: the actor has no duty that includes the coverage of counties.
    """
    if not actor.may_somewhere(Action.SEE_ALERTS):
        raise outside_duty(Action.SEE_ALERTS)
    # Nobody waits in an invented county, so an invented person sees none.
    where = AreaColumns(city=County.city_adcode, county=County.adcode, sample=Subscription.id.is_(None))
    rows = session.execute(
        select(
            County,
            Service,
            func.count().label("firms"),
            func.count(Subscription.confirmed_at),
            func.min(Subscription.created_at),
        )
        .select_from(Subscription)
        .join(Subscription.county)
        .join(Subscription.service)
        .where(Subscription.told_at.is_(None), in_duty(actor, where, {Action.SEE_ALERTS}))
        .group_by(County.adcode, Service.code)
        .order_by(func.count().desc(), County.adcode, Service.code)
    )
    return [Wish(*row) for row in rows]


def ask_wishes(engine: Engine, configured: Collection[Channel], now: datetime) -> int:
    """Ask every address that could not be asked so far and now can; return their number."""

    def ask(session: Session, subscription_id: int) -> bool:
        waiting = select(Subscription).where(Subscription.id == subscription_id, Subscription.asked_at.is_(None))
        subscription = session.scalar(waiting.with_for_update(skip_locked=True))
        return subscription is not None and ask_to_confirm(session, subscription, now)

    with reading(engine) as session:
        waiting = select(Subscription.id).where(Subscription.asked_at.is_(None), Subscription.channel.in_(configured))
        found = list(session.scalars(waiting.order_by(Subscription.id)))
    return sum(one_by_one(engine, "wish to be told", found, ask))
