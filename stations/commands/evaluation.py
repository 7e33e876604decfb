"""The evaluation of stations, counties and cities, and the visits on site that it counts."""

from __future__ import annotations

from stations.accounts.accounts import actor_named
from stations.answers.evaluation import EVALUATION
from stations.answers.evaluation_unit import COMPARED, UNIT, unit_reports
from stations.answers.site_visits import VISIT_LIST
from stations.commands.call import Call, Output
from stations.commands.declaring import BY, command, option
from stations.commands.parameter_types import POSITIVE, OneOf
from stations.evaluation.counts import Counted
from stations.evaluation.indicators import UnitLevel
from stations.evaluation.period import read_period
from stations.evaluation.results import evaluate
from stations.evaluation.site_visits import list_visits
from stations.language import N_
from stations.places.area_words import areas_on_file


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


@command(
    BY,
    option("--period", default="", metavar="PERIOD", help=N_("Only visits in a month, quarter or year.")),
    option("--station", default="", metavar="CODE", help=N_("Only visits of the station.")),
    option("--county", default="", metavar="COUNTY", help=N_("Only visits of the county's stations.")),
    option("--city", default="", metavar="CITY", help=N_("Only visits of the city's stations.")),
    option("--after", type=POSITIVE, metavar="PLACE", help=N_("Where the page begins, as “place” of the last visit.")),
    option("--limit", type=POSITIVE, default=50, told_default="50", metavar="N", help=N_("How many.")),
)
def visits_command(
    call: Call, *, by: str, period: str, station: str, county: str, city: str, after: int | None, limit: int
) -> Output:
    """Return the visits on site in a person's duty."""
    asked = read_period(period) if period else None
    with call.reading() as session:
        city_adcode, county_adcode = areas_on_file(session).read(city, county)
        found = list_visits(
            session,
            actor_named(session, by, samples=call.samples),
            samples=call.samples,
            station=station,
            county=county_adcode or "",
            city=city_adcode or "",
            first=asked.first if asked else None,
            last=asked.last if asked else None,
            after_id=after,
            limit=limit,
        )
        return Output(VISIT_LIST, found)
