"""Keeping the registry: proposals to change it, and records that may describe the same place."""

from __future__ import annotations

from stations.accounts.accounts import actor_named
from stations.answers.doubles import DOUBLE_LIST, pairs_of
from stations.answers.proposals import PROPOSAL_LIST, placed
from stations.commands.call import Call, Output
from stations.commands.declaring import BY, argument, command, option
from stations.commands.parameter_types import POSITIVE, OneOf
from stations.keeping.doubles import find_doubles, lookalikes, open_doubles
from stations.keeping.listing import records_named
from stations.keeping.proposal import ProposalState
from stations.keeping.proposing import list_proposals
from stations.language import N_
from stations.registry.record_kind import RecordKind
from stations.registry.record_terms import Terms

LIMIT = option("--limit", type=POSITIVE, default=50, told_default="50", metavar="N", help=N_("How many."))


@command(
    BY,
    option(
        "--state", type=OneOf(ProposalState), multiple=True, metavar="STATE", help=N_("Only proposals in this state.")
    ),
    option("--mine", is_flag=True, help=N_("Only the person's own proposals.")),
    LIMIT,
)
def proposals_command(call: Call, by: str, state: tuple[ProposalState, ...], mine: bool, limit: int) -> Output:
    """Return the proposals that a person may see, newest first."""
    with call.reading() as session:
        actor = actor_named(session, by, samples=call.samples)
        found = list_proposals(session, actor, samples=call.samples, states=state or None, mine=mine, limit=limit)
        return Output(PROPOSAL_LIST, placed(found, Terms.load(session)))


@command(
    argument("kind", type=OneOf(RecordKind), help=N_("Which records.")),
    BY,
    LIMIT,
)
def doubles_command(call: Call, kind: RecordKind, by: str, limit: int) -> Output:
    """Return the pairs of records of a person's area that may be one, the likeliest first."""
    with call.reading() as session:
        actor = actor_named(session, by, samples=call.samples)
        every = find_doubles(lookalikes(session, kind, samples=call.samples))
        found = open_doubles(session, actor, kind, every, samples=call.samples)[:limit]
        codes = {code for double in found for code in (double.code, double.other)}
        return Output(DOUBLE_LIST, pairs_of(found, records_named(session, kind, codes)))
