"""What a request is waiting for, whose turn it is, and the deadlines."""

from __future__ import annotations

from datetime import date

import streamlit as st
from markupsafe import Markup

from portal.components import tag
from portal.language import N_, _, current, ngettext, pick
from stations.requests.deadlines import Due, deadlines, is_provisional, reopening_ends
from stations.requests.lateness import days_left, is_overdue
from stations.requests.service_request import ServiceRequest
from stations.requests.states import DueKind, Party

WHAT: dict[DueKind, str] = {
    DueKind.ACCEPT: N_("The station takes it on, asks for more, or says why it can't"),
    DueKind.TAKE_UP: N_("An office has taken it on; the station itself begins"),
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
    """Draw the deadlines, most urgent first, worded for one of the sides.

    Both see the same dates; only what an office and its station settle between them is not shown to the firm.
    """
    found = [due for due in deadlines(request) if party is Party.STATION or due.kind is not DueKind.TAKE_UP]
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


def due_tag(day: date, today: date, *, short: bool = False) -> Markup:
    """Return the number of working days until or since a date, as a tag. ``short``: in as few words as a row has room
    for.
    """
    left = days_left(day, today) or 0
    if is_overdue(day, today):
        told = (
            ngettext("{count} day over", "{count} days over", -left)
            if short
            else ngettext("{count} working day overdue", "{count} working days overdue", -left)
        )
        return tag(told, "bad")
    if day == today:
        return tag(_("due today"), "warn")
    told = (
        ngettext("{count} day left", "{count} days left", left)
        if short
        else ngettext("{count} working day left", "{count} working days left", left)
    )
    return tag(told, "warn" if left <= 1 else "")


def day_in_words(day: date) -> str:
    """Return the date, with a note if it is provisional."""
    told = current().format_date(day)
    return _("{day} (provisional)", day=told) if is_provisional(day) else told


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
