"""Call-backs of the key's own system: subscribing, checking the address, a new secret, the log of deliveries."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.api.inquiry import Asked
from portal.api.keys import PRIVATE, Key
from portal.api.repeatable import Once, RepeatableRoute, Sending
from portal.api.v1.partner_shapes import (
    Checked,
    Deliveries,
    Delivery,
    Subscription,
    SubscriptionMade,
    Subscriptions,
)
from portal.api.v1.tags import PARTNERS
from portal.storage import engine
from stations.answers.call_backs import delivery_data, subscription_data
from stations.database import reading
from stations.partners import call_back_administration as call_backs
from stations.partners.interface_key import InterfaceKey, KeyInUse
from stations.partners.key_check import row_of
from stations.readers.numbers import read_whole_number

MOST = 200
router = APIRouter(route_class=RepeatableRoute, tags=[PARTNERS])
DeliveryNumber = Annotated[int, Path(ge=1, le=2_000_000_000, description="The `id` of the delivery. 推送记录的 id。")]
Code = Annotated[str, Path(description="The code of the subscription. 推送订阅代码。", max_length=20)]


class WantedCallBack(BaseModel):
    """A subscription that is asked for. 申请的推送订阅。"""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(
        description="Where messages are posted: https://…; 推送地址", max_length=500, examples=["https://example.com/hook"]
    )
    kinds: list[str] = Field(
        default_factory=list,
        description="Only these kinds of changes, such as station.added; all that the key may read if empty. 变更类型",
        max_length=40,
        examples=[["station.added", "request.filed"]],
    )


@contextmanager
def _acting(once: Sending, key: KeyInUse) -> Iterator[tuple[Session, InterfaceKey]]:
    with once.transaction() as session:
        yield session, row_of(session, key)


@router.get("/call-backs", operation_id="listCallBacks")
def list_call_backs(asked: Asked, key: Key, response: Response) -> Subscriptions:
    """Return the subscriptions of the key. 列出密钥的推送订阅。"""
    with asked.reading() as session:
        found = call_backs.list_subscriptions(session, row_of(session, key))
        told = [subscription_data(one) for one in found]
    response.headers.update(PRIVATE)
    return Subscriptions.model_validate({"subscriptions": told})


@router.post("/call-backs", operation_id="subscribeCallBacks", status_code=201)
def subscribe_call_backs(
    asked: Asked, key: Key, wanted: WantedCallBack, response: Response, once: Once
) -> SubscriptionMade:
    """Subscribe the key's system. 订阅推送。

    The answer has the secret that signs messages (Standard Webhooks), shown only here. Nothing is sent before the
    address was checked.
    """
    settings = call_backs.call_back_settings(os.environ)
    with _acting(once, key) as (session, row):
        made = call_backs.subscribe(
            session, row, wanted.url, wanted.kinds, by=key.actor.username, now=asked.now
        )
        data = subscription_data(made, made.secret(settings))
        response.headers.update({**PRIVATE, "Location": f"/api/v1/call-backs/{made.code}"})
    return SubscriptionMade.model_validate(data)


@router.post("/call-backs/{code}/check", operation_id="checkCallBack")
def check_call_back(asked: Asked, key: Key, code: Code, response: Response, _once: Once) -> Checked:
    """Post a signed message `endpoint.check`; once it is taken, the system is called back. 验证地址并启用推送。"""
    settings = call_backs.call_back_settings(os.environ)
    with reading(engine()) as session:
        row = row_of(session, key)
    checked = call_backs.check_endpoint(engine(), row, code, settings, by=key.actor.username, now=asked.now)
    response.headers.update(PRIVATE)
    return Checked(taken=checked.taken, error=checked.error or None)


@router.post("/call-backs/{code}/secret", operation_id="renewCallBackSecret")
def renew_call_back_secret(
    asked: Asked, key: Key, code: Code, response: Response, once: Once
) -> SubscriptionMade:
    """Return a new secret; the old one signs beside it for two days. 更换签名密钥，新旧两天内同时有效。"""
    settings = call_backs.call_back_settings(os.environ)
    with _acting(once, key) as (session, row):
        renewed = call_backs.renew_secret(session, row, code, by=key.actor.username, now=asked.now)
        data = subscription_data(renewed, renewed.secret(settings))
    response.headers.update(PRIVATE)
    return SubscriptionMade.model_validate(data)


@router.post("/call-backs/{code}/pause", operation_id="pauseCallBack")
def pause_call_back(asked: Asked, key: Key, code: Code, response: Response, once: Once) -> Subscription:
    """Call back no more until the address is checked again; what happens meanwhile follows then. 暂停推送。"""
    with _acting(once, key) as (session, row):
        data = subscription_data(call_backs.pause(session, row, code, by=key.actor.username, now=asked.now))
    response.headers.update(PRIVATE)
    return Subscription.model_validate(data)


@router.delete("/call-backs/{code}", operation_id="endCallBack", status_code=204)
def end_call_back(asked: Asked, key: Key, code: Code) -> None:
    """End a subscription, with its log. 取消推送订阅。"""
    with asked.transaction() as session:
        call_backs.end_subscription(session, row_of(session, key), code, by=key.actor.username, now=asked.now)


@router.get("/call-backs/{code}/deliveries", operation_id="listCallBackDeliveries")
def list_call_back_deliveries(
    asked: Asked,
    key: Key,
    code: Code,
    response: Response,
    before: Annotated[str | None, Query(description="The last `id` of the page before. 上一页最后的 id。")] = None,
    limit: Annotated[str | None, Query(description=f"1 to {MOST}; 50 where it is left out. 每页条数。")] = None,
) -> Deliveries:
    """Return the log of deliveries, newest first. 推送记录，最新的在前。"""
    last = read_whole_number("before", before, 1, 2_000_000_000) if before is not None else None
    count = read_whole_number("limit", limit, 1, MOST) if limit is not None else 50
    with asked.reading() as session:
        found = call_backs.list_deliveries(session, row_of(session, key), code, before=last, limit=count)
        told = [delivery_data(one) for one in found]
    response.headers.update(PRIVATE)
    return Deliveries.model_validate({"deliveries": told})


@router.post("/call-backs/{code}/deliveries/{number}/send", operation_id="sendCallBackAgain")
def send_call_back_again(
    asked: Asked, key: Key, code: Code, number: DeliveryNumber, response: Response, once: Once
) -> Delivery:
    """Send a call-back again that was sent or has failed. 重新推送。"""
    with _acting(once, key) as (session, row):
        again = call_backs.send_again(session, row, code, number, by=key.actor.username, now=asked.now)
        data = delivery_data(again)
    response.headers.update(PRIVATE)
    return Delivery.model_validate(data)
