"""The queue of proposals: those in the user's area and their own, newest first."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.address_choice import draw_choice
from portal.answer_table import draw_answer
from portal.components import Tone, link, notice, page_url, sample_tag, tag
from portal.language import _, current
from portal.paged_list import draw_turns, number_in_address
from portal.registry.record_words import area_name
from portal.storage import engine
from portal.visit import visit
from stations.answers.proposals import PROPOSAL_COLUMNS, PROPOSAL_PAGE_COLUMNS, placed, what_changes
from stations.database import reading
from stations.duty.roles import Actor
from stations.keeping.proposal import Proposal, ProposalState
from stations.keeping.proposing import count_proposals, list_proposals
from stations.language import label
from stations.registry.record_terms import Terms

PAGE = 30
STATE_TONES: dict[ProposalState, Tone] = {
    ProposalState.WAITING: "warn",
    ProposalState.RETURNED: "warn",
    ProposalState.ACCEPTED: "good",
    ProposalState.REFUSED: "bad",
    ProposalState.WITHDRAWN: "",
}


def draw_queue(actor: Actor) -> None:
    """Draw the proposals that the actor may see, in pages."""
    present = visit()
    with reading(engine()) as session:
        counts = count_proposals(session, actor, samples=present.samples)
        states = draw_choice(
            "state",
            _("States: none chosen shows all"),
            {state.value: f"{label(current(), state)} {counts[state]}" for state in ProposalState},
        )
        mine = bool(draw_choice("mine", _("Whose"), {"1": _("Only my own")}))
        found = list_proposals(
            session,
            actor,
            samples=present.samples,
            states=[ProposalState(state) for state in states] or None,
            mine=mine,
            after_id=number_in_address("before"),
            limit=PAGE + 1,
        )
        terms = Terms.load(session)
    if not found:
        notice(_("There are no proposals here."))
        return
    draw_answer(
        PROPOSAL_PAGE_COLUMNS,
        placed(found[:PAGE], terms),
        caption=_("Proposals, newest first"),
        drawn={
            "code": lambda one: Markup('<span class="nowrap">{}</span>').format(
                link(page_url("proposals", code=one.proposal.code), one.proposal.code)
            ),
            "state": lambda one: Markup("{} {}").format(
                tag(label(current(), one.proposal.state), STATE_TONES[one.proposal.state]),
                sample_tag() if one.proposal.sample else "",
            ),
            "sample": lambda _one: "",  # beside the state
            "county": lambda one: area_name(terms, one.proposal.county_adcode or one.proposal.city_adcode),
            "city": lambda _one: "",  # in the words of the county
            "changes": lambda one: changes_in_words(one.proposal),
            "proposed_by": lambda one: _(
                "{name}, {when}",
                name=one.proposal.proposer_name,
                when=current().format_datetime(one.proposal.created_at),
            ),
            "proposed_at": lambda _one: "",  # beside the name
        },
        beneath={"sample": "state", "city": "county", "proposed_at": "proposed_by"},
        saved=PROPOSAL_COLUMNS,
        stacks=True,
    )
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    last = found[PAGE - 1].id if len(found) > PAGE else None
    draw_turns("proposals", query, last, _("Older proposals"), parameter="before")


def changes_in_words(proposal: Proposal) -> str:
    """Return the names of the fields that a proposal changes, or that it adds a station."""
    return " · ".join(what_changes(proposal, current()))
