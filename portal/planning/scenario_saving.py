"""Saving the siting answer of the page as a scenario."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.components import link, notice, page_url
from portal.duty.duty_page import sign_in_link
from portal.language import _
from portal.storage import engine
from portal.visit import Visit, own_address
from stations.database import transaction
from stations.duty.roles import Action
from stations.errors import DomainError
from stations.planning.scenario import save_scenario
from stations.planning.station_siting import PosedQuestion, SitingAnswer


def draw_saving(present: Visit, posed: PosedQuestion, answer: SitingAnswer) -> None:
    """Draw the form that saves the answer under a name; for others, who may save and how."""
    st.header(_("Keep it as a scenario"))
    if present.actor is None or not present.actor.may_somewhere(Action.SAVE_SCENARIOS):
        told = _("Planners and administrators can save an answer, compare it with others and share it by link.")
        way = sign_in_link(own_address()) if present.actor is None else ""
        notice(Markup("{} {}").format(told, way))
        return
    with st.form("scenario_form", border=False):
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        example = _("e.g. Five more stations in 2027")
        name = left.text_input(_("Name of the scenario"), placeholder=example)
        pressed = right.form_submit_button(_("Save"), type="primary")
    if not pressed:
        return
    try:
        with transaction(engine()) as session:
            scenario = save_scenario(
                session,
                present.actor,
                posed,
                answer,
                name=name,
                as_of=present.today,
                samples=present.samples,
                now=present.now,
            )
    except DomainError as error:
        notice(_(error.message, **error.params), "bad")
        return
    opened = link(page_url("scenarios", s=scenario.token), _("Open it"))
    every = link(page_url("scenarios"), _("All my scenarios"))
    notice(Markup("{} {} · {}").format(_("“{name}” was saved.", name=scenario.name), opened, every), "good")
