"""The queue of proposals: those in the user's area and their own, newest first."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.address_choice import draw_choice
from portal.components import Tone, link, notice, page_url, sample_tag, table, tag
from portal.keeping.record_words import area_name, field_name
from portal.language import _, current
from portal.paged_list import draw_turns, number_in_address
from portal.storage import engine
from portal.visit import visit
from stations.database import reading
from stations.duty.roles import Actor
from stations.keeping.proposal import Proposal, ProposalState
from stations.keeping.proposing import changed_fields, count_proposals, list_proposals
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
    table(
        [_("Proposal"), _("State"), _("Station"), _("County, city or district"), _("What changes"), _("Proposed by")],
        [_row(proposal, terms) for proposal in found[:PAGE]],
        caption=_("Proposals, newest first"),
        stacks=True,
    )
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    last = found[PAGE - 1].id if len(found) > PAGE else None
    draw_turns("proposals", query, last, _("Older proposals"), parameter="before")


def what_changes(proposal: Proposal) -> str:
    """Return the names of the fields that a proposal changes, or that it adds a station."""
    if proposal.base_version is None:
        return _("A station to be added")
    return " · ".join(field_name(field) for field in changed_fields(proposal))


def _row(proposal: Proposal, terms: Terms) -> list[str | Markup]:
    return [
        Markup('<span class="nowrap">{}</span>').format(link(page_url("proposals", code=proposal.code), proposal.code)),
        Markup("{} {}").format(
            tag(label(current(), proposal.state), STATE_TONES[proposal.state]),
            sample_tag() if proposal.sample else "",
        ),
        (proposal.base or proposal.wanted).name,
        area_name(terms, proposal.county_adcode or proposal.city_adcode),
        what_changes(proposal),
        _("{name}, {when}", name=proposal.proposer_name, when=current().format_datetime(proposal.created_at)),
    ]
