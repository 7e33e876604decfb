"""The map of the counties as SVG: outlines drawn small, in the colours of their coverage."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from math import cos, radians

import numpy as np
import shapely
from markupsafe import Markup
from numpy.typing import NDArray

from geo.counties import county_layer
from geo.province import Province, province_in_use
from stations.coverage.county_coverage import CountyCoverage, CoverageStatus
from stations.coverage.looks import LOOKS

WIDTH = 600
"""Units across the drawing, however large it is shown."""
_DETAIL = 0.9
"""Units: what is smaller is left out of an outline."""


@cache
def _outlines(province: Province, adcodes: tuple[str, ...]) -> tuple[dict[str, str], int]:
    """Return the paths of counties by adcode, and the height of the drawing."""
    features = json.loads(county_layer(province).map_geojson())["features"]
    shapes = {one["properties"]["adcode"]: shapely.geometry.shape(one["geometry"]) for one in features}
    chosen = np.array([shapes[adcode] for adcode in adcodes], dtype=object)
    west, south, east, north = shapely.total_bounds(chosen)
    narrower = cos(radians((south + north) / 2))
    scale = WIDTH / ((east - west) * narrower)

    def onto_paper(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([(points[:, 0] - west) * narrower * scale, (north - points[:, 1]) * scale])

    small = shapely.coverage_simplify(shapely.transform(chosen, onto_paper), _DETAIL)
    height = round((north - south) * scale)
    return {adcode: _path(one) for adcode, one in zip(adcodes, small, strict=True)}, height


def _path(outline: shapely.Geometry) -> str:
    rings = [ring for part in shapely.get_parts(outline) for ring in (part.exterior, *part.interiors)]
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1]) + "Z" for ring in rings
    )


def draw_counties(counties: Iterable[CountyCoverage], words: Callable[[CountyCoverage], str], label: str) -> Markup:
    """Return the counties as an SVG image. ``words``: what is shown where a pointer rests; ``label``: of the whole."""
    chosen = list(counties)
    paths, height = _outlines(province_in_use(), tuple(one.county.adcode for one in chosen))
    parts = [
        Markup('<path class="{}" d="{}"><title>{}</title></path>').format(
            one.status.value, paths[one.county.adcode], words(one)
        )
        for one in chosen
    ]
    return Markup(
        '<svg class="map" viewBox="-2 -2 {} {}" role="img" aria-label="{}"><defs>{}</defs>{}</svg>'
    ).format(WIDTH + 4, height + 4, label, _hatch(), Markup("").join(parts))


def _hatch() -> Markup:
    """Return the pattern of the counties without a station: lines, seen without colours too."""
    look = LOOKS[CoverageStatus.UNCOVERED]
    return Markup(
        '<pattern id="uncovered" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="7" height="7" fill="{}"/><path d="M0 0V7" stroke="{}" stroke-width="2"/></pattern>'
    ).format(look.colour, look.hatch)
