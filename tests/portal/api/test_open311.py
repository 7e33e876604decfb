"""Open311 GeoReport v2 over real HTTP: against its schemas, and with a client that we did not write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

import jsonschema
import pytest
from georeport import GeoReport

from portal.settings import read_settings, settings
from stations.database import transaction
from stations.errors import InvalidInput
from stations.registry.station import Station
from stations.requests.consent import current_consent
from tests.portal.api.conftest import Interface
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, SERVICES, new_credit_code

SCHEMAS = json.loads((Path(__file__).parent / "georeport_schemas.json").read_text(encoding="utf-8"))
V2 = "/open311/v2"


@pytest.fixture(scope="module")
def station(interface: Interface) -> Station:
    with transaction(interface.engine) as session:
        return add_station(session, KUNSHAN)


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Requests are listed without their code."""
    monkeypatch.setenv("OPEN311_REQUESTS", "public")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def check(name: str, told: Any) -> Any:
    jsonschema.Draft202012Validator(SCHEMAS[name], format_checker=jsonschema.FormatChecker()).validate(told)
    return told


def form(station: Station, **changes: str) -> dict[str, str]:
    fields = {
        "service_code": SERVICES[0],
        "address_id": KUNSHAN,
        "last_name": "王",
        "first_name": "测试",
        "phone": f"139{uuid4().int % 10**8:08d}",
        "description": "需要校准",
        "attribute[firm_name]": "测试精密机械有限公司",
        "attribute[credit_code]": new_credit_code(),
        "attribute[product]": "数控机床主轴",
        "attribute[station_code]": station.code,
        "attribute[consent]": current_consent().version,
    }
    return {name: value for name, value in {**fields, **changes}.items() if value}


def post(interface: Interface, fields: dict[str, str], ending: str = "json", **headers: str) -> Any:
    return interface.ask("POST", f"{V2}/requests.{ending}", data=fields, headers={"Accept-Language": "en", **headers})


def test_a_client_that_we_did_not_write_reads_services_and_definitions(interface: Interface) -> None:
    for output in ("json", "xml"):
        client = GeoReport(f"{interface.url}{V2}", output_format=output)
        services = client.get_service_list()
        assert SERVICES[0] in {one["service_code"] for one in services}
        definition = client.get_service_definition(SERVICES[0])
        assert definition["service_code"] == SERVICES[0]
    check("services", GeoReport(f"{interface.url}{V2}").get_service_list())
    check("service_definition", GeoReport(f"{interface.url}{V2}").get_service_definition(SERVICES[0]))


def test_a_request_is_filed_and_opened_by_its_code_only(interface: Interface, station: Station) -> None:
    answer = post(interface, form(station))
    assert answer.status_code == 201, answer.text
    [receipt] = check("receipts", answer.json())
    code = answer.headers["x-request-code"]
    assert code in receipt["service_notice"]
    where = answer.headers["location"]
    [mine] = check("service_requests", interface.ask("GET", where, headers={"X-Request-Code": code}).json())
    assert (mine["status"], mine["address_id"]) == ("open", KUNSHAN)
    assert mine["description"] == "数控机床主轴\n需要校准"
    token = where.replace("/requests/", "/tokens/")
    assert interface.ask("GET", token, headers={"X-Request-Code": code}).json() == [
        {"service_request_id": mine["service_request_id"], "token": mine["service_request_id"]}
    ]
    for path in (where, token, f"{V2}/requests.json"):
        closed = interface.ask("GET", path)
        assert closed.status_code == 403
        check("errors", closed.json())
    assert interface.ask("GET", where, headers={"X-Request-Code": "0000000000"}).status_code == 404
    seen = interface.ask("GET", f"/api/v1/requests/{mine['service_request_id']}", headers={"X-Request-Code": code})
    assert seen.json()["firm"]["contact"] == "王测试"


@pytest.mark.usefixtures("published")
def test_what_is_published_says_nothing_of_who_asks(interface: Interface, station: Station) -> None:
    fields = form(station, lat="31.3801", **{"long": "120.9801", "address_id": ""})
    number = post(interface, fields).json()[0]["service_request_id"]
    found = GeoReport(f"{interface.url}{V2}").get_service_requests(service_request_id=number)
    [told] = check("service_requests", found)
    assert told["service_request_id"] == number and told["long"] != 120.9801
    for field in ("phone", "last_name", "description", "attribute[firm_name]", "attribute[credit_code]"):
        assert fields[field] not in json.dumps(told, ensure_ascii=False)
    assert GeoReport(f"{interface.url}{V2}").get_service_requests(status="closed", service_code=SERVICES[0]) == []
    asked = f"{V2}/requests.xml?status=open&service_code={SERVICES[0]}&page_size=1"
    listed = interface.ask("GET", asked)
    assert listed.headers["content-type"] == "text/xml; charset=utf-8"
    assert [one.tag for one in ElementTree.fromstring(listed.content)] == ["request"]
    for query in ("start_date=2026-01-01T00:00:00Z&end_date=2026-12-01T00:00:00Z", "status=ajar", "page=0"):
        refused = interface.ask("GET", f"{V2}/requests.json?{query}")
        assert refused.status_code == 400
        check("errors", refused.json())


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"service_code": ""}, "service_code"),
        ({"phone": ""}, "phone"),
        ({"address_id": ""}, "address_id"),
        ({"address_id": "", "lat": "31.4"}, "long"),
        ({"address_id": "", "lat": "0", "long": "0"}, "lat"),
        ({"address_id": "", "address_string": "某地"}, "address_string"),
        ({"attribute[consent]": "no"}, "attribute[consent]"),
        ({"attribute[firm_name]": ""}, "attribute[firm_name]"),
        ({"attribute[nonsense]": "1"}, "attribute[nonsense]"),
        ({"nonsense": "1"}, "nonsense"),
        ({"attribute[wanted_on]": "soon"}, "attribute[wanted_on]"),
    ],
)
def test_errors_have_the_shape_of_the_standard(
    interface: Interface, station: Station, changes: dict[str, str], named: str
) -> None:
    answer = post(interface, form(station, **changes))
    assert answer.status_code == 400, answer.text
    assert [one["description"].partition(":")[0] for one in check("errors", answer.json())] == [named]
    as_xml = ElementTree.fromstring(post(interface, form(station, **changes), "xml").content)
    assert (as_xml.tag, as_xml[0].tag, as_xml[0][0].text) == ("errors", "error", "400")


def test_addresses_in_words_and_errors_of_addresses(interface: Interface, station: Station) -> None:
    fields = form(station, address_id="", address_string="江苏省苏州市昆山市前进中路1号")
    assert post(interface, fields).status_code == 201
    for path in ("services/nothing.json", "services/metrology.json", "nothing.json", "services.html"):
        missing = interface.ask("GET", f"{V2}/{path}")
        assert missing.status_code in {400, 404}
        if path.endswith("json"):
            check("errors", missing.json())
    method = interface.ask("PUT", f"{V2}/requests.json")
    assert method.status_code == 405 and {"GET", "POST"} <= set(method.headers["allow"].split(", "))
    unknown = post(interface, form(station, service_code="nothing"))
    assert unknown.status_code == 404


def test_a_key_where_the_operator_wants_one(
    interface: Interface, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPEN311_FILING", "key")
    settings.cache_clear()
    try:
        refused = post(interface, form(station))
        assert refused.status_code == 403
        check("errors", refused.json())
        assert post(interface, form(station, api_key="nqi_wrong")).status_code == 403
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_the_same_idempotency_key_files_once(interface: Interface, station: Station) -> None:
    fields, key = form(station), str(uuid4())
    first, again = (post(interface, fields, **{"Idempotency-Key": key}) for _ in range(2))
    assert first.json() == again.json()


def test_discovery(interface: Interface) -> None:
    told = interface.ask("GET", "/open311/discovery.json").json()
    assert told["endpoints"][0]["url"].endswith(V2)
    services = told["endpoints"][0]["url"] + "/services.json"
    assert GeoReport(services.removesuffix("/services.json")).get_service_list()
    root = ElementTree.fromstring(interface.ask("GET", "/open311/discovery.xml").content)
    assert [one.text for one in root.iter("format")] == ["text/xml", "application/json"]


@pytest.mark.parametrize("name", ["OPEN311_FILING", "OPEN311_REQUESTS"])
def test_a_setting_that_is_not_known_stops_the_start(name: str) -> None:
    with pytest.raises(InvalidInput, match=name):
        read_settings({name: "perhaps"})
