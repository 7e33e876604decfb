"""The pages of the portal: their addresses, their titles, and which of them are in the navigation bar."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from portal.language import N_, _
from stations.duty.roles import Action, Actor
from stations.lists.registers import REGISTERS

PAGES = Path(__file__).resolve().parent / "pages"
SCRIPT = PAGES / "app.py"  # not in the folder “pages”: Streamlit would run such a page without it


class Section(StrEnum):
    """The sections of the navigation bar, each a menu with a short heading: for every role all of them fit into the
    bar of a window of 1280 pixels, in every language. Pages of ``FIRMS`` are directly in the bar for who is not
    signed in.
    """

    FIRMS = N_("For firms")
    COVERAGE = N_("Coverage")
    LAYOUT = N_("Layout")
    WORK = N_("Work")
    REGISTERS = N_("Registers")
    SYSTEM = N_("System")


@dataclass(frozen=True)
class PageEntry:
    """A page: the name of its file and address, its title, and its section of the navigation bar.

    A page without a section is reached by links only. ``actions``: if given, the bar shows the page only to those who
    may perform one of them.
    """

    name: str
    title: str
    section: Section | None = None
    actions: frozenset[Action] = frozenset()


def _for(section: Section, name: str, title: str, *actions: Action) -> PageEntry:
    return PageEntry(name, title, section, frozenset(actions))


ENTRIES = (
    PageEntry("home", N_("Home")),  # linked from the product's name
    PageEntry("find", N_("Find services"), Section.FIRMS),
    PageEntry("track", N_("Track"), Section.FIRMS),
    PageEntry("instruments", N_("My ledger"), Section.FIRMS),
    PageEntry("services", N_("Catalogue"), Section.FIRMS),
    PageEntry("coverage", N_("Coverage map"), Section.COVERAGE),
    PageEntry("coverage_history", N_("Coverage through time"), Section.COVERAGE),
    PageEntry("centres", N_("Map of centres"), Section.LAYOUT),
    PageEntry("targets", N_("Targets"), Section.LAYOUT),
    PageEntry("chains", N_("Chains"), Section.LAYOUT),
    PageEntry("reach", N_("Reach"), Section.LAYOUT),
    PageEntry("siting", N_("Siting"), Section.LAYOUT),
    PageEntry("scenarios", N_("Siting scenarios"), Section.LAYOUT),
    _for(Section.WORK, "desk", N_("Desk"), *Action),
    _for(Section.WORK, "overview", N_("Overview"), Action.SEE_EVALUATION),
    _for(Section.WORK, "alerts", N_("Coverage alerts"), Action.SEE_ALERTS),
    _for(Section.WORK, "visits", N_("Visits on site"), Action.RECORD_VISITS),
    _for(Section.WORK, "evaluation", N_("Evaluation of the service"), *Action),
    _for(Section.WORK, "bulletin", N_("Monthly bulletin"), Action.SEND_BULLETIN),
    _for(Section.WORK, "desk_rules", N_("Templates and escalation"), Action.EDIT_TEMPLATES),
    _for(Section.REGISTERS, "registry", N_("Registry"), *Action),
    _for(Section.REGISTERS, "import_stations", N_("Import stations"), Action.IMPORT_STATIONS),
    _for(
        Section.REGISTERS,
        "import_list",
        N_("Import other lists"),
        *(register.action for register in REGISTERS.values()),
    ),
    _for(Section.SYSTEM, "accounts", N_("Accounts"), Action.EDIT_ACCOUNTS),
    _for(Section.SYSTEM, "interface_keys", N_("Interface keys"), Action.EDIT_KEYS),
    _for(Section.SYSTEM, "audit", N_("Audit log"), Action.SEE_AUDIT),
    _for(Section.SYSTEM, "settings", N_("Settings"), Action.SEE_OPERATIONS),
    _for(Section.SYSTEM, "operations", N_("Operation of the portal"), Action.SEE_OPERATIONS),
    PageEntry("record", N_("Registry record")),
    PageEntry("institutions", N_("Institutions")),
    PageEntry("proposals", N_("Proposals")),
    PageEntry("doubles", N_("Possible doubles")),
    PageEntry("station", N_("Station")),
    PageEntry("county", N_("County")),
    PageEntry("centre", N_("Centre")),
    PageEntry("target", N_("Target")),
    PageEntry("chain", N_("Industrial chain")),
    PageEntry("request", N_("New request")),
    PageEntry("subscribe", N_("Tell me when it opens")),
    PageEntry("account", N_("My account")),
    PageEntry("completeness", N_("How complete")),
    PageEntry("about", N_("About and sources")),
    PageEntry("privacy", N_("Privacy")),
    PageEntry("accessibility", N_("Accessibility")),
)


def _stands_in_the_bar(entry: PageEntry, actor: Actor | None) -> bool:
    if entry.section is None:
        return False
    return not entry.actions or (actor is not None and any(map(actor.may_somewhere, entry.actions)))


def page_of(entry: PageEntry, *, visible: bool = False) -> StreamlitPage:
    """Return the page as a Streamlit object; the first entry is served at ``/``."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return _made(entry, _(entry.title), visible)
    return copy(_made_once(entry, _(entry.title), visible))  # Streamlit notes in it whether it is the one to be drawn


def _made(entry: PageEntry, title: str, visible: bool) -> StreamlitPage:
    return st.Page(
        PAGES / f"{entry.name}.py",
        title=title,
        url_path=entry.name,
        default=entry is ENTRIES[0],
        visibility="visible" if visible else "hidden",
    )


_made_once = cache(_made)  # it looks for the file of each page, of which every run of every page names all


def _heading(section: Section | None, actor: Actor | None) -> str:
    """Return the heading of a section in the bar; "" where its pages are directly in it, or not in it."""
    if section is None or (section is Section.FIRMS and actor is None):
        return ""
    return _(section)


def pages(actor: Actor | None) -> dict[str, list[StreamlitPage]]:
    """Return every page by the heading of its section; ``actor`` decides which are visible in the bar."""
    parts: dict[str, list[StreamlitPage]] = {}
    for entry in ENTRIES:
        heading = _heading(entry.section, actor)
        parts.setdefault(heading, []).append(page_of(entry, visible=_stands_in_the_bar(entry, actor)))
    return parts


def page_named(name: str) -> StreamlitPage:
    """Return the page of that name, for switching to it within the visit.

    Raises:
        KeyError: there is none.
    """
    return page_of({entry.name: entry for entry in ENTRIES}[name])
