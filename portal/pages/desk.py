"""工作台: the requests in the user's area, and beside them the open one. ``?number=…&state=…``."""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.components import notice, tag
from portal.desk.bulk_actions import draw_asked, draw_last_act, draw_outcomes
from portal.desk.keyboard_help import draw_keyboard_help
from portal.desk.open_request import draw_request
from portal.desk.outbox_view import draw_outbox
from portal.desk.partner_parts import draw_partner_parts
from portal.desk.queue import draw_head_of_queue, draw_queue
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
if actor is None:
    st.title(_("Work desk"))
    end_signed_out(_("For stewards and administrators."), "/desk")
with reading(engine()) as session:
    duties = [duty_in_words(session, duty) for duty in actor.duties]
with st.container(horizontal=True, vertical_alignment="bottom", key="desk_top"):
    st.title(_("Work desk"))
    st.html(Markup('<p class="on-duty">{} {}</p>').format(actor.name, Markup(" ").join(tag(duty) for duty in duties)))
if not actor.may_somewhere(Action.SEE_REQUESTS):
    notice(_("Your duty does not include requests. Coverage, centres and targets are open to everybody."))
    end_page()
number = text_in_address("number")

with reading(engine()) as session, st.container(key="desk"):
    draw_head_of_queue(session, actor)
    with st.container(key="desk_split"):
        with st.container(key="desk_list"):
            if not number:
                draw_outcome()
            draw_outcomes()
            draw_asked()
            draw_last_act(session, actor)
            draw_queue(session, actor, open_number=number)
            draw_partner_parts(session, actor, samples=present.samples, today=present.today)
            draw_outbox(session)
            draw_keyboard_help()
        if number:
            with st.container(key="desk_detail"):
                draw_request(session, actor, number)
