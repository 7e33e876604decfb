"""OGC API – Features read by programs that we did not write: OWSLib, GDAL and QGIS."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import requests
from owslib.ogcapi.features import Features

from tests.portal.conftest import Server

COLLECTIONS = ("counties", "stations", "centres", "towns")
QGIS_PYTHON = "/usr/bin/python3"


def matched(server: Server, name: str, query: str = "") -> int:
    url = f"{server.url}/ogc/collections/{name}/items?limit=1&{query}"
    answer = requests.get(url, timeout=60)
    assert answer.ok, answer.text
    count: int = answer.json()["numberMatched"]
    return count


def test_owslib_reads_it(portal_server: Server) -> None:
    client = Features(f"{portal_server.url}/ogc")
    assert client.conformance()["conformsTo"]
    assert client.api()["openapi"].startswith("3.0.")
    assert client.feature_collections() == list(COLLECTIONS)
    assert client.collection("counties")["storageCrs"].endswith("CRS84")
    assert "status" in client.collection_queryables("counties")["properties"]
    page = client.collection_items("counties", limit=5, bbox=[120, 31, 121, 32])
    assert page["numberMatched"] == matched(portal_server, "counties", "bbox=120,31,121,32")
    thin = client.collection_items("counties", filter="status = 'thin'", limit=200)
    assert {one["properties"]["status"] for one in thin["features"]} == {"thin"}
    assert client.collection_item("counties", "320583")["properties"]["name"] == "昆山市"


@pytest.fixture(scope="module")
def gdal(portal_server: Server) -> str:
    """The interface as GDAL's driver names it."""
    return f"OAPIF:{portal_server.url}/ogc"


def test_the_gdal_of_pyogrio_reads_every_feature(portal_server: Server, gdal: str) -> None:
    assert [name for name, _kind in pyogrio.list_layers(gdal)] == list(COLLECTIONS)
    for name in COLLECTIONS:
        info = pyogrio.read_info(gdal, layer=name)
        frame = pyogrio.read_dataframe(gdal, layer=name, PAGE_SIZE=100)
        assert len(frame) == matched(portal_server, name)
        assert frame["id"].is_unique
        assert info["geometry_type"] in {"Point", "MultiPolygon"}
        assert 116 < frame.total_bounds[0] < frame.total_bounds[2] < 123


def test_the_gdal_of_pyogrio_selects(portal_server: Server, gdal: str) -> None:
    def count(name: str, **chosen: Any) -> int:
        return len(pyogrio.read_dataframe(gdal, layer=name, **chosen))

    assert count("towns", bbox=(120, 31, 121, 32)) == matched(portal_server, "towns", "bbox=120,31,121,32") > 50
    chosen = "status = 'active' AND city_adcode = '320500'"
    assert count("stations", where=chosen) == matched(portal_server, "stations", "status=active&city_adcode=320500") > 5
    like = "name LIKE '%区' AND residents > 1000000"
    expected = matched(portal_server, "counties", "filter=name LIKE '%25区' AND residents > 1000000")
    assert count("counties", where=like) == expected > 5
    assert count("counties", where="as_of <= '2021-12-31'") == matched(portal_server, "counties")


def test_the_gdal_of_pyogrio_reads_other_reference_systems(gdal: str) -> None:
    plain = pyogrio.read_dataframe(gdal, layer="towns", max_features=5, where="county_adcode = '320583'")
    for crs in ("EPSG:4490", "EPSG:4326"):
        turned = pyogrio.read_dataframe(gdal, layer="towns", max_features=5, where="county_adcode = '320583'", CRS=crs)
        # GDAL 3.12 calls EPSG:4326 by its name with the longitude first.
        assert turned.crs == crs if crs == "EPSG:4490" else turned.crs.to_wkt().startswith('GEOGCRS["WGS 84')
        assert turned.total_bounds.round(6).tolist() == plain.total_bounds.round(6).tolist()


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="needs Debian's gdal-bin")
def test_ogrinfo_reads_it_and_lets_the_server_select(portal_server: Server, gdal: str) -> None:
    def told(*options: str) -> str:
        command = ["ogrinfo", "-al", "-geom=NO", gdal, *options]
        watched = os.environ | {"CPL_DEBUG": "HTTP"}
        done = subprocess.run(command, capture_output=True, text=True, env=watched, timeout=120)
        assert "ERROR" not in done.stderr, done.stderr[-2000:]
        return done.stdout + done.stderr

    for name in COLLECTIONS:
        assert f"Feature Count: {matched(portal_server, name)}\n" in told(name, "-oo", "PAGE_SIZE=500")
    chosen = told("stations", "-where", "status = 'active' AND city_adcode = '320500'")
    assert re.search(r"items\?[^)]*status=active&city_adcode=320500", chosen)
    box = told("towns", "-spat", "120", "31", "121", "32")
    assert "bbox=120,31,121,32" in box
    day = told("counties", "-where", "as_of <= '2021-12-31'")
    assert re.search(r"datetime=[^&)]*2021-12-31", day) and "2026" not in re.findall(r"as_of \(Date\) = (\d+)", day)


def _has_qgis() -> bool:
    if not Path(QGIS_PYTHON).exists():
        return False
    return subprocess.run([QGIS_PYTHON, "-c", "import qgis.core"], capture_output=True, timeout=60).returncode == 0


@pytest.mark.skipif(not _has_qgis(), reason="needs Debian's python3-qgis")
def test_qgis_reads_it(portal_server: Server, tmp_path: Path) -> None:
    script = Path(__file__).with_name("qgis_reads.py")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
    done = subprocess.run(
        [QGIS_PYTHON, str(script), f"{portal_server.url}/ogc"],
        capture_output=True,
        text=True,
        env=environment | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)},
        timeout=180,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    kinds = {"counties": "MultiPolygon", "stations": "Point", "centres": "Point", "towns": "Point"}
    for name, kind in kinds.items():
        assert told[name] == [True, kind, "EPSG:4326", matched(portal_server, name)]
    assert told["paged"] == matched(portal_server, "towns")
    assert told["chosen"] == matched(portal_server, "stations", "status=active&filter=sample=false")
    assert told["box"] == matched(portal_server, "towns", "bbox=120,31,121,32")
