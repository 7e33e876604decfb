"""The history of a registry record as a timeline: who changed what, when, and why."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from portal.components import link, page_url, tag
from portal.language import N_, _, current, ngettext
from portal.registry.record_words import before_and_after, field_name, value_in_words
from stations.language import label
from stations.registry.record_history import LOADED_BY, ChangeKind, RecordChange
from stations.registry.record_masking import masked_changes
from stations.registry.record_terms import Terms

_LOADED = N_("the product's own data")


def draw_changes_timeline(changes: Sequence[RecordChange], code: str, terms: Terms, *, clear: bool) -> None:
    """Draw the changes, newest first; those of a record merged into ``code`` are marked with its own code.

    ``clear``: whether to show personal data unmasked.
    """
    entries = Markup("").join(_entry(change, code, terms, clear) for change in changes)
    st.html(Markup('<ol class="timeline">{}</ol>').format(entries))


def _entry(change: RecordChange, code: str, terms: Terms, clear: bool) -> Markup:
    who = _(_LOADED) if change.actor == LOADED_BY else change.actor_name
    marks = [tag(change.code)] if change.code != code else []
    if change.other:
        marks.append(tag(change.other))
    if change.proposal:
        marks.append(link(page_url("proposals", code=change.proposal), _("Proposal {code}", code=change.proposal)))
    return Markup("<li><time>{}</time><div><strong>{}</strong> <span>{}</span> {}{}{}</div></li>").format(
        current().format_datetime(change.at),
        label(current(), change.change),
        who,
        Markup(" ").join(marks),
        Markup("<p>{}</p>").format(change.reason) if change.reason else "",
        _fields(change, terms, clear),
    )


def _fields(change: RecordChange, terms: Terms, clear: bool) -> Markup:
    whole = change.change in (ChangeKind.LOADED, ChangeKind.ADDED, ChangeKind.MERGED_AWAY)
    side = "before" if change.change is ChangeKind.MERGED_AWAY else "after"
    rows = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
            field_name(field),
            value_in_words(terms, field, getattr(values, side))
            if whole
            else Markup('<del>{}</del> <span aria-hidden="true">→</span> <ins>{}</ins>').format(
                *before_and_after(terms, field, values)
            ),
        )
        for field, values in (change.fields if clear else masked_changes(change.fields)).items()
    )
    drawn = Markup('<dl class="facts changes">{}</dl>').format(rows)
    if not whole:
        return drawn
    told = ngettext("{count} field", "{count} fields", len(change.fields))
    return Markup("<details><summary>{}</summary>{}</details>").format(told, drawn)
