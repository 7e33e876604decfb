"""How often a program may ask: counted by network, told in headers, refused with a time to wait."""

from __future__ import annotations

from collections.abc import Iterator

import limits
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from portal.api import rate_limit
from portal.api.application import create_api
from portal.api.rate_limit import COSTS_MUCH, Quota, RateLimit
from portal.settings import read_settings
from stations.client_network import network_of
from stations.errors import InvalidInput
from tests.portal.api.asgi import ask


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """A small interface: three requests a minute, one of them costly."""

    async def quota_of(request: object) -> Quota:
        address = request.headers.get("x-from", "192.0.2.1")  # type: ignore[attr-defined]
        return Quota(network_of(address), limits.parse("3/minute"), limits.parse("1/minute"))

    rate_limit._counter.cache_clear()
    monkeypatch.setattr(rate_limit, "quota_of", quota_of)
    api = create_api("Small", "1", "For a test.", root_path="")
    api.add_api_route("/cheap", lambda: "done")
    api.add_api_route("/costly", lambda: "done", dependencies=[COSTS_MUCH])
    yield api
    rate_limit._counter.cache_clear()


def test_an_answer_tells_what_is_left(small: FastAPI) -> None:
    answer = ask(small, "/cheap")
    assert answer.headers["ratelimit-policy"] == '"all";q=3;w=60'
    assert answer.headers["ratelimit"].startswith('"all";r=2;t=')
    assert "retry-after" not in answer.headers


def test_who_asks_too_often_is_told_when_to_ask_again(small: FastAPI) -> None:
    assert [ask(small, "/cheap").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = ask(small, "/nothing", accept_language="en")
    assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
    assert 1 <= int(refused.headers["retry-after"]) <= 120
    assert refused.headers["retry-after"] in refused.json()["detail"]
    assert refused.headers["ratelimit"].startswith('"all";r=0;')


def test_what_costs_much_has_its_own_count(small: FastAPI) -> None:
    assert [ask(small, "/costly").status_code for _ in range(2)] == [200, 429]
    refused = ask(small, "/costly")
    assert refused.headers["ratelimit-policy"].startswith('"costly";q=1;')
    assert refused.json()["detail"] and int(refused.headers["retry-after"]) >= 1


def test_each_network_is_counted_for_itself(small: FastAPI) -> None:
    def asked(address: str) -> list[int]:
        return [ask(small, "/cheap", x_from=address).status_code for _ in range(3)]

    assert asked("2001:db8::1") == [200] * 3
    assert asked("2001:db8::2") == [429] * 3, "one /64 is one network"
    assert asked("2001:db8:1::2") == [200] * 3


def test_rates_are_settings() -> None:
    read = read_settings({"API_RATE": "10 per second", "API_COSTLY_RATE": "off"})
    assert read.api_rate == limits.parse("10/second")
    assert read.api_costly_rate is None
    usual = read_settings({})
    assert usual.api_rate and usual.api_rate.amount >= 1000, "a client of maps pages through a layer"
    for wrong in ("often", "-1/minute", "0/minute"):
        with pytest.raises(InvalidInput) as told:
            read_settings({"API_RATE": wrong})
        assert told.value.field == "API_RATE"


def test_every_interface_is_limited() -> None:
    from portal.api.routes import routes

    mounted = [route for route in routes if isinstance(route, Mount) and isinstance(route.app, Starlette)]
    assert len(mounted) >= 2
    for one in mounted:
        assert RateLimit in [middleware.cls for middleware in one.app.user_middleware], one.path


def test_counting_starts_no_thread_for_every_request(small: FastAPI) -> None:
    """What has expired is swept by one thread a minute; the library would start one for each request."""
    ask(small, "/cheap")
    sweep = rate_limit._counter().storage.timer
    ask(small, "/cheap")
    assert rate_limit._counter().storage.timer is sweep and sweep.is_alive() and sweep.daemon
    sweep.function()
    assert ask(small, "/cheap").status_code == 200
    assert ask(small, "/cheap").status_code == 429, "a sweep takes only what has expired"
