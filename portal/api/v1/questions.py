"""The questions of pages and commands that everybody may ask, each with its address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter

from portal.api.text_route import TextRoute
from portal.api.v1.question import Question, add_question
from stations.commands.coverage import (
    county_command,
    coverage_changes_command,
    coverage_command,
    coverage_curve_command,
    coverage_reach_command,
    coverage_risk_command,
)
from stations.commands.declaring import DeclaredCommand
from stations.commands.finding import address_command, locate_command, nearest_command, services_command
from stations.commands.planning import figures_command, measures_command, reach_command
from stations.commands.registers import (
    centre_reach_command,
    centres_command,
    chain_command,
    chain_counties_command,
    chains_command,
    completeness_command,
    institutions_command,
    pilots_command,
    record_scores_command,
    stations_command,
)
from stations.commands.targets import target_command, targets_command
from stations.language import N_
from stations.targets.new_approvals import MOST_A_YEAR

COVERAGE = N_("Coverage")
FINDING = N_("Finding a place or a station")
PLANNING = N_("Targets and planning")
REGISTERS = N_("Registers")

PAGE = 100
LONGEST_PAGE = 1000


def _register(path: str, command: DeclaredCommand, summary: str, code_of: Callable[[Any], str]) -> Question:
    """Return the question of a register, given page by page."""
    return Question(
        path,
        command,
        summary,
        REGISTERS,
        named={"words": "q"},
        most={"limit": LONGEST_PAGE},
        usual={"limit": PAGE},
        code_of=code_of,
    )


QUESTIONS = (
    Question("/coverage", coverage_command, N_("Which counties are covered"), COVERAGE),
    Question("/coverage/curve", coverage_curve_command, N_("Covered counties through time"), COVERAGE),
    Question(
        "/coverage/changes",
        coverage_changes_command,
        N_("Counties that gained or lost coverage"),
        COVERAGE,
        named={"start": "from", "end": "to"},
    ),
    Question("/coverage/risk", coverage_risk_command, N_("Counties about to fall uncovered"), COVERAGE),
    Question(
        "/coverage/near",
        coverage_reach_command,
        N_("Share of area and people near a station"),
        COVERAGE,
        costs_much=True,
    ),
    Question("/counties/{code}", county_command, N_("One county"), COVERAGE),
    Question("/locate", locate_command, N_("The county that a place is in"), FINDING),
    Question("/addresses", address_command, N_("The places that an address may mean"), FINDING, named={"text": "q"}),
    Question("/nearest", nearest_command, N_("The nearest active stations"), FINDING, most={"k": 100}, quick=True),
    Question("/services", services_command, N_("Services by words, or the catalogue"), FINDING, named={"query": "q"}),
    Question("/targets", targets_command, N_("The progress of every target"), PLANNING),
    Question("/targets/{code}", target_command, N_("One target"), PLANNING, most={"approvals": MOST_A_YEAR}),
    Question("/reach", reach_command, N_("How far every county is from stations"), PLANNING, costs_much=True),
    Question("/measures", measures_command, N_("How the way between places can be measured"), PLANNING),
    Question("/figures", figures_command, N_("Imported figures of the counties"), PLANNING),
    _register("/stations", stations_command, N_("The register of stations"), lambda one: one.station.code),
    _register("/centres", centres_command, N_("The register of centres"), lambda one: one.centre.code),
    _register(
        "/institutions",
        institutions_command,
        N_("Institutions that work for the stations"),
        lambda one: one.institution.code,
    ),
    _register("/pilots", pilots_command, N_("Standardization pilots"), lambda one: one.pilot.code),
    Question("/chains", chains_command, N_("Industrial chains and who serves each"), REGISTERS),
    Question("/chains/{code}", chain_command, N_("One industrial chain"), REGISTERS),
    Question("/chains/{code}/counties", chain_counties_command, N_("One chain, county by county"), REGISTERS),
    Question("/centres/reach", centre_reach_command, N_("What has a centre within reach"), REGISTERS, costs_much=True),
    Question("/completeness", completeness_command, N_("How complete each register is"), REGISTERS),
    Question("/completeness/cities", record_scores_command, N_("How complete the records of stations are"), REGISTERS),
)

router = APIRouter(route_class=TextRoute)
for question in QUESTIONS:
    add_question(router, question)
