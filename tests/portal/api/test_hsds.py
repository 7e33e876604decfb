"""The directory in HSDS: every answer has the published schema, and the data package holds together."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import jsonschema
import pytest
import requests

from tests.portal.conftest import Server

PUBLISHED = json.loads((Path(__file__).parent / "shapes" / "hsds_3.json").read_text(encoding="utf-8"))
LISTS = {
    "services": "service",
    "organizations": "organization",
    "locations": "location",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}

FORMATS = jsonschema.FormatChecker(["uuid", "email"])


@FORMATS.checks("date-time", raises=ValueError)
def is_instant(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def ask(server: Server, path: str, **parameters: str) -> requests.Response:
    return requests.get(f"{server.url}/hsds{path}", parameters, headers={"Accept-Language": "en"}, timeout=60)


def validate(value: Any, name: str) -> None:
    """Check against the published schema; a field that it does not have is a mistake of ours."""
    schema = {**PUBLISHED, "$ref": f"#/$defs/{name}"}
    jsonschema.Draft202012Validator(schema, format_checker=FORMATS).validate(value)
    unknown = _unknown(value, PUBLISHED["$defs"][name])
    assert not unknown, unknown


def _unknown(value: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    """Return the fields of a record, and of what is within it, that the schema does not name."""
    found = set(value) - set(schema["properties"])
    for field, inner in value.items():
        told = schema["properties"].get(field, {})
        target = (told.get("items") or told).get("$ref", "").rpartition("/")[2]
        if "properties" in PUBLISHED["$defs"].get(target, {}):
            for one in inner if isinstance(inner, list) else [inner]:
                found |= {f"{field}.{name}" for name in _unknown(one, PUBLISHED["$defs"][target])}
    return found


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("full", ["", "true"])
def test_every_record_of_every_list_has_the_published_schema(portal_server: Server, name: str, full: str) -> None:
    parameters = {"per_page": "300", **({"full": full} if full and name in {"services", "organizations"} else {})}
    page = ask(portal_server, f"/{name}", **parameters).json()
    contents = page.pop("contents")
    validate(page, "page")
    assert page["size"] == len(contents) > 1
    for record in contents:
        if "services" in record:
            record.pop("services")
        validate(record, LISTS[name])


@pytest.mark.parametrize("name", LISTS)
def test_a_record_is_found_by_its_identifier(portal_server: Server, name: str) -> None:
    first = ask(portal_server, f"/{name}", per_page="1").json()["contents"][0]
    record = ask(portal_server, f"/{name}/{first['id']}").json()
    validate(record, LISTS[name])
    assert record["id"] == first["id"]
    assert ask(portal_server, f"/{name}/none").status_code == 404


def test_what_the_api_says_of_itself(portal_server: Server) -> None:
    told = ask(portal_server, "/").json()
    assert told["version"].startswith("3.")
    assert requests.get(told["openapi_url"], timeout=60).json()["paths"]["/services"]
    assert told["publisher"]["name"]
    assert ask(portal_server, "").url.endswith("/hsds/")


def test_pages_hold_every_service_once(portal_server: Server) -> None:
    found, number = [], 1
    while True:
        page = ask(portal_server, "/services", per_page="400", page=str(number)).json()
        found += [one["id"] for one in page["contents"]]
        assert page["first_page"] == (number == 1)
        if page["last_page"]:
            break
        number += 1
    assert len(found) == len(set(found)) == page["total_items"]
    assert number == page["total_pages"]
    beyond = ask(portal_server, "/services", per_page="400", page=str(number + 1)).json()
    assert (beyond["empty"], beyond["size"], beyond["last_page"]) == (True, 0, True)


def test_services_are_found_by_term_organization_words_and_change(portal_server: Server) -> None:
    some = ask(portal_server, "/services", full="true", per_page="1").json()["contents"][0]
    term = some["attributes"][0]["taxonomy_term"]
    by_term = ask(portal_server, "/services", taxonomy_term_id=term["id"]).json()
    assert {one["name"] for one in by_term["contents"]} == {term["name"]}
    by_organization = ask(portal_server, "/services", organization_id=some["organization_id"]).json()
    assert {one["organization"]["id"] for one in by_organization["contents"]} == {some["organization_id"]}
    by_words = ask(portal_server, "/services", search=some["name"]).json()
    assert by_words["total_items"] >= by_term["total_items"]
    assert ask(portal_server, "/services", modified_after="2999-01-01").json()["empty"]
    every = ask(portal_server, "/services").json()["total_items"]
    assert ask(portal_server, "/services", modified_after="2000-01-01T00:00:00Z").json()["total_items"] == every
    minimal = ask(portal_server, "/services", minimal="true", per_page="2").json()
    assert {tuple(one) for one in minimal["contents"]} == {("id", "last_modified")}


def test_samples_are_marked_and_can_be_left_out(portal_server: Server) -> None:
    marked = {
        place["name"]: any(one["taxonomy_term"]["code"] == "sample" for one in place.get("attributes", ()))
        for place in ask(portal_server, "/locations", per_page="1000").json()["contents"]
    }
    documented = ask(portal_server, "/locations", per_page="1000", sample="0").json()["contents"]
    assert {name for name, sample in marked.items() if not sample} == {place["name"] for place in documented}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/services?page=0", "page"),
        ("/services?page=x", "page"),
        ("/services?per_page=100000", "per_page"),
        ("/services?per_page=%EF%BC%95", "per_page"),
        ("/services?full=perhaps", "full"),
        ("/services?modified_after=soon", "modified_after"),
        ("/services?postcode=1", "postcode"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(portal_server: Server, path: str, name: str) -> None:
    answer = ask(portal_server, path)
    assert answer.status_code == 400
    assert [one["name"] for one in answer.json()["errors"]] == [name]


def test_the_data_package_holds_together(portal_server: Server) -> None:
    answer = ask(portal_server, "/package.zip")
    assert answer.headers["content-type"] == "application/zip"
    with ZipFile(io.BytesIO(answer.content)) as package:
        assert package.testzip() is None
        description = json.loads(package.read("datapackage.json"))
        tables = {
            one["name"]: list(csv.DictReader(io.StringIO(package.read(one["path"]).decode())))
            for one in description["resources"]
        }
    for resource in description["resources"]:
        name, rows = resource["name"], tables[resource["name"]]
        published = PUBLISHED["$defs"][name]
        fields = [one["name"] for one in resource["schema"]["fields"]]
        assert resource["path"] == published["path"]
        assert set(fields) <= set(published["properties"]), name
        assert set(published["required"]) | set(published.get("tabular_required", ())) <= set(fields), name
        assert len({row["id"] for row in rows}) == len(rows) > 0, name
        for key in resource["schema"]["foreignKeys"]:
            there = {row["id"] for row in tables[key["reference"]["resource"] or name]}
            assert {row[key["fields"]] for row in rows} - {""} <= there, (name, key)
        for field in (one["name"] for one in resource["schema"]["fields"] if one["constraints"]["required"]):
            assert all(row[field] for row in rows), (name, field)
    assert ask(portal_server, "/services").json()["total_items"] == len(tables["service"])
