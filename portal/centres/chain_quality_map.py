"""The quality map (质量图谱) that the province published of a chain: what it has, and what it lacks."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from portal.answer_table import draw_answer
from portal.components import source
from portal.language import _, pick
from stations.answers.published_facts import MAP_COLUMNS
from stations.catalogue.chain import IndustrialChain
from stations.catalogue.service import list_groups
from stations.published_facts import MapEntry, MapEntryKind, quality_map_of


def draw_quality_map(session: Session, chain: IndustrialChain) -> None:
    """Draw the published quality map of a chain; nothing if none was published."""
    entries = quality_map_of(chain.code)
    if not entries:
        return
    groups = {group.code: pick(group.name_zh, group.name_en) for group in list_groups(session)}
    drawn = {"element": lambda entry: groups.get(entry.element, entry.element)}
    st.header(_("Published quality map"))
    source(_("As published in {year}, not counted by this portal: {source}", **_named(entries[0])))
    draw_answer(
        MAP_COLUMNS,
        [entry for entry in entries if entry.kind is MapEntryKind.COUNT],
        caption=_("What the chain has"),
        drawn=drawn,
        numbers=("value",),
    )
    draw_answer(
        MAP_COLUMNS[:2],
        [entry for entry in entries if entry.kind is MapEntryKind.GAP],
        caption=_("What the chain lacks"),
        drawn=drawn,
    )


def _named(entry: MapEntry) -> dict[str, str]:
    return {"year": str(entry.as_of), "source": pick(*entry.source)}
