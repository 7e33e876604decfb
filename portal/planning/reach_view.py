"""Drawing of reach: the counties on a map by a measure, the cities, and how evenly service is distributed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.components import link, page_url, sample_tag
from portal.language import N_, _, current, pick
from portal.maps.county_map import Fill, county_map
from portal.maps.dots import Dots
from portal.maps.legend import LegendEntry
from portal.maps.open_county import open_county_at
from portal.planning.way_words import at_most
from portal.registry.station_name import station_url
from portal.theme import COLOURS, FIGURE_AREAS, FONT_STACK, NO_FIGURE, AreaStyle
from stations.answers.reach import reached_cities
from stations.planning.reach_report import CountyReach, Nearest, ReachReport
from stations.planning.travel_measure import TravelUnit


def _way_areas(unit: TravelUnit) -> list[tuple[int | None, AreaStyle]]:
    """Return the shade for so many kilometres or minutes, darker for nearer."""
    return list(zip((*unit.reaches, None), reversed(FIGURE_AREAS[:4]), strict=True))


@dataclass(frozen=True)
class Measure:
    """A measure that shades counties.

    ``metres``: returns the distance of a county in metres; None for the catchment score.
    """

    title: str
    metres: Callable[[CountyReach], float | None] | None


MEASURES: dict[str, Measure] = {
    "station": Measure(N_("Distance to the nearest station"), lambda one: one.station.way if one.station else None),
    "centre": Measure(N_("Distance to the nearest centre"), lambda one: one.centre.way if one.centre else None),
    "score": Measure(N_("Stations within reach per 100,000 (2SFCA)"), None),
}


def draw_reach_map(
    report: ReachReport, measure: str, asked: Sequence[str], average: float, dots: Dots | None = None
) -> None:
    """Draw the counties by a measure; a click opens the county's page.

    ``asked``: the choices behind the report. ``average``: the province's score that classes of scores are relative to.
    """
    chosen = MEASURES[measure]
    fills, legend = _by_score(report, average) if chosen.metres is None else _by_distance(report, chosen.metres)
    click = county_map(fills, key="reach_map", title=_(chosen.title), asked=asked, legend=legend, height=520, dots=dots)
    if click:
        open_county_at(click.lon, click.lat)


def _by_distance(
    report: ReachReport, metres_of: Callable[[CountyReach], float | None]
) -> tuple[dict[str, Fill], list[LegendEntry]]:
    fills, unit = {}, report.unit
    areas = _way_areas(unit)
    for one in report.counties:
        metres = metres_of(one)
        look = NO_FIGURE
        if metres is not None:
            look = next(look for most, look in areas if most is None or metres <= most * unit.per)
        told = _("none") if metres is None else unit.in_words(current(), metres)
        fills[one.county.adcode] = Fill(look, pick(one.county.name, one.county.name_en), told)
    legend = [
        LegendEntry(look, at_most(most, unit)) for most, look in areas
    ]
    return fills, legend


def _by_score(report: ReachReport, average: float) -> tuple[dict[str, Fill], list[LegendEntry]]:
    """Return classes relative to the province's average: none, below half, below, above, above double."""
    say = current()
    steps = (0.0, average / 2, average, average * 2)

    def style(score: float) -> AreaStyle:
        return FIGURE_AREAS[sum(score > step for step in steps)]

    fills = {
        one.county.adcode: Fill(
            style(one.score), pick(one.county.name, one.county.name_en), say.format_number(one.score, 3)
        )
        for one in report.counties
    }
    bounds = [say.format_number(step, 3) for step in steps]
    texts = [_("none"), *(_("up to {most}", most=most) for most in bounds[1:]), _("above {least}", least=bounds[-1])]
    return fills, [LegendEntry(look, text) for look, text in zip(FIGURE_AREAS, texts, strict=True)]


def draw_cities(report: ReachReport) -> None:
    """Draw the table of the cities, the province last."""
    columns = reached_cities(report.unit)
    draw_answer(
        columns,
        (*report.cities, report.province),
        caption=_("Share of the demand within reach, and how evenly it is shared inside each city"),
        drawn={
            "city": lambda one: (
                pick(one.city.name, one.city.name_en)
                if one.city
                else Markup("<strong>{}</strong>").format(_("Province"))
            )
        },
        numbers=[column.key for column in columns[1:]],
    )


def draw_lorenz(report: ReachReport) -> None:
    """Draw the Lorenz curve of the stations within reach, as an image because ``st.html`` accepts no SVG."""
    gini = report.province.gini
    told = _("Gini {value}", value=current().format_number(gini, 2)) if gini is not None else _("nobody reaches any")
    label = _("Lorenz curve: the demand with least is on the left; {gini}", gini=told)
    points = " ".join(f"{46 + x * 300:.1f},{310 - y * 300:.1f}" for x, y in report.curve)
    ticks = Markup("").join(
        Markup(
            '<text x="{}" y="328" text-anchor="middle">{}%</text><text x="40" y="{}" text-anchor="end">{}%</text>'
        ).format(46 + share * 3, share, 314 - share * 3, share)
        for share in (0, 50, 100)
    )
    picture = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 370 350" width="370" height="350" font-size="12"'
        ' font-family="{font}" fill="{soft}"><rect x="46" y="10" width="300" height="300" fill="{paper}"'
        ' stroke="{line}"/><line x1="46" y1="310" x2="346" y2="10" stroke="{soft}" stroke-dasharray="5 4"/>'
        '<polyline points="{points}" fill="none" stroke="{ink}" stroke-width="3"/>{ticks}'
        '<text x="196" y="346" text-anchor="middle">{across}</text></svg>'
    ).format(
        font=FONT_STACK,
        soft=COLOURS["ink-soft"],
        paper=COLOURS["paper-soft"],
        line=COLOURS["line"],
        ink=COLOURS["primary"],
        points=points,
        ticks=ticks,
        across=_("Share of the demand"),
    )
    st.image(str(picture), caption=label, width=370, alt=label)


def _nearest_link(found: Nearest | None, href: Callable[[str], str]) -> str | Markup:
    if found is None:
        return "–"
    name = link(href(found.code), pick(found.name, found.name_en))
    return Markup("{} {}").format(name, sample_tag() if found.sample else "")


COUNTY_LINKS: dict[str, Callable[[CountyReach], str | Markup]] = {
    "name": lambda one: link(page_url("county", adcode=one.county.adcode), pick(one.county.name, one.county.name_en)),
    "station": lambda one: _nearest_link(one.station, station_url),
    "centre": lambda one: _nearest_link(one.centre, lambda code: page_url("centre", code=code)),
}
"""How a county's own page, its nearest station and centre are drawn in the table of counties."""
