"""上门服务: visits on site, recorded by the stations. ``?station=…&county=…&city=…&period=…``."""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.answer_table import draw_answer
from portal.components import link, notice, page_url, sample_tag
from portal.done_notice import draw_done
from portal.duty.duty_page import end_signed_out
from portal.form_action import do_or_tell, finish
from portal.form_problems import FormProblems
from portal.language import _, current, pick
from portal.option_labels import distinct
from portal.page_action import draw_outcome, perform
from portal.page_end import end_page
from portal.paged_list import draw_turns, number_in_address
from portal.required_fields import mark_required
from portal.storage import engine
from portal.visit import visit
from stations.answers.site_visits import VISIT_COLUMNS
from stations.database import reading
from stations.duty.roles import Action, Actor
from stations.errors import DomainError, InvalidInput
from stations.evaluation.period import Period, read_period
from stations.evaluation.site_visits import (
    FIRM_LIMIT,
    SUBJECT_LIMIT,
    SiteVisit,
    list_visits,
    record_visit,
    withdraw_visit,
)
from stations.registry.station import Station, Status, list_stations

PAGE = 30
AREAS = ("station", "county", "city")

present = visit()
st.title(_("Visits on site"))
st.html(
    Markup('<p class="back">{} {}</p>').format(
        link(page_url("desk"), _("Work desk")), link(page_url("evaluation"), _("Evaluation of the service"))
    )
)
if present.actor is None:
    end_signed_out(_("For stewards and administrators."), "/visits")
draw_done()
draw_outcome()


def stations_of(actor: Actor) -> dict[str, Station]:
    """Return the active stations for which the actor may record visits, by code."""
    with reading(engine()) as session:
        active = list_stations(session, present.today, samples=present.samples, statuses={Status.ACTIVE})
    return {one.station.code: one.station for one in active if actor.may(Action.RECORD_VISITS, one.station.area)}


def draw_form(stations: dict[str, Station]) -> None:
    """Draw the form that records a visit."""
    labels = {
        "station": _("Station"),
        "visited_on": _("Day of the visit"),
        "firm_name": _("Name of the firm"),
        "subject": _("What was done there"),
    }
    with st.form("visit", border=True):
        problems = FormProblems(labels)
        mark_required("visit_station", "visit_day", "visit_firm", "visit_subject")
        names = distinct({code: pick(one.name, one.name_en) for code, one in stations.items()})
        station = st.selectbox(
            labels["station"],
            list(names),
            format_func=names.__getitem__,
            filter_mode="contains",
            key="visit_station",
        )
        day = st.date_input(labels["visited_on"], value=present.today, max_value=present.today, key="visit_day")
        firm = st.text_input(labels["firm_name"], max_chars=FIRM_LIMIT, key="visit_firm")
        subject = st.text_area(labels["subject"], max_chars=SUBJECT_LIMIT, key="visit_subject")
        if st.form_submit_button(_("Record the visit"), type="primary") and do_or_tell(
            lambda session: record_visit(
                session,
                visit().actor,
                station,
                visited_on=day,
                firm_name=firm,
                subject=subject,
                now=visit().now,
            ),
            problems,
        ):
            for field in ("visit_firm", "visit_subject"):
                del st.session_state[field]
            finish(_("The visit is recorded."))


def asked_period() -> Period | None:
    """Return the period in the address; None, with a warning if invalid."""
    try:
        return read_period(text_in_address("period")) if "period" in st.query_params else None
    except InvalidInput as error:
        notice(_(error.message, **error.params), "warn")
        return None


def draw_withdrawing(actor: Actor, shown: list[SiteVisit]) -> None:
    """Draw the form for withdrawing a visit recorded by mistake."""
    mine = {one.code: one for one in shown if actor.may(Action.RECORD_VISITS, one.station.area)}
    if not mine:
        return
    with st.expander(_("Recorded by mistake?")), st.form("withdraw_visit", border=False):
        st.selectbox(
            _("Visit"),
            list(mine),
            format_func=lambda code: f"{code} · {mine[code].firm_name}",
            filter_mode="contains",
            key="withdrawn",
        )
        st.form_submit_button(
            _("Take it back"),
            on_click=lambda: perform(
                lambda session: withdraw_visit(
                    session,
                    visit().actor,
                    st.session_state["withdrawn"],
                    version=mine[st.session_state["withdrawn"]].version,
                    now=visit().now,
                ),
                _("The visit is taken back; it counts no more."),
            ),
        )


stations = stations_of(present.actor)
if stations:
    with st.expander(_("Record a visit"), expanded=False):
        draw_form(stations)
period = asked_period()
asked = {name: text_in_address(name) for name in AREAS}
with reading(engine()) as session:
    try:
        found = list_visits(
            session,
            present.actor,
            samples=present.samples,
            first=period.first if period else None,
            last=period.last if period else None,
            after_id=number_in_address(),
            limit=PAGE + 1,
            **asked,
        )
    except DomainError as error:
        notice(_(error.message, **error.params), "warn")
        end_page()
narrowed = {name: value for name, value in asked.items() if value} | ({"period": period.text} if period else {})
if narrowed:
    st.html(Markup("<p>{}</p>").format(link(page_url("visits"), _("Show all visits"))))
if not found:
    notice(_("No visits are recorded here."))
    end_page()
shown = found[:PAGE]
draw_answer(
    VISIT_COLUMNS,
    shown,
    caption=_("Visits, the last recorded first"),
    drawn={
        "visited_on": lambda one: current().format_date(one.visited_on),
        "firm": lambda one: Markup("{} {}").format(one.firm_name, sample_tag() if one.sample else ""),
    },
    stacks=True,
    file="visits",
)
draw_turns("visits", narrowed, shown[-1].id if len(found) > PAGE else None, _("Earlier visits"))
draw_withdrawing(present.actor, shown)
