"""The first page: introduction, links to the three main parts, and key figures of coverage and centres."""

import streamlit as st
from markupsafe import Markup

from portal.components import Figure, figures, link, page_url, source
from portal.coverage.coverage_map import draw_coverage_map
from portal.language import N_, _, ngettext
from portal.storage import engine
from portal.visit import visit
from stations.coverage.county_coverage import RULE, coverage_on
from stations.database import reading
from stations.overview.front_page import front_page

WAYS = (
    ("find", N_("Find services"), N_("For firms: the nearest station that does it all, one request for everything.")),
    ("coverage", N_("Coverage"), N_("For administrators: which counties are covered, which are not, on any date.")),
)

present = visit()
language = present.language
st.title(_("Quality services for your firm, in one place"))
st.html(
    Markup('<p class="lead">{}</p>').format(
        _(
            "Metrology, standards, testing, certification and accreditation, and more: "
            "one station near you, one request, seen through to the end."
        )
    )
)
with reading(engine()) as session:
    coverage = coverage_on(session, present.today, samples=present.samples)
    front = front_page(session, present.today, samples=present.samples)
progress = front.centre_progress

for_planners = (
    _("For planners: where the centres stand, and how far the {required} have come.", required=progress.required)
    if progress
    else _("For planners: where the centres stand, and whom they do not reach.")
)
ways = [*((page, name, _(told)) for page, name, told in WAYS), ("centres", N_("Centre layout"), for_planners)]
st.html(
    Markup('<nav class="cards ways" aria-label="{}">{}</nav>').format(
        _("Ways in"),
        Markup("").join(
            Markup('<a class="card" href="{}" target="_self"><strong>{}</strong><p>{}</p></a>').format(
                page_url(page), _(name), told
            )
            for page, name, told in ways
        ),
    )
)
st.html(
    Markup('<p class="onward"><span>{} {}</span></p>').format(
        _("Filed already?"), link(page_url("track"), _("Follow a request"))
    )
)
today = language.format_date(present.today)
of_samples = (
    ngettext(
        "{count} of them by sample stations only",
        "{count} of them by sample stations only",
        coverage.covered_by_samples_only,
    )
    if coverage.covered_by_samples_only
    else ""
)


def centre_figure() -> Figure:
    """Return the progress of the target for centres; without such a target, the number of centres on record."""
    if progress is None:
        invented = front.sample_centres
        return Figure(
            str(front.centres),
            _("centres on record"),
            note=_("of them samples: {count}", count=invented) if invented else _("no target for centres is on file"),
            href=page_url("centres"),
        )
    return Figure(
        str(progress.ended_counted),
        _("centres counted when the period ended"),
        of=str(progress.required),
        note=_(
            "{end}; today {counted}, {pipeline} more approved or being built, {undated} undated and not counted",
            end=language.format_date(progress.period_end),
            counted=progress.counted,
            pipeline=progress.pipeline,
            undated=progress.undated,
        )
        if not progress.samples
        else _(
            "{end}; today {counted} ({samples} of them samples), {pipeline} more approved or being built, "
            "{undated} undated and not counted",
            end=language.format_date(progress.period_end),
            counted=progress.counted,
            samples=progress.samples,
            pipeline=progress.pipeline,
            undated=progress.undated,
        ),
        href=page_url("targets"),
    )


figures(
    [
        Figure(
            str(coverage.covered),
            _("counties covered"),
            of=str(coverage.total),
            note=Markup("{}<br>{}").format(today, of_samples),
            href=page_url("coverage"),
        ),
        centre_figure(),
        Figure(
            str(front.services),
            _("services in the catalogue"),
            note=_("what to bring, who performs it, how long it usually takes"),
            href=page_url("services"),
        ),
    ]
)
if progress:
    source(_("Centres: {rule}", rule=progress.counted_by[language.code]))
st.header(_("Every county, today"))
draw_coverage_map(coverage, key="home_map", height=520)
source(_(RULE))
