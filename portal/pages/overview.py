"""驾驶舱: the figures of the user's area on one screen. ``?period=…``; ``?screen=1`` for a large screen on a wall."""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import draw_setting, text_in_address
from portal.components import link, notice, page_url, sample_tag, source
from portal.duty.duties import duty_in_words
from portal.duty.duty_page import end_signed_out
from portal.indicator_words import period_in_words
from portal.language import _
from portal.overview.cards import draw_cards
from portal.overview.lists import draw_endangered, draw_rules, draw_targets, draw_units
from portal.page_end import end_page
from portal.storage import engine
from portal.visit import visit
from stations.database import reading
from stations.duty.roles import Action
from stations.errors import InvalidInput
from stations.evaluation.period import Period, latest_periods, read_period
from stations.overview.overview import Overview, overview_for

REFRESHED_EVERY = 60.0
"""Seconds after which a large screen shows the figures anew."""
MONTHS = 13

present = visit()
screen = text_in_address("screen") == "1"
if present.actor is None:
    st.title(_("Overview"))
    end_signed_out(_("For stewards and administrators."), "/overview")
if not present.actor.may_somewhere(Action.SEE_EVALUATION):
    notice(_("Your duty does not include the evaluation of the service."), "warn")
    end_page()


def asked_period() -> Period:
    """Return the period in the address; this year if there is none."""
    try:
        return read_period(text_in_address("period"))
    except InvalidInput:
        return read_period(str(visit().today.year))


def draw() -> Overview:
    """Draw all figures, and return them."""
    now = visit()
    period = asked_period()
    with reading(engine()) as session:
        found = overview_for(session, now.actor, period, samples=now.samples, today=now.today)
        where = duty_in_words(session, found.duty)
    with st.container(horizontal=True, vertical_alignment="bottom", key="overview_top"):
        st.title(_("Overview"))
        other = page_url("overview", period=period.text, **({} if screen else {"screen": "1"}))
        told = _("Leave the large screen") if screen else _("Large screen")
        st.html(
            Markup('<p class="on-duty">{} {} · {} · {}</p>').format(
                where,
                sample_tag() if now.samples else "",
                _("as of {moment}", moment=now.language.format_datetime(now.now)),
                link(other, told),
            )
        )
    draw_cards(found)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        draw_units(found)
    with right:
        draw_endangered(found)
        draw_targets(found)
    return found


with st.container(key="screen" if screen else "overview"):
    if screen:
        st.fragment(draw, run_every=REFRESHED_EVERY)()
    else:
        found = draw()
        periods = {one.text: period_in_words(one) for one in latest_periods(present.today, MONTHS)}
        with st.container(width=280):
            draw_setting("period", _("Period of requests"), periods, str(present.today.year))
        source(
            _(
                "Coverage, targets and what is overdue are as of today; requests, shares and satisfaction are of the "
                "period. In time is judged in the period in which it was due."
            )
        )
        draw_rules(found)
