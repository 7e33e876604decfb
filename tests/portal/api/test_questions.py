"""The questions of pages and commands, asked over HTTP."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote

import openpyxl
import pytest
import requests

from portal.api.v1.questions import QUESTIONS
from stations.commands.command_line import main
from stations.commands.listing import COMMANDS
from tests.portal.conftest import Server

LON_LAT = "lon=120.98&lat=31.39"


def ask(server: Server, path: str, **headers: str) -> requests.Response:
    return requests.get(f"{server.url}/api/v1{path}", headers={"Accept-Language": "en", **headers}, timeout=60)


ANSWERED = {
    "/coverage?as_of=2026-01-01": ("coverage", "--as-of", "2026-01-01"),
    "/coverage/curve?from=2025-01-01&to=2025-06-30&step=month":
        ("coverage-curve", "--from", "2025-01-01", "--to", "2025-06-30", "--step", "month"),
    "/coverage/changes?from=2025-01-01&to=2026-01-01": ("coverage-changes", "2025-01-01", "2026-01-01"),
    "/coverage/risk": ("coverage-risk",),
    "/coverage/near": ("coverage-reach",),
    "/counties/320583": ("county", "320583"),
    f"/counties/{quote('昆山市')}": ("county", "320583"),
    "/locate?lon=-1&lat=31": ("locate", "-1", "31"),
    f"/locate?{LON_LAT}&crs=gcj02": ("locate", "120.98", "31.39", "--crs", "gcj02"),
    f"/addresses?q={quote('昆山市花桥镇')}": ("address", "昆山市花桥镇"),
    f"/nearest?{LON_LAT}&k=3": ("nearest", "120.98", "31.39", "--k", "3"),
    "/services": ("services",),
    f"/services?q={quote('压力表')}": ("services", "压力表"),
    "/targets": ("targets",),
    "/targets/qi_centres": ("target", "qi_centres"),
    "/stations?city=320500&status=active&service=calibration&limit=1000":
        ("stations", "--city", "320500", "--status", "active", "--service", "calibration"),
    "/centres?level=national&limit=1000": ("centres", "--level", "national"),
    "/institutions?limit=3": ("institutions", "--limit", "3"),
    "/pilots?kind=agricultural_standardization": ("pilots", "--kind", "agricultural_standardization"),
    "/chains": ("chains",),
    "/chains/nano_materials": ("chain", "nano_materials"),
    "/chains/nano_materials/counties": ("chain-counties", "nano_materials"),
    "/measures": ("measures",),
    "/reach?weights=equal&catchment=20": ("reach", "--weights", "equal", "--catchment", "20"),
    "/figures": ("figures",),
    "/centres/reach?stage=accepted&stage=construction":
        ("centre-reach", "--stage", "accepted", "--stage", "construction"),
    "/completeness": ("completeness",),
    "/completeness/cities": ("record-scores",),
}  # fmt: skip


@pytest.mark.parametrize("path", ANSWERED)
def test_the_answer_is_that_of_the_command(
    portal_server: Server, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*ANSWERED[path], "--format", "json", "--lang", "en"], portal_server.environment)
    told = capsys.readouterr().out
    answer = ask(portal_server, path)
    if not told:
        assert answer.status_code == 400
        return
    assert answer.status_code == 200, answer.text
    assert answer.json() == json.loads(told)


def test_every_question_is_tried_and_has_a_command() -> None:
    tried = {command[0] for command in ANSWERED.values()}
    assert tried == {question.command_name for question in QUESTIONS} <= set(COMMANDS)
    names = [question.operation for question in QUESTIONS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("path", "name", "place"),
    [
        (f"/nearest?{LON_LAT}&k=0", "k", "query"),
        (f"/nearest?{LON_LAT}&k=101", "k", "query"),
        (f"/nearest?{LON_LAT}&k=99999999999999999999", "k", "query"),
        (f"/nearest?{LON_LAT}&k=--help", "k", "query"),
        (f"/nearest?{LON_LAT}&service=nothing%00", "service", "query"),
        (f"/nearest?{LON_LAT}&service=" + "&service=x" * 60, "service", "query"),
        ("/nearest?lon=120", "lat", "query"),
        ("/nearest?lon=NaN&lat=31", "lon", "query"),
        ("/nearest?lon=1e999&lat=31", "lon", "query"),
        (f"/nearest?{LON_LAT}&lon=1", "lon", "query"),
        (f"/locate?{LON_LAT}&crs=epsg", "crs", "query"),
        ("/coverage?as_of=2026-02-30", "as_of", "query"),
        ("/coverage?as_of=" + "9" * 2000, "as_of", "query"),
        ("/coverage/changes?from=2026-02-01", "to", "query"),
        ("/coverage/curve?step=year", "step", "query"),
        ("/coverage/curve?from=1990-01-01&step=day", "step", "query"),
        ("/coverage/curve?to=9999-12-31", "to", "query"),
        ("/targets/qi_centres?as_of=5704-07-20", "as_of", "query"),
        ("/stations?as_of=0001-01-01", "as_of", "query"),
        ("/coverage/curve?start=2025-01-01", "start", "query"),
        ("/counties/nowhere", "code", "path"),
        ("/stations?limit=1001", "limit", "query"),
        ("/stations?limit=0", "limit", "query"),
        ("/stations?city=nowhere", "city", "query"),
        ("/stations?county=nowhere", "county", "query"),
        ("/stations?status=gone", "status", "query"),
        ("/centres?level=gone", "level", "query"),
        ("/services?q=%00", "q", "query"),
        ("/reach?catchment=-3", "catchment", "query"),
        ("/reach?service=nothing", "service", "query"),
        ("/centres/reach?stage=gone", "stage", "query"),
        ("/coverage?format=pdf", "format", "query"),
        ("/coverage?format=csv&sort=nothing", "sort", "query"),
        ("/coverage?sort=name", "sort", "query"),
        ("/coverage?format=table", "format", "query"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(portal_server: Server, path: str, name: str, place: str) -> None:
    answer = ask(portal_server, path)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json"), answer.text
    told = answer.json()["errors"]
    assert [(one["in"], one["name"]) for one in told] == [(place, name)]
    assert "--" not in told[0]["detail"] or "--help" in path


@pytest.mark.parametrize("path", ["/targets/nothing", "/chains/nothing", "/chains/%F0%9F%9A%80"])
def test_a_record_that_there_is_not_is_not_found(portal_server: Server, path: str) -> None:
    assert ask(portal_server, path).status_code == 404


def test_an_answer_as_a_file(portal_server: Server) -> None:
    by_name = ask(portal_server, "/completeness/cities?format=csv&sort=city")
    by_header = ask(portal_server, "/completeness/cities?sort=city", Accept="text/csv, application/json;q=0.5")
    assert by_name.content == by_header.content
    assert by_name.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(by_name.content.decode("utf-8-sig"))))
    assert len(rows) == 14
    data = ask(portal_server, "/completeness/cities?sort=city").json()
    assert [row["city"] for row in data] == sorted(row["city"] for row in data)
    book = openpyxl.load_workbook(io.BytesIO(ask(portal_server, "/completeness/cities?format=xlsx").content))
    assert book.worksheets[0].max_row >= 14
    assert ask(portal_server, "/coverage", Accept="image/png").status_code == 406
    assert ask(portal_server, "/coverage", Accept="text/html,*/*;q=0.1").headers["content-type"] == "application/json"


def test_an_answer_that_still_holds_is_not_sent_again(portal_server: Server) -> None:
    first = ask(portal_server, "/coverage/risk")
    tag = first.headers["etag"]
    again = ask(portal_server, "/coverage/risk", **{"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    for path, headers in (
        ("/coverage/risk?sample=0", {}),
        ("/coverage/risk", {"Accept": "text/csv"}),
        ("/coverage/risk", {"Accept-Language": "zh"}),
    ):
        assert ask(portal_server, path, **{"If-None-Match": tag, **headers}).status_code == 200
    assert ask(portal_server, "/coverage?as_of=x", **{"If-None-Match": "*"}).status_code == 400


def test_samples_can_be_left_out(portal_server: Server) -> None:
    marks = {one["sample"] for one in ask(portal_server, f"/nearest?{LON_LAT}&k=50").json()}
    assert marks == {True, False} or marks == {True}
    assert {one["sample"] for one in ask(portal_server, f"/nearest?{LON_LAT}&k=50&sample=0").json()} <= {False}


@pytest.mark.parametrize("register", ["stations", "centres", "institutions", "pilots"])
def test_a_register_is_given_page_by_page(portal_server: Server, register: str) -> None:
    whole = ask(portal_server, f"/{register}?limit=1000")
    assert "Link" not in whole.headers
    address, seen = f"/{register}?limit=7", []
    while address:
        answer = ask(portal_server, address)
        assert len(answer.json()) <= 7
        seen += [one["code"] for one in answer.json()]
        following = answer.links.get("next", {}).get("url", "")
        address = following.partition("/api/v1")[2]
    assert seen == [one["code"] for one in whole.json()] == sorted(set(seen))
    assert len(ask(portal_server, f"/{register}").json()) == min(100, len(seen))


def test_a_register_is_searched_by_words_as_they_are_written(portal_server: Server) -> None:
    found = ask(portal_server, f"/stations?q={quote('昆山')}").json()
    assert found and all("昆山" in one["name"] for one in found)
    assert ask(portal_server, "/stations?q=%25").json() == ask(portal_server, "/stations?q=_").json() == []
