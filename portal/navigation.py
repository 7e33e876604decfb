"""The pages of the portal: their addresses, their names, and which stand in the bar at the top."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from portal.language import N_, _

PAGES = Path(__file__).resolve().parent / "pages"
SCRIPT = PAGES / "app.py"  # not beside the folder “pages”: Streamlit would run a page without it


@dataclass(frozen=True)
class PageEntry:
    """A page: the name of its file and address, and what it is called. ``listed``: stands in the bar."""

    name: str
    title: str
    listed: bool = True


ENTRIES = (
    PageEntry("home", N_("Home"), listed=False),  # the name of the product leads there
    PageEntry("find", N_("Find services")),
    PageEntry("track", N_("Track")),
    PageEntry("coverage", N_("Coverage")),
    PageEntry("centres", N_("Centre layout")),
    PageEntry("targets", N_("Targets")),
    PageEntry("chains", N_("Chains")),
    PageEntry("reach", N_("Reach")),
    PageEntry("siting", N_("Siting")),
    PageEntry("scenarios", N_("Siting scenarios"), listed=False),
    PageEntry("services", N_("Catalogue")),
    PageEntry("desk", N_("Desk")),
    PageEntry("evaluation", N_("Evaluation of the service"), listed=False),
    PageEntry("visits", N_("Visits on site"), listed=False),
    PageEntry("desk_rules", N_("Templates and escalation"), listed=False),
    PageEntry("registry", N_("Registry"), listed=False),
    PageEntry("record", N_("Registry record"), listed=False),
    PageEntry("proposals", N_("Proposals"), listed=False),
    PageEntry("doubles", N_("Possible doubles"), listed=False),
    PageEntry("station", N_("Station"), listed=False),
    PageEntry("county", N_("County"), listed=False),
    PageEntry("coverage_history", N_("Coverage through time"), listed=False),
    PageEntry("alerts", N_("Coverage alerts"), listed=False),
    PageEntry("bulletin", N_("Monthly bulletin"), listed=False),
    PageEntry("centre", N_("Centre"), listed=False),
    PageEntry("target", N_("Target"), listed=False),
    PageEntry("chain", N_("Industrial chain"), listed=False),
    PageEntry("request", N_("New request"), listed=False),
    PageEntry("account", N_("My account"), listed=False),
    PageEntry("accounts", N_("Accounts"), listed=False),
    PageEntry("audit", N_("Audit log"), listed=False),
    PageEntry("about", N_("About and sources"), listed=False),
)


def page_of(entry: PageEntry) -> StreamlitPage:
    """The page as Streamlit knows it; the first entry answers at the bare address."""
    return st.Page(
        PAGES / f"{entry.name}.py",
        title=_(entry.title),
        url_path=entry.name,
        default=entry is ENTRIES[0],
        visibility="visible" if entry.listed else "hidden",
    )


def pages() -> list[StreamlitPage]:
    """Every page."""
    return [page_of(entry) for entry in ENTRIES]


def page_named(name: str) -> StreamlitPage:
    """The page of that name, to go to within the visit.

    Raises:
        KeyError: there is none.
    """
    return page_of({entry.name: entry for entry in ENTRIES}[name])
