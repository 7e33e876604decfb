"""The registers of stations, centres, institutions and chains."""

from __future__ import annotations

from datetime import date

from stations.answers.chains import CHAIN_COVERAGE
from stations.answers.completeness import COMPLETENESS
from stations.answers.registers import (
    CENTRE_REGISTER,
    INSTITUTION_REGISTER,
    STATION_REGISTER,
    centres_on,
    institutions_on,
    stations_on,
)
from stations.chains.chain_coverage import chain_coverage
from stations.commands.call import Call, Output
from stations.commands.declaring import AS_OF, command
from stations.completeness import completeness


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


@command(AS_OF)
def completeness_command(call: Call, as_of: date | None) -> Output:
    """Return how complete each register is, and what others publish of such records."""
    with call.reading() as session:
        return Output(COMPLETENESS, completeness(session, as_of or call.today, samples=call.samples))
