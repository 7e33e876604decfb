"""Siting as a computation in the background: asked for, followed, cancelled, and its result in every form."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from tests.portal.conftest import Server

ENGLISH = {"Accept-Language": "en"}


def send(server: Server, **question: Any) -> requests.Response:
    return requests.post(f"{server.url}/api/v1/siting", json=question, headers=ENGLISH, timeout=60)


def ended(server: Server, answer: requests.Response) -> dict[str, Any]:
    """Return the state of a computation once it has ended."""
    assert answer.status_code == 202, answer.text
    deadline = time.monotonic() + 120
    while (told := requests.get(server.url + answer.headers["location"], timeout=60).json())["status"] in {
        "waiting",
        "running",
    }:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return told


def test_a_question_is_answered_in_the_background(portal_server: Server) -> None:
    answer = send(portal_server, model="p-median", p=3, weights="population")
    told = ended(portal_server, answer)
    assert (told["status"], told["as_of"]) == ("done", "2026-11-24")
    result = requests.get(portal_server.url + told["result"], timeout=60)
    assert result.status_code == 200
    assert (result.json()["status"], len(result.json()["added"])) == ("optimal", 3)
    geojson = requests.get(portal_server.url + told["result"], headers={"Accept": "application/geo+json"}, timeout=60)
    assert geojson.headers["content-type"] == "application/geo+json"
    assert {one["id"] for one in geojson.json()["features"]} == set(result.json()["sites"])
    named = requests.get(f"{portal_server.url}{told['result']}?format=geojson", timeout=60)
    assert named.content == geojson.content
    rows = requests.get(f"{portal_server.url}{told['result']}?format=csv&sort=id&lang=en", timeout=60)
    assert len(rows.content.decode("utf-8-sig").splitlines()) == 4


def test_a_computation_is_cancelled(portal_server: Server) -> None:
    answer = send(portal_server, model="p-center", p=29, time_limit=120)
    address = portal_server.url + answer.headers["location"]
    cancelled = requests.delete(address, timeout=60).json()
    assert cancelled["status"] in {"cancelled", "done"}
    assert requests.get(address, timeout=60).json()["status"] == cancelled["status"]
    # What had been found until then stays, if anything had.
    result = requests.get(f"{address}/result", timeout=60)
    assert result.status_code == (404 if cancelled["result"] is None else 200)
    if cancelled["status"] == "cancelled" and cancelled["result"] is not None:
        assert result.json()["status"] == "cancelled"


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ({}, "model"),
        ({"model": "best"}, "model"),
        ({"model": "p-median"}, "p"),
        ({"model": "p-median", "p": 0}, "p"),
        ({"model": "p-median", "p": 10**30}, "p"),
        ({"model": "p-median", "p": "many"}, "p"),
        ({"model": "p-median", "p": 3, "sites": 3}, "sites"),
        ({"model": "p-median", "p": 3, "must": ["nowhere"]}, "must"),
        ({"model": "p-median", "p": 3, "counties": False}, "places"),
        ({"model": "p-median", "p": 3, "points": [[0, 0]]}, "point"),
        ({"model": "p-median", "p": 3, "points": [[120.98]]}, "points.0.1"),
        ({"model": "p-median", "p": 3, "time_limit": 121}, "time_limit"),
        ({"model": "p-median", "p": 3, "as_of": "2026-02-30"}, "as_of"),
        ({"model": "lscp", "within_km": -1}, "within_km"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(portal_server: Server, question: dict[str, Any], name: str) -> None:
    answer = send(portal_server, **question)
    assert answer.status_code == 400, answer.text
    assert [(one["in"], one["name"]) for one in answer.json()["errors"]] == [("body", name)]


def test_a_body_that_is_no_question(portal_server: Server) -> None:
    for body in (b"", b"{", b"[]", b"null", b'{"model": "lscp", "within_km": NaN}', b"\xff"):
        answer = requests.post(
            f"{portal_server.url}/api/v1/siting", body, headers={"Content-Type": "application/json"}, timeout=60
        )
        assert answer.status_code == 400, body
    assert requests.get(f"{portal_server.url}/api/v1/siting/nothing", timeout=60).status_code == 404
