"""Records side by side: before and after, and conflicting changes of one record."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.components import notice, source, table, tag
from portal.keeping.registry_frame import forget
from portal.language import _, current
from portal.maps.county_map import Marker, county_map
from portal.maps.view import NEARBY
from portal.markdown_text import plain
from portal.registry.record_words import before_and_after, field_name, value_in_words
from portal.theme import MARKERS
from stations.keeping.record_merge import ChangedMeanwhile, Merge, Side
from stations.registry.record_state import FieldChanges, FieldValue, RecordState
from stations.registry.record_terms import Terms


def draw_changes(terms: Terms, changes: FieldChanges, caption: str) -> None:
    """Draw the changed fields: before and after."""
    table(
        [_("Field"), _("Before"), _("After")],
        [
            [
                field_name(field),
                *before_and_after(terms, field, change),
            ]
            for field, change in changes.items()
        ],
        caption=caption,
    )


def draw_three_ways(terms: Terms, merge: Merge, yours: str) -> None:
    """Draw the original, the current and the wanted values; ``yours``: the heading of the wanted values."""
    table(
        [_("Field"), _("Before"), _("In the registry now"), yours, ""],
        [
            [
                field_name(field.field),
                value_in_words(terms, field.field, field.base),
                _strong(terms, field.field, field.theirs, field.theirs != field.base),
                _strong(terms, field.field, field.yours, field.yours != field.base),
                tag(_("Both changed it"), "warn") if field.clash else tag(_("Fits together"), "good"),
            ]
            for field in merge.fields
        ],
        caption=_("What changed on either side"),
    )


def draw_clashes(terms: Terms, merge: Merge, yours: str, key: str) -> dict[str, Side]:
    """Draw for each field changed by both the choice of whose value applies; return the choices made so far."""
    options = {Side.THEIRS: _("as in the registry now"), Side.YOURS: yours}
    choices = {}
    for field in merge.clashes:
        chosen = st.radio(
            _("“{field}” was changed on both sides. Which stays?", field=field_name(field.field)),
            list(options),
            index=None,
            key=f"{key}_{field.field}",
            format_func=lambda side: plain(options[side]),
            horizontal=True,
        )
        if chosen:
            choices[field.field] = chosen
    return choices


def draw_conflict(terms: Terms, conflict: ChangedMeanwhile, key: str) -> dict[str, Side] | None:
    """Draw who saved meanwhile and what; return the choices once “merge and save” is pressed, else None.

    ``key``: prefix of the form's keys, whose input is deleted if visitors drop their own changes.
    """
    told = _(conflict.message, **conflict.params)
    notice(
        Markup("<strong>{}</strong> {}").format(
            told, _("Saved {when}. Nothing of yours is lost: it stands below.", when=_moment(conflict))
        ),
        "warn",
    )
    draw_three_ways(terms, conflict.merge, _("Yours"))
    if not conflict.merge.clashes:
        st.html(Markup("<p>{}</p>").format(_("The two sets of changes fit together.")))
    choices = draw_clashes(terms, conflict.merge, _("yours"), f"{key}_choice")
    with st.container(horizontal=True):
        pressed = st.button(_("Merge both and save"), type="primary", key=f"{key}_merge")
        if st.button(_("Drop mine and see theirs"), key=f"{key}_drop"):
            forget(key)
            st.rerun()
    return choices if pressed else None


def draw_places(before: RecordState | None, after: RecordState, title: str, key: str) -> None:
    """Draw the old and the new position on the map, if either is known."""
    spots = [
        (state.place, style, name)
        for state, style, name in (
            (before, "here", _("Place before")),
            (after, "new_site", _("Place wanted")),
        )
        if state and state.place
    ]
    if not spots:
        notice(_("No source places it more exactly, so it is not on the map."))
        return
    if len(spots) == 2 and spots[0][0] == spots[1][0]:
        spots = [(spots[0][0], "station", _("Place, not changed"))]
    elif before is None:
        spots = [(spots[0][0], "station", _("Place"))]
    lons, lats = [spot[0][0] for spot in spots], [spot[0][1] for spot in spots]
    county_map(
        {},
        key=key,
        title=title,
        markers=[Marker(*place, MARKERS[style], name) for place, style, name in spots],
        highlight=after.county_adcode,
        bounds=(min(lons) - NEARBY, min(lats) - NEARBY, max(lons) + NEARBY, max(lats) + NEARBY),
        height=320,
    )
    source(" · ".join(f"{name}: {place[0]:.5f}, {place[1]:.5f}" for place, _style, name in spots))


def _strong(terms: Terms, field: str, value: FieldValue, changed: bool) -> str | Markup:
    told = value_in_words(terms, field, value)
    return Markup("<strong>{}</strong>").format(told) if changed else told


def _moment(conflict: ChangedMeanwhile) -> str:
    return current().format_datetime(conflict.at)
