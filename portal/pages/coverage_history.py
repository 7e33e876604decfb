"""Coverage over time: the curve, changes between two dates, counties at risk, and the stations' reach.

``?city=…&from=2025-12-31&to=2026-11-24``.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

import streamlit as st
from markupsafe import Markup

from portal.address_choice import draw_choice_of_one
from portal.answer_table import draw_answer
from portal.as_of_date import date_of_parameter, draw_date_of_parameter
from portal.components import Figure, figures, link, notice, page_url, sample_tag, source, tag
from portal.coverage.coverage_map import COVERAGE_TONES
from portal.coverage.curve import draw_curve
from portal.language import _, ngettext, pick
from portal.registry.station_name import station_url
from portal.storage import engine
from portal.visit import visit
from stations.answers.coverage_history import (
    CHANGE_COLUMNS,
    CURVE_COLUMNS,
    NEARBY_COLUMNS,
    RISK_COLUMNS,
    SAVED_CHANGE_COLUMNS,
    change_in_words,
    city_curve_columns,
    days_of_curve,
)
from stations.coverage.county_coverage import RULE
from stations.coverage.station_spans import StationSpan
from stations.coverage.through_time import (
    FIRST_DAY,
    ChangeKind,
    CountyState,
    Danger,
    coverage_history,
)
from stations.database import reading
from stations.language import label
from stations.places.counties import County, list_cities
from stations.planning.share_reached import METHOD, TWO_COUNTS, CoverageReach, reach_on
from stations.revision import current_revision

present = visit()
language = present.language
st.title(_("Coverage through time"))
with reading(engine()) as session:
    history = coverage_history(session, samples=present.samples)
    cities = {city.adcode: pick(city.name, city.name_en) for city in list_cities(session)}
    revision = current_revision(session)


@st.cache_data(max_entries=16, show_spinner=False)
def reach(as_of: date, samples: bool, revision: int) -> CoverageReach:
    """Return the stations' reach, cached per data ``revision``."""
    with reading(engine()) as session:
        return reach_on(session, as_of, samples=samples)


def county_name(county: County) -> Markup:
    """Return the county's name, linked to its page."""
    return link(page_url("county", adcode=county.adcode), pick(county.name, county.name_en))


def station_link(station: StationSpan) -> Markup:
    """Return the station's name, linked to its page, with a mark if it is a sample."""
    name = link(station_url(station.code), pick(station.name, station.name_en))
    return Markup("{} {}").format(name, sample_tag()) if station.sample else name


def status_tag(state: CountyState) -> Markup:
    """Return a county's coverage status as a tag."""
    return tag(label(language, state.status), COVERAGE_TONES[state.status])


def draw_through_time() -> None:
    """Draw the monthly curve of the province or a city, and its figures as a table."""
    st.header(_("Covered counties by month"))
    city = draw_choice_of_one("city", _("City"), cities)
    points = history.curve(FIRST_DAY, present.today)
    total = sum(city in (None, timeline.county.city_adcode) for timeline in history.counties)
    draw_curve(points, city, total)
    source(_(RULE))
    with st.expander(_("The same as a table")):
        draw_answer(
            city_curve_columns(city) if city else CURVE_COLUMNS,
            list(reversed(days_of_curve(history, points))),
            caption=_("Coverage by month: {area}", area=cities[city] if city else _("the whole province")),
            numbers=("total", "covered", "fully_served", "covered_by_samples_only"),
            notes=[_(RULE)],
        )


def lines(texts: Iterable[Markup]) -> Markup:
    """Return texts one below the other, with a minimum width."""
    return Markup('<div class="lines">{}</div>').format(Markup("<br>").join(texts))


def draw_changes() -> None:
    """Draw what changed between two dates, and because of which stations."""
    st.header(_("What changed between two dates"))
    before = date_of_parameter("from", date(present.today.year - 1, 12, 31))
    after = date_of_parameter("to", present.today)
    with st.container(horizontal=True):
        draw_date_of_parameter("from", _("From"), before, present.today)
        draw_date_of_parameter("to", _("To"), after, present.today)
    if after < before:
        notice(_("The second date lies before the first; swap them"), "warn")
        return
    changes = history.changes(before, after)
    counts = Counter(change.kind for change in changes)
    figures(
        [
            Figure(str(counts[kind]), label(language, kind))
            for kind in ChangeKind
            if counts[kind] or kind is not ChangeKind.UNKNOWN
        ]
    )
    if not changes:
        notice(_("The status of every county is the same on both dates."))
        return
    told = _("From {start} to {end}", start=language.format_date(before), end=language.format_date(after))
    draw_answer(
        CHANGE_COLUMNS,
        changes,
        drawn={
            "name": lambda change: county_name(change.county),
            "was": lambda change: (
                status_tag(change.before) if change.before_known else tag(_("earlier state not known"))
            ),
            "became": lambda change: status_tag(change.after),
            "through": lambda change: lines(
                Markup("{}: {}").format(station_link(one.station), change_in_words(one, language))
                for one in change.stations
            ),
        },
        beneath={"adcode": "name"},
        small={"adcode"},
        saved=SAVED_CHANGE_COLUMNS,
        caption=told,
        notes=[_(RULE)],
        file=_("changes {start} {end}", start=before.isoformat(), end=after.isoformat()),
    )


def draw_dangers() -> None:
    """Draw the covered counties that may soon become uncovered."""
    st.header(_("About to fall uncovered"))
    endangered = history.endangered(present.today)
    ending = [one for one in endangered if one.danger is Danger.ENDING]
    resting = [one for one in endangered if one.danger is Danger.RESTING_ON_ONE]
    drawn = {
        "name": lambda one: county_name(one.county),
        "danger": lambda one: tag(label(language, one.danger), "bad" if one.danger is Danger.ENDING else "warn"),
        "ends_on": lambda one: language.format_date(one.ends_on),
        "stations": lambda one: lines(station_link(station) for station in one.stations),
    }
    beneath = {"adcode": "name"}
    if ending:
        draw_answer(
            RISK_COLUMNS,
            ending,
            drawn=drawn,
            beneath=beneath,
            small=beneath.keys(),
            caption=_("The last active station is recorded to stop on a later date"),
            file=_("About to fall uncovered"),
        )
    else:
        notice(_("No county is recorded to lose its last station."), "good")
    if resting:
        count = ngettext("{count} county rests on one station", "{count} counties rest on one station", len(resting))
        with st.expander(count):
            columns = [column for column in RISK_COLUMNS if column.key != "ends_on"]
            draw_answer(columns, resting, caption=count, drawn=drawn, beneath=beneath, small=beneath.keys())


def draw_reach() -> None:
    """Draw the share of area and people near a station."""
    st.header(_("People and area near a station, people spread evenly by area"))
    told = reach(present.today, present.samples, revision)
    draw_answer(
        NEARBY_COLUMNS,
        told.shares,
        drawn={"people": lambda share: language.format_number(round(share.residents, -3))},
        caption=_(
            "From any of {count} active stations, {date}; people spread evenly over the area of their county",
            count=told.stations,
            date=language.format_date(told.as_of),
        ),
        numbers=("km", "area_share", "people_share", "people"),
        notes=[_(METHOD), _(TWO_COUNTS)],
        file=_("People and area near a station"),
    )
    if told.sample_stations:
        text = ngettext(
            "{count} of the stations is a sample", "{count} of the stations are samples", told.sample_stations
        )
        notice(Markup("{} {}").format(sample_tag(), text), "sample")
    there = link(page_url("reach"), _("Reach, counted at one point in each county"))
    source(Markup("{} {}").format(_(TWO_COUNTS), there))
    source(
        Markup("{} {}").format(
            _(METHOD),
            _(
                "{count} of the stations are placed by their county only; "
                "{people} people of census areas that are no county are left out.",
                count=told.by_county,
                people=language.format_number(told.people_left_out),
            ),
        )
    )
    if told.estimated_people:
        share = language.format_percent(told.estimated_people)
        source(_("{share} of the people live in counties whose figure is estimated.", share=share))


draw_through_time()
draw_changes()
draw_dangers()
draw_reach()
st.html(Markup("<p>{}</p>").format(link(page_url("coverage"), _("Back to the map"))))
