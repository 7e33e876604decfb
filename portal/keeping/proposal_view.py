"""One proposal: before and after, the map, its steps, and the decision."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import facts, link, notice, page_url, sample_tag, tag
from portal.keeping.proposal_queue import STATE_TONES, changes_in_words
from portal.keeping.record_comparison import draw_changes, draw_clashes, draw_places, draw_three_ways
from portal.keeping.registry_frame import do, go
from portal.language import _, current
from portal.page_end import end_page
from portal.registry.record_words import area_name
from portal.required_fields import mark_required
from portal.storage import engine
from portal.visit import visit
from stations.database import reading, transaction
from stations.duty.roles import Actor
from stations.errors import DomainError
from stations.keeping.proposal import Proposal
from stations.keeping.proposal_review import Review, accept, comment, refuse, review, send_back
from stations.keeping.proposing import OPEN, changed_fields, mark_answer_seen, withdraw
from stations.language import label
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import differences
from stations.registry.record_terms import Terms


def draw_proposal(actor: Actor, code: str) -> None:
    """Draw the proposal and the actor's possible actions."""
    with reading(engine()) as session:
        try:
            seen = review(session, actor, code, samples=visit().samples)
        except DomainError as error:
            told = _(error.message, **error.params)
            notice(Markup("{} {}").format(told, link(page_url("proposals"), _("All proposals"))), "warn")
            end_page()
        terms = Terms.load(session)
    proposal = seen.proposal
    if proposal.proposer == actor.username and not proposal.told:
        with transaction(engine()) as session:
            mark_answer_seen(session, actor, proposal.code)
    st.html(Markup("<p>{}</p>").format(link(page_url("proposals"), _("All proposals"))))
    left, right = st.columns([3, 2], gap="large")
    with left:
        _draw_head(terms, proposal)
    with right:
        base = proposal.base if proposal.base and proposal.base.place else None
        draw_places(base, proposal.wanted, _("The place before and after"), f"proposal_map_{proposal.code}")
    if seen.moved_on:
        notice(
            _("The station was changed after this was proposed. Both are shown; what fits together is kept."), "warn"
        )
    if seen.moved_on:
        draw_three_ways(terms, seen.merge, _("As proposed"))
    else:
        draw_changes(terms, differences(proposal.base, proposal.wanted), _("Before and after"))
    _draw_decision(actor, seen, terms)
    _draw_own(actor, proposal)
    st.subheader(_("Steps"))
    _draw_steps(proposal)
    if seen.may_comment:
        _draw_comment(actor, proposal)


def _draw_head(terms: Terms, proposal: Proposal) -> None:
    name = (proposal.base or proposal.wanted).name
    st.html(
        Markup('<h2 class="record-title">{} {} {}</h2>').format(
            name,
            tag(label(current(), proposal.state), STATE_TONES[proposal.state]),
            sample_tag() if proposal.sample else "",
        )
    )
    station = proposal.station_code
    facts(
        [
            (_("Proposal"), proposal.code),
            (_("What changes"), changes_in_words(proposal)),
            (_("Station"), link(page_url("record", kind="station", code=station), station) if station else ""),
            (_("County, city or district"), area_name(terms, proposal.county_adcode or proposal.city_adcode)),
            (
                _("Proposed by"),
                _("{name}, {when}", name=proposal.proposer_name, when=current().format_datetime(proposal.created_at)),
            ),
            (_("Reason"), proposal.reason),
        ]
    )


def _draw_decision(actor: Actor, seen: Review, terms: Terms) -> None:
    proposal, now = seen.proposal, visit().now
    if not seen.may_decide:
        if seen.may_comment and proposal.proposer != actor.username and proposal.state in OPEN:
            notice(_("The province decides on this; your comment goes with it."))
        return
    st.subheader(_("Decision"))
    station_version = seen.station.version if seen.station else None
    # A decision applies to what was on the screen: the keys change with either version, so that no stale click counts.
    key = f"proposal_{proposal.code}_{proposal.version}_{station_version}"
    choices = draw_clashes(terms, seen.merge, _("as proposed"), key)
    with st.container(horizontal=True):
        if st.button(
            _("Accept the proposal"),
            type="primary",
            key=f"{key}_accept",
            disabled=len(choices) < len(seen.merge.clashes),
        ):
            _act(
                lambda session: accept(
                    session,
                    actor,
                    proposal.code,
                    version=proposal.version,
                    station_version=station_version,
                    choices=choices,
                    now=now,
                ),
                _("The proposal was accepted and the registry changed."),
                proposal.code,
            )
        for name, act, done in (
            (_("Return with a question"), send_back, _("The proposal went back to its proposer.")),
            (_("Refuse the proposal"), refuse, _("The proposal was refused.")),
        ):
            with st.popover(name), st.form(f"{key}_{act.__name__}", border=False):
                field = f"{key}_{act.__name__}_reason"
                mark_required(field, told=False)
                reason = st.text_area(_("Reason"), key=field)
                if st.form_submit_button(name, type="primary"):
                    _act(
                        partial(act, actor=actor, code=proposal.code, version=proposal.version, reason=reason, now=now),
                        done,
                        proposal.code,
                    )


def _draw_own(actor: Actor, proposal: Proposal) -> None:
    if proposal.proposer != actor.username or proposal.state not in OPEN:
        return
    query = {"kind": RecordKind.STATION.value, "proposal": proposal.code}
    if proposal.station_code:
        # Changes to the status alone are entered in its own form.
        act = "status" if changed_fields(proposal) == ["history"] else "edit"
        query |= {"code": proposal.station_code, "do": act}
    again = Markup('<a class="button quiet" href="{}" target="_self">{}</a>').format(
        page_url("record", **query), _("Change and submit again")
    )
    st.html(Markup("<p>{}</p>").format(again))
    if st.button(_("Take the proposal back"), key=f"withdraw_{proposal.code}"):
        _act(
            lambda session: withdraw(session, actor, proposal.code, version=proposal.version, now=visit().now),
            _("The proposal was taken back."),
            proposal.code,
        )


def _draw_steps(proposal: Proposal) -> None:
    rows = [
        Markup("<li><time>{}</time><div><strong>{}</strong> <span>{}</span>{}</div></li>").format(
            current().format_datetime(step.at),
            label(current(), step.step),
            step.actor_name,
            Markup("<p>{}</p>").format(step.text) if step.text else "",
        )
        for step in proposal.steps
    ]
    st.html(Markup('<ol class="timeline">{}</ol>').format(Markup("").join(rows)))


def _draw_comment(actor: Actor, proposal: Proposal) -> None:
    with st.form(f"comment_{proposal.code}", border=False, clear_on_submit=False):
        text = st.text_area(_("Comment on the proposal"), key=f"comment_text_{proposal.code}")
        if st.form_submit_button(_("Add the comment")):
            _act(
                lambda session: comment(session, actor, proposal.code, text, now=visit().now),
                _("The comment was added."),
                proposal.code,
            )


def _act(act: Callable[[Session], object], done: str, code: str) -> None:
    if do(act, done) is not None:
        st.session_state.pop(f"comment_text_{code}", None)
        go(code=code)
