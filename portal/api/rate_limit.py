"""How often programs may ask: so many requests from one network or with one key, fewer of those that cost much.

Each server process counts for itself; the front machine keeps a client on one server (``deploy/nginx``). Answers tell
what is left by the headers ``RateLimit-Policy`` and ``RateLimit`` (draft-ietf-httpapi-ratelimit-headers); who asks too
often gets 429 with ``Retry-After`` and waits.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from fastapi import Depends, Request
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.api.inquiry import spoken_to
from portal.api.keys import key_of, presents_key
from portal.api.problem import Refusal, problem
from portal.settings import settings
from stations import clock
from stations.client_network import network_of
from stations.language import N_
from stations.partners.key_check import KeyRefused

_TOO_OFTEN = N_("This was asked too often; ask again in {seconds} seconds.")
_SWEPT_EVERY_S = 60
ALL, COSTLY, DAILY = "all", "costly", "daily"


@dataclass(frozen=True)
class Quota:
    """Whose requests are counted together, and how many there may be; None for any number.

    ``holder``: a client's network, or a key. ``every``: of all requests; ``costly``: of those that cost much;
    ``daily``: of all within a day, where that is limited too.
    """

    holder: str
    every: RateLimitItem | None
    costly: RateLimitItem | None
    daily: RateLimitItem | None = None


@dataclass(frozen=True)
class Standing:
    """How a holder stands after a request: ``left`` more may follow within ``reset_s`` seconds."""

    name: str
    limit: RateLimitItem
    left: int
    reset_s: int
    exceeded: bool

    @property
    def headers(self) -> Mapping[str, str]:
        """The header fields that tell it."""
        told = {
            "RateLimit-Policy": f'"{self.name}";q={self.limit.amount};w={self.limit.get_expiry()}',
            "RateLimit": f'"{self.name}";r={self.left};t={self.reset_s}',
        }
        return {**told, "Retry-After": str(self.reset_s)} if self.exceeded else told


class _SweptStorage(MemoryStorage):
    """Counts in memory. What has expired is swept every minute, not by a thread that every request starts."""

    @property
    def timer(self) -> threading.Timer:
        """The next sweep; another is made with the first request after it."""
        return self._timer

    @timer.setter
    def timer(self, made: threading.Timer) -> None:
        self._timer = threading.Timer(_SWEPT_EVERY_S, made.function)
        self._timer.daemon = True


@cache
def _counter() -> SlidingWindowCounterRateLimiter:
    return SlidingWindowCounterRateLimiter(_SweptStorage())


async def quota_of(request: Request) -> Quota:
    """Return the quota that a request is counted to: that of its key, else of its client's network."""
    key = None
    if presents_key(request):
        try:
            key = await run_in_threadpool(key_of, request)
        except KeyRefused:
            key = None
    if key is not None:
        minute = RateLimitItemPerMinute(key.per_minute)
        return Quota(f"key {key.prefix}", minute, settings().api_costly_rate, RateLimitItemPerDay(key.per_day))
    address = request.client.host if request.client else ""
    return Quota(network_of(address), settings().api_rate, settings().api_costly_rate)


def spend(name: str, limit: RateLimitItem, holder: str) -> Standing:
    """Count a request, unless the holder has none left."""
    admitted = _counter().hit(limit, name, holder)
    window = _counter().get_window_stats(limit, name, holder)
    wait = max(1, math.ceil(window.reset_time - clock.machine_seconds()))
    return Standing(name, limit, max(0, window.remaining), wait, not admitted)


class RateLimit:
    """ASGI middleware that counts every request, and refuses those over the quota."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if it may be."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        request.state.quota = quota = await quota_of(request)
        if quota.every is None:
            await self._app(scope, receive, send)
            return
        standing = spend(ALL, quota.every, quota.holder)
        if quota.daily is not None and not standing.exceeded:
            of_day = spend(DAILY, quota.daily, quota.holder)
            standing = of_day if of_day.exceeded else standing

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in standing.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        if standing.exceeded:
            told = spoken_to(request).translate(_TOO_OFTEN, seconds=standing.reset_s)
            await problem(spoken_to(request), 429, told)(scope, receive, with_headers)
        else:
            await self._app(scope, receive, with_headers)


def _spend_costly(request: Request) -> None:
    quota: Quota = request.state.quota
    if quota.costly is None:
        return
    standing = spend(COSTLY, quota.costly, quota.holder)
    if standing.exceeded:
        raise Refusal(429, _TOO_OFTEN, headers=dict(standing.headers), seconds=standing.reset_s)


COSTS_MUCH = Depends(_spend_costly)
"""A dependency of the routes whose answers take long: ``dependencies=[COSTS_MUCH]``."""
