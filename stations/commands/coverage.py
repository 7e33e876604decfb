"""Coverage of the counties: on a date, over time, at risk, and near a station."""

from __future__ import annotations

from datetime import date

from stations.answers.counties import COVERAGE, coverage_report
from stations.answers.county import COUNTY, county_report
from stations.answers.coverage_history import CHANGES, CURVE, NEARBY, RISK, coverage_curve
from stations.commands.call import Call, Output
from stations.commands.declaring import AS_OF, argument, command, option
from stations.commands.parameter_types import DAY, OneOf
from stations.coverage.through_time import FIRST_DAY, Step, coverage_history
from stations.language import N_
from stations.places.area_words import areas_on_file


@command(AS_OF)
def coverage_command(call: Call, as_of: date | None) -> Output:
    """Return which counties are covered."""
    with call.reading() as session:
        return Output(COVERAGE, coverage_report(session, as_of or call.today, samples=call.samples))


@command(
    argument("code", metavar="CODE", help=N_("The adcode of the county, or its name.")),
    AS_OF,
)
def county_command(call: Call, code: str, as_of: date | None) -> Output:
    """Return one county: its coverage, stations and centres."""
    with call.reading() as session:
        adcode = areas_on_file(session).read_county("code", code)
        return Output(COUNTY, county_report(session, adcode, as_of or call.today, samples=call.samples))


@command(
    option("--from", "start", type=DAY, metavar="DATE", help=N_("The first day.")),
    option("--to", "end", type=DAY, metavar="DATE", help=N_("The last day; today where it is left out.")),
    option(
        "--step",
        type=OneOf(Step),
        default=Step.MONTH,
        told_default=Step.MONTH.value,
        metavar="STEP",
        help=N_("How far apart the days are."),
    ),
)
def coverage_curve_command(call: Call, start: date | None, end: date | None, step: Step) -> Output:
    """Return the numbers of covered and fully served counties over time."""
    with call.reading() as session:
        points = coverage_curve(session, start or FIRST_DAY, end or call.today, step, samples=call.samples)
    return Output(CURVE, points)


@command(
    argument("start", type=DAY, help=N_("The first of the two days.")),
    argument("end", type=DAY, help=N_("The second of the two days.")),
)
def coverage_changes_command(call: Call, start: date, end: date) -> Output:
    """Return which counties gained or lost coverage between two dates."""
    with call.reading() as session:
        return Output(CHANGES, coverage_history(session, samples=call.samples).changes(start, end))


@command(AS_OF)
def coverage_risk_command(call: Call, as_of: date | None) -> Output:
    """Return which covered counties may soon be uncovered."""
    with call.reading() as session:
        return Output(RISK, coverage_history(session, samples=call.samples).endangered(as_of or call.today))


@command(AS_OF)
def coverage_reach_command(call: Call, as_of: date | None) -> Output:
    """Return the shares of area and people near a station."""
    from stations.planning.share_reached import reach_on

    with call.reading() as session:
        return Output(NEARBY, reach_on(session, as_of or call.today, samples=call.samples))
