"""The registers of stations, centres, institutions and chains."""

from __future__ import annotations

from datetime import date
from typing import Any

from stations.accounts.accounts import actor_named
from stations.answers.centre_reach import CENTRE_REACH, centre_reach_report
from stations.answers.chain import CHAIN, CHAIN_BY_COUNTY, chain_report
from stations.answers.chains import CHAIN_COVERAGE
from stations.answers.completeness import CITY_SCORE_LIST, COMPLETENESS
from stations.answers.confirmations import CONFIRMED, TO_CONFIRM_LIST
from stations.answers.pilots import PILOT_REGISTER, pilots_on
from stations.answers.registers import (
    CENTRE_REGISTER,
    INSTITUTION_REGISTER,
    STATION_REGISTER,
    centres_on,
    institutions_on,
    stations_on,
)
from stations.catalogue.chain import chain_called
from stations.catalogue.words import service_codes
from stations.chains.chain_coverage import chain_coverage
from stations.commands.call import Call, Output
from stations.commands.declaring import AS_OF, BY, argument, command, option
from stations.commands.parameter_types import KILOMETRES, POSITIVE, OneOf
from stations.completeness import completeness, scores_by_city
from stations.keeping.confirming import confirm_station, stations_to_confirm
from stations.language import N_
from stations.planning.centre_reach import DEFAULT_KM
from stations.registry.centre import CentreKind, CentreLevel, Stage
from stations.registry.page_reading import read_page
from stations.registry.station import Status
from stations.targets.pilot import PilotKind

CITY = option("--city", default="", metavar="CITY", help=N_("Only records of the city."))
COUNTY = option("--county", default="", metavar="COUNTY", help=N_("Only records of the county."))
WORDS = option("--words", default="", metavar="TEXT", help=N_("Only records whose name or code has this in it."))
AFTER = option("--after", default="", metavar="CODE", help=N_("Only records that follow the one with this code."))
LIMIT = option("--limit", type=POSITIVE, metavar="N", help=N_("How many; all where it is left out."))
PAGE = (CITY, COUNTY, WORDS, AFTER, LIMIT)


@command(
    option(
        "--status", "statuses", type=OneOf(Status), multiple=True, metavar="STATUS", help=N_("Only in this status.")
    ),
    option(
        "--service",
        "services",
        multiple=True,
        metavar="CODE",
        help=N_("A service that they offer, by its code or name in the catalogue."),
    ),
    *PAGE,
    AS_OF,
)
def stations_command(
    call: Call, *, statuses: tuple[Status, ...], services: tuple[str, ...], as_of: date | None, **page: Any
) -> Output:
    """Return the register of stations."""
    with call.reading() as session:
        found = stations_on(
            session,
            as_of or call.today,
            samples=call.samples,
            statuses=statuses or None,
            services=service_codes(session, services),
            page=read_page(session, **page),
        )
        return Output(STATION_REGISTER, found)


@command(
    option("--level", type=OneOf(CentreLevel), metavar="LEVEL", help=N_("Only centres of the level.")),
    option("--kind", type=OneOf(CentreKind), metavar="KIND", help=N_("Only centres of the kind.")),
    *PAGE,
    AS_OF,
)
def centres_command(
    call: Call, *, level: CentreLevel | None, kind: CentreKind | None, as_of: date | None, **page: Any
) -> Output:
    """Return the register of centres."""
    with call.reading() as session:
        asked, day = read_page(session, **page), as_of or call.today
        found = centres_on(session, day, samples=call.samples, level=level, kind=kind, page=asked)
        return Output(CENTRE_REGISTER, found)


@command(CITY, WORDS, AFTER, LIMIT, AS_OF)
def institutions_command(call: Call, *, as_of: date | None, **page: Any) -> Output:
    """Return the institutions that work for the stations."""
    with call.reading() as session:
        asked = read_page(session, **page)
        found = institutions_on(session, as_of or call.today, samples=call.samples, page=asked)
        return Output(INSTITUTION_REGISTER, found)


@command(
    option("--kind", type=OneOf(PilotKind), metavar="KIND", help=N_("Only pilots of the kind.")),
    *PAGE,
    AS_OF,
)
def pilots_command(call: Call, *, kind: PilotKind | None, as_of: date | None, **page: Any) -> Output:
    """Return the register of standardization pilots."""
    with call.reading() as session:
        asked = read_page(session, **page)
        found = pilots_on(session, as_of or call.today, samples=call.samples, kind=kind, page=asked)
        return Output(PILOT_REGISTER, found)


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


@command(argument("code", help=N_("The chain's code, as “chains” lists it, or its name.")), AS_OF)
def chain_counties_command(call: Call, code: str, as_of: date | None) -> Output:
    """Return who serves one industrial chain in each county, as far as the records say."""
    with call.reading() as session:
        chain = chain_called(session, code)
        return Output(CHAIN_BY_COUNTY, chain_report(session, chain.code, as_of or call.today, samples=call.samples))


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
