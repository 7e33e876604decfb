"""The list of possible duplicates in the user's area, most likely first."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.components import link, notice, page_url, sample_tag, source, table, tag
from portal.keeping.registry_frame import kind_switch
from portal.language import _, current
from portal.storage import engine
from portal.visit import visit
from stations.database import reading
from stations.duty.roles import Actor
from stations.keeping.doubles import Double, find_doubles, lookalikes, open_doubles
from stations.keeping.listing import records_named
from stations.language import label
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import Record
from stations.revision import current_revision

SHOWN = 100


@st.cache_data(max_entries=8, show_spinner=False)
def _all_doubles(kind: RecordKind, samples: bool, revision: int) -> list[Double]:
    """Return every pair, cached per data revision."""
    with reading(engine()) as session:
        return find_doubles(lookalikes(session, kind, samples=samples))


def draw_doubles(actor: Actor, kind: RecordKind) -> None:
    """Draw the pairs in the actor's area that nobody has marked as different."""
    present = visit()
    st.html(Markup('<div class="title-row">{}</div>').format(kind_switch("doubles", kind)))
    with reading(engine()) as session:
        everything = _all_doubles(kind, present.samples, current_revision(session))
        found = open_doubles(session, actor, kind, everything, samples=present.samples)
        shown = found[:SHOWN]
        records = records_named(session, kind, {code for double in shown for code in (double.code, double.other)})
    if not found:
        notice(_("No two records of your area look like one."))
    else:
        table(
            [_("First record"), _("Second record"), _("What speaks for it"), _("Likelihood"), ""],
            [
                [
                    _record(records[double.code]),
                    _record(records[double.other]),
                    _reasons(double),
                    current().format_percent(double.score),
                    link(page_url("doubles", kind=kind.value, code=double.code, other=double.other), _("Compare")),
                ]
                for double in shown
            ],
            caption=_("Pairs that may be one, the likeliest first"),
            numbers={3},
            stacks=True,
        )
        if len(found) > SHOWN:
            notice(_("{count} more pairs follow once these are settled.", count=len(found) - SHOWN))
    source(
        _(
            "Listed are pairs with the same name in other words within a county, the same telephone line, or less "
            "than 150 m between them. The likelihood takes the reasons as independent: 70%, 60% and 50%."
        )
    )


def _reasons(double: Double) -> Markup:
    """Return the reasons for a pair and, if both positions are known, their distance."""
    drawn = Markup(" ").join(tag(label(current(), reason), "warn") for reason in double.reasons)
    if double.metres is None:
        return drawn
    told = _("{distance} apart", distance=current().format_distance(double.metres))
    return Markup('{}<br><span class="quiet">{}</span>').format(drawn, told)


def _record(record: Record) -> Markup:
    return Markup('{} {}<br><span class="quiet">{} · {}</span>').format(
        record.name, sample_tag() if record.sample else "", record.code, record.address or "—"
    )
