"""Drawing what a request waits for, whose turn it is, and by when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st
from markupsafe import Markup

from portal.components import tag
from portal.language import N_, _, current, ngettext, pick
from stations.requests.deadlines import Due, deadlines, is_provisional, reopening_ends
from stations.requests.service_request import ServiceRequest
from stations.requests.states import DueKind, Party
from stations.working_days import working_days_between

WHAT: dict[DueKind, str] = {
    DueKind.ACCEPT: N_("The station takes it on, asks for more, or says why it can't"),
    DueKind.DELIVER: N_("The station delivers “{service}”"),
    DueKind.REPLY: N_("The station replies to the firm's message"),
    DueKind.FIRM_ANSWER: N_("The firm answers what was asked; the clock stands still until then"),
    DueKind.FIRM_CONFIRM: N_("The firm confirms, or reopens what is not done"),
}


YOURS: dict[DueKind, str] = {
    DueKind.FIRM_ANSWER: N_("You answer what was asked; the clock stands still until then"),
    DueKind.FIRM_CONFIRM: N_("You confirm, or reopen what is not done"),
}
"""The same to the firm itself."""


def draw_deadlines(request: ServiceRequest, party: Party, today: date) -> None:
    """Draw what is due now, the most urgent first, to one of the sides. Both see the same days."""
    found = deadlines(request)
    if not found:
        return
    lines = [_line(due, request, party, today) for due in found]
    note = ""
    if any(due.by is not None and due.by.provisional for due in found):
        note = Markup('<p class="source">{}</p>').format(
            _("The official holidays of that year are not published yet, so days marked “provisional” can still move.")
        )
    st.html(
        Markup('<section class="deadlines"><h3>{}</h3><ul>{}</ul>{}</section>').format(
            _("What comes next, and by when"), Markup("").join(lines), note
        )
    )


def due_tag(day: date, today: date) -> Markup:
    """How far off a day is, in working days."""
    if day < today:
        late = working_days_between(day, today) or 1
        return tag(ngettext("{count} working day overdue", "{count} working days overdue", late), "bad")
    if day == today:
        return tag(_("due today"), "warn")
    left = working_days_between(today, day)
    return tag(ngettext("{count} working day left", "{count} working days left", left), "warn" if left <= 1 else "")


def day_in_words(day: date) -> str:
    """The day, and that it is provisional where it is."""
    told = current().format_date(day)
    return _("{day} (provisional)", day=told) if is_provisional(day) else told


def overdue(found: Sequence[Due], today: date) -> bool:
    """Whether the station is late with anything."""
    return any(due.party is Party.STATION and due.overdue(today) for due in found)


def _line(due: Due, request: ServiceRequest, party: Party, today: date) -> Markup:
    service = pick(due.item.service.name_zh, due.item.service.name_en) if due.item else ""
    what = YOURS.get(due.kind, WHAT[due.kind]) if party is Party.FIRM else WHAT[due.kind]
    when: str | Markup = ""
    if due.by is not None:
        when = Markup("<strong>{}</strong> {}").format(
            _("by {day}", day=day_in_words(due.by.day)), due_tag(due.by.day, today)
        )
    elif due.kind is DueKind.FIRM_CONFIRM and (ends := reopening_ends(request)):
        when = _("reopening is possible until {day}", day=day_in_words(ends.day))
    return Markup("<li><span>{}</span> <span>{}</span></li>").format(_(what, service=service), when)
