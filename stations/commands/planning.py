"""Planning: where the next stations would serve best, and how far people are from the present ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from geo.siting.task import SitingModel
from stations.accounts.accounts import actor_named
from stations.answers.imported_figures import FIGURE_LIST
from stations.answers.measures import MEASURES, told_measures
from stations.answers.population import POPULATION
from stations.answers.reach import REACH
from stations.answers.scenarios import COMPARED_SCENARIOS, OWN_SCENARIOS, compare_scenarios, usual_ground
from stations.answers.siting_study import STUDIED, StudiedAnswer
from stations.catalogue.words import service_code
from stations.commands.call import Call, Output
from stations.commands.declaring import AS_OF, argument, command, option
from stations.commands.parameter_types import AMOUNT, KILOMETRES, POSITIVE, OneOf
from stations.errors import InvalidInput, NotFound
from stations.language import N_
from stations.planning.demand import DemandLayer, Weighting
from stations.planning.imported_figure import list_figures
from stations.planning.population_layer import compared_with_census
from stations.planning.reach import DEFAULT_CATCHMENT_KM, DEFAULT_CATCHMENT_MINUTES, reach_on
from stations.planning.scenario import MOST_COMPARED, get_scenarios, list_scenarios
from stations.planning.siting_curve import curve_of, curve_task
from stations.planning.siting_question import (
    DEFAULT_REQUESTS,
    DEFAULT_WITHIN_KM,
    DEFAULT_WITHIN_MINUTES,
    read_points,
    read_question,
)
from stations.planning.siting_sensitivity import solve_here, variants_of
from stations.planning.station_siting import DEFAULT_TIME_LIMIT_S, answer, pose
from stations.planning.travel import STRAIGHT
from stations.registry.centre import CentreKind

TRAVEL = N_("How the way is measured: straight, roads (where they are imported), or the code of a table of distances.")
MEASURED_BY = N_(
    "How ways are measured for all: straight, roads, or the code of a table (“measures” lists them); as in the first "
    "by default."
)
DEMAND = option(
    "--demand",
    type=OneOf(DemandLayer),
    default=DemandLayer.COUNTIES.value,
    told_default=DemandLayer.COUNTIES.value,
    metavar="LAYER",
    help=N_(
        "Where demand is counted: at counties, towns, in the hexagon grid, by the population raster, or at places."
    ),
)
WEIGHTS = N_("Whose way counts: equal, population, or the code of an imported figure.")


@command(
    argument("model", type=OneOf(SitingModel), help=N_("What is sought.")),
    option("--p", type=POSITIVE, metavar="N", help=N_("How many sites to add; not for lscp.")),
    option(
        "--within",
        type=KILOMETRES,
        default=DEFAULT_WITHIN_KM,
        told_default=f"{DEFAULT_WITHIN_KM:g}",
        metavar="KM",
        help=N_("How far counts as reached, for lscp and mclp."),
    ),
    option(
        "--weights",
        default=Weighting.EQUAL.value,
        told_default=Weighting.EQUAL.value,
        metavar="WEIGHTS",
        help=WEIGHTS,
    ),
    option("--travel", default=STRAIGHT, told_default=STRAIGHT, metavar="MEASURE", help=TRAVEL),
    option(
        "--within-minutes",
        type=POSITIVE,
        default=int(DEFAULT_WITHIN_MINUTES),
        told_default=f"{DEFAULT_WITHIN_MINUTES:g}",
        metavar="MINUTES",
        help=N_("How long counts as reached, for lscp and mclp, where the measure is minutes."),
    ),
    DEMAND,
    option("--keep-existing", is_flag=True, help=N_("Stations active on the day stay; the sites asked for are added.")),
    option("--must", multiple=True, metavar="ID", help=N_("A candidate that has to get a station.")),
    option("--forbid", multiple=True, metavar="ID", help=N_("A candidate that can't get a station.")),
    option("--places", is_flag=True, help=N_("Imported places are candidates too.")),
    option("--seats", is_flag=True, help=N_("Seats of counties are candidates too, as far as a source places them.")),
    option("--towns", is_flag=True, help=N_("Towns are candidates too, as far as a source places them.")),
    option("--no-counties", is_flag=True, help=N_("Points inside the counties are no candidates.")),
    option("--point", multiple=True, metavar="LON,LAT", help=N_("A candidate; WGS-84 degrees.")),
    option("--budget", type=AMOUNT, metavar="AMOUNT", help=N_("What the added sites may cost together.")),
    option(
        "--site-cost",
        type=AMOUNT,
        default=1.0,
        told_default="1",
        metavar="AMOUNT",
        help=N_("What a site costs."),
    ),
    option("--cost-figure", metavar="CODE", help=N_("The imported figure that says what a site costs by county.")),
    option("--capacity", type=AMOUNT, metavar="N", help=N_("How many requests a year a new station can handle.")),
    option(
        "--existing-capacity",
        type=AMOUNT,
        metavar="N",
        help=N_("How many requests a year a station that stands can handle."),
    ),
    option(
        "--capacity-figure",
        metavar="CODE",
        help=N_("The imported figure that says what a station can handle by county."),
    ),
    option(
        "--requests-per-10000",
        type=AMOUNT,
        default=DEFAULT_REQUESTS,
        told_default=f"{DEFAULT_REQUESTS:g}",
        metavar="N",
        help=N_("Requests a year from 10,000 of demand, such as residents; for capacities."),
    ),
    option("--curve", is_flag=True, help=N_("In JSON also the curve against the number of sites.")),
    option(
        "--variants", is_flag=True, help=N_("In JSON also the second best choice and what would change the answer.")
    ),
    option(
        "--time-limit",
        type=POSITIVE,
        default=int(DEFAULT_TIME_LIMIT_S),
        told_default=f"{DEFAULT_TIME_LIMIT_S:g}",
        metavar="SECONDS",
        help=N_("When to give the best found so far."),
    ),
    AS_OF,
)
def siting_command(
    call: Call,
    *,
    model: SitingModel,
    p: int | None,
    within: float,
    weights: str,
    travel: str,
    within_minutes: int,
    demand: DemandLayer,
    keep_existing: bool,
    must: tuple[str, ...],
    forbid: tuple[str, ...],
    places: bool,
    seats: bool,
    towns: bool,
    no_counties: bool,
    point: tuple[str, ...],
    budget: float | None,
    site_cost: float,
    cost_figure: str | None,
    capacity: float | None,
    existing_capacity: float | None,
    capacity_figure: str | None,
    requests_per_10000: float,
    curve: bool,
    variants: bool,
    time_limit: int,
    as_of: date | None,
) -> Output:
    """Return where the next stations would serve best."""
    asked = read_question(
        model.value,
        weights,
        p=p,
        within_km=within,
        within_minutes=float(within_minutes),
        travel=travel,
        demand=demand.value,
        keep_existing=keep_existing,
        must=must,
        forbid=forbid,
        counties=not no_counties,
        places=places,
        seats=seats,
        towns=towns,
        points=read_points(list(point)),
        budget=budget,
        site_cost=site_cost,
        cost_figure=cost_figure,
        capacity=capacity,
        existing_capacity=existing_capacity,
        capacity_figure=capacity_figure,
        requests_per_10000=requests_per_10000,
    )
    day = as_of or call.today
    with call.reading() as session:
        posed = pose(session, asked, as_of=day, samples=call.samples, time_limit=time_limit)
        found = answer(posed, posed.task.solve())
        tried = variants_of(session, posed, found, as_of=day, samples=call.samples) if variants and found.added else ()
    drawn = curve_task(posed, found) if curve and found.added else None
    studied = StudiedAnswer(
        posed,
        found,
        curve_of(posed, found, drawn, drawn.solve()) if drawn else None,
        tuple(solve_here(tried, found)) if variants else None,
    )
    return Output(STUDIED, studied)


@command(
    option(
        "--weights",
        default=Weighting.POPULATION.value,
        told_default=Weighting.POPULATION.value,
        metavar="WEIGHTS",
        help=WEIGHTS,
    ),
    DEMAND,
    option("--service", metavar="CODE", help=N_("Only stations that offer it.")),
    option("--centre-kind", type=OneOf(CentreKind), metavar="KIND", help=N_("Only centres of the kind.")),
    option(
        "--catchment",
        type=KILOMETRES,
        default=DEFAULT_CATCHMENT_KM,
        told_default=f"{DEFAULT_CATCHMENT_KM:g}",
        metavar="KM",
        help=N_("How far the catchment of a station goes."),
    ),
    option("--travel", default=STRAIGHT, told_default=STRAIGHT, metavar="MEASURE", help=TRAVEL),
    option(
        "--catchment-minutes",
        type=POSITIVE,
        default=int(DEFAULT_CATCHMENT_MINUTES),
        told_default=f"{DEFAULT_CATCHMENT_MINUTES:g}",
        metavar="MINUTES",
        help=N_("How long the way to a station in its catchment is, where the measure is minutes."),
    ),
    AS_OF,
)
def reach_command(
    call: Call,
    weights: str,
    demand: DemandLayer,
    service: str | None,
    centre_kind: CentreKind | None,
    catchment: float,
    travel: str,
    catchment_minutes: int,
    as_of: date | None,
) -> Output:
    """Return how far every county is from stations and centres."""
    with call.reading() as session:
        report = reach_on(
            session,
            as_of or call.today,
            samples=call.samples,
            layer=demand.value,
            weighting=weights,
            service=None if service is None else service_code(session, service),
            centre_kind=centre_kind,
            catchment_km=catchment,
            travel=travel,
            catchment_minutes=float(catchment_minutes),
        )
    return Output(REACH, report)


@command(
    argument(
        "tokens",
        nargs=-1,
        metavar="[TOKEN]...",
        help=N_("The part of a scenario's link after “s=”; several are put side by side."),
    ),
    option("--by", metavar="USERNAME", help=N_("Without a token: the account whose scenarios are listed.")),
    option("--demand", metavar="LAYER", help=N_("Where demand is counted for all; as in the first by default.")),
    option("--weights", metavar="CODE", help=N_("What counts for all; as in the first by default.")),
    option("--travel", metavar="CODE", help=MEASURED_BY),
    AS_OF,
)
def scenarios_command(
    call: Call,
    *,
    tokens: tuple[str, ...],
    by: str | None,
    demand: str | None,
    weights: str | None,
    travel: str | None,
    as_of: date | None,
) -> Output:
    """Return saved siting scenarios side by side on one ground, or those that an account has saved."""
    with call.reading() as session:
        if tokens:
            scenarios = get_scenarios(session, tokens, samples=call.samples)
            usual = usual_ground(session, scenarios[0], as_of or call.today)
            ground = replace(
                usual,
                demand=demand or usual.demand,
                weighting=weights or usual.weighting,
                travel=travel or usual.travel,
            )
            return Output(COMPARED_SCENARIOS, compare_scenarios(session, scenarios, ground, samples=call.samples))
        if by is None:
            raise InvalidInput(
                "token", N_("Give the tokens of up to {most} scenarios, or with --by an account"), most=MOST_COMPARED
            )
        actor = actor_named(session, by, samples=call.samples)
        return Output(OWN_SCENARIOS, list_scenarios(session, actor, samples=call.samples))


@command()
def measures_command(call: Call) -> Output:
    """Return how the way between two places can be measured here."""
    with call.reading() as session:
        return Output(MEASURES, told_measures(session, samples=call.samples))


@command()
def population_command(call: Call) -> Output:
    """Return the population raster on file beside the census, county by county."""
    with call.reading() as session:
        found = compared_with_census(session, samples=call.samples)
        if found is None:
            raise NotFound(N_("No population raster is on file; bring one with: import population FILE.tif"))
        return Output(POPULATION, found)


@command()
def figures_command(call: Call) -> Output:
    """Return the imported figures of the counties."""
    with call.reading() as session:
        return Output(FIGURE_LIST, list_figures(session, samples=call.samples))
