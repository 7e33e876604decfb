"""What systems of other offices do over HTTP: the feed, bulk changes, call-backs, and handling requests."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
import requests

from stations.database import open_engine, transaction
from tests.portal.api.described_answers import check
from tests.portal.api.partners import key_for
from tests.portal.conftest import Server
from tests.stations.request_factories import file_one

KUNSHAN = "320583"


class Program:
    """A program with a key of a system of its own."""

    def __init__(self, server: Server, *scopes: str, **key: Any) -> None:
        self.server = server
        self.headers = key_for(server, *scopes, **{"system": f"t-{uuid4().hex[:8]}", **key})

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        address = f"{self.server.url}/api/v1{path}"
        return check(requests.request(method, address, headers=headers, timeout=60, **options))

    def get(self, path: str, **params: Any) -> Any:
        answer = self.ask("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        return answer.json()

    def send(self, *rows: Any, **params: Any) -> list[dict[str, Any]]:
        answer = self.ask("POST", "/stations/bulk", json={"rows": rows}, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()["rows"]


def row(name: str = "接口测试小站") -> dict[str, Any]:
    return {
        "id": uuid4().hex,
        "name": f"{name} {uuid4().hex[:6]}",
        "address": "昆山市前进中路 8 号",
        "county": "昆山市",
        "services": ["metrology.calibration"],
        "source": "测试",
        "status": {"status": "active", "since": "2026-03"},
    }


def a_request(server: Server) -> str:
    engine = open_engine(server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        number = file_one(session, sample=True).number
    engine.dispose()
    return number


def test_the_feed_tells_what_was_written_and_goes_on(portal_server: Server) -> None:
    city, other = Program(portal_server), Program(portal_server, area="320100")
    start = city.get("/changes", since="now")["next"]
    station = row()
    (made,) = city.send(station)
    assert (made["outcome"], made["version"], made["id"]) == ("created", 1, station["id"])
    page = city.get("/changes", since=start, kind="station.added,station.changed")
    (change,) = [one for one in page["changes"] if one["code"] == made["code"]]
    assert (change["type"], change["version"], change["county"]) == ("station.added", 1, KUNSHAN)
    read = city.get(change["link"].removeprefix("/api/v1"))
    assert (read["id"], read["version"], read["record"]["name"]) == (station["id"], 1, station["name"])
    assert made["code"] not in [one["code"] for one in other.get("/changes", since=start)["changes"]]
    assert made["code"] not in [one["code"] for one in city.get("/changes", since=start, own="0")["changes"]]
    assert city.get("/changes", since=page["next"])["changes"] == []
    missing = other.ask("GET", change["link"].removeprefix("/api/v1"))
    assert missing.status_code == 404


def test_stations_are_listed_page_by_page(portal_server: Server) -> None:
    city = Program(portal_server, "registers:read", area=KUNSHAN)
    seen, after = [], None
    while True:
        page = city.get("/registry/stations", limit=2, **({"after": after} if after else {}))
        seen += [one["code"] for one in page["stations"]]
        assert all("contact_name" not in one["record"] for one in page["stations"])
        after = page["next"]
        if after is None or len(seen) > 6:
            break
    assert seen == sorted(set(seen)) and seen


def test_rows_on_lines_and_rows_that_are_wrong(portal_server: Server) -> None:
    city = Program(portal_server)
    lines = [json.dumps(row()), "{not json", json.dumps({**row(), "phone": 5, "county": "上海"})]
    headers = {"Content-Type": "application/x-ndjson"}
    answer = city.ask("POST", "/stations/bulk", data="\n".join(lines).encode(), headers=headers, params={"dry_run": 1})
    told = answer.json()
    assert (told["dry_run"], told["counts"]["created"], told["counts"]["refused"]) == (True, 1, 2)
    assert [one["row"] for one in told["rows"]] == [1, 2, 3]
    wrong = {one["field"]: one["written"] for one in told["rows"][2]["problems"]}
    assert wrong["phone"] == "5" and "county" in wrong


@pytest.mark.parametrize(
    ("method", "path", "scopes", "status"),
    [
        ("GET", "/changes", ("requests:file",), 403),
        ("GET", "/changes?since=nonsense", (), 400),
        ("GET", "/changes?kind=station.exploded", (), 400),
        ("GET", "/changes?limit=0", (), 400),
        ("GET", "/registry/stations", ("requests:read",), 403),
        ("GET", "/desk/requests", ("registers:read",), 403),
        ("GET", "/desk/requests?state=lost", (), 400),
        ("GET", "/desk/requests?after=x", (), 400),
        ("GET", "/desk/requests/Q000000-000000", (), 404),
        ("POST", "/desk/requests/Q000000-000000/steps", ("requests:read",), 400),
        ("POST", "/stations/bulk", ("registers:read",), 400),
        ("GET", "/call-backs/NOTHING/deliveries", (), 404),
        ("GET", "/sync/conflicts", ("registers:read",), 403),
    ],
)
def test_what_a_key_may_not_and_what_is_wrong_is_told(
    portal_server: Server, method: str, path: str, scopes: tuple[str, ...], status: int
) -> None:
    answer = Program(portal_server, *scopes).ask(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    keyless = requests.request(method, f"{portal_server.url}/api/v1{path.split('?')[0]}", timeout=60)
    assert keyless.status_code in (400, 401)


def test_a_request_is_handled_by_key_as_by_a_person(portal_server: Server) -> None:
    number = a_request(portal_server)
    city = Program(portal_server, "requests:handle", area=KUNSHAN)
    waiting = city.get("/desk/requests", state="submitted", limit=500)["requests"]
    listed = [one for one in waiting if one["number"] == number]
    assert len(listed) == 1 and "firm" not in listed[0]
    held = city.get(f"/desk/requests/{number}")
    assert "*" in held["firm"]["contact"] and "*" in held["firm"]["phone"]
    assert Program(portal_server, area=KUNSHAN).get(f"/desk/requests/{number}")["firm"]["contact"] == "王测试"
    step = {"move": "accept", "version": held["version"]}
    answer = city.ask("POST", f"/desk/requests/{number}/steps", json=step)
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    late = city.ask("POST", f"/desk/requests/{number}/steps", json={**step, "move": "refuse", "note": "不在范围"})
    told = late.json()
    assert (late.status_code, told["state"], [one["move"] for one in told["since"]]) == (409, "accepted", ["accept"])
    assert told["since"][0]["key"] and told["possible"]
    written = city.ask("POST", f"/desk/requests/{number}/messages", json={"text": "请带样品"})
    assert written.status_code == 201
    for item in held["services"]:
        version = city.get(f"/desk/requests/{number}")["version"]
        done = {"service": item["service"], "version": version, "performer": "实验室", "result": "合格"}
        assert city.ask("POST", f"/desk/requests/{number}/deliveries", json=done).status_code == 200
    assert city.get(f"/desk/requests/{number}")["state"] == "delivered"
    elsewhere = Program(portal_server, "requests:handle", area="320100").ask("GET", f"/desk/requests/{number}")
    assert elsewhere.status_code == 403


def test_without_a_secret_of_the_installation_nothing_is_subscribed(portal_server: Server) -> None:
    city = Program(portal_server)
    answer = city.ask("POST", "/call-backs", json={"url": "https://example.com/hook"})
    assert answer.status_code == 409 and "WEBHOOK_SECRET" in answer.json()["detail"]
    assert city.get("/call-backs") == {"subscriptions": []}


def test_what_is_wrong_is_told_where_it_is(portal_server: Server) -> None:
    city = Program(portal_server)
    mode = city.ask("POST", "/stations/bulk", json={"rows": [row()]}, params={"mode": "some"})
    assert [(one["in"], one["name"]) for one in mode.json()["errors"]] == [("query", "mode")]
    text = city.ask("POST", "/stations/bulk", data="hello", headers={"Content-Type": "text/plain"})
    assert (text.status_code, text.headers["accept"]) == (415, "application/json, application/x-ndjson")
    told = [requests.get(f"{portal_server.url}/api/v1/key", headers=one, timeout=60).headers["www-authenticate"]
            for one in ({}, {"Authorization": "Bearer nqi_x"})]
    assert ["error" in one for one in told] == [False, True]


def test_a_request_is_handed_over_by_key(portal_server: Server) -> None:
    number = a_request(portal_server)
    city = Program(portal_server, area=KUNSHAN)
    held = city.get(f"/desk/requests/{number}")
    assert "transfer" in held["possible"]
    takers = city.get(f"/desk/requests/{number}/takers")["stations"]
    assert takers and held["station"]["code"] not in [one["code"] for one in takers]
    to = {"station_code": takers[-1]["code"], "version": held["version"], "note": "离企业更近"}
    wrong = city.ask("POST", f"/desk/requests/{number}/transfer", json={**to, "station_code": held["station"]["code"]})
    assert (wrong.status_code, wrong.json()["errors"][0]["name"]) == (400, "station_code")
    moved = city.ask("POST", f"/desk/requests/{number}/transfer", json=to)
    assert (moved.status_code, moved.json()["station"]) == (200, to["station_code"]), moved.text
    stays = takers[-1]["county"] == KUNSHAN
    assert (moved.json()["link"] is not None) is stays
    late = Program(portal_server).ask("POST", f"/desk/requests/{number}/transfer", json=to)
    assert late.status_code == 409 and late.json()["since"][-1]["move"] == "transfer"
    reading = Program(portal_server, "requests:read").ask("POST", f"/desk/requests/{number}/transfer", json=to)
    assert reading.status_code == 403
