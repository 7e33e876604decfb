"""What lies around and above the counties of a printed map: sea, neighbouring provinces, lakes and rivers, and names.

Drawn from the layer that the maps of the pages show (``geo.surroundings``), in the province's own projection.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache

import geopandas
from matplotlib.axes import Axes

from geo.province import Province
from geo.surroundings import surroundings_geojson
from stations.coverage.looks import WATER
from stations.language import Language

MARGIN_M = 12_000
"""Room between the counties and the frame, at least."""
AT_EDGE = 0.06
"""Part of the frame's width and height within which no name of the surroundings stands."""
BELOW, ABOVE = 0.5, 3.0
"""Heights of drawing beneath the counties, and above their fills but below names."""

Write = Callable[[float, float, str, str], None]
"""Writes a text at a place in a colour."""


@cache
def _surroundings(province: Province) -> geopandas.GeoDataFrame:
    features = json.loads(surroundings_geojson(province))["features"]
    layer = geopandas.GeoDataFrame.from_features(features, crs="EPSG:4326").to_crs(province.map_crs)
    return layer.set_index("kind")


def fit_frame(axes: Axes, bounds: tuple[float, float, float, float], ratio: float) -> None:
    """Set the limits of the axes to the bounds of the counties in metres, with a margin, widened to the frame's
    ``ratio`` of height to width.
    """
    west, south, east, north = bounds
    width, height = east - west + 2 * MARGIN_M, north - south + 2 * MARGIN_M
    width, height = max(width, height / ratio), max(height, width * ratio)
    x, y = (west + east) / 2, (south + north) / 2
    axes.set_xlim(x - width / 2, x + width / 2)
    axes.set_ylim(y - height / 2, y + height / 2)


def draw_surroundings(axes: Axes, province: Province, border: str) -> None:
    """Draw the sea, the borders between other provinces in the colour ``border``, lakes and rivers. The limits of the
    axes stay.
    """
    layer = _surroundings(province)
    looks = {
        "sea": {"facecolor": WATER["sea"], "edgecolor": WATER["line"], "linewidth": 0.5, "zorder": BELOW},
        "border": {"color": border, "linewidth": 0.7, "linestyle": (0, (6, 4)), "zorder": BELOW},
        "lake": {"facecolor": WATER["lake"], "edgecolor": WATER["line"], "linewidth": 0.5, "zorder": ABOVE},
        "river": {"color": WATER["line"], "linewidth": 1.2, "zorder": ABOVE},
    }
    for kind, look in looks.items():
        if kind in layer.index:
            layer.loc[[kind]].plot(ax=axes, autolim=False, aspect=None, **look)


def name_surroundings(
    axes: Axes,
    province: Province,
    language: Language,
    border: str,
    write: Write,
    is_clear: Callable[[float, float], bool],
) -> None:
    """Write the names of other provinces and of water where they stand within the frame, at places that are clear."""
    layer = _surroundings(province)
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    x_edge, y_edge = AT_EDGE * (east - west), AT_EDGE * (north - south)
    for kind, colour in {"province": border, "water": WATER["name"]}.items():
        for row in layer.loc[layer.index == kind].itertuples():
            x, y = row.geometry.x, row.geometry.y
            within = west + x_edge < x < east - x_edge and south + y_edge < y < north - y_edge
            if within and is_clear(x, y):
                write(x, y, language.pick(row.name, row.name_en), colour)
