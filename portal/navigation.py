"""The pages of the portal: their addresses, their titles, and which of them are in the navigation bar."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from portal.language import N_, _
from stations.duty.roles import Action, Actor
from stations.lists.registers import REGISTERS

PAGES = Path(__file__).resolve().parent / "pages"
SCRIPT = PAGES / "app.py"  # not in the folder “pages”: Streamlit would run such a page without it


class Section(StrEnum):
    """The sections of the navigation bar. Pages of ``FIRMS`` are directly in the bar, the others in a menu."""

    FIRMS = ""
    COVERAGE = N_("Coverage")
    LAYOUT = N_("Centre layout")
    WORK = N_("Administration")


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


def _work(name: str, title: str, *actions: Action) -> PageEntry:
    return PageEntry(name, title, Section.WORK, frozenset(actions))


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
    PageEntry("desk", N_("Desk"), Section.WORK),
    _work("evaluation", N_("Evaluation of the service"), *Action),
    _work("visits", N_("Visits on site"), Action.RECORD_VISITS),
    _work("desk_rules", N_("Templates and escalation"), Action.EDIT_TEMPLATES),
    _work("registry", N_("Registry"), *Action),
    _work("import_stations", N_("Import stations"), Action.IMPORT_STATIONS),
    _work("import_list", N_("Import other lists"), *(register.action for register in REGISTERS.values())),
    _work("alerts", N_("Coverage alerts"), Action.SEE_ALERTS),
    _work("bulletin", N_("Monthly bulletin"), Action.SEND_BULLETIN),
    _work("accounts", N_("Accounts"), Action.EDIT_ACCOUNTS),
    _work("audit", N_("Audit log"), Action.SEE_AUDIT),
    _work("operations", N_("Operation of the portal"), Action.SEE_OPERATIONS),
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
    return st.Page(
        PAGES / f"{entry.name}.py",
        title=_(entry.title),
        url_path=entry.name,
        default=entry is ENTRIES[0],
        visibility="visible" if visible else "hidden",
    )


def pages(actor: Actor | None) -> dict[str, list[StreamlitPage]]:
    """Return every page by the heading of its section; ``actor`` decides which are visible in the bar."""
    parts: dict[str, list[StreamlitPage]] = {}
    for entry in ENTRIES:
        heading = _(entry.section) if entry.section else ""
        parts.setdefault(heading, []).append(page_of(entry, visible=_stands_in_the_bar(entry, actor)))
    return parts


def page_named(name: str) -> StreamlitPage:
    """Return the page of that name, for switching to it within the visit.

    Raises:
        KeyError: there is none.
    """
    return page_of({entry.name: entry for entry in ENTRIES}[name])
