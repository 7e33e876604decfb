"""The coverage map as a picture (PNG), drawn on the server from our own map layer, for papers and reports.

It has everything a printed map needs: its subject and date, a legend with counts, a scale, the source of the
outlines, the map review number (审图号) or a note that none is set, and the number of sample stations.
"""

from __future__ import annotations

from functools import partial

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from geo.province import province_in_use
from stations.coverage.county_coverage import Coverage, CoverageStatus
from stations.coverage.looks import LOOKS
from stations.coverage.picture_frame import (
    APART_X_M,
    APART_Y_M,
    BORDER,
    INK_SOFT,
    begin_picture,
    cities_of,
    counties_of,
    draw_city_borders,
    draw_legend,
    draw_scale,
    foot_picture,
    head_picture,
    is_clear,
    picture_png,
    write_on_map,
)
from stations.coverage.picture_ground import name_surroundings
from stations.language import N_, Language, label
from stations.province import province_name

NAMED_AT_MOST = 30  # counties without a station; more names would be unreadable


def coverage_png(coverage: Coverage, language: Language, *, review_number: str = "") -> bytes:
    """Return a PNG of the counties by coverage on the date of ``coverage``, 1,600 pixels wide.

    ``review_number``: the 审图号 (official review number) of the installation's maps.
    """
    figure, axes = begin_picture()
    say = language.translate
    statuses = {row.county.adcode: row.status for row in coverage.counties}
    counties = counties_of(province_in_use())
    of_status = counties.index.map(statuses)
    for status, look in LOOKS.items():
        some = counties[of_status == status]
        if len(some):
            edge = look.hatch or BORDER
            hatch = "/////" if look.hatch else None
            some.plot(ax=axes, autolim=False, color=look.colour, edgecolor=edge, linewidth=0.5, hatch=hatch)
    draw_city_borders(axes)
    write, clear = partial(write_on_map, axes, size=8), partial(is_clear, axes)
    name_surroundings(axes, province_in_use(), language, INK_SOFT, write, clear)
    _name_places(axes, coverage, language)
    draw_scale(axes, language)
    draw_legend(axes, _legend(coverage, language))
    told = say(
        N_("{date}: {covered} of {total} covered, {full} fully served"),
        date=language.format_date(coverage.as_of),
        covered=coverage.covered,
        total=coverage.total,
        full=coverage.fully_served,
    )
    title = say(N_("Coverage of the counties of {province} by quality stations"), province=province_name())
    head_picture(figure, title, told)
    invented = N_("Sample: {count} of the active stations are invented, and so is this picture of coverage")
    notes = [say(invented, count=coverage.sample_stations)] if coverage.sample_stations else []
    foot_picture(figure, language, notes, review_number)
    return picture_png(figure)


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
    for adcode, point in cities_of(province_in_use()).representative_point().items():
        city = cities[adcode]
        write_on_map(axes, point.x, point.y, language.pick(city.name, city.name_en), size=10.5)
        taken.append((point.x, point.y))
    if len(coverage.uncovered) > NAMED_AT_MOST:
        return
    inside = counties_of(province_in_use()).representative_point()
    for row in coverage.uncovered:
        x, y = inside[row.county.adcode].x, inside[row.county.adcode].y
        near = next((one for one in taken if abs(x - one[0]) < APART_X_M and abs(y - one[1]) < APART_Y_M), None)
        if near is not None:
            y = near[1] + (APART_Y_M if y > near[1] else -APART_Y_M)
        write_on_map(axes, x, y, language.pick(row.county.name, row.county.name_en), size=6.5)
