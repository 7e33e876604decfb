"""The files for the public, fetched from a real server and read by programs that we did not write."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas
import openpyxl
import pandas
import pyogrio
import pyshacl
import pytest
import python_calamine
import rdflib
import requests
from pyarrow import parquet
from rdflib.namespace import DCAT, DCTERMS, RDF

from stations.open_data.datasets import DATASETS
from stations.open_data.formats import FORMATS, offered
from tests.portal.conftest import Server

FILES = [f"{name}.{form.suffix}" for name, dataset in DATASETS.items() for form in offered(dataset)]
SHAPES = Path(__file__).parent / "shapes" / "dcat_ap_2.1.1.ttl"


def get(server: Server, path: str, method: str = "GET", **headers: str) -> requests.Response:
    return requests.request(method, f"{server.url}/downloads{path}", headers=headers, timeout=60)


def read(name: str, content: bytes, folder: Path) -> pandas.DataFrame:
    """Return a file as a program of its kind reads it."""
    match name.partition(".")[2]:
        case "csv":
            return pandas.read_csv(io.BytesIO(content), dtype={"code": str}, encoding="utf-8-sig")
        case "xlsx":
            sheet, *_ = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets
            headings, *rows = sheet.values
            return pandas.DataFrame(rows, columns=list(headings))
        case "parquet":
            path = folder / name
            path.write_bytes(content)
            placed = b"geo" in (parquet.read_schema(path).metadata or {})
            return (geopandas if placed else pandas).read_parquet(path)
        case _:
            path = folder / name
            path.write_bytes(content)
            return pyogrio.read_dataframe(path)


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_read_back_with_its_fields_and_records(portal_server: Server, name: str, tmp_path: Path) -> None:
    answer = get(portal_server, f"/{name}")
    assert answer.status_code == 200, answer.text
    form = FORMATS[name.partition(".")[2]]
    assert answer.headers["content-type"] == form.media_type
    assert f'filename="{name.replace(".", "-2026-11-24.", 1)}"' in answer.headers["content-disposition"]
    table = read(name, answer.content, tmp_path)
    dataset = DATASETS[name.partition(".")[0]]
    assert [one for one in table.columns if one not in {"geometry", "bbox", "id"}] == [
        field.name for field in dataset.every_field(pandas.Timestamp("2026-11-24").date())
    ]
    assert len(table) > 3
    if "source" in table:
        assert table["source"].notna().mean() > 0.9


def test_a_record_says_whether_it_is_a_sample_and_samples_can_be_left_out(portal_server: Server) -> None:
    every = json.loads(get(portal_server, "/stations.geojson").content)
    documented = json.loads(get(portal_server, "/stations.geojson?sample=0").content)
    marks = [one["properties"]["sample"] for one in every["features"]]
    assert every["samples"] == sum(marks) > 0
    assert documented["samples"] == 0
    assert len(documented["features"]) == marks.count(False)
    assert {one["properties"]["as_of"] for one in every["features"]} == {"2026-11-24"}
    assert all(one["properties"]["source"] for one in every["features"])


@pytest.mark.parametrize(("system", "code"), [("wgs84", 4326), ("cgcs2000", 4490)])
@pytest.mark.parametrize("suffix", ["gpkg", "parquet"])
def test_a_file_says_its_coordinate_system(
    portal_server: Server, suffix: str, system: str, code: int, tmp_path: Path
) -> None:
    content = get(portal_server, f"/counties.{suffix}?crs={system}").content
    table = read(f"counties.{suffix}", content, tmp_path)
    assert isinstance(table, geopandas.GeoDataFrame)
    assert table.crs.to_epsg() == code
    assert table.geometry.is_valid.all()
    west, south, east, north = table.total_bounds
    assert (116, 30) < (west, south) < (east, north) < (123, 36)


def test_geoparquet_is_of_version_1_1_with_a_covering_box(portal_server: Server, tmp_path: Path) -> None:
    path = tmp_path / "stations.parquet"
    path.write_bytes(get(portal_server, "/stations.parquet").content)
    metadata = parquet.read_schema(path).metadata
    geo = json.loads(metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geometry"]["covering"]["bbox"]
    assert metadata[b"as_of"] == b"2026-11-24"


def test_a_geopackage_has_the_mark_of_its_kind_and_the_terms(portal_server: Server, tmp_path: Path) -> None:
    path = tmp_path / "services.gpkg"
    path.write_bytes(get(portal_server, "/services.gpkg").content)
    with sqlite3.connect(path) as file:
        assert file.execute("PRAGMA application_id").fetchone() == (int.from_bytes(b"GPKG"),)
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        table, kind, told = file.execute("SELECT table_name, data_type, description FROM gpkg_contents").fetchone()
    assert (table, kind) == ("services", "attributes")
    assert "/downloads" in told


def test_excel_is_read_by_another_reader_too_and_has_the_terms_beside(portal_server: Server) -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(get(portal_server, "/targets.xlsx").content))
    data, notes = book.sheet_names
    assert book.get_sheet_by_name(data).to_python()[0][0] == "code"
    told = "\n".join(str(row[0]) for row in book.get_sheet_by_name(notes).to_python())
    assert "Licence:" in told
    assert "许可" in told


def test_no_text_can_run_as_a_formula_in_a_csv(portal_server: Server) -> None:
    content = get(portal_server, "/institutions.csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    table = pandas.read_csv(io.BytesIO(content), dtype=str, encoding="utf-8-sig", keep_default_na=False)
    assert not table.apply(lambda column: column.str.startswith(("=", "+", "-", "@", "\t"))).any(axis=None)


def test_the_description_of_a_csv_has_its_columns(portal_server: Server) -> None:
    csv = get(portal_server, "/stations.csv")
    assert '</downloads/stations.csv-metadata.json>; rel="describedby"' in csv.headers["link"]
    description = get(portal_server, "/stations.csv-metadata.json").json()
    table = pandas.read_csv(io.BytesIO(csv.content), encoding="utf-8-sig")
    assert [one["name"] for one in description["tableSchema"]["columns"]] == list(table.columns)


def test_who_has_a_file_gets_304(portal_server: Server) -> None:
    first = get(portal_server, "/counties.geojson")
    mark, made = first.headers["etag"], first.headers["last-modified"]
    for headers in (
        {"If-None-Match": mark},
        {"If-None-Match": f'"other", {mark.removeprefix("W/")}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": made},
    ):
        again = get(portal_server, "/counties.geojson", **headers)
        assert (again.status_code, again.content) == (304, b""), headers
        assert again.headers["etag"] == mark
    for headers in (
        {"If-None-Match": '"other"', "If-Modified-Since": made},
        {"If-Modified-Since": "Tue, 24 Nov 2020 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        assert get(portal_server, "/counties.geojson", **headers).status_code == 200, headers
    assert get(portal_server, "/counties.geojson?sample=0").headers["etag"] != mark


def test_a_file_is_compressed_for_whom_it_may_be_and_head_has_its_headers(portal_server: Server) -> None:
    plain = get(portal_server, "/stations.csv", **{"Accept-Encoding": "identity"})
    packed = requests.get(
        f"{portal_server.url}/downloads/stations.csv", headers={"Accept-Encoding": "gzip"}, stream=True, timeout=60
    )
    assert packed.headers["content-encoding"] == "gzip"
    raw = packed.raw.read(decode_content=False)
    assert len(raw) < len(plain.content) / 3
    assert gzip.decompress(raw) == plain.content
    head = get(portal_server, "/stations.csv", "HEAD", **{"Accept-Encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(plain.content))
    assert head.headers["etag"] == plain.headers["etag"]


def test_many_who_ask_at_once_get_the_same_file(portal_server: Server) -> None:
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: get(portal_server, "/scopes.gpkg?as_of=2026-03-05"), range(16)))
    assert {one.status_code for one in answers} == {200}
    # Made again it would be other bytes: a GeoPackage holds the instant at which it was written.
    assert len({one.content for one in answers}) == 1


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/stations.csv?as_of=2026-13-01", 400, "as_of"),
        ("/stations.csv?crs=cgcs2000", 400, "crs"),
        ("/stations.gpkg?crs=gcj02", 400, "crs"),
        ("/stations.csv?what=1", 400, "what"),
        ("/stations.csv?as_of=%00", 400, "as_of"),
        ("/stations.pdf", 404, ""),
        ("/services.geojson", 404, ""),
        ("/" + "a" * 3000, 404, ""),
    ],
)
def test_what_is_not_there_or_cannot_be_read_is_told(portal_server: Server, path: str, status: int, name: str) -> None:
    answer = get(portal_server, path, **{"Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert [one["name"] for one in answer.json().get("errors", [])] == ([name] if name else [])


@pytest.mark.parametrize(("suffix", "form"), [("jsonld", "json-ld"), ("ttl", "turtle")])
def test_the_catalogue_has_the_shapes_of_dcat_ap(portal_server: Server, suffix: str, form: str) -> None:
    answer = get(portal_server, f"/catalogue.{suffix}")
    graph = rdflib.Graph().parse(data=answer.content, format=form)
    conforms, _, report = pyshacl.validate(graph, shacl_graph=str(SHAPES), shacl_graph_format="turtle")
    assert conforms, report
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    assert len(datasets) == len(DATASETS)
    for dataset in datasets:
        assert {one.language for one in graph.objects(dataset, DCTERMS.title)} == {"zh-CN", "en"}
    files = {str(one) for one in graph.objects(None, DCAT.downloadURL)}
    assert files == {f"{portal_server.url}/downloads/{name}" for name in FILES}
    for distribution in graph.subjects(RDF.type, DCAT.Distribution):
        assert graph.value(distribution, DCTERMS.license), distribution


def test_the_shapes_would_notice_what_is_missing(portal_server: Server) -> None:
    graph = rdflib.Graph().parse(data=get(portal_server, "/catalogue.ttl").content, format="turtle")
    graph.remove((None, DCTERMS.publisher, None))
    conforms, *_ = pyshacl.validate(graph, shacl_graph=str(SHAPES), shacl_graph_format="turtle")
    assert not conforms


@pytest.mark.parametrize(("language", "heading"), [("zh", "开放数据"), ("en", "Open data of")])
def test_the_page_names_every_file_and_has_the_catalogue_for_search_engines(
    portal_server: Server, language: str, heading: str
) -> None:
    page = get(portal_server, "", **{"Accept-Language": language}).text
    assert heading in page
    assert all(f'href="/downloads/{name}"' in page for name in FILES)
    embedded = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    catalogue = json.loads(embedded)
    assert catalogue["@type"] == "DataCatalog"
    assert {one["@type"] for one in catalogue["dataset"]} == {"Dataset"}
    assert all(one["license"] and one["distribution"] for one in catalogue["dataset"])
