"""看可达: the distances of people to stations and centres, and how evenly service is distributed.

``?as_of=…&demand=towns&weights=population&service=…&kind=…&catchment=30&show=station``
"""


import streamlit as st
from markupsafe import Markup

from portal.address_choice import draw_choice_of_one, text_in_address
from portal.answer_table import draw_answer
from portal.as_of_date import date_from_address, draw_date_input
from portal.components import Figure, figures, link, notice, page_url, sample_tag, source
from portal.language import N_, _, ngettext, pick
from portal.option_labels import distinct
from portal.planning.demand_dots import demand_dots
from portal.planning.demand_layer import draw_demand_notes, draw_raster_comparison
from portal.planning.figure_import import draw_figures, figure_in_words
from portal.planning.isochrone_map import draw_isochrones
from portal.planning.reach_view import COUNTY_LINKS, MEASURES, draw_cities, draw_lorenz, draw_reach_map
from portal.planning.travel_notes import draw_travel_gaps, draw_travel_import
from portal.planning.travel_progress import travel_report
from portal.planning.way_words import STATION_WITHIN
from portal.storage import engine
from portal.table_downloads import draw_downloads
from portal.visit import visit
from stations.answers.presentation import saved_table
from stations.answers.reach import county_columns, travel_notes, unreached_note
from stations.catalogue.service import list_groups
from stations.database import reading
from stations.language import Bilingual, label
from stations.planning.demand import DemandLayer, Weighting, layers_on_file
from stations.planning.demand_notes import AVERAGES, demand_notes
from stations.planning.imported_figure import list_figures
from stations.planning.reach import DEFAULT_CATCHMENT_KM, DEFAULT_CATCHMENT_MINUTES, reach_on
from stations.planning.share_reached import two_counts
from stations.planning.travel import STRAIGHT, TravelUnit, list_measures
from stations.registry.centre import CentreKind

CATCHMENTS = {
    TravelUnit.METRES: ((10, 20, 30, 50), DEFAULT_CATCHMENT_KM, N_("Catchment in kilometres")),
    TravelUnit.SECONDS: ((15, 30, 45, 60), DEFAULT_CATCHMENT_MINUTES, N_("Catchment in minutes")),
}

present = visit()
language = present.language
st.title(_("Reach"))
st.html(
    Markup('<p class="lead">{} {}</p>').format(
        _("How far people have to the nearest station and centre, and how evenly service is shared."),
        link(page_url("siting"), _("Where the next stations should stand")),
    )
)
as_of = date_from_address(present.today)
with reading(engine()) as session:
    imported = list_figures(session, samples=present.samples)
    groups = list_groups(session)
    measures = list_measures(session, samples=present.samples)
    layers = {one.value: label(language, one) for one in layers_on_file(session, samples=present.samples)}
element_titles = {one.code: Bilingual(one.name_zh, one.name_en) for one in groups if one.element}
weightings = {one.value: label(language, one) for one in (Weighting.POPULATION, Weighting.EQUAL)}
weightings |= {one.code: _("By {name} ({year})", name=one.name, year=one.year) for one in imported}
services = {one.code: pick(one.name_zh, one.name_en) for group in groups for one in (group, *group.services)}


def keep(name: str) -> None:
    """Write a changed value to the address."""
    st.query_params[name] = str(st.session_state[f"reach_{name}"])


def chosen_of(name: str, options: list[str], default: str) -> str:
    """Return the value in the address if it is an option, else the default; set the widget to it too."""
    text = text_in_address(name)
    chosen = text if text in options else default
    st.session_state[f"reach_{name}"] = chosen
    return chosen


with st.container(border=True):
    first, second, third = st.columns(3)
    with first:
        draw_date_input(as_of, present.today)
        layer = chosen_of("demand", list(layers), DemandLayer.COUNTIES.value)
        st.selectbox(
            _("Where people are counted"),
            list(layers),
            key="reach_demand",
            format_func=layers.__getitem__,
            filter_mode=None,
            on_change=keep,
            args=("demand",),
        )
        weighting = chosen_of("weights", list(weightings), Weighting.POPULATION.value)
        st.selectbox(
            _("Whose way counts?"),
            list(weightings),
            key="reach_weights",
            format_func=weightings.__getitem__,
            filter_mode=None,
            on_change=keep,
            args=("weights",),
        )
    with second:
        service = draw_choice_of_one("service", _("Stations that offer"), services)
        kinds = {one.value: label(language, one) for one in CentreKind}
        kind = draw_choice_of_one("kind", _("Centres of the kind"), kinds)
    with third:
        travel = chosen_of("travel", [one.code for one in measures], STRAIGHT)
        unit = next(one.unit for one in measures if one.code == travel)
        if len(measures) > 1:
            ways = distinct({one.code: _(one.label.message, **one.label.params) for one in measures})
            st.selectbox(
                _("How the way is measured"),
                list(ways),
                key="reach_travel",
                format_func=ways.__getitem__,
                filter_mode=None,
                on_change=keep,
                args=("travel",),
            )
        reaches, usual, title = CATCHMENTS[unit]
        catchment = chosen_of("catchment", [str(one) for one in reaches], f"{usual:g}")
        st.selectbox(
            _(title),
            [str(one) for one in reaches],
            key="reach_catchment",
            filter_mode=None,
            on_change=keep,
            args=("catchment",),
        )
        measure = chosen_of("show", list(MEASURES), "station")
        st.selectbox(
            _("The map shows"),
            list(MEASURES),
            key="reach_show",
            format_func=lambda one: _(MEASURES[one].title),
            filter_mode=None,
            on_change=keep,
            args=("show",),
        )


with reading(engine()) as session:
    report = reach_on(
        session,
        as_of,
        samples=present.samples,
        layer=layer,
        weighting=weighting,
        service=service,
        centre_kind=CentreKind(kind) if kind else None,
        travel=travel,
        catchment_km=float(catchment),
        catchment_minutes=float(catchment),
        report=travel_report(f"{travel} {layer} {as_of} {service} {kind}"),
    )
    dots = demand_dots(session, layer, weighting, samples=present.samples)
province = report.province
st.header(
    _("Within reach, counted at one point in each county")
    if layer == DemandLayer.COUNTIES
    else _("Within reach: {layer}", layer=layers[layer])
)
figures(
    [
        *(
            Figure(
                language.format_percent(province.within[most], 1),
                _(STATION_WITHIN[unit], **{unit.word: most}),
                note=_("{share} of a centre", share=language.format_percent(province.centre_within[most], 1)),
            )
            for most in unit.reaches
        ),
        Figure(
            language.format_number(province.gini, 2) if province.gini is not None else "–",
            _("Gini coefficient"),
            note=_("0: all have alike; towards 1: few have all"),
        ),
    ]
)
if report.samples:
    told = ngettext(
        "{count} of the stations and centres taken in is a sample, so these figures are samples as well.",
        "{count} of the stations and centres taken in are samples, so these figures are samples as well.",
        report.samples,
    )
    notice(Markup("{} {}").format(sample_tag(), told), "sample")
if not report.stations:
    notice(_("No active station answers these choices on this date."), "warn")
draw_travel_gaps(report.gaps, 0)
if report.travel != STRAIGHT and report.province.unreached:
    notice(unreached_note(report, language), "warn")
draw_reach_map(
    report,
    measure,
    [
        language.format_date(as_of),
        _("Where people are counted: {layer}", layer=layers[layer]),
        _("Whose way counts? {weights}", weights=weightings[weighting]),
        *([f"{_('Stations that offer')} {services[service]}"] if service else []),
        *([f"{_('Centres of the kind')} {kinds[kind]}"] if kind else []),
    ],
    dots,
)
if MEASURES[measure].metres is None:
    source(
        _(
            "Classes are the same on every date: half, once and double of {even}, which one station for each county, "
            "shared alike by all, would give.",
            even=language.format_number(report.score_of_one_each, 3),
        )
    )
source(
    _(
        "{stations} active stations and {centres} accepted centres on {date}. {stations_out} more stations and "
        "{centres_out} more centres are known to their city only and left out.",
        stations=report.stations,
        centres=report.centres,
        date=language.format_date(as_of),
        stations_out=report.stations_left_out,
        centres_out=report.centres_left_out,
    )
)
if report.about_travel is not None:
    source(_(report.about_travel.message, **report.about_travel.params))
st.header(_("City by city"))
draw_cities(report)
left, right = st.columns([2, 3], gap="large")
with left:
    st.header(_("How evenly it is shared"))
    draw_lorenz(report)
with right:
    st.header(_("How it is counted"))
    source(
        _(
            "Two-step floating catchment (Luo and Wang 2003, computed by PySAL’s access): each station is shared "
            "among all within {reach} of it, and each place of demand adds up its shares. Lorenz curve and Gini "
            "coefficient (Brown 1994) tell how evenly that is spread over the demand.",
            reach=unit.in_words(language, float(catchment) * unit.per),
        )
    )
    draw_demand_notes(report.demand)
    if layer != DemandLayer.COUNTIES:
        source(_(AVERAGES))
    by_area = link(page_url("coverage_history"), _("Coverage through time, people spread evenly by area"))
    source(Markup("{} {}").format(_(two_counts(report.demand.layer)), by_area))
    for figure in imported:
        if figure.code == weighting:
            source(figure_in_words(figure))
st.header(_("Every county"))
columns = county_columns(element_titles, unit)
with st.expander(_("Show all {count} counties", count=len(report.counties))):
    draw_answer(
        columns[1:],
        report.counties,
        caption=_("Distances to the nearest station, by element, and centre, by kind"),
        drawn=COUNTY_LINKS,
        numbers=[one.key for one in columns if one.key not in {"name", "city", "station", "centre"}],
        saving=False,
    )
every = _("Reach by county on {date}", date=language.format_date(as_of))
notes = [every, *demand_notes(report.demand, language), *travel_notes(report, language)]
draw_downloads(saved_table(columns, report.counties, language, title=every, notes=notes))
with reading(engine()) as session:
    draw_isochrones(session, as_of, samples=present.samples, service=service)
    draw_raster_comparison(session, layer, samples=present.samples)
    draw_figures(present, session)
    draw_travel_import(present, session)
