"""The curve of covered and fully served counties over time."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from portal.chart import draw_chart
from portal.language import _
from portal.theme import COLOURS
from stations.coverage.through_time import CurvePoint

HEIGHT = 300
COVERED, FULL = COLOURS["primary"], "#b8501a"


def draw_curve(points: Sequence[CurvePoint], city: str | None, total: int) -> None:
    """Draw the curve of a city, or of the province if ``city`` is None; ``total``: its number of counties."""

    def counts(point: CurvePoint) -> tuple[int, int]:
        return point.cities[city] if city else (point.covered, point.fully_served)

    names = (_("Covered"), _("Fully served"))
    frame = pd.DataFrame(
        [
            {"day": point.day.isoformat(), "kind": name, "count": count}
            for point in points
            for name, count in zip(names, counts(point), strict=True)
        ]
    )
    day = alt.X("day:T", title=None, axis=alt.Axis(format="%Y-%m", labelOverlap=True, grid=False))
    lines = (
        alt.Chart(frame)
        .mark_line(interpolate="step-after", strokeWidth=2.5)
        .encode(
            x=day,
            y=alt.Y("count:Q", title=_("Counties"), scale=alt.Scale(domain=[0, total]), axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=list(names), range=[COVERED, FULL]),
                legend=alt.Legend(orient="top"),
            ),
            strokeDash=alt.StrokeDash(
                "kind:N", legend=None, scale=alt.Scale(domain=list(names), range=[[1, 0], [5, 3]])
            ),
            tooltip=[
                alt.Tooltip("day:T", title=_("Date"), format="%Y-%m-%d"),
                alt.Tooltip("kind:N", title=_("Status")),
                alt.Tooltip("count:Q", title=_("Counties")),
            ],
        )
    )
    all_counties = (
        alt.Chart(pd.DataFrame({"count": [total]}))
        .mark_rule(color=COLOURS["ink-soft"], strokeDash=[2, 2])
        .encode(y="count:Q")
    )
    last = counts(points[-1])
    told = _(
        "From {start} to {end}: at the end {covered} of {total} counties covered, {full} fully served",
        start=points[0].day.isoformat(),
        end=points[-1].day.isoformat(),
        covered=last[0],
        total=total,
        full=last[1],
    )
    draw_chart((lines + all_counties).properties(height=HEIGHT), told)
