"""The evaluation of stations, counties and cities."""

from __future__ import annotations

from stations.answers.evaluation import EVALUATION
from stations.answers.evaluation_unit import COMPARED, UNIT, unit_reports
from stations.commands.call import Call, Output
from stations.commands.declaring import command, option
from stations.commands.parameter_types import OneOf
from stations.evaluation.counts import Counted
from stations.evaluation.indicators import UnitLevel
from stations.evaluation.period import read_period
from stations.evaluation.results import evaluate
from stations.language import N_


@command(
    option("--period", required=True, metavar="PERIOD", help=N_("A month, quarter or year: 2026-10, 2026-Q4 or 2026.")),
    option(
        "--level",
        type=OneOf(UnitLevel),
        default=UnitLevel.STATION,
        told_default=UnitLevel.STATION.value,
        metavar="LEVEL",
        help=N_("What is evaluated."),
    ),
    option(
        "--unit",
        "units",
        multiple=True,
        metavar="CODE",
        help=N_("Only this station, county or city: how its score is made up; several are put side by side."),
    ),
)
def evaluation_command(call: Call, period: str, level: UnitLevel, units: tuple[str, ...]) -> Output:
    """Return how well stations, counties or cities served in a period, or how one or several of them did."""
    asked, counted = read_period(period), Counted(call.samples)
    with call.reading() as session:
        evaluation = evaluate(session, asked, level, counted, today=call.today)
        if not units:
            return Output(EVALUATION, evaluation)
        reports = unit_reports(session, evaluation, units, counted, today=call.today)
    return Output(UNIT, reports[0]) if len(reports) == 1 else Output(COMPARED, reports)
