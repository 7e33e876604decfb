"""The map of a siting answer as a picture (PNG), drawn on the server from our own map layer, for reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import geopandas
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from geo.province import province_in_use
from stations.coverage.picture_frame import (
    BORDER,
    INK_SOFT,
    begin_picture,
    cities_of,
    counties_of,
    draw_city_borders,
    draw_legend,
    draw_scale,
    face,
    foot_picture,
    head_picture,
    picture_png,
    write_on_map,
)
from stations.language import N_, Language
from stations.places.counties import City
from stations.planning.siting_candidates import Candidate
from stations.planning.siting_detail import ServingLine
from stations.planning.station_siting import SitingAnswer, added_sites
from stations.province import province_name

LAND, LINE, STANDING, NEW = "#eef3f1", "#7d9a9c", "#0b5a63", "#d9500b"


def siting_png(
    answer: SitingAnswer,
    lines: Sequence[ServingLine],
    cities: Sequence[City],
    language: Language,
    *,
    title: str,
    as_of: date,
    review_number: str = "",
) -> bytes:
    """Return a PNG of the new sites, numbered as in their list, the stations that stand, and whom each serves.

    ``as_of``: the day of the stations. ``review_number``: the 审图号 of the installation's maps.
    """
    say = language.translate
    figure, axes = begin_picture()
    counties_of(province_in_use()).plot(ax=axes, autolim=False, color=LAND, edgecolor=BORDER, linewidth=0.6)
    draw_city_borders(axes)
    added = added_sites(answer)
    new = {one.id for one in added}
    standing = [one for one in answer.candidates if one.id in set(answer.sites) - new]
    _draw_lines(axes, lines)
    x, y = _metres([(one.demand.lon, one.demand.lat) for one in lines])
    axes.scatter(x, y, s=3, color=INK_SOFT, linewidths=0, zorder=4)
    _draw_sites(axes, standing, STANDING, 26)
    _draw_sites(axes, added, NEW, 150)
    for number, (x_m, y_m) in enumerate(zip(*_metres([(one.lon, one.lat) for one in added]), strict=True), start=1):
        axes.text(x_m, y_m, str(number), ha="center", va="center", color="white", fontproperties=face(8), zorder=8)
    names = {one.adcode: language.pick(one.name, one.name_en) for one in cities}
    for adcode, point in cities_of(province_in_use()).representative_point().items():
        write_on_map(axes, point.x, point.y, names.get(str(adcode), ""), size=10)
    draw_scale(axes, language)
    draw_legend(axes, _legend(language, standing=bool(standing)))
    told = say(
        N_("{province}, {date}: {new} new stations besides {standing}"),
        province=province_name(),
        date=language.format_date(as_of),
        new=len(added),
        standing=len(standing),
    )
    head_picture(figure, title, told)
    invented = sum(one.sample for one in answer.candidates)
    notes = [say(N_("Sample: rests on {count} invented stations"), count=invented)] if invented else []
    foot_picture(figure, language, notes, review_number)
    return picture_png(figure)


def _metres(degrees: Sequence[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Return places in WGS-84 degrees in metres of the map's projection."""
    if not degrees:
        return np.array([]), np.array([])
    points = geopandas.GeoSeries.from_xy(*zip(*degrees, strict=True), crs="EPSG:4326").to_crs(province_in_use().map_crs)
    return points.x.to_numpy(), points.y.to_numpy()


def _draw_lines(axes: Axes, lines: Sequence[ServingLine]) -> None:
    from_x, from_y = _metres([(one.demand.lon, one.demand.lat) for one in lines])
    to_x, to_y = _metres([(one.site.lon, one.site.lat) for one in lines])
    if not len(lines):
        return
    ends = list(np.stack([np.column_stack([from_x, from_y]), np.column_stack([to_x, to_y])], axis=1))
    axes.add_collection(LineCollection(ends, colors=LINE, linewidths=0.7, zorder=3.5), autolim=False)


def _draw_sites(axes: Axes, sites: Sequence[Candidate], colour: str, size: float) -> None:
    x, y = _metres([(one.lon, one.lat) for one in sites])
    axes.scatter(x, y, s=size, color=colour, edgecolors="white", linewidths=0.7, zorder=7)


def _legend(language: Language, *, standing: bool) -> list[Line2D]:
    def mark(colour: str, size: float, text: str) -> Line2D:
        told = language.translate(text)
        return Line2D([], [], marker="o", linestyle="", color=colour, markersize=size, label=told)

    return [
        mark(NEW, 9, N_("New station")),
        *([mark(STANDING, 6, N_("Station that stands"))] if standing else []),
        mark(INK_SOFT, 3, N_("Place with demand")),
        Line2D([], [], color=LINE, linewidth=1.2, label=language.translate(N_("served from"))),
    ]
