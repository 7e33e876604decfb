"""看选址: where the next stations would serve best."""

from datetime import date

import streamlit as st
from markupsafe import Markup

from portal.components import notice, source
from portal.language import _
from portal.page_end import end_page
from portal.siting_answer import draw_gain, draw_sites, draw_siting_map
from portal.siting_question import draw_question, question_in_address
from portal.storage import engine
from portal.visit import visit
from stations.database import reading
from stations.demand import ESTIMATE, Weighting
from stations.revision import current_revision
from stations.station_siting import OUTCOME_TEXT, SitingAnswer, SitingQuestion, site_stations

TIME_LIMIT_S = 20.0  # somebody is waiting

present = visit()
st.title(_("Where should the next stations stand?"))
st.html(
    Markup('<p class="lead">{}</p>').format(
        _("Choose what counts; the best counties for new stations are computed and proven, not guessed.")
    )
)
question = question_in_address()
draw_question(question)


@st.cache_data(max_entries=64, show_spinner=False)
def solve(question: SitingQuestion, as_of: date, samples: bool, revision: int) -> SitingAnswer:
    """The answer, kept until the registry changes (``revision``)."""
    with reading(engine()) as session:
        return site_stations(session, question, as_of=as_of, samples=samples, time_limit=TIME_LIMIT_S)


with reading(engine()) as session:
    revision = current_revision(session)
with st.spinner(_("Computing…")):
    answer = solve(question, present.today, present.samples, revision)
proven = answer.after is not None and answer.bound is None
notice(_(OUTCOME_TEXT[answer.outcome], count=len(answer.uncovered)), "" if proven else "warn")
if answer.after is None:
    end_page()
draw_gain(answer)
draw_siting_map(answer)
st.subheader(_("Where the new stations go"))
draw_sites(answer)
if question.weighting is Weighting.POPULATION:
    source(_(ESTIMATE))
source(
    _(
        "Demand stands at a point inside each county; distances are great-circle distances. "
        "Solved to proven optimality with HiGHS; the formulas and their references stand in geo/siting.py."
    )
)
