"""The overview of the area that somebody answers for."""

from __future__ import annotations

from stations.accounts.accounts import actor_named
from stations.answers.overview import OVERVIEW
from stations.commands.call import Call, Output
from stations.commands.declaring import BY, command, option
from stations.evaluation.period import read_period
from stations.language import N_
from stations.overview.overview import overview_for


@command(
    BY,
    option("--period", default="", metavar="PERIOD", help=N_("A month, quarter or year; this year where left out.")),
)
def overview_command(call: Call, by: str, period: str) -> Output:
    """Return the figures of the area that a person answers for: coverage, targets, service, and what waits."""
    asked = read_period(period or str(call.today.year))
    with call.reading() as session:
        actor = actor_named(session, by, samples=call.samples)
        found = overview_for(session, actor, asked, samples=call.samples, today=call.today)
    return Output(OVERVIEW, found)
