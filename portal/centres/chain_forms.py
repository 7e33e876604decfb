"""The forms that edit the list of chains and record who serves each."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from portal.form_action import do_or_tell, finish, seen_version
from portal.form_problems import FormProblems
from portal.language import _, current
from portal.required_fields import mark_required
from portal.visit import Visit
from stations.catalogue.chain import ChainTier, IndustrialChain
from stations.chains.chain_keeping import (
    ChainDraft,
    Server,
    add_chain,
    change_chain,
    link_chain,
    restore_chain,
    retire_chain,
    unlink_chain,
)
from stations.duty.roles import Action, whole_province
from stations.language import label


def may_keep_chains(present: Visit) -> bool:
    """Whether the visitor may edit the province's list of chains."""
    return present.actor is not None and present.actor.may(Action.EDIT_CHAINS, whole_province())


def may_link_chains(present: Visit) -> bool:
    """Whether the visitor may record, for some centre or station, which chains it serves."""
    return present.actor is not None and present.actor.may_somewhere(Action.LINK_CHAINS)


def draw_add_form(present: Visit) -> None:
    """Draw the form that adds a chain to the list."""
    problems = _problems()
    with st.form("add_chain", border=True):
        draft = _fields("new_chain", None, problems)
        if not st.form_submit_button(_("Put it on the list"), type="primary"):
            return

    def keep(session: Session) -> None:
        add_chain(session, present.actor, draft, now=present.now)

    if do_or_tell(keep, problems):
        for field in ("name_zh", "name_en", "source"):
            del st.session_state[f"new_chain_{field}"]
        finish(_("The chain is on the list."))


def draw_change_form(chain: IndustrialChain, present: Visit) -> None:
    """Draw the form that renames a chain or moves it to another list."""
    problems = _problems()
    version = seen_version(f"chain_{chain.code}", chain.version)
    with st.form("change_chain", border=True):
        draft = _fields(f"chain_{chain.code}", chain, problems)
        reason = st.text_input(_("Reason"), key="chain_reason")
        problems.place("reason")
        if not st.form_submit_button(_("Save the change"), type="primary"):
            return

    def keep(session: Session) -> None:
        change_chain(session, present.actor, chain.code, draft, reason=reason, version=version, now=present.now)

    if do_or_tell(keep, problems, f"chain_{chain.code}"):
        _forget(chain)
        finish(_("The change is kept."))


def draw_retire_form(chain: IndustrialChain, present: Visit) -> None:
    """Draw the form that removes a chain from the list, or restores it."""
    listed = chain.listed_on(present.today)
    problems = _problems()
    version = seen_version(f"chain_{chain.code}", chain.version)
    with st.form("retire_chain", border=True):
        reason = st.text_input(_("Reason"), key="chain_retire_reason")
        problems.place("reason")
        if not st.form_submit_button(_("Take it off the list") if listed else _("Put it back on the list")):
            return

    def keep(session: Session) -> None:
        act = retire_chain if listed else restore_chain
        act(session, present.actor, chain.code, reason=reason, version=version, now=present.now)

    if do_or_tell(keep, problems, f"chain_{chain.code}"):
        _forget(chain)
        finish(_("The chain is off the list.") if listed else _("The chain is on the list."))


def draw_link_form(chain: IndustrialChain, present: Visit) -> None:
    """Draw the form that records which centres and stations serve the chain."""
    problems = FormProblems({})
    with st.form("link_chain", border=True):
        left, right = st.columns(2)
        with left:
            server = st.radio(
                _("What serves it"), [*Server], format_func=lambda one: label(current(), one), horizontal=True
            )
        with right:
            code = st.text_input(_("Its code"), key="chain_server_code", placeholder="C-001")
        with st.container(horizontal=True):
            add = st.form_submit_button(_("It serves this chain"), type="primary")
            remove = st.form_submit_button(_("It no longer serves it"))
    if not add and not remove:
        return

    def keep(session: Session) -> None:
        act = link_chain if add else unlink_chain
        act(session, present.actor, chain.code, server, code.strip(), now=present.now)

    if do_or_tell(keep, problems):
        del st.session_state["chain_server_code"]
        finish(_("That is kept."))


def _problems() -> FormProblems:
    return FormProblems(
        {
            "name_zh": _("Name in Chinese"),
            "name_en": _("Name in English (may stay empty)"),
            "tier": _("List"),
            "source": _("Source"),
            "reason": _("Reason"),
        }
    )


def _fields(key: str, chain: IndustrialChain | None, problems: FormProblems) -> ChainDraft:
    mark_required(f"{key}_name_zh", f"{key}_source")
    name_zh = st.text_input(_("Name in Chinese"), chain.name_zh if chain else "", key=f"{key}_name_zh")
    problems.place("name_zh")
    name_en = st.text_input(
        _("Name in English (may stay empty)"), chain.name_en if chain else "", key=f"{key}_name_en"
    )
    problems.place("name_en")
    tiers = [None, *ChainTier]
    tier = st.radio(
        _("List"),
        tiers,
        index=tiers.index(chain.tier if chain else None),
        format_func=lambda one: label(current(), one) if one else _("list not known"),
        horizontal=True,
        key=f"{key}_tier",
    )
    problems.place("tier")
    source = st.text_area(_("Source"), chain.source if chain else "", key=f"{key}_source")
    problems.place("source")
    return ChainDraft(name_zh, name_en, tier, source)


def _forget(chain: IndustrialChain) -> None:
    """Delete the input, so that the fields show the chain as it is now."""
    for key in [key for key in st.session_state if str(key).startswith(f"chain_{chain.code}_")]:
        del st.session_state[key]
    for key in ("chain_reason", "chain_retire_reason"):
        st.session_state.pop(key, None)
