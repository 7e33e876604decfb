"""工作台: the requests in the user's area, and answering them. ``?number=…&state=…``."""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.components import link, notice, page_url, tag
from portal.desk.bulk_actions import draw_outcomes
from portal.desk.keyboard_help import draw_keyboard_help
from portal.desk.open_request import draw_request
from portal.desk.outbox_view import draw_outbox
from portal.desk.partner_parts import draw_partner_parts
from portal.desk.queue import draw_queue
from portal.duty.duties import duty_in_words
from portal.duty.duty_page import end_signed_out
from portal.language import _
from portal.page_action import draw_outcome
from portal.page_end import end_page
from portal.storage import engine
from portal.visit import visit
from stations.database import reading
from stations.duty.roles import Action

present = visit()
actor = present.actor
st.title(_("Work desk"))
if actor is None:
    end_signed_out(_("For stewards and administrators."), "/desk")
with reading(engine()) as session:
    duties = [duty_in_words(session, duty) for duty in actor.duties]
st.html(Markup('<p class="lead">{} {}</p>').format(actor.name, Markup(" ").join(tag(duty) for duty in duties)))
onward = {
    Action.SEE_ALERTS: link(page_url("alerts"), _("Coverage alerts")),
    Action.SEND_BULLETIN: link(page_url("bulletin"), _("Monthly bulletin")),
    Action.SEE_EVALUATION: link(page_url("evaluation"), _("Evaluation of the service")),
    Action.RECORD_VISITS: link(page_url("visits"), _("Visits on site")),
    Action.EDIT_TEMPLATES: link(page_url("desk_rules"), _("Templates and escalation")),
}
ways = [link(page_url("registry"), _("Registry of stations and centres"))]
ways += [way for action, way in onward.items() if actor.may_somewhere(action)]
st.html(Markup('<nav class="onward">{}</nav>').format(Markup(" ").join(ways)))
if not actor.may_somewhere(Action.SEE_REQUESTS):
    notice(_("Your duty does not include requests. Coverage, centres and targets are open to everybody."))
    end_page()
number = text_in_address("number")

with reading(engine()) as session:
    if number:
        draw_request(session, actor, number)
    else:
        draw_outcome()
        draw_outcomes()
        draw_queue(session, actor)
        draw_partner_parts(session, actor, samples=present.samples, today=present.today)
        draw_outbox(session)
    draw_keyboard_help()
