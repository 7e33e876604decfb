"""Saved siting scenarios: the user's own, and side by side, on one ground, those named in the address.

``?s=<token>&s=<token>&demand=counties&weights=population&travel=straight&as_of=…``
"""

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.as_of_date import date_from_address
from portal.components import link, notice, page_url, sample_tag
from portal.duty.duty_page import sign_in_link
from portal.language import _
from portal.markdown_text import plain
from portal.page_end import end_page
from portal.planning.scenario_ground import draw_ground
from portal.planning.scenario_view import draw_comparison, draw_scenario, notice_of_samples
from portal.planning.travel_progress import travel_report
from portal.storage import engine
from portal.visit import own_address, visit
from stations.answers.scenarios import OWN_COLUMNS, compare_scenarios, usual_ground
from stations.database import reading
from stations.duty.roles import Action
from stations.errors import DomainError
from stations.language import day_in_china
from stations.planning.scenario import MOST_COMPARED, get_scenarios, list_scenarios

present = visit()
actor = present.actor
st.title(_("Siting scenarios"))
with reading(engine()) as session:
    try:
        opened = get_scenarios(session, st.query_params.get_all("s"), samples=present.samples)
    except DomainError as error:
        notice(_(error.message, **error.params), "warn")
        opened = []
    may_save = actor is not None and actor.may_somewhere(Action.SAVE_SCENARIOS)
    own = list_scenarios(session, actor, samples=present.samples) if actor and may_save else []

if own:
    names = {one.token: one.name for one in own}
    st.session_state["scenarios_chosen"] = [one.token for one in opened if one.token in names]

    def choose() -> None:
        """Open the chosen scenarios in addition to the open ones of other users."""
        others = [one.token for one in opened if one.token not in names]
        st.query_params["s"] = [*others, *st.session_state["scenarios_chosen"]]

    st.pills(
        _("Choose up to {most} to see side by side", most=MOST_COMPARED),
        list(names),
        key="scenarios_chosen",
        selection_mode="multi",
        format_func=lambda token: plain(names[token]),
        on_change=choose,
    )
if opened:
    as_of = date_from_address(present.today)
    with reading(engine()) as session:
        usual = usual_ground(session, opened[0], as_of)
        ground = draw_ground(session, usual, today=present.today, samples=present.samples)
        try:
            progress = travel_report(f"{ground} {[one.code for one in opened]}")
            comparison = compare_scenarios(session, opened, ground, samples=present.samples, report=progress)
        except DomainError as error:
            notice(_(error.message, **error.params), "warn")
            end_page()
    draw_comparison(comparison)
    columns = st.columns(len(opened), gap="medium")
    for column, one in zip(columns, comparison.opened, strict=True):
        with column:
            draw_scenario(present, comparison, one)
    notice_of_samples(comparison)
    end_page()
if own:
    draw_answer(
        OWN_COLUMNS,
        own,
        caption=_("My scenarios"),
        drawn={
            "name": lambda one: Markup("{} {}").format(
                link(page_url("scenarios", s=one.token), one.name), sample_tag() if one.sample else ""
            ),
            "planned_on": lambda one: (
                present.language.format_date(day_in_china(one.planned_at)) if one.planned_at else "–"
            ),
        },
        numbers=("new_stations",),
    )
elif may_save:
    told = _("You have saved no scenario yet. Compute an answer and save it there.")
    notice(Markup("{} {}").format(told, link(page_url("siting"), _("To siting"))))
elif actor is None:
    told = _("Sign in to see your scenarios. Who has a scenario’s link sees it without.")
    notice(Markup("{} {}").format(told, sign_in_link(own_address())))
else:
    notice(_("Your duty does not include scenarios; a scenario’s link still opens it."))
