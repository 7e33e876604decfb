"""The OpenAPI documents: complete, true and in both languages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
from starlette.applications import Starlette
from starlette.routing import Mount

from portal.api.openapi import METHODS
from portal.api.routes import INTERFACES, routes
from portal.api.v1.interface import api as v1
from portal.language import PORTAL_CATALOGUE
from tests.portal.conftest import Server

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = 3
"""For one operation in the tests, which take a quarter of a minute; ``docs/interfaces.md`` has the command for more."""
MOUNTED = {route.path: route.app for route in routes if isinstance(route, Mount) and isinstance(route.app, Starlette)}
DESCRIBED = {path: api for path, api in MOUNTED.items() if getattr(api, "openapi_url", None)}
SPECIFICATIONS = {one.path: one.specification for one in INTERFACES}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield f"{method} {path}", operation


def test_every_mounted_interface_is_listed() -> None:
    """The root of the OGC interface is no FastAPI interface's of its own: it has a document that it writes itself."""
    assert set(MOUNTED) == {one.path for one in INTERFACES}
    assert {one.path: one.api for one in INTERFACES if one.api} == DESCRIBED


@pytest.mark.parametrize("path", MOUNTED)
def test_requests_made_from_the_document_find_no_fault(own_portal_server: Server, path: str) -> None:
    """Schemathesis: whatever fits the document is answered as it says, and nothing that does not fit is taken."""
    address = own_portal_server.url + SPECIFICATIONS[path]
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(ROOT / "tests" / "schemathesis.toml")]
    command += ["run", address, "--max-examples", str(EXAMPLES), "--seed", "20261124", "--no-shrink"]
    command += ["--phases", "examples,fuzzing"]
    folder = own_portal_server.log.parent
    run = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False, cwd=folder)
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]


@pytest.mark.parametrize("path", DESCRIBED)
def test_every_operation_is_described(path: str) -> None:
    document = MOUNTED[path].openapi()
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(set(names)) == len(names) > 0
    for name, operation in operations(document):
        responses = operation["responses"]
        assert {"400", "429", "500", "503"} <= set(responses), name
        refused = {status: one for status, one in responses.items() if status.startswith(("4", "5"))}
        assert all(one.get("content") for one in refused.values()), name


def test_every_error_of_ours_is_told_by_problem_details() -> None:
    """Interfaces of other standards have the errors of those."""
    for name, operation in operations(v1.openapi()):
        assert operation["responses"].get("422", {}).get("description") != "Validation Error", name
        for status, response in operation["responses"].items():
            if status.startswith(("4", "5")):
                assert set(response["content"]) == {"application/problem+json"}, f"{name} {status}"


def test_every_answer_of_a_question_has_a_schema_and_examples_in_both_languages() -> None:
    for name, operation in operations(v1.openapi()):
        if operation["tags"][0].partition(" · ")[0] not in {
            "Coverage",
            "Finding a place or a station",
            "Targets and planning",
            "Registers",
            "What others publish",
        }:
            continue
        content = next(one for status, one in operation["responses"].items() if status in {"200", "202"})["content"]
        told = content["application/json"]
        assert told["schema"].get("type"), name
        assert set(told["examples"]) == {"zh_CN", "en"}, name
        for example in told["examples"].values():
            jsonschema.validate(example["value"], told["schema"])


def test_every_answer_of_success_has_a_schema() -> None:
    schemas = v1.openapi()["components"]["schemas"]
    lacking = []
    for name, operation in operations(v1.openapi()):
        for status, response in operation["responses"].items():
            for media_type, told in response.get("content", {}).items() if status.startswith("2") else ():
                schema = told.get("schema", {})
                schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
                said = schema.get("type") and (schema["type"] != "object" or schema.get("properties"))
                if not said and media_type == "application/json":
                    lacking.append(f"{name} {status}")
    assert lacking == []


def test_every_example_is_as_its_schema_says_and_every_operation_with_a_key_has_one() -> None:
    components = v1.openapi()["components"]
    for name, operation in operations(v1.openapi()):
        done = next((one for status, one in operation["responses"].items() if status in {"200", "201"}), {})
        told = done.get("content", {}).get("application/json", {})
        assert {"key": []} not in operation.get("security", []) or not told or told.get("examples"), name
        for example in told.get("examples", {}).values():
            jsonschema.Draft202012Validator({**told["schema"], "components": components}).validate(example["value"])


NOT_REPEATED = {
    *("fileRequest", "askForSiting"),  # filing has its own way, in which the code is stored nowhere
    *("recoverRequests", "confirmRecovery"),  # what is sent there is good once
}


def test_whatever_is_sent_can_be_sent_again_under_a_key() -> None:
    for name, operation in operations(v1.openapi()):
        if name.startswith(("post", "put")) and operation["operationId"] not in NOT_REPEATED:
            headers = [one["name"] for one in operation.get("parameters", []) if one["in"] == "header"]
            assert "Idempotency-Key" in headers, name
            (done,) = [one for status, one in operation["responses"].items() if status.startswith("2")]
            assert "Idempotent-Replayed" in done["headers"], name
            assert {"409", "422"} <= set(operation["responses"]), name


def test_what_is_said_of_questions_is_said_in_both_languages() -> None:
    document = v1.openapi()
    for name, operation in operations(document):
        if operation["tags"] and "·" in operation["tags"][0]:
            assert any("一" <= sign <= "鿿" for sign in operation["summary"]), name
            for parameter in operation.get("parameters", []):
                assert any("一" <= sign <= "鿿" for sign in parameter["description"]), f"{name} {parameter['name']}"
    assert PORTAL_CATALOGUE.path("zh_CN").exists()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("path", DESCRIBED)
def test_the_page_of_documentation_is_served_whole_from_here(portal_server: Server, path: str, language: str) -> None:
    answer = requests.get(f"{portal_server.url}{path}/docs", headers={"Accept-Language": language}, timeout=60)
    assert answer.status_code == 200
    assert "script-src 'none'" in answer.headers["content-security-policy"]
    assert f'<html lang="{language}">' in answer.text
    for _, operation in operations(MOUNTED[path].openapi()):
        assert f'id="{operation["operationId"]}"' in answer.text


def test_what_the_page_suggests_to_try_works(portal_server: Server) -> None:
    page = requests.get(f"{portal_server.url}/api/v1/docs", timeout=60).text
    addresses = [part.partition('"')[0] for part in page.split('<p class="try"><a href="')[1:]]
    assert len(addresses) >= 20
    for address in addresses:
        answer = requests.get(portal_server.url + address.replace("&amp;", "&"), timeout=60)
        assert answer.status_code in {200, 401}, f"{address}: {answer.text}"
