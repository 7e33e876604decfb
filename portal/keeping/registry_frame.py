"""Shared parts of the registry's pages: access, navigation between them, and saving with error messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import link, notice, page_url
from portal.done_notice import tell_done
from portal.duty.duties import duty_in_words
from portal.duty.duty_page import end_signed_out
from portal.form_problems import FormProblems, list_problems
from portal.language import _, ngettext
from portal.storage import engine
from portal.visit import own_address, visit
from stations.database import reading, transaction
from stations.duty.roles import Action, Actor
from stations.errors import DomainError
from stations.keeping.proposal import ProposalState
from stations.keeping.proposing import count_proposals, count_untold
from stations.keeping.record_merge import ChangedMeanwhile
from stations.lists.registers import REGISTERS
from stations.registry.record_kind import RecordKind

Done = TypeVar("Done")


def open_registry(title: str, page: str) -> Actor:
    """Draw the head of a registry page and return the signed-in user; for others end the page."""
    present = visit()
    st.title(title)
    if present.actor is None:
        end_signed_out(_("For those who keep the registry."), own_address())
    actor = present.actor
    with reading(engine()) as session:
        areas = [duty_in_words(session, duty) for duty in actor.duties]
        waiting = count_proposals(session, actor, samples=present.samples)[ProposalState.WAITING]
        untold = count_untold(session, actor)
    ways = [
        ("registry", _("Records")),
        ("proposals", _("Proposals ({count} waiting)", count=waiting) if waiting else _("Proposals")),
        ("doubles", _("Possible doubles")),
    ]
    ways.append(("institutions", _("Institutions")))
    if actor.may_somewhere(Action.IMPORT_STATIONS):
        ways.append(("import_stations", _("Import")))
    if any(actor.may_somewhere(register.action) for register in REGISTERS.values()):
        ways.append(("import_list", _("Import other lists")))
    drawn = Markup("").join(
        Markup('<a href="{}" target="_self"{}>{}</a>').format(
            page_url(name), Markup(' aria-current="page"') if name == page else "", text
        )
        for name, text in ways
    )
    who = Markup("{} · {}").format(actor.name, Markup(", ").join(areas))
    st.html(Markup('<nav class="tabs" aria-label="{}">{}<span>{}</span></nav>').format(_("Registry"), drawn, who))
    if untold:
        told = ngettext("{count} proposal of yours was answered.", "{count} proposals of yours were answered.", untold)
        notice(Markup("{} {}").format(told, link(page_url("proposals", mine="1"), _("Look"))), "warn")
    return actor


def kind_switch(page: str, kind: RecordKind) -> Markup:
    """Return a switch between the kinds of records: the current one, and links to the others on the same page."""
    names = {RecordKind.STATION: _("Stations"), RecordKind.CENTRE: _("Centres")}
    switch = Markup(" ").join(
        Markup("<strong>{}</strong>").format(names[one])
        if one is kind
        else link(page_url(page, kind=one.value), names[one])
        for one in RecordKind
    )
    return Markup('<span class="switch">{}</span>').format(switch)


def do(
    act: Callable[[Session], Done], done: str, problems: FormProblems | None = None, *, conflict: str = ""
) -> Done | None:
    """Perform ``act`` in one transaction; return its result, or None on failure.

    Problems are shown beside the fields of ``problems``, or at the top of the page. If somebody else changed the record
    meanwhile, the error is stored under the session key ``conflict`` and the page reruns to resolve it.
    """
    try:
        with transaction(engine()) as session:
            outcome = act(session)
    except ChangedMeanwhile as error:
        if conflict:
            st.session_state[conflict] = error
            st.rerun()
        notice(_(error.message, **error.params), "bad")
        return None
    except DomainError as error:
        if problems is not None:
            problems.show(error)
            return None
        told = [text for _problem, text in list_problems(error)] or [_(error.message, **error.params)]
        for text in told:
            notice(text, "bad")
        return None
    tell_done(done)
    return outcome


def forget(key: str) -> None:
    """Delete the input of all fields whose keys begin with ``key``."""
    for name in [name for name in st.session_state if str(name).startswith(key)]:
        del st.session_state[name]


def go(**query: str) -> NoReturn:
    """Rerun this page with another query."""
    st.query_params.from_dict(query)
    st.rerun()
