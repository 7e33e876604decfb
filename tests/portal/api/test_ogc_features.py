"""The abstract test suite of OGC API – Features (OGC 17-069r4, annex A; 18-058r1 for reference systems; 19-079r2 for
filters), asked of a real server.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests

from portal.api.ogc.conformance import CONFORMS_TO
from tests.portal.conftest import Server

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
CGCS2000 = "http://www.opengis.net/def/crs/EPSG/0/4490"
COLLECTIONS = ("counties", "stations", "centres", "towns")
PLACED = "geometry IS NOT NULL"


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> requests.Response:
    url = path if path.startswith("http") else f"{server.url}/ogc{path}"
    return requests.request(method, url, headers={"Accept-Language": "en", **headers}, timeout=60)


def told(server: Server, path: str) -> Any:
    answer = ask(server, path)
    assert answer.status_code == 200, answer.text[:500]
    return answer.json()


def found(server: Server, path: str) -> list[str]:
    return [feature["id"] for feature in told(server, path)["features"]]


def link(document: Any, rel: str, media_type: str = "") -> str:
    return next(one["href"] for one in document["links"] if one["rel"] == rel and media_type in one["type"])


# A.2.2 to A.2.4: landing page, API definition, conformance


def test_the_landing_page_leads_to_everything(portal_server: Server) -> None:
    landing = told(portal_server, "/")
    assert {"service-desc", "service-doc", "conformance", "data", "self", "alternate"} <= {
        one["rel"] for one in landing["links"]
    }
    for one in landing["links"]:
        answer = ask(portal_server, one["href"])
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, one["type"].split(";")[0])


def test_the_definition_is_openapi_and_names_every_address(portal_server: Server) -> None:
    answer = ask(portal_server, "/api?f=json")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    definition = answer.json()
    assert definition["openapi"].startswith("3.0.")
    for path, operations in definition["paths"].items():
        identifiers = {"featureId": "nothing"}
        status = ask(portal_server, path.format(**identifiers)).status_code
        assert status == (404 if "{" in path else 200), path
        assert set(operations) == {"get"}
    limit = definition["components"]["parameters"]["limit"]["schema"]
    assert (limit["minimum"], limit["default"]) == (1, 100)
    assert "maximum" not in limit, "more than 10,000 is no error (17-069r4, 7.15.2)"
    status = [one for one in definition["paths"]["/collections/stations/items"]["get"]["parameters"]
              if one.get("name") == "status"]
    assert set(status[0]["schema"]["enum"]) == {"planned", "active", "suspended", "closed"}


def test_what_is_met_is_declared(portal_server: Server) -> None:
    assert told(portal_server, "/conformance")["conformsTo"] == list(CONFORMS_TO)


# A.2.5 to A.2.6: collections


def test_every_collection_is_described(portal_server: Server) -> None:
    collections = told(portal_server, "/collections")["collections"]
    assert tuple(one["id"] for one in collections) == COLLECTIONS
    for one in collections:
        assert one == told(portal_server, f"/collections/{one['id']}")
        assert {CRS84, CGCS2000, WGS84} == set(one["crs"])
        assert one["storageCrs"] == CRS84
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        assert 116 < west < east < 123 and 30 < south < north < 36
        assert link(one, "items", "geo+json")


def test_a_collection_that_there_is_not(portal_server: Server) -> None:
    for path in ("/collections/rivers", "/collections/rivers/items", "/collections/rivers/queryables"):
        answer = ask(portal_server, path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


# A.2.7: features


@pytest.mark.parametrize("name", COLLECTIONS)
def test_features_are_geojson_with_links_and_counts(portal_server: Server, name: str) -> None:
    answer = ask(portal_server, f"/collections/{name}/items?limit=7")
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["content-crs"] == f"<{CRS84}>"
    assert 'rel="next"' in answer.headers["link"]
    page = answer.json()
    assert (page["type"], page["numberReturned"], len(page["features"])) == ("FeatureCollection", 7, 7)
    assert re.fullmatch(r"2026-11-24T\d\d:\d\d:\d\dZ", page["timeStamp"])
    described = told(portal_server, f"/collections/{name}/schema")["properties"]
    for feature in page["features"]:
        assert set(feature["properties"]) | {"geometry"} == set(described)
        alone = told(portal_server, f"/collections/{name}/items/{feature['id']}")
        assert {key: alone[key] for key in feature} == feature
        assert {"self", "alternate", "collection"} == {one["rel"] for one in alone["links"]}


@pytest.mark.parametrize("name", COLLECTIONS)
def test_pages_have_every_feature_once_in_a_stable_order(portal_server: Server, name: str) -> None:
    whole = found(portal_server, f"/collections/{name}/items?limit=10000")
    page, seen, back = told(portal_server, f"/collections/{name}/items?limit=50&lang=en"), [], None
    while True:
        seen += [feature["id"] for feature in page["features"]]
        assert page["numberMatched"] == len(whole)
        following = [one["href"] for one in page["links"] if one["rel"] == "next"]
        if not following:
            break
        assert "limit=50" in following[0] and "lang=en" in following[0]
        page = told(portal_server, following[0])
    assert seen == whole and len(set(whole)) == len(whole)
    placed = found(portal_server, f"/collections/{name}/items?limit=10000&filter={quote(PLACED)}")
    assert whole == sorted(placed) + sorted(set(whole) - set(placed))  # programs look at the first for their geometry
    while back := next((one["href"] for one in page["links"] if one["rel"] == "prev"), None):
        page = told(portal_server, back)
    assert [feature["id"] for feature in page["features"]] == whole[:50]


def test_a_page_by_its_number_of_features_passed_over(portal_server: Server) -> None:
    whole = found(portal_server, "/collections/counties/items?limit=10000")
    assert found(portal_server, "/collections/counties/items?offset=90") == whole[90:]
    assert found(portal_server, "/collections/counties/items?offset=9999") == []


def test_a_limit_above_the_most_is_taken_as_the_most(portal_server: Server) -> None:
    assert len(found(portal_server, "/collections/towns/items?limit=999999")) > 1000


def test_a_box_selects_what_it_touches(portal_server: Server) -> None:
    kunshan = told(portal_server, "/collections/counties/items/320583")
    lon, lat = kunshan["geometry"]["coordinates"][0][0][0]
    assert "320583" in found(portal_server, f"/collections/counties/items?bbox={lon},{lat},{lon},{lat}")
    six = found(portal_server, f"/collections/counties/items?bbox={lon},{lat},-9,{lon},{lat},99")
    assert six == found(portal_server, f"/collections/counties/items?bbox={lon},{lat},{lon},{lat}")
    assert found(portal_server, "/collections/counties/items?bbox=-10,-10,0,0") == []
    everything = found(portal_server, "/collections/towns/items?limit=10000&bbox=-180,-90,180,90")
    assert everything == found(portal_server, f"/collections/towns/items?limit=10000&filter={quote(PLACED)}")
    across = found(portal_server, "/collections/towns/items?limit=10000&bbox=119,-90,-170,90")
    assert set(across) < set(everything) and len(across) > 100


def test_features_by_their_properties(portal_server: Server) -> None:
    def matched(query: str) -> int:
        return told(portal_server, f"/collections/counties/items?{query}")["numberMatched"]

    assert matched("city=苏州市") == matched("city=Suzhou") == matched("city=苏州") == matched("city_adcode=320500") > 5
    assert 0 < matched("city=Suzhou&kind=district") < matched("city=Suzhou")
    assert matched("name=昆山市") == 1
    stations = told(portal_server, "/collections/stations/items?county=昆山&status=active")
    assert {one["properties"]["county_adcode"] for one in stations["features"]} == {"320583"}
    offering = told(portal_server, "/collections/stations/items?services=metrology")
    assert all("metrology" in one["properties"]["services"] for one in offering["features"]) and offering["features"]


def test_features_as_of_a_day(portal_server: Server) -> None:
    def stations(when: str) -> set[str]:
        return set(found(portal_server, f"/collections/stations/items?limit=10000&datetime={when}"))

    early, late = stations("2021-12-31"), stations("2026-11-24")
    assert early < late
    assert stations("2020-01-01/2021-12-31") == stations("../2021-12-31") == early
    assert stations("2021-12-31T") == early  # as GDAL 3.6 writes a day
    assert stations("2021-12-31T10:00:00Z") == stations("2021年12月31日") == early
    assert stations("2021-12-31T18:00:00Z") == stations("2022-01-01")  # the day in China
    assert stations("2020-01-01/..") == late
    assert stations("../..") >= late
    coverage = requests.get(f"{portal_server.url}/api/v1/coverage?as_of=2021-12-31", timeout=60).json()
    counties = told(portal_server, "/collections/counties/items?limit=1000&datetime=2021-12-31")["features"]
    assert {one["id"]: one["properties"]["status"] for one in counties} == {
        one["adcode"]: one["status"] for one in coverage["counties"]
    }
    assert {one["properties"]["as_of"] for one in counties} == {"2021-12-31"}
    # The towns are the same on every day.
    towns = "/collections/towns/items"
    assert found(portal_server, f"{towns}?datetime=1990-01-01") == found(portal_server, towns)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("limit", "limit=0"),
        ("limit", "limit=-1"),
        ("limit", "limit=many"),
        ("offset", "offset=-1"),
        ("offset", "offset=1&after=320102"),
        ("bbox", "bbox=1,2,3"),
        ("bbox", "bbox=1,2,3,4,5"),
        ("bbox", "bbox=1,2,3,x"),
        ("bbox", "bbox=1,2,3,NaN"),
        ("bbox", "bbox=1,2,3,inf"),
        ("bbox", "bbox=118,33,119,32"),
        ("bbox", "bbox=118,32,119,133"),
        ("bbox", "bbox="),
        ("bbox-crs", "bbox=1,2,3,4&bbox-crs=EPSG:3857"),
        ("crs", "crs=http://www.opengis.net/def/crs/EPSG/0/3857"),
        ("crs", "crs="),
        ("datetime", "datetime=yesterday"),
        ("datetime", "datetime=2021-13-01"),
        ("datetime", "datetime=2021-12-31T25:00:00Z"),
        ("datetime", "datetime=2022-01-01/2021-01-01"),
        ("datetime", "datetime=2022-01-01/2023-01-01/2024-01-01"),
        ("datetime", "datetime="),
        ("filter", "filter=nosuch%3D1"),
        ("filter", "filter=name%20%3D"),
        ("filter", "filter="),
        ("filter-lang", "filter=TRUE&filter-lang=sql"),
        ("filter-crs", "filter=TRUE&filter-crs=EPSG:1"),
        ("kind", "kind=village"),
        ("stations", "stations=many"),
        ("city", "city=Atlantis"),
        ("f", "f=xml"),
        ("lang", "lang=de"),
        ("sample", "sample=maybe"),
        ("nosuch", "nosuch=1"),
        ("city", "city=Suzhou&city=Nanjing"),
        ("limit", "limit=%00"),
        ("city", "city=%ED%A0%80"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(portal_server: Server, name: str, query: str) -> None:
    answer = ask(portal_server, f"/collections/counties/items?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert [(one["in"], one["name"]) for one in answer.json()["errors"]] == [("query", name)]


def test_a_feature_that_there_is_not(portal_server: Server) -> None:
    for identifier in ("nothing", "%E0%B0%80", "x" * 2000):
        assert ask(portal_server, f"/collections/stations/items/{identifier}").status_code == 404
    for odd in ("%00", "..%2F..", "%ED%A0%80", "%"):
        assert ask(portal_server, f"/collections/stations/items/{odd}").status_code in {400, 404}


# Reference systems


@pytest.mark.parametrize("name", [WGS84, CGCS2000, "EPSG:4490"])
def test_coordinates_of_epsg_have_the_latitude_first(portal_server: Server, name: str) -> None:
    query = f"limit=3&filter={quote(PLACED)}"
    answer = ask(portal_server, f"/collections/towns/items?{query}&crs={name}")
    assert answer.headers["content-crs"] in {f"<{WGS84}>", f"<{CGCS2000}>"}
    plain = told(portal_server, f"/collections/towns/items?{query}")["features"]
    turned = answer.json()["features"]
    assert [one["geometry"]["coordinates"] for one in turned] == [
        one["geometry"]["coordinates"][::-1] for one in plain
    ]
    alone = ask(portal_server, f"/collections/towns/items/{plain[0]['id']}?crs={name}")
    assert alone.json()["geometry"] == turned[0]["geometry"]
    assert alone.headers["content-crs"] == answer.headers["content-crs"]


def test_boxes_and_filters_have_reference_systems_of_their_own(portal_server: Server) -> None:
    path = "/collections/towns/items?limit=10000"
    plain = found(portal_server, f"{path}&bbox=120,31,121,32")
    assert plain
    assert found(portal_server, f"{path}&bbox=31,120,32,121&bbox-crs={CGCS2000}") == plain
    assert found(portal_server, f"{path}&filter={quote('S_INTERSECTS(geometry, BBOX(120, 31, 121, 32))')}") == plain
    turned = quote("S_INTERSECTS(geometry, BBOX(31, 120, 32, 121))")
    assert found(portal_server, f"{path}&filter={turned}&filter-crs={WGS84}") == plain


# Filters


def test_filters_and_what_they_can_name(portal_server: Server) -> None:
    answer = ask(portal_server, "/collections/counties/queryables")
    assert answer.headers["content-type"] == "application/schema+json"
    properties = answer.json()["properties"]
    assert properties["status"]["enum"] == ["uncovered", "thin", "fully_served"]
    assert properties["geometry"]["format"] == "geometry-multipolygon"
    path = "/collections/counties/items?limit=1000"
    big = quote("status = 'thin' AND residents > 500000")
    thin = found(portal_server, f"{path}&filter={big}")
    assert thin and set(thin) < set(found(portal_server, f"{path}&status=thin"))
    tree = quote('{"op": "=", "args": [{"property": "status"}, "thin"]}')
    in_json = found(portal_server, f"{path}&filter={tree}&filter-lang=cql2-json")
    assert in_json == found(portal_server, f"{path}&status=thin")


# Forms, headers, samples


def test_a_person_gets_pages_in_both_languages(portal_server: Server) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for path in ("/", "/conformance", "/api", "/collections", "/collections/stations", "/collections/stations/items",
                 "/collections/counties/items/320583", "/collections/towns/queryables", "/collections/towns/schema"):
        for language, title in (("zh-CN", "地理信息程序接口"), ("en", "Features for GIS programs")):
            answer = ask(portal_server, path, Accept=browser, **{"Accept-Language": language})
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert answer.headers["content-language"] == language
            assert title in answer.text and "<h1>" in answer.text
            assert "script-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("accept", "status", "media_type"),
    [
        ("*/*", 200, "application/geo+json"),
        ("application/geo+json", 200, "application/geo+json"),
        ("application/json;q=0.5, text/html", 200, "text/html; charset=utf-8"),
        ("text/html;q=0.5, application/json", 200, "application/geo+json"),
        ("text/html;q=0, */*", 200, "application/geo+json"),
        ("image/png", 406, "application/problem+json"),
    ],
)
def test_the_form_that_is_accepted(portal_server: Server, accept: str, status: int, media_type: str) -> None:
    answer = ask(portal_server, "/collections/counties/items?limit=1", Accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (status, media_type)
    assert "Accept" in answer.headers["vary"]


def test_what_a_program_has_already_is_not_sent_again(portal_server: Server) -> None:
    path = "/collections/counties/items?limit=1"
    first = ask(portal_server, path)
    again = ask(portal_server, path, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert ask(portal_server, path, **{"If-None-Match": '"other"'}).status_code == 200
    assert ask(portal_server, f"{path}&datetime=2015-01-01").headers["etag"] != first.headers["etag"]


def test_head_has_the_headers_of_get(portal_server: Server) -> None:
    path = "/collections/counties/items?limit=1"
    got, head = ask(portal_server, path), ask(portal_server, path, "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "etag", "link", "content-crs"):
        assert head.headers[name] == got.headers[name]
    assert ask(portal_server, path, "POST").status_code == 405


def test_long_answers_are_compressed(portal_server: Server) -> None:
    plain = ask(portal_server, "/collections/counties/items", **{"Accept-Encoding": "identity"})
    packed = ask(portal_server, "/collections/counties/items", **{"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert packed.json()["features"] == plain.json()["features"]
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2


def test_samples_are_marked_and_can_be_left_out(portal_server: Server) -> None:
    everything = told(portal_server, "/collections/stations/items?limit=10000")["features"]
    assert {one["properties"]["sample"] for one in everything} == {True, False}
    real = {one["id"] for one in everything if not one["properties"]["sample"]}
    assert set(found(portal_server, "/collections/stations/items?limit=10000&sample=0")) == real
    invented = next(one["id"] for one in everything if one["properties"]["sample"])
    assert ask(portal_server, f"/collections/stations/items/{invented}?sample=0").status_code == 404
    counties = told(portal_server, "/collections/counties/items?limit=10000&sample=0")["features"]
    assert {one["properties"]["sample_stations"] for one in counties} == {0}


def test_nothing_about_who_is_in_charge_is_told(portal_server: Server) -> None:
    schemas = [told(portal_server, f"/collections/{one}/queryables") for one in COLLECTIONS]
    known = {name for schema in schemas for name in schema["properties"]}
    assert not [name for name in known if "contact" in name or "recorded" in name or "reason" in name]


@pytest.mark.parametrize(
    "path", ["/collections", "/collections/stations/items?limit=2&lang=en", "/conformance", "/ogc", "/ogc/collections/"]
)
def test_who_guesses_an_address_finds_the_interface(portal_server: Server, path: str) -> None:
    answer = requests.get(portal_server.url + path, timeout=60)
    assert answer.status_code == 200
    parts = urlsplit(answer.url)
    assert parts.path.startswith("/ogc") and parts.query == urlsplit(path).query


def test_any_site_may_ask(portal_server: Server) -> None:
    answer = ask(portal_server, "/collections/counties/items?limit=1", Origin="https://maps.example.com")
    assert answer.headers["access-control-allow-origin"] == "*"
