"""The registers of stations, centres, institutions and chains."""

from __future__ import annotations

from datetime import date

from stations.accounts.accounts import actor_named
from stations.answers.centre_reach import CENTRE_REACH, centre_reach_report
from stations.answers.chain import CHAIN, chain_report
from stations.answers.chains import CHAIN_COVERAGE
from stations.answers.completeness import CITY_SCORE_LIST, COMPLETENESS
from stations.answers.confirmations import CONFIRMED, TO_CONFIRM_LIST
from stations.answers.registers import (
    CENTRE_REGISTER,
    INSTITUTION_REGISTER,
    STATION_REGISTER,
    centres_on,
    institutions_on,
    stations_on,
)
from stations.catalogue.chain import chain_called
from stations.chains.chain_coverage import chain_coverage
from stations.commands.call import Call, Output
from stations.commands.declaring import AS_OF, BY, argument, command, option
from stations.commands.parameter_types import KILOMETRES, POSITIVE, OneOf
from stations.completeness import completeness, scores_by_city
from stations.keeping.confirming import confirm_station, stations_to_confirm
from stations.language import N_
from stations.planning.centre_reach import DEFAULT_KM
from stations.registry.centre import Stage


@command(AS_OF)
def stations_command(call: Call, as_of: date | None) -> Output:
    """Return the register of stations."""
    with call.reading() as session:
        return Output(STATION_REGISTER, stations_on(session, as_of or call.today, samples=call.samples))


@command(AS_OF)
def centres_command(call: Call, as_of: date | None) -> Output:
    """Return the register of centres."""
    with call.reading() as session:
        return Output(CENTRE_REGISTER, centres_on(session, as_of or call.today, samples=call.samples))


@command(AS_OF)
def institutions_command(call: Call, as_of: date | None) -> Output:
    """Return the institutions that work for the stations."""
    with call.reading() as session:
        return Output(INSTITUTION_REGISTER, institutions_on(session, as_of or call.today, samples=call.samples))


@command(AS_OF)
def chains_command(call: Call, as_of: date | None) -> Output:
    """Return the industrial chains and who serves each."""
    with call.reading() as session:
        return Output(CHAIN_COVERAGE, chain_coverage(session, as_of or call.today, samples=call.samples))


@command(argument("code", help=N_("The chain's code, as “chains” lists it, or its name.")), AS_OF)
def chain_command(call: Call, code: str, as_of: date | None) -> Output:
    """Return one industrial chain: who serves it, where nobody does, and the history of its entry."""
    with call.reading() as session:
        chain = chain_called(session, code)
        return Output(CHAIN, chain_report(session, chain.code, as_of or call.today, samples=call.samples))


@command(
    option(
        "--within",
        type=KILOMETRES,
        default=float(DEFAULT_KM),
        told_default=f"{DEFAULT_KM}",
        metavar="KM",
        help=N_("How far counts as reached."),
    ),
    option(
        "--stage",
        "stages",
        type=OneOf(Stage),
        multiple=True,
        metavar="STAGE",
        help=N_("Centres whose last known stage counts; accepted by default."),
    ),
    AS_OF,
)
def centre_reach_command(call: Call, within: float, stages: tuple[Stage, ...], as_of: date | None) -> Output:
    """Return which counties and chains have a centre within reach."""
    with call.reading() as session:
        report = centre_reach_report(
            session, as_of or call.today, within_km=within, stages=stages, samples=call.samples
        )
    return Output(CENTRE_REACH, report)


@command(AS_OF)
def completeness_command(call: Call, as_of: date | None) -> Output:
    """Return how complete each register is, and what others publish of such records."""
    with call.reading() as session:
        return Output(COMPLETENESS, completeness(session, as_of or call.today, samples=call.samples))


@command(AS_OF)
def record_scores_command(call: Call, as_of: date | None) -> Output:
    """Return how complete the records of each city's stations are."""
    with call.reading() as session:
        return Output(CITY_SCORE_LIST, scores_by_city(session, as_of or call.today, samples=call.samples))


@command(BY)
def to_confirm_command(call: Call, by: str) -> Output:
    """Return the stations whose records somebody's duty has to confirm."""
    with call.reading() as session:
        actor = actor_named(session, by, samples=call.samples)
        due = stations_to_confirm(session, actor, call.today, samples=call.samples)
    return Output(TO_CONFIRM_LIST, due)


@command(
    argument("code", help=N_("The station's code.")),
    BY,
    option("--version", "seen", type=POSITIVE, metavar="N", required=True, help=N_("The version that was looked at.")),
)
def confirm_command(call: Call, code: str, by: str, seen: int) -> Output:
    """Confirm that the record of a station is right."""
    with call.transaction() as session:
        actor = actor_named(session, by, samples=call.samples)
        confirm_station(session, actor, code, version=seen, now=call.now)
    return Output(CONFIRMED, code)
