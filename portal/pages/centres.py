"""看布局: the centres and their stages on a map of counties shaded by a figure.

``?level=…&kind=…&stage=…&chain=…&city=…&shade=…&within=…&as_of=…``
"""

from collections import Counter

import streamlit as st
from markupsafe import Markup

from portal.address_choice import draw_setting
from portal.answer_table import draw_answer
from portal.as_of_date import date_from_address, draw_date_input, draw_month_slider
from portal.centres.centre_choice import draw_centre_choice
from portal.centres.centre_reach_tables import draw_reach
from portal.components import link, notice, page_url, source
from portal.coverage.county_shading import figure_in_words, shade_counties
from portal.language import _, ngettext, pick
from portal.maps.county_map import Fill, county_map
from portal.maps.legend import LegendEntry
from portal.maps.open_county import open_county_at
from portal.planning.figure_import import figure_in_words as imported_in_words
from portal.registry.centre_record import (
    KIND_SHAPES,
    LEVEL_COLOURS,
    STAGE_FILLS,
    centre_marker,
    centre_name,
    place_name,
    placed_by,
    stage_in_words,
)
from portal.storage import engine
from portal.targets.standing import draw_standing_figures
from portal.theme import COLOURS, AreaStyle, MarkerStyle
from portal.visit import visit
from stations.answers.registers import CENTRE_COLUMNS, CENTRE_PAGE_COLUMNS, CentreToday
from stations.catalogue.chain import list_chains
from stations.database import reading
from stations.language import label
from stations.places.counties import list_cities, list_counties
from stations.planning.centre_reach import DEFAULT_KM, DISTANCES_KM, CentreReach
from stations.planning.county_figures import FIGURES, CountyFigure, county_figure
from stations.planning.imported_figure import list_figures
from stations.province import province_name
from stations.registry.centre import CentreKind, CentreLevel, Stage, list_centres
from stations.registry.dated_stage import latest
from stations.registry.nearest_stations import PlacedBy
from stations.targets.target import find_target

TARGET = "qi_centres"

present = visit()
language = present.language
st.title(_("Centre layout"))
st.html(
    Markup('<p class="lead">{}</p>').format(
        _("National and provincial quality-inspection, metrology and industrial-metrology-testing centres.")
    )
)
as_of = date_from_address(present.today)
with reading(engine()) as session:
    if target := find_target(session, TARGET):
        draw_standing_figures(session, target, as_of, samples=present.samples)
    else:
        notice(_("No target for centres is on file for {province}.", province=province_name()))
    everything = list_centres(session, samples=present.samples)
    counties, cities, chains = list_counties(session), list_cities(session), list_chains(session, as_of)
    imported = {one.code: one for one in list_figures(session, samples=present.samples)}
titles = {one.value: _(FIGURES[one].title) for one in CountyFigure}
titles |= {
    code: _("{name} ({unit}, {year})", name=one.name, unit=one.unit, year=one.year) for code, one in imported.items()
}

with st.container(border=True):
    choice = draw_centre_choice(cities, chains)
    first, second, third = st.columns([2, 1, 1])
    with first:
        shown = draw_setting(
            "shade",
            _("Counties shaded by"),
            titles,
            CountyFigure.CENTRES.value,
        )
    with second:
        distance = draw_setting(
            "within",
            _("Within reach"),
            {str(km): _("{km} km", km=km) for km in DISTANCES_KM},
            str(DEFAULT_KM),
        )
    with third:
        draw_date_input(as_of, present.today)
    draw_month_slider(as_of, present.today)
figure, within_km = shown if shown in imported else CountyFigure(shown), int(distance)
unit = imported[shown].unit if shown in imported else ""

centres = [centre for centre in everything if choice.takes(centre, as_of)]
known = choice.known(everything, as_of)
reach = CentreReach(counties, choice.serving_among(everything, as_of))
among = CentreReach(counties, known) if figure is CountyFigure.CENTRES else reach
with reading(engine()) as session:
    values = county_figure(session, figure, as_of, samples=present.samples, reach=among, within_km=within_km)
styles, figure_legend = shade_counties(figure, values)
NEUTRAL = COLOURS["ink"]
SEEN = (
    (Stage.ACCEPTED, _("accepted")),
    (Stage.APPROVED, _("approved or being built")),
    (Stage.PLANNED, _("planned")),
    (Stage.WITHDRAWN, _("withdrawn")),
)
click = county_map(
    {
        county.adcode: Fill(
            styles[county.adcode],
            pick(county.name, county.name_en),
            _(
                "{figure}: {value}",
                figure=imported[shown].name if shown in imported else titles[shown],
                value=figure_in_words(figure, values[county.adcode], unit),
            ),
        )
        for county in counties
    },
    key="centre_map",
    title=_("Centres by county"),
    asked=[
        language.format_date(as_of),
        _("{label}: {value}", label=_("Counties shaded by"), value=titles[shown]),
        *choice.in_words(cities, chains),
    ],
    legend=[
        *(LegendEntry(AreaStyle(LEVEL_COLOURS[level]), label(language, level)) for level in CentreLevel),
        *(LegendEntry(MarkerStyle(KIND_SHAPES[kind], NEUTRAL), label(language, kind)) for kind in CentreKind),
        *(LegendEntry(MarkerStyle("circle", NEUTRAL, STAGE_FILLS[stage]), told) for stage, told in SEEN),
        *([LegendEntry(MarkerStyle("circle", NEUTRAL), _("Sample"), sample=True)] if present.samples else []),
        *figure_legend,
    ],
    markers=[marker for centre in known if (marker := centre_marker(centre, as_of))],
    cluster_from=150,
)
if click:
    open_county_at(click.lon, click.lat)
if shown in imported:
    source(imported_in_words(imported[shown]))
else:
    source(_("{figure}: {note}", figure=titles[shown], note=_(FIGURES[CountyFigure(shown)].note)))
by_place = Counter(placed_by(centre) for centre in known)
told = [_("Click a county to open it.")]
if by_place[PlacedBy.COUNTY]:
    told.append(
        ngettext(
            "{count} is known to its county only and marked at a point inside it.",
            "{count} are known to their county only and marked at a point inside it.",
            by_place[PlacedBy.COUNTY],
        )
    )
if by_place[PlacedBy.CITY]:
    told.append(
        ngettext(
            "{count} is known to its city only: in the table, not on the map.",
            "{count} are known to their city only: in the table, not on the map.",
            by_place[PlacedBy.CITY],
        )
    )
if not_yet := len(centres) - len(known):
    told.append(
        ngettext(
            "Of {count} nothing is known by that date: in the table, not on the map.",
            "Of {count} nothing is known by that date: in the table, not on the map.",
            not_yet,
        )
    )
source(Markup(" ").join(told))

draw_reach(reach, chains, within_km, stages_chosen=bool(choice.stages))

st.header(_("Register"))
if not centres:
    notice(_("No centre answers these choices."), "warn")
else:
    draw_answer(
        CENTRE_PAGE_COLUMNS,
        [CentreToday(centre, latest(centre.history, as_of)) for centre in centres],
        caption=ngettext(
            "{count} centre on {date}", "{count} centres on {date}", len(centres), date=language.format_date(as_of)
        ),
        drawn={
            "name": lambda one: centre_name(one.centre),
            "place": lambda one: place_name(one.centre),
            "stage": lambda one: stage_in_words(one.centre, as_of),
        },
        saved=CENTRE_COLUMNS,
        stacks=True,
    )
exact = sum(any(entry.dated for entry in centre.history) for centre in everything)
source(
    _(
        "The register holds {total} centres, {samples} of them samples; {dated} have a dated stage. "
        "No full public list is at hand, so it is not complete.",
        total=len(everything),
        samples=sum(centre.sample for centre in everything),
        dated=exact,
    )
)
st.html(
    Markup("<p>{} · {}</p>").format(
        link(page_url("targets"), _("How far the targets have come")),
        link(page_url("chains"), _("Industrial chains and who serves them")),
    )
)
