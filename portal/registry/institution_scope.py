"""The institutions of a station or a centre, and their accredited scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st
from markupsafe import Markup

from portal.components import Tone, link, phone_link, sample_tag, table_markup, tag
from portal.language import _, current, ngettext, pick
from portal.registry.centre_record import centre_url
from portal.registry.unread import unread_quoted
from stations.catalogue.service import Service
from stations.language import label
from stations.registry.institutions import Institution, ScopeEntry, ScopeStanding, scope_for
from stations.registry.unread_names import UNREAD_NAMES

STANDING_TONES: dict[ScopeStanding, Tone] = {
    ScopeStanding.VALID: "good",
    ScopeStanding.UNDATED: "",
    ScopeStanding.NOT_YET: "warn",
    ScopeStanding.LAPSED: "bad",
}


def draw_institutions(institutions: Sequence[Institution], as_of: date) -> None:
    """Draw each institution with its telephone and scope, collapsed."""
    st.html(Markup("").join(_institution(institution, as_of) for institution in institutions))


def _institution(institution: Institution, as_of: date) -> Markup:
    name = pick(institution.name, institution.name_en)
    heading = link(centre_url(institution.centre.code), name) if institution.centre else name
    told = ngettext("{count} line of scope", "{count} lines of scope", len(institution.scope))
    phone = Markup("<p>{} {}</p>").format(_("Telephone"), phone_link(institution.phone or ""))
    return Markup(
        '<details class="entry"><summary><strong>{} {} {}</strong><span>{}</span></summary>{}{}</details>'
    ).format(
        heading,
        tag(label(current(), institution.kind)),
        sample_tag() if institution.sample else "",
        told,
        phone if institution.phone else "",
        scope_table(institution, as_of),
    )


def scope_table(institution: Institution, as_of: date) -> Markup:
    """Return an institution's scope as a table: product or parameter, range, standard, certificates, validity."""
    headings = [_("Product or parameter"), _("Service"), _("Range"), _("Standard"), _("Certificates"), _("Valid")]
    return table_markup(
        headings,
        [_row(entry, as_of) for entry in institution.scope],
        caption=_("Scope, as its certificates list it; a fee is charged by the institution, never by the station"),
    )


def _row(entry: ScopeEntry, as_of: date) -> list[str | Markup]:
    certificates = [
        Markup('<span class="nowrap">{} {}</span>').format(kind, number)
        for kind, number in (
            ("CMA", entry.cma_number),
            ("CNAS", entry.cnas_number),
            (_("Authorization"), entry.authorization_number),
        )
        if number
    ]
    standing = entry.standing_on(as_of)
    until = _("until {date}", date=current().format_date(entry.valid_until)) if entry.valid_until else ""
    unread = [
        Markup("{} {}").format(_(UNREAD_NAMES[field]), told) for field, told in unread_quoted(entry.unread).items()
    ]
    subject = _with_note(pick(entry.subject_zh, entry.subject_en), entry.limitation)
    return [
        Markup("<br>").join([subject, *unread]),
        pick(entry.service.name_zh, entry.service.name_en),
        _with_note(entry.range or "", entry.accuracy),
        Markup('<span class="nowrap">{}</span>').format(entry.standard or ""),
        Markup("<br>").join(certificates),
        Markup("{} {}").format(tag(label(current(), standing), STANDING_TONES[standing]), until),
    ]


def _with_note(text: str, note: str | None) -> str | Markup:
    """Return a text with a note beneath it, such as the accuracy of a range or what a certificate excludes."""
    return Markup('{}<br><span class="source">{}</span>').format(text, note) if note else text


def who_does_it(institutions: Sequence[Institution], services: Sequence[Service], as_of: date) -> Markup:
    """Return for each requested service which institutions may perform it on that date, collapsed; empty if none may.
    """
    lines = []
    for service in services:
        able = [
            institution
            for institution in institutions
            if (entries := scope_for(institution, [service], as_of))
            and entries[0].standing_on(as_of) in {ScopeStanding.VALID, ScopeStanding.UNDATED}
        ]
        if able:
            names = Markup("").join(
                Markup("<li>{}{}</li>").format(pick(one.name, one.name_en), _scope_in_words(one, service, as_of))
                for one in able
            )
            lines.append(
                Markup("<p>{}</p><ul>{}</ul>").format(pick(service.name_zh, service.name_en), names)
                if len(services) > 1
                else Markup("<ul>{}</ul>").format(names)
            )
    if not lines:
        return Markup("")
    return Markup('<details class="who"><summary>{}</summary>{}</details>').format(
        _("Who does the work"), Markup("").join(lines)
    )


def _scope_in_words(institution: Institution, service: Service, as_of: date) -> Markup:
    entries = [
        entry
        for entry in scope_for(institution, [service], as_of)
        if entry.standing_on(as_of) in {ScopeStanding.VALID, ScopeStanding.UNDATED}
    ]
    told = Markup(current().comma).join(
        " ".join(part for part in (pick(entry.subject_zh, entry.subject_en), entry.standard) if part)
        for entry in entries[:3]
    )
    more = ngettext(" and {count} more", " and {count} more", len(entries) - 3) if len(entries) > 3 else ""
    return Markup(' <span class="source">{}{}</span>').format(told, more)
