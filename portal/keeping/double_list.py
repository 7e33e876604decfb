"""The list of possible duplicates in the user's area, most likely first."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.components import link, notice, page_url, sample_tag, source, tag
from portal.keeping.registry_frame import kind_switch
from portal.language import _, current
from portal.storage import engine
from portal.visit import visit
from stations.answers.columns import Column
from stations.answers.doubles import DOUBLE_COLUMNS, DOUBLE_PAGE_COLUMNS, DoublePair, pairs_of
from stations.database import reading
from stations.duty.roles import Actor
from stations.keeping.doubles import Double, find_doubles, lookalikes, open_doubles
from stations.keeping.listing import records_named
from stations.language import label
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import Record
from stations.revision import current_revision

SHOWN = 100
_COMPARE: Column[DoublePair] = Column("compare", lambda pair: pair.double)
"""The column of the page with the link to both records."""


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
        draw_answer(
            (*DOUBLE_PAGE_COLUMNS, _COMPARE),
            pairs_of(shown, records),
            caption=_("Pairs that may be one, the likeliest first"),
            drawn={
                "name": lambda pair: _record(pair.first),
                "other_name": lambda pair: _record(pair.second),
                "reasons": lambda pair: Markup(" ").join(
                    tag(label(current(), reason), "warn") for reason in pair.double.reasons
                ),
                "metres": lambda pair: _distance(pair.double.metres),
                "compare": lambda pair: link(
                    page_url("doubles", kind=kind.value, code=pair.double.code, other=pair.double.other), _("Compare")
                ),
            },
            beneath={"metres": "reasons"},
            headed={"compare": _("Compare")},
            numbers={"score"},
            saved=DOUBLE_COLUMNS,
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


def _distance(metres: float | None) -> str | Markup:
    """Return how far apart two records are; "" if a position is not known."""
    if metres is None:
        return ""
    told = _("{distance} apart", distance=current().format_distance(metres))
    return Markup('<span class="quiet">{}</span>').format(told)


def _record(record: Record) -> Markup:
    return Markup('{} {}<br><span class="quiet">{} · {}</span>').format(
        record.name, sample_tag() if record.sample else "", record.code, record.address or "—"
    )
