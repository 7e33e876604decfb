"""Removing what was imported for planning: places one by one, tables of distances, the population raster, the roads."""

from __future__ import annotations

from stations.answers.removals import REMOVAL
from stations.commands.acting import acting
from stations.commands.call import Call, Output
from stations.commands.declaring import argument, command, option
from stations.commands.parameter_types import OneOf
from stations.errors import InvalidInput
from stations.language import N_
from stations.planning.candidate_place import remove_place
from stations.planning.demand_point import remove_demand_point
from stations.planning.distance_table import remove_table
from stations.planning.population_layer import remove_population
from stations.planning.road_import import remove_roads

BY = option("--by", default="", metavar="USERNAME", help=N_("The account that acts; none by default."))
POPULATION, DISTANCES, ROADS = "population", "distances", "roads"


@command(
    argument("code", metavar="CODE", help=N_("The code of the place, such as PLACE-0001 or DEMAND-00001.")),
    BY,
)
def remove_place_command(call: Call, code: str, by: str) -> Output:
    """Take one imported place off its list."""
    remove = remove_demand_point if "DEMAND" in code else remove_place
    with call.transaction() as session:
        remove(session, acting(session, call, by), code, now=call.now)
    return Output(REMOVAL, code)


@command(
    argument("what", type=OneOf((POPULATION, DISTANCES, ROADS)), metavar="WHAT", help=N_("What is removed.")),
    argument("code", required=False, metavar="[CODE]", help=N_("The code of the table of distances.")),
    BY,
)
def remove_data_command(call: Call, what: str, code: str | None, by: str) -> Output:
    """Remove a table of distances, the population raster or the road network."""
    if (code is None) == (what == DISTANCES):
        raise InvalidInput(
            "code",
            N_("Say which table of distances: remove-data distances CODE")
            if what == DISTANCES
            else N_("There is one {what} only; leave out the code"),
            what=what,
        )
    with call.transaction() as session:
        actor = acting(session, call, by)
        if what == POPULATION:
            remove_population(session, actor, now=call.now)
        elif what == ROADS:
            remove_roads(session, actor, now=call.now)
        else:
            remove_table(session, actor, code or "", now=call.now)
    return Output(REMOVAL, code or what)
