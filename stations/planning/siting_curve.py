"""The curve of coverage, or of the average way, against the number of new stations, with its knee.

The knee is the point farthest from the straight line between the first and the last, both axes measured from 0 to 1
(V. Satopaa, J. Albrecht, D. Irwin, B. Raghavan, "Finding a 'kneedle' in a haystack", ICDCS Workshops 2011): before it
one more station gains much, after it little.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from geo.siting import Curve, CurveTask, Outcome, SitingModel
from stations.planning.siting_sensitivity import figure_of
from stations.planning.station_siting import PosedQuestion, SitingAnswer
from stations.planning.travel import TravelUnit

LEAST_POINTS, MOST_POINTS = 10, 30
CURVE_TIME_LIMIT_S = 60.0


@dataclass(frozen=True)
class CurveLine:
    """One point of the curve: ``p`` new stations, and the best that they can do.

    ``figure``: the share of demand within reach, or the average way in the curve's unit. ``gained``: by the last
    station over one less, above 0 where it is better; None for the first. ``added``: ids of the new stations.
    """

    p: int
    figure: float
    gained: float | None
    added: tuple[str, ...]
    outcome: Outcome


@dataclass(frozen=True)
class SitingCurve:
    """The curve of a question. ``coverage``: of the share within reach; otherwise of the average way in ``unit``.
    ``knee``: a number of new stations; None where the curve has no bend. ``start``: the figure of the existing stations
    alone, None if there are none. ``chosen``: the number of new stations of the answer.
    """

    coverage: bool
    unit: TravelUnit
    within: float
    start: float | None
    lines: tuple[CurveLine, ...]
    knee: int | None
    chosen: int


def curve_task(posed: PosedQuestion, answer: SitingAnswer) -> CurveTask:
    """Return the task of the curve: of the average way for p-median, of the demand within reach for other models.

    It reaches as far as twice the new stations of the answer, from ``LEAST_POINTS`` to ``MOST_POINTS``.
    """
    task = posed.task
    if task.model is not SitingModel.P_MEDIAN:
        task = replace(task, model=SitingModel.MCLP)
    most = min(MOST_POINTS, max(LEAST_POINTS, 2 * len(answer.added)))
    return CurveTask(replace(task, p=None), most, CURVE_TIME_LIMIT_S)


def curve_of(posed: PosedQuestion, answer: SitingAnswer, task: CurveTask, curve: Curve) -> SitingCurve:
    """Return the curve of a question from that of its task (``curve_task``)."""
    kept, total = set(task.task.keep), float(task.task.weights.sum())
    coverage = task.task.model is SitingModel.MCLP
    start = figure_of(task.task, sorted(kept)) if kept else None
    lines: list[CurveLine] = []
    before = start
    for point in curve.points:
        if point.objective is None:
            continue
        figure = point.objective / total
        gained = None if before is None else figure - before if coverage else before - figure
        added = tuple(posed.candidates[site].id for site in point.sites if site not in kept)
        lines.append(CurveLine(point.p, figure, gained, added, point.outcome))
        before = figure
    return SitingCurve(
        coverage, posed.unit, posed.task.within, start, tuple(lines), curve.knee, len(answer.added)
    )
