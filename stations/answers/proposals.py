"""Proposals to change the registry: what each would change, where, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stations.answers.columns import Column, Columns
from stations.answers.presentation import listing
from stations.keeping.proposal import Proposal
from stations.keeping.proposing import changed_fields
from stations.language import N_, Bilingual, Language
from stations.places.counties import City, County
from stations.registry.record_state import FIELD_NAMES
from stations.registry.record_terms import Terms


@dataclass(frozen=True)
class PlacedProposal:
    """A proposal with the city and, if known, the county of its station."""

    proposal: Proposal
    city: City
    county: County | None

    @property
    def fields(self) -> list[str]:
        """The fields that it would change; none if it adds a station."""
        return [] if self.proposal.base_version is None else changed_fields(self.proposal)


def placed(proposals: Sequence[Proposal], terms: Terms) -> list[PlacedProposal]:
    """Return the proposals with their places, in the order given."""
    return [
        PlacedProposal(one, terms.cities[one.city_adcode], terms.counties.get(one.county_adcode or ""))
        for one in proposals
    ]


def what_changes(proposal: Proposal, language: Language) -> list[str]:
    """Return the names of the fields that a proposal would change, or that it adds a station."""
    if proposal.base_version is None:
        return [language.translate(N_("A station to be added"))]
    return [language.translate(FIELD_NAMES[field]) for field in changed_fields(proposal)]


PROPOSALS: Columns[PlacedProposal] = Columns(
    Column("code", lambda one: one.proposal.code, N_("Proposal")),
    Column("state", lambda one: one.proposal.state, N_("State")),
    Column("sample", lambda one: one.proposal.sample, N_("Sample")),
    Column("station_code", lambda one: one.proposal.station_code, N_("Station code")),
    Column("station", lambda one: (one.proposal.base or one.proposal.wanted).name, N_("Station")),
    Column(
        "county",
        lambda one: one.county and Bilingual(one.county.name, one.county.name_en),
        N_("County, city or district"),
    ),
    Column("city", lambda one: Bilingual(one.city.name, one.city.name_en), N_("City")),
    Column("adds", lambda one: one.proposal.base_version is None),
    Column("fields", lambda one: one.fields),
    Column(
        "changes",
        lambda one: one.proposal,
        N_("What changes"),
        show=lambda proposal, language: language.semicolon.join(what_changes(proposal, language)),
        in_data=False,
    ),
    Column("proposed_by", lambda one: one.proposal.proposer_name, N_("Proposed by")),
    Column("proposed_at", lambda one: one.proposal.created_at, N_("When")),
)

PROPOSAL_PAGE_COLUMNS = PROPOSALS.take(
    "code", "state", "sample", "station", "county", "city", "changes", "proposed_by", "proposed_at"
)
"""The table of proposals on the page, newest first."""

PROPOSAL_KEYS = (
    "code",
    "state",
    "station_code",
    "station",
    "county",
    "city",
    "changes",
    "proposed_by",
    "proposed_at",
    "sample",
)
PROPOSAL_COLUMNS = PROPOSALS.take(*PROPOSAL_KEYS)
"""The same table for a file."""

PROPOSAL_LIST = listing(PROPOSALS, *PROPOSAL_KEYS, samples=lambda one: one.proposal.sample)
"""The proposals that a person may see, newest first."""
