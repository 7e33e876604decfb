"""The foot of every page: who publishes the portal, how they are reached, and the pages that a public service has."""

from __future__ import annotations

from markupsafe import Markup, escape

from portal.publisher import ICP_REGISTER, Publisher
from stations.language import N_, Language
from stations.readers.telephone import telephones_in

PAGES = {
    "/about": N_("About, rules and sources"),
    "/api": N_("Open interfaces"),
    "/privacy": N_("Privacy"),
    "/accessibility": N_("Accessibility"),
    "/downloads": N_("Open data"),
}


def foot_of(spoken: Language, publisher: Publisher, notes: list[str]) -> Markup:
    """Return the foot as HTML. ``notes``: lines of the installation, such as the review number of its maps."""
    say = spoken.translate
    links = [_link(href, say(title)) for href, title in PAGES.items()]
    lines = [Markup('<nav aria-label="{}">{}</nav>').format(say(N_("About this site")), Markup(" · ").join(links))]
    who = [
        say(N_("Published by {name}"), name=spoken.pick(publisher.name, publisher.name_en)) if publisher.name else "",
        _hotline(spoken, publisher.hotline),
        Markup('<a href="mailto:{0}">{0}</a>').format(publisher.email) if publisher.email else "",
        publisher.address,
    ]
    registers = [
        Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(ICP_REGISTER, publisher.icp)
        if publisher.icp
        else "",
        Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(publisher.police_register, publisher.police)
        if publisher.police
        else "",
    ]
    for parts in (who, [*registers, *notes]):
        if told := [escape(part) for part in parts if part]:
            lines.append(Markup("<p>{}</p>").format(Markup(" · ").join(told)))
    return Markup("").join(lines)


def _link(href: str, title: str) -> Markup:
    return Markup('<a href="{}" target="_self">{}</a>').format(href, title)


def _hotline(spoken: Language, number: str) -> Markup | str:
    lines = telephones_in(number)
    if not lines:
        return ""
    dialled = Markup('<a href="{}">{}</a>').format(lines[0].dialled, lines[0].alone)
    return Markup("{} {}").format(spoken.translate(N_("Hotline")), dialled)
