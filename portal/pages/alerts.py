"""Coverage alerts in the administrator's area: list, acknowledgement, rules and notification addresses.

``?all=1&before=…``; ``?view=rules``.
"""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.answer_table import draw_answer
from portal.components import Tone, link, notice, page_url, sample_tag, source, tag
from portal.coverage.alert_settings import draw_contacts, draw_rules
from portal.coverage.wishes import draw_wishes
from portal.done_notice import draw_done
from portal.duty.duty_page import end_signed_out
from portal.form_action import do_or_tell, finish
from portal.form_problems import FormProblems
from portal.language import _, ngettext, pick
from portal.option_labels import distinct
from portal.page_end import end_page
from portal.paged_list import draw_turns, number_in_address
from portal.required_fields import mark_required
from portal.storage import engine
from portal.visit import visit
from stations.alerts.alert_list import acknowledge_alerts, list_alerts
from stations.alerts.alert_notices import alert_in_words
from stations.alerts.alert_rules import AlertKind
from stations.alerts.alerts import CoverageAlert, area_of, last_check, watched_since
from stations.answers.alerts import ALERT_COLUMNS, ALERT_PAGE_COLUMNS
from stations.database import reading
from stations.duty.roles import Action, Actor, outside_duty
from stations.language import label

PAGE = 30
TONES: dict[AlertKind, Tone] = {AlertKind.UNCOVERED: "bad", AlertKind.ENDING: "warn"}

present = visit()
language, actor = present.language, present.actor
st.title(_("Coverage alerts"))
if actor is None:
    end_signed_out(_("For administrators."), "/alerts")
if not actor.may_somewhere(Action.SEE_ALERTS):
    error = outside_duty(Action.SEE_ALERTS)
    notice(_(error.message, **error.params), "warn")
    end_page()
draw_done()
if text_in_address("view") == "rules":
    st.html(Markup('<p class="back">{}</p>').format(link(page_url("alerts"), _("Back to the alerts"))))
    draw_rules(actor)
    draw_contacts(actor)
    end_page()
everything = text_in_address("all") == "1"
with reading(engine()) as session:
    found = list_alerts(
        session,
        actor,
        samples=present.samples,
        everything=everything,
        after_id=number_in_address("before"),
        limit=PAGE + 1,
    )
    checked_at = last_check(session)
    began_on = watched_since(session, samples=present.samples)
other = (
    link(page_url("alerts"), _("Only those for you to act on"))
    if everything
    else link(page_url("alerts", all="1"), _("All in your area"))
)
st.html(
    Markup('<p class="lead">{}</p><p>{} · {}</p>').format(
        _("A county without a station for long, or about to lose its last one, in your area of duty."),
        other,
        link(page_url("alerts", view="rules"), _("Rules and who is told")),
    )
)


def draw_acknowledging(actor: Actor, alerts: list[CoverageAlert]) -> None:
    """Draw the form for acknowledging some of the alerts, or all of this page."""
    mine = {alert.code: alert for alert in alerts if actor.may(Action.ACKNOWLEDGE_ALERTS, area_of(alert))}
    if not mine:
        return
    st.header(_("Acknowledge"))
    key = "acknowledged"
    st.session_state[key] = [code for code in st.session_state.get(key, []) if code in mine]
    st.button(
        ngettext("Pick the {count} of this page", "Pick all {count} of this page", len(mine)),
        key="all_alerts",
        on_click=lambda: st.session_state.update({key: list(mine)}),
    )
    with st.form("acknowledge", border=True):
        problems = FormProblems({"alerts": _("Alerts"), "note": _("What is being done")})
        mark_required(key, told=False)
        names = distinct({code: alert_in_words(one, language) for code, one in mine.items()})
        codes = st.multiselect(
            _("Alerts"),
            list(names),
            key=key,
            format_func=names.__getitem__,
            placeholder=_("Choose alerts"),
        )
        note = st.text_area(_("What is being done"))
        if st.form_submit_button(_("Acknowledge"), type="primary"):
            picked = [(code, mine[code].version) for code in codes]
            if do_or_tell(
                lambda session: acknowledge_alerts(session, visit().actor, picked, note=note, now=visit().now),
                problems,
            ):
                finish(ngettext("{count} alert is acknowledged.", "{count} alerts are acknowledged.", len(picked)))


def draw_none() -> None:
    """Explain why the list is empty: coverage never checked is not the same as no alerts."""
    if checked_at is None:
        told = _(
            "Coverage has not been checked yet, so nothing is known about alerts. The portal checks it once a day "
            "while it serves (setting CHECK_COVERAGE); to check now, run: python -m stations check-coverage"
        )
    elif everything:
        told = _("There are no alerts in your area: none was raised up to the last check.")
    else:
        told = _("There are no alerts for you to act on.")
    present_state = link(page_url("coverage"), _("See the coverage as it is now"))
    notice(Markup("{} {}").format(told, present_state), "warn" if checked_at is None else "good")


if not found:
    draw_none()
else:
    shown = found[:PAGE]
    draw_answer(
        ALERT_PAGE_COLUMNS,
        shown,
        caption=_("Alerts, newest first"),
        drawn={
            "county": lambda alert: Markup("{} {}").format(
                link(page_url("county", adcode=alert.county_adcode), pick(alert.county.name, alert.county.name_en)),
                sample_tag() if alert.sample else "",
            ),
            "kind": lambda alert: tag(label(language, alert.rule.kind), TONES[alert.rule.kind]),
            "message": lambda alert: Markup('<div class="lines">{}</div>').format(alert_in_words(alert, language)),
            "raised_on": lambda alert: language.format_date(alert.raised_on),
        },
        beneath={"message": "kind"},
        saved=ALERT_COLUMNS,
        stacks=True,
    )
    query = {"all": "1"} if everything else {}
    last = shown[-1].id if len(found) > PAGE else None
    draw_turns("alerts", query, last, _("Older alerts"), parameter="before")
    draw_acknowledging(actor, [alert for alert in shown if not alert.settled_on and not alert.acknowledged_at])
with reading(engine()) as session:
    draw_wishes(session, actor)
rule_of_checks = _(
    "Alerts are raised by the daily check of coverage, each once, and settled by the change that ends their cause."
)
if began_on:
    day = language.format_date(began_on)
    rule_of_checks += " " + _(
        "What was without a station when checking began, on {day}, counts from that day.", day=day
    )
if checked_at:
    source(
        Markup("{} {}").format(
            rule_of_checks, _("Last checked: {moment}.", moment=language.format_datetime(checked_at))
        )
    )
else:
    source(rule_of_checks)
