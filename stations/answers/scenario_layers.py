"""The sites, the demand and the lines between them of a siting scenario, as layers for geographic programs.

All positions are WGS-84 (EPSG:4326), longitude first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stations.planning.scenario import Scenario
from stations.planning.siting_detail import ServingLine
from stations.planning.station_siting import SitingAnswer

CRS = "EPSG:4326"
DECIMALS = 6

Properties = dict[str, Any]
Coordinates = list[Any]
Rows = list[tuple[Properties, Coordinates]]


def site_rows(answer: SitingAnswer) -> Rows:
    """Return the sites with their properties; ``role``: new or existing."""
    added, sites = set(answer.added), set(answer.sites)
    return [
        (
            {
                "id": one.id,
                "name": one.name,
                "name_en": one.name_en,
                "role": "new" if one.id in added else "existing",
                "place": one.kind.value,
                "county": one.county,
                "cost": one.cost if one.id in added else None,
                "sample": one.sample,
            },
            _point(one.lon, one.lat),
        )
        for one in answer.candidates
        if one.id in sites
    ]


def demand_rows(answer: SitingAnswer, lines: Sequence[ServingLine]) -> Rows:
    """Return the places with demand; ``site``: which serves most of each, ``way`` metres or seconds away."""
    served = {line.demand.id: line for line in sorted(lines, key=lambda line: line.share)}
    rows = []
    for one in answer.demand:
        line = served.get(one.id)
        properties = {
            "id": one.id,
            "name": one.name,
            "name_en": one.name_en,
            "county": one.county,
            "weight": one.weight,
            "estimated": one.estimated,
            "site": line.site.id if line else None,
            "way": round(line.way, 1) if line else None,
        }
        rows.append((properties, _point(one.lon, one.lat)))
    return rows


def line_rows(answer: SitingAnswer, lines: Sequence[ServingLine]) -> Rows:
    """Return the lines from each place with demand to its site."""
    added = set(answer.added)
    return [
        (
            {
                "demand": line.demand.id,
                "site": line.site.id,
                "role": "new" if line.site.id in added else "existing",
                "weight": line.demand.weight * line.share,
                "way": round(line.way, 1),
            },
            [_point(line.demand.lon, line.demand.lat), _point(line.site.lon, line.site.lat)],
        )
        for line in lines
    ]


def _point(lon: float, lat: float) -> Coordinates:
    return [round(lon, DECIMALS), round(lat, DECIMALS)]


def sites_geojson(answer: SitingAnswer, **head: Any) -> dict[str, Any]:
    """Return the sites of an answer alone as a GeoJSON FeatureCollection. ``head``: further members of the collection.
    """
    features = [_feature("Point", properties, coordinates) for properties, coordinates in site_rows(answer)]
    return {"type": "FeatureCollection", **head, "features": features}


def _feature(kind: str, properties: Properties, coordinates: Coordinates, **further: Any) -> dict[str, Any]:
    named = {"id": properties["id"]} if "role" in properties and "id" in properties else {}
    return {
        "type": "Feature",
        **named,
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": {**further, **properties},
    }


def _layers(answer: SitingAnswer, lines: Sequence[ServingLine]) -> dict[str, tuple[str, Rows]]:
    """Return by its name the geometry type and the rows of each layer."""
    return {
        "sites": ("Point", site_rows(answer)),
        "demand": ("Point", demand_rows(answer, lines)),
        "lines": ("LineString", line_rows(answer, lines)),
    }


def scenario_geojson(scenario: Scenario, lines: Sequence[ServingLine]) -> str:
    """Return the layers as one GeoJSON FeatureCollection (RFC 7946, so in WGS-84); ``layer`` says of each feature which
    it is in.
    """
    features = [
        _feature(kind, properties, coordinates, layer=layer)
        for layer, (kind, rows) in _layers(scenario.read_answer(), lines).items()
        for properties, coordinates in rows
    ]
    head = {
        "scenario": scenario.code,
        "name": scenario.name,
        "as_of": scenario.as_of.isoformat(),
        "travel": _travel(scenario),
    }
    return json.dumps({"type": "FeatureCollection", **head, "features": features}, ensure_ascii=False, indent=1)


def scenario_gpkg(scenario: Scenario, lines: Sequence[ServingLine]) -> bytes:
    """Return a GeoPackage (OGC 12-128) with the layers ``sites``, ``demand`` and ``lines`` in EPSG:4326."""
    import geopandas
    import pyogrio
    from shapely.geometry import LineString, Point

    shapes = {"Point": Point, "LineString": LineString}
    told = f"{scenario.name} ({scenario.code}); stations of {scenario.as_of.isoformat()}; ways: {_travel(scenario)}"
    with TemporaryDirectory(prefix="portal-") as folder:
        path = Path(folder) / "scenario.gpkg"
        for layer, (kind, rows) in _layers(scenario.read_answer(), lines).items():
            frame = geopandas.GeoDataFrame(
                [properties for properties, _ in rows],
                columns=list(_COLUMNS[layer]),
                geometry=[shapes[kind](coordinates) for _, coordinates in rows],
                crs=CRS,
            ).astype(_COLUMNS[layer])
            pyogrio.write_dataframe(
                frame,
                path,
                layer=layer,
                driver="GPKG",
                geometry_type=kind,
                append=path.exists(),
                layer_options={"IDENTIFIER": layer, "DESCRIPTION": f"{told}; {CRS}"},
            )
        return path.read_bytes()


def _travel(scenario: Scenario) -> str:
    return scenario.read_answer().question.travel


_COLUMNS: dict[str, dict[str, str]] = {
    "sites": {
        "id": "str",
        "name": "str",
        "name_en": "str",
        "role": "str",
        "place": "str",
        "county": "str",
        "cost": "float64",
        "sample": "bool",
    },
    "demand": {
        "id": "str",
        "name": "str",
        "name_en": "str",
        "county": "str",
        "weight": "float64",
        "estimated": "bool",
        "site": "str",
        "way": "float64",
    },
    "lines": {"demand": "str", "site": "str", "role": "str", "weight": "float64", "way": "float64"},
}
"""The columns of each layer and their types, which an empty layer has too."""
