"""Keys over HTTP: what opens and what does not."""

from __future__ import annotations

import pytest
import requests

from tests.portal.api.partners import key_for
from tests.portal.conftest import Server


def test_a_key_says_what_it_allows(portal_server: Server) -> None:
    headers = key_for(portal_server, "requests:read")
    answer = requests.get(f"{portal_server.url}/api/v1/key", headers=headers, timeout=60)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["scopes"], told["area_code"], told["sample"]) == (["requests:read"], "320000", True)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("presented", [None, "Bearer nqi_ABCDEFGH_0", "Bearer", "Basic eDp5", "Bearer \xff"])
def test_without_a_valid_key_the_answer_says_how(portal_server: Server, presented: str | None) -> None:
    headers = {"Accept-Language": "en"} | ({"Authorization": presented.encode("latin-1")} if presented else {})
    answer = requests.get(f"{portal_server.url}/api/v1/key", headers=headers, timeout=60)
    assert answer.status_code in (401, 429)
    assert answer.headers["content-type"] == "application/problem+json"
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer ")


def test_a_key_is_never_read_from_an_address(portal_server: Server) -> None:
    shown = key_for(portal_server)["Authorization"].removeprefix("Bearer ")
    for address in (f"/api/v1/key?key={shown}", f"/api/v1/key?access_token={shown}"):
        assert requests.get(portal_server.url + address, timeout=60).status_code in (400, 401)
    assert shown not in portal_server.log.read_text(errors="replace")


def test_a_key_has_a_quota_of_its_own(portal_server: Server) -> None:
    headers, other = key_for(portal_server, per_minute=2), key_for(portal_server, per_day=2)
    for one, named in ((headers, "all"), (other, "daily")):
        answers = [requests.get(f"{portal_server.url}/api/v1/key", headers=one, timeout=60) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert f'"{named}"' in answers[-1].headers["ratelimit-policy"] and int(answers[-1].headers["retry-after"]) > 0
    free = key_for(portal_server)
    assert requests.get(f"{portal_server.url}/api/v1/key", headers=free, timeout=60).status_code == 200
