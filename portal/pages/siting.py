"""看选址: the best places for the next stations."""

import streamlit as st
from markupsafe import Markup

from portal.components import link, notice, page_url, source
from portal.language import _
from portal.page_end import end_page
from portal.planning.demand_dots import demand_dots
from portal.planning.demand_layer import draw_demand_notes, draw_raster_comparison
from portal.planning.figure_import import draw_imports, figure_in_words
from portal.planning.scenario_saving import draw_saving
from portal.planning.siting_answer import draw_gain, draw_left_out, draw_sites, draw_siting_map, draw_standing
from portal.planning.siting_curve_view import draw_curve
from portal.planning.siting_progress import wait_for_answer
from portal.planning.siting_question import draw_question, question_in_address
from portal.planning.siting_sensitivity_view import draw_sensitivity
from portal.planning.siting_served import draw_capacity
from portal.planning.travel_notes import draw_travel_gaps, draw_travel_import
from portal.planning.travel_progress import travel_report
from portal.storage import engine
from portal.visit import visit
from stations.database import reading
from stations.errors import DomainError
from stations.places.counties import list_counties
from stations.planning.candidate_place import count_candidate_places
from stations.planning.demand import demand_of, layers_on_file
from stations.planning.imported_figure import list_figures
from stations.planning.share_reached import two_counts
from stations.planning.siting_candidates import count_unplaced_stations
from stations.planning.station_siting import pose
from stations.planning.travel import list_measures

TIME_LIMIT_S = 120.0

present = visit()
st.title(_("Where should the next stations stand?"))
st.html(
    Markup('<p class="lead">{} {}</p>').format(
        _("Choose what counts; the best places for new stations are computed and proven, not guessed."),
        link(page_url("scenarios"), _("Saved scenarios")),
    )
)
with reading(engine()) as session:
    counties, figures = list_counties(session), list_figures(session, samples=present.samples)
    places = count_candidate_places(session, samples=present.samples)
    measures = list_measures(session, samples=present.samples)
    layers = layers_on_file(session, samples=present.samples)
    unplaced = count_unplaced_stations(session, present.today, samples=present.samples)
asking, telling = st.columns([1, 2], gap="medium")
with asking:
    question = question_in_address([one.adcode for one in counties], figures, layers, measures)
    draw_question(question, counties, figures, places, layers, measures)
    with reading(engine()) as session:
        draw_imports(present, session, "/siting")
with telling:
    try:
        with reading(engine()) as session:
            posed = pose(
                session,
                question,
                as_of=present.today,
                samples=present.samples,
                time_limit=TIME_LIMIT_S,
                report=travel_report(str(question)),
            )
            demand = demand_of(session, question.demand, question.weighting, samples=present.samples)
            dots = demand_dots(session, question.demand, question.weighting, samples=present.samples)
    except DomainError as error:
        notice(_(error.message, **error.params), "warn")
        end_page()
    answer = wait_for_answer(posed)
    draw_standing(answer)
    if answer.after is None:
        end_page()
    draw_gain(answer, answer.after)
    draw_capacity(answer)
    if question.keep_existing:
        draw_left_out(unplaced)
    by_area = link(page_url("coverage_history"), _("Coverage through time, people spread evenly by area"))
    source(Markup("{} {}").format(_(two_counts(demand.layer)), by_area))
    draw_travel_gaps(answer.gaps, answer.pairs_without_way)
    draw_siting_map(answer, dots=dots)
st.header(_("Where the new stations go"))
draw_sites(answer)
draw_curve(posed, answer)
draw_sensitivity(present, posed, answer)
draw_saving(present, posed, answer)
draw_demand_notes(demand)
with reading(engine()) as session:
    draw_raster_comparison(session, question.demand, samples=present.samples)
for figure in figures:
    if figure.code in {question.weighting, question.cost_figure}:
        source(figure_in_words(figure))
if answer.about_travel is not None:
    source(_(answer.about_travel.message, **answer.about_travel.params))
source(
    _(
        "Solved to proven optimality with the solver HiGHS. "
        "Models: set covering (Toregas et al. 1971), maximal covering (Church and ReVelle 1974), p-median "
        "(Hakimi 1964) and p-center (Minieka 1970)."
    )
)
with reading(engine()) as session:
    draw_travel_import(present, session)
