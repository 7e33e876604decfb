"""The curve of coverage, or of the average way, against the number of new stations, point by point."""

from __future__ import annotations

from typing import Any

from geo.siting import Outcome
from stations.answers.columns import Column, Columns
from stations.answers.ways import reach_text
from stations.language import N_, Language
from stations.planning.siting_curve import CurveLine, SitingCurve


def curve_title(curve: SitingCurve, language: Language) -> str:
    """Return what the curve is of."""
    if not curve.coverage:
        return language.translate(N_("Average way"))
    return language.translate(
        N_("Share of demand within {reach}"), reach=reach_text(curve.within, curve.unit, language)
    )


def figure_at(curve: SitingCurve, figure: float | None, language: Language) -> str | None:
    """Return a figure of the curve as people read it."""
    if figure is None:
        return None
    if curve.coverage:
        return language.format_percent(figure, 1)
    return curve.unit.in_words(language, figure)


def knee_text(curve: SitingCurve, language: Language) -> str:
    """Return where the knee is and by what rule, or that there is none."""
    if curve.knee is None:
        return language.translate(N_("The curve has no knee: each further station gains about as much as the last."))
    return language.translate(
        N_(
            "Knee at {count}: up to there one more station gains much, beyond it little. Rule: the point farthest from "
            "the straight line between the first and the last, both axes from 0 to 1 (Satopaa et al. 2011)."
        ),
        count=curve.knee,
    )


def curve_columns(curve: SitingCurve) -> tuple[Column[CurveLine], ...]:
    """Return the columns of the points of a curve."""

    def mark(line: CurveLine, language: Language) -> str:
        marks = {
            N_("knee"): line.p == curve.knee,
            N_("chosen above"): line.p == curve.chosen,
            N_("not proven"): line.outcome is not Outcome.OPTIMAL,
        }
        return language.join(language.translate(told) for told, holds in marks.items() if holds)

    def figure(figure: float | None, language: Language) -> str | None:
        return figure_at(curve, figure, language)

    title = N_("Demand within reach") if curve.coverage else N_("Average way")
    columns: Columns[CurveLine] = Columns(
        Column("p", lambda line: line.p, N_("New stations")),
        Column("figure", lambda line: line.figure, title, show=figure),
        Column("gained", lambda line: line.gained, N_("Gained by the last one"), show=figure),
        Column("mark", lambda line: line, N_("Mark"), show=mark, data=lambda line: line.outcome),
    )
    return columns.take("p", "figure", "gained", "mark")


def curve_data(curve: SitingCurve) -> dict[str, Any]:
    """Return the curve as JSON data: shares from 0 to 1, ways in ``unit``."""
    return {
        "of": "coverage" if curve.coverage else "average_way",
        "unit": curve.unit.value,
        "within": curve.within,
        "existing_alone": curve.start,
        "knee": curve.knee,
        "points": [
            {
                "p": line.p,
                "figure": line.figure,
                "gained": line.gained,
                "added": list(line.added),
                "status": line.outcome.value,
            }
            for line in curve.lines
        ],
    }
