"""Coverage alerts of the signed-in administrator's area: seen, and acknowledged. ``?all=1&before=…``."""

import re

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.components import link, notice, page_url, sample_tag, source, table, tag
from portal.language import _, pick
from portal.page_end import end_page
from portal.storage import engine
from portal.visit import visit
from stations.access.roles import Action
from stations.coverage.alert_notices import alert_in_words
from stations.coverage.alerts import (
    AlertKind,
    CoverageAlert,
    acknowledge_alert,
    area_of,
    list_alerts,
)
from stations.database import reading, transaction
from stations.errors import DomainError
from stations.labels import label

PAGE = 30
TONES = {AlertKind.UNCOVERED: "bad", AlertKind.ENDING: "warn"}

present = visit()
language, actor = present.language, present.actor
st.title(_("Coverage alerts"))
if actor is None:
    told = _("For administrators.")
    notice(Markup("{} {}").format(told, link("/sign-in?next=/alerts", _("Sign in"))))
    end_page()
everything = text_in_address("all") == "1"
before = text_in_address("before")
try:
    with reading(engine()) as session:
        found = list_alerts(
            session,
            actor,
            samples=present.samples,
            everything=everything,
            after_id=int(before) if re.fullmatch(r"[0-9]{1,12}", before) else None,
            limit=PAGE + 1,
        )
except DomainError as error:
    notice(_(error.message, **error.params), "warn")
    end_page()
if outcome := st.session_state.pop("alert_outcome", None):
    notice(*outcome)
other = (
    link(page_url("alerts"), _("Only those for you to act on"))
    if everything
    else link(page_url("alerts", all="1"), _("All in your area"))
)
st.html(
    Markup('<p class="lead">{} {}</p>').format(
        _("A county without a station for long, or about to lose its last one, in your area of duty."), other
    )
)


def state_of(alert: CoverageAlert) -> str:
    """What has become of an alert."""
    if alert.settled_on:
        return _("Settled on {date}", date=language.format_date(alert.settled_on))
    if alert.acknowledged_at:
        return _("Acknowledged by {who}: {note}", who=alert.acknowledged_by, note=alert.note or "—")
    return _("Not dealt with yet")


def draw_acknowledging(alerts: list[CoverageAlert]) -> None:
    """A form to acknowledge one of the alerts."""
    mine = {alert.code: alert for alert in alerts if actor.may(Action.ACKNOWLEDGE_ALERTS, area_of(alert))}
    if not mine:
        return
    st.subheader(_("Acknowledge"))
    with st.form("acknowledge", border=True):
        code = st.selectbox(
            _("Alert"),
            list(mine),
            format_func=lambda code: alert_in_words(mine[code], language),
            filter_mode="contains",
        )
        note = st.text_area(_("What is being done"))
        if st.form_submit_button(_("Acknowledge"), type="primary"):
            try:
                with transaction(engine()) as session:
                    acknowledge_alert(
                        session, visit().actor, code, version=mine[code].version, note=note, now=visit().now
                    )
            except DomainError as error:
                notice(_(error.message, **error.params), "bad")
                return
            st.session_state["alert_outcome"] = (_("The alert is acknowledged."), "good")
            st.rerun()


if not found:
    notice(_("There are no alerts here."), "good")
else:
    shown = found[:PAGE]
    table(
        [_("County, city or district"), _("What"), _("Told to"), _("Raised"), _("State")],
        [
            [
                Markup("{} {}").format(
                    link(
                        page_url("county", adcode=alert.county_adcode),
                        pick(alert.county.name, alert.county.name_en),
                    ),
                    sample_tag() if alert.sample else "",
                ),
                Markup('<div class="lines">{}<br>{}</div>').format(
                    tag(label(language, alert.rule.kind), TONES[alert.rule.kind]), alert_in_words(alert, language)
                ),
                label(language, alert.rule.role),
                language.format_date(alert.raised_on),
                state_of(alert),
            ]
            for alert in shown
        ],
        caption=_("Alerts, newest first"),
    )
    if len(found) > PAGE:
        query = {"all": "1"} if everything else {}
        older = page_url("alerts", before=str(shown[-1].id), **query)
        st.html(Markup("<p>{}</p>").format(link(older, _("Older alerts"))))
    draw_acknowledging([alert for alert in shown if not alert.settled_on and not alert.acknowledged_at])
source(_("Alerts are raised by the daily check of coverage, each once."))
