"""Header and footer of every page: language, sign-in, the notice about samples, sources."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup, escape

from portal.clock_notice import clock_notice
from portal.components import link, notice, page_url, sample_tag
from portal.foot import foot_of
from portal.language import LANGUAGES, _, current, language_url, pick
from portal.publisher import not_set, publisher
from portal.samples import samples_url
from portal.settings import settings
from portal.storage import domain_settings
from portal.theme import FONT_STACK
from portal.visit import own_address, visit
from stations.duty.roles import Action
from stations.language import Listed
from stations.province import portal_title

# The product's name is an image because Streamlit's top bar takes no text.
_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="32" viewBox="0 0 {width} 32">'
    '<circle cx="13" cy="16" r="10.5" fill="none" stroke="#fff" stroke-width="2.4"/>'
    '<path d="M8 16.5l3.8 3.8L18.6 12" fill="none" stroke="#fff" stroke-width="2.6"/>'
    '<text x="32" y="22.5" fill="#fff" font-size="18" font-weight="600" font-family="{font}">{name}</text></svg>'
)


def _draw_logo() -> None:
    name = pick(*portal_title())
    width = 40 + sum(19 if character > "\u2e80" else 10.5 for character in name)
    st.logo(_LOGO.format(width=round(width), font=escape(FONT_STACK), name=escape(name)), size="large")


def draw_header() -> None:
    """Draw the bar with languages and sign-in and, if the installation has samples, whether they are shown."""
    present, here = visit(), own_address()
    _draw_logo()
    languages = [
        Markup('<a href="{}" target="_self" lang="{}"{}>{}</a>').format(
            language_url(code, here),
            code.replace("_", "-"),
            Markup(' aria-current="true"') if code == present.language.code else "",
            tongue.name,
        )
        for code, tongue in LANGUAGES.items()
    ]
    who = (
        Markup("{} {}").format(link(page_url("account"), present.actor.name), link("/sign-out", _("Sign out")))
        if present.actor
        else link("/sign-in", _("Sign in"))
    )
    st.html(
        Markup('<div class="utility"><nav aria-label="{}">{}</nav><span>{}</span></div>').format(
            _("Language"), Markup(" ").join(languages), who
        )
    )
    if not domain_settings().samples:
        return
    if present.samples:
        told = _(
            "Invented sample records are shown beside the documented ones, each marked. Figures that hold some say so."
        )
        choice = link(samples_url("hidden", here), _("Show documented records only"))
    else:
        told = _("Only documented records are shown; sample records are left out.")
        choice = link(samples_url("shown", here), _("Show sample records too"))
    notice(Markup("{} {} {}").format(sample_tag(), told, choice), "sample")


def draw_footer() -> None:
    """Draw the foot of a public service; who operates the portal is told what of it is not set."""
    number, actor = settings().map_review_number, visit().actor
    notes = [_("Map review number: {number}", number=number)] if number else []
    if told := clock_notice(current()):
        notes.append(told)
    foot = foot_of(current(), publisher(), notes)
    missing = not_set() if actor and actor.may_somewhere(Action.SEE_OPERATIONS) else []
    if missing:
        told = _("Not set, and so not shown to anybody: {names}", names=Listed(missing))
        foot += Markup('<p class="not-set">{}</p>').format(told)
    st.html(Markup('<footer class="page-footer">{}</footer>').format(foot))
