"""What an operator sees from outside: figures, readiness, references, the log, and the page of operations."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from portal.metrics import route_class
from portal.settings import read_settings
from stations.accounts.accounts import User
from stations.accounts.sign_ins import Client, Method, open_sign_in
from stations.database import open_engine, transaction
from stations.duty.roles import Role
from stations.errors import InvalidInput
from tests.conftest import NOW
from tests.portal.conftest import METRICS_TOKEN, Server
from tests.portal.page_socket import opened
from tests.portal.people import PASSWORD, new_account

BEARER = {"Authorization": f"Bearer {METRICS_TOKEN}"}
PLAIN = {"Accept-Language": "en"}


def get(server: Server, path: str, **headers: str) -> requests.Response:
    return requests.get(server.url + path, headers=headers, timeout=60, allow_redirects=False)


def figures(server: Server) -> dict[tuple[str, ...], float]:
    """Return each sample: its name and the values of its labels → its value."""
    text = get(server, "/metrics", **BEARER).text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def try_to_sign_in(server: Server, username: str, password: str) -> requests.Response:
    return requests.post(
        f"{server.url}/sign-in",
        data={"username": username, "password": password},
        headers={"Origin": server.url, **PLAIN},
        timeout=60,
        allow_redirects=False,
    )


def token_of(server: Server, username: str) -> str:
    """Return the token of a new sign-in of a user."""
    engine = open_engine(server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        user = session.scalars(select(User).where(User.username == username)).one()
        token = open_sign_in(session, user, Method.PASSWORD, Client(), NOW + timedelta(seconds=1))
    engine.dispose()
    return token


def log_of(server: Server) -> str:
    return server.log.read_text(encoding="utf-8")


def test_figures_are_for_who_shows_the_token(portal_server: Server, strict_portal_server: Server) -> None:
    assert get(portal_server, "/metrics").status_code == 404, "off by default"
    assert get(portal_server, "/metrics", Authorization="Bearer ").status_code == 404
    for shown in ({}, {"Authorization": "Bearer"}, {"Authorization": f"Bearer {METRICS_TOKEN}x"}):
        assert get(strict_portal_server, "/metrics", **shown).status_code == 401
    assert get(strict_portal_server, "/metrics", **BEARER).headers["Content-Type"].startswith("text/plain; version=")


def test_figures_tell_what_an_operator_needs(strict_portal_server: Server) -> None:
    before = figures(strict_portal_server)
    assert try_to_sign_in(strict_portal_server, f"nobody-{uuid4().hex}", "wrong").status_code == 401
    with opened(strict_portal_server, "about"):
        after = figures(strict_portal_server)
        assert after["portal_websockets_open",] >= 1 and after["portal_visits",] >= 1
    one_more = [
        ("portal_sign_ins_total", "refused"),
        ("portal_http_requests_total", "POST", "sign-in", "401"),
        ("portal_http_request_seconds_count", "sign-in"),
        ("portal_page_runs_total", "drawn", "about"),
    ]
    assert [name for name in one_more if not after[name] > before.get(name, 0)] == []
    names = {name for name, *_labels in after}
    assert names >= {
        "portal_job_runs_total",
        "portal_job_failures_total",
        "portal_job_last_success_timestamp_seconds",
        "portal_notices",
        "portal_database_connections",
        "portal_database_bytes",
        "portal_database_disk_free_bytes",
        "portal_check_state",
        "portal_server_processes",
        "portal_build_info",
        "process_resident_memory_bytes",
    }


def test_labels_are_a_bounded_set_and_name_nobody(strict_portal_server: Server) -> None:
    secret = uuid4().hex
    for path in (f"/{secret}", f"/attachment/{secret}", f"/{secret}/{secret}", f"/assets/{secret}?{secret}"):
        requests.request(secret[:8].upper(), strict_portal_server.url + path, timeout=60)
        get(strict_portal_server, path, **{"User-Agent": secret, "X-Forwarded-For": "192.0.2.77"})
    with opened(strict_portal_server, secret):
        text = get(strict_portal_server, "/metrics", **BEARER).text
    assert secret not in text and secret[:8].upper() not in text and "192.0.2" not in text
    assert secret not in log_of(strict_portal_server) and "192.0.2" not in log_of(strict_portal_server)


@pytest.mark.parametrize(
    ("path", "route"),
    [("/", "page"), ("/desk", "page"), ("/sign-in", "sign-in"), ("/geo/a.geojson", "asset"), ("/a/b", "other")],
)
def test_a_path_has_one_of_a_few_classes(path: str, route: str) -> None:
    assert route_class(path) == route


def test_foreign_hosts_and_refused_files_are_counted(strict_portal_server: Server) -> None:
    before = figures(strict_portal_server)
    assert get(strict_portal_server, "/", Host="evil.example").status_code == 400
    too_long = requests.post(f"{strict_portal_server.url}/sign-in", data=b"x" * 70_000, headers=PLAIN, timeout=60)
    assert too_long.status_code == 413 and too_long.headers["X-Request-ID"] in too_long.text
    after = figures(strict_portal_server)
    for name in [("portal_hosts_refused_total",), ("portal_uploads_refused_total", "413")]:
        assert after[name] > before.get(name, 0)


def test_every_answer_has_a_reference_and_the_log_tells_of_it(strict_portal_server: Server) -> None:
    answers = [get(strict_portal_server, path) for path in ("/", "/sign-in", f"/{uuid4().hex}", "/metrics", "/a/b/c")]
    references = [answer.headers["X-Request-ID"] for answer in answers]
    assert get(strict_portal_server, "/health").ok  # by now the answers before have been logged
    assert all(re.fullmatch(r"[0-9a-f]{8}", reference) for reference in references)
    assert len(set(references)) == len(references)
    lines = [line for line in log_of(strict_portal_server).splitlines() if line.startswith("{")]
    told = {entry["reference"]: entry for entry in map(json.loads, lines)}
    routes = ["page", "sign-in", "page", "watch", "other"]
    for answer, reference, route in zip(answers, references, routes, strict=True):
        entry = told[reference]
        assert (entry["route"], entry["status"], entry["method"]) == (route, answer.status_code, "GET")
        assert entry["milliseconds"] >= 0 and entry["level"] == "info"


def test_the_log_names_nobody_who_signs_in(strict_portal_server: Server) -> None:
    username = new_account(strict_portal_server, Role.PROVINCE, "320000")
    assert try_to_sign_in(strict_portal_server, username, "a wrong password").status_code == 401
    assert try_to_sign_in(strict_portal_server, username, PASSWORD).status_code == 303
    assert try_to_sign_in(strict_portal_server, f"{username}\n王测试", "13800001234").status_code == 401
    with opened(strict_portal_server, "account", cookie=f"session={token_of(strict_portal_server, username)}") as visit:
        assert username in visit.drawn
    log = log_of(strict_portal_server)
    for secret in (username, "a wrong password", PASSWORD, "王测试", "13800001234", "127.0.0.1:"):
        assert secret not in log, secret


def test_who_is_ready_says_how_every_part_does(portal_server: Server, strict_portal_server: Server) -> None:
    answer = get(portal_server, "/ready")
    told = answer.json()
    assert answer.status_code == 200 and told["ready"] and told["status"] in {"ok", "notice", "failing"}
    parts = {"database", "schema", "disk", "backup", "notices", "servers", "job:backup", "job:watch"}
    assert parts <= set(told["checks"])
    assert (told["checks"]["database"], told["checks"]["schema"]) == ("ok", "ok")
    assert set(map(type, told["checks"].values())) == {str}, "figures are not for strangers"
    in_figures = get(strict_portal_server, "/ready", **BEARER).json()["checks"]
    assert in_figures["disk"]["free_bytes"] > 0 and "waiting" in in_figures["notices"]


def test_the_page_of_operations_is_for_the_province(strict_portal_server: Server) -> None:
    province = new_account(strict_portal_server, Role.PROVINCE, "320000")
    city = new_account(strict_portal_server, Role.CITY, "320500")
    english = "language=en"
    cookie = f"session={token_of(strict_portal_server, province)}; {english}"
    with opened(strict_portal_server, "operations", cookie=cookie) as visit:
        for told in ("Newest backup", "BACKUP_FOLDER", "Delivery of notices", "Server processes", "python -m stations"):
            assert told in visit.drawn, told
    for who, cookie in (("city", f"session={token_of(strict_portal_server, city)}; {english}"), ("nobody", english)):
        with opened(strict_portal_server, "operations", cookie=cookie) as visit:
            assert "BACKUP_FOLDER" not in visit.drawn and "Operation of the portal" in visit.drawn, who


def test_invented_people_do_not_see_the_server(portal_server: Server) -> None:
    cookie = f"session={token_of(portal_server, 'sample-province')}; language=en"
    with opened(portal_server, "operations", cookie=cookie) as visit:
        assert "Invented people" in visit.drawn and "BACKUP_FOLDER" not in visit.drawn


def test_a_short_token_is_refused() -> None:
    assert read_settings({"METRICS_TOKEN": METRICS_TOKEN}).metrics_token == METRICS_TOKEN
    with pytest.raises(InvalidInput, match="openssl"):
        read_settings({"METRICS_TOKEN": "secret"})
