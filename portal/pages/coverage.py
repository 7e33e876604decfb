"""看覆盖: the counties covered and not covered on a date, also by city. ``?as_of=2025-12-31``."""

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.as_of_date import date_from_address, draw_date_input, draw_date_slider
from portal.components import Figure, figures, link, notice, source
from portal.coverage.coverage_map import (
    county_link,
    draw_coverage_map,
    element_names,
    elements_in_words,
    status_tags,
)
from portal.language import _, ngettext
from portal.registry.station_name import station_name
from portal.settings import settings
from portal.storage import engine
from portal.table_downloads import draw_downloads
from portal.visit import visit
from stations.answers.counties import CITY_COLUMNS, COUNTY_COLUMNS, SAVED_COUNTY_COLUMNS, coverage_report
from stations.answers.county_lists import CITY_COUNTIES_COLUMNS, MISPLACED_COLUMNS, PLACELESS_COLUMNS, by_city
from stations.answers.presentation import saved_table
from stations.coverage.county_coverage import RULE
from stations.coverage.picture import coverage_png
from stations.coverage.through_time import FIRST_DAY
from stations.database import reading
from stations.duty.roles import Action

present = visit()
language = present.language
st.title(_("Coverage"))
as_of = date_from_address(present.today)
with st.container(horizontal=True, vertical_alignment="bottom"):
    draw_date_input(as_of, present.today)
    draw_date_slider(as_of, present.today, FIRST_DAY)
with reading(engine()) as session:
    report = coverage_report(session, as_of, samples=present.samples)
    elements = element_names(session)
coverage, placeless, misplaced = report.coverage, report.placeless, report.misplaced

day = language.format_date(as_of)
samples_only = (
    ngettext("{count} by sample stations only", "{count} by sample stations only", coverage.covered_by_samples_only)
    if coverage.covered_by_samples_only
    else ""
)
figures(
    [
        Figure(str(coverage.covered), _("counties covered"), of=str(coverage.total), note=samples_only or day),
        Figure(
            str(coverage.fully_served),
            _("fully served"),
            of=str(coverage.total),
            note=_("all four elements: metrology, standards, testing, certification"),
        ),
        Figure(str(coverage.covered - coverage.fully_served), _("covered, but thin"), note=_("an element is missing")),
        Figure(str(len(coverage.uncovered)), _("not covered"), note=_("no active station")),
    ]
)
source(_("As of {date}. {rule}", date=day, rule=_(RULE)))
draw_coverage_map(coverage, key="coverage_map")
source(_("Click a county to open it. The table below says the same."))
with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
    st.download_button(
        _("Save the map as a picture (PNG)"),
        lambda: coverage_png(coverage, language, review_number=settings().map_review_number),
        file_name=f"coverage-{as_of.isoformat()}.png",
        mime="image/png",
        on_click="ignore",
    )
    onward = [("coverage_history", _("Coverage through time")), ("bulletin", _("Monthly bulletin"))]
    if present.actor is not None and present.actor.may_somewhere(Action.SEE_ALERTS):
        onward.append(("alerts", _("Coverage alerts")))
    st.html(
        Markup('<nav class="onward">{}</nav>').format(Markup(" ").join(link(f"/{page}", text) for page, text in onward))
    )

st.header(_("Counties not covered"))
if coverage.uncovered:
    links = {row.county.adcode: county_link(row) for row in coverage.uncovered}
    draw_answer(
        CITY_COUNTIES_COLUMNS,
        by_city(row.county for row in coverage.uncovered),
        drawn={"counties": lambda one: Markup(" · ").join(links[county.adcode] for county in one.counties)},
        caption=ngettext("{count} county", "{count} counties", len(coverage.uncovered)),
        notes=[day, _(RULE)],
        file=_("Counties not covered"),
    )
else:
    notice(_("Every county is covered on this date."), "good")

st.header(_("City by city"))
draw_answer(
    CITY_COLUMNS,
    coverage.by_city(),
    caption=_("Coverage by city on {date}", date=day),
    drawn={
        "share_covered": lambda city: Markup('<meter min="0" max="{}" value="{}"></meter> {}').format(
            city.total, city.covered, language.format_percent(city.covered / city.total)
        )
    },
    numbers=("total", "covered", "fully_served"),
    notes=[_(RULE)],
)

st.header(_("Every county"))
every = _("Coverage by county on {date}", date=day)
with st.expander(_("Show all {count} counties", count=coverage.total)):
    draw_answer(
        COUNTY_COLUMNS,
        report.counties,
        caption=every,
        drawn={
            "name": lambda row: county_link(row.coverage),
            "status": lambda row: status_tags(row.coverage),
            "element_names": lambda row: elements_in_words(row.coverage.elements, elements),
        },
        numbers=("stations", "sample_stations"),
        saving=False,
    )
draw_downloads(saved_table(SAVED_COUNTY_COLUMNS, report.counties, language, title=every, notes=[every, _(RULE)]))

if placeless or misplaced:
    st.header(_("Records to put right"))
    if placeless:
        draw_answer(
            PLACELESS_COLUMNS,
            placeless,
            caption=_("Active stations whose source does not say which county they are in; they cover none"),
            drawn={"name": station_name},
            beneath={"code": "name"},
            small={"code"},
        )
    if misplaced:
        draw_answer(
            MISPLACED_COLUMNS,
            misplaced,
            caption=_("Stations whose coordinates lie outside the county they state"),
            drawn={"name": station_name},
            beneath={"code": "name"},
            small={"code"},
        )
