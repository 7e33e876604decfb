"""The evaluation of stations, counties and cities."""

from __future__ import annotations

from stations.answers.evaluation import EVALUATION
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
)
def evaluation_command(call: Call, period: str, level: UnitLevel) -> Output:
    """Return how well stations, counties or cities served in a period."""
    asked = read_period(period)
    with call.reading() as session:
        return Output(EVALUATION, evaluate(session, asked, level, Counted(call.samples), today=call.today))
