"""看布局: where the centres stand and how far each has come. ``?level=…&kind=…&stage=…&city=…&as_of=…``."""

from collections import Counter

import streamlit as st
from markupsafe import Markup

from portal.address_choice import draw_choice, draw_choice_of_one
from portal.as_of_date import date_from_address, draw_date_input
from portal.centre_record import LEVEL_MARKERS, centre_marker, centre_name, place_name, placed_by, stage_in_words
from portal.components import link, notice, page_url, source, table
from portal.coverage_map import open_county_at
from portal.language import _, ngettext, pick
from portal.maps.county_map import Fill, county_map
from portal.maps.legend import LegendEntry
from portal.storage import engine
from portal.target_standing import draw_standing_figures
from portal.theme import FIGURE_AREAS, NO_FIGURE
from portal.visit import visit
from stations.centres import CentreKind, CentreLevel, Stage, list_centres
from stations.chains import list_chains
from stations.counties import list_cities, list_counties
from stations.database import reading
from stations.dated_stage import latest
from stations.labels import label
from stations.nearest_stations import PlacedBy
from stations.tables import SavedTable
from stations.targets import get_target

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
    target = get_target(session, TARGET)
    draw_standing_figures(session, target, as_of, samples=present.samples)
    everything = list_centres(session, samples=present.samples)
    counties, cities, chains = list_counties(session), list_cities(session), list_chains(session)

with st.container(border=True):
    first, second, third = st.columns(3)
    with first:
        draw_date_input(as_of, present.today)
    with second:
        city = draw_choice_of_one("city", _("City"), {one.adcode: pick(one.name, one.name_en) for one in cities})
    with third:
        chain = draw_choice_of_one(
            "chain", _("Industrial chain"), {one.code: pick(one.name_zh, one.name_en) for one in chains}
        )
    levels = draw_choice("level", _("Level"), {one.value: label(language, one) for one in CentreLevel})
    kinds = draw_choice("kind", _("Kind"), {one.value: label(language, one) for one in CentreKind})
    stages = draw_choice("stage", _("Stage known last"), {one.value: label(language, one) for one in Stage})

centres = []
for centre in everything:
    entry = latest(centre.history, as_of)
    if (
        (not levels or centre.level in levels)
        and (not kinds or centre.kind in kinds)
        and (not stages or (entry is not None and entry.stage in stages))
        and (city is None or centre.city_adcode == city)
        and (chain is None or chain in {one.code for one in centre.chains})
    ):
        centres.append(centre)

in_county = Counter(centre.county_adcode for centre in centres if centre.county_adcode)
most = max(in_county.values(), default=0)
shades = FIGURE_AREAS[1 : 1 + max(most, 1)] if most < len(FIGURE_AREAS) else FIGURE_AREAS[1:]


def shade(count: int) -> Fill | None:
    """How a county with so many centres is filled."""
    return shades[min(count, len(shades)) - 1] if count else NO_FIGURE


markers = [marker for centre in centres if (marker := centre_marker(centre, as_of))]
click = county_map(
    {
        county.adcode: Fill(
            shade(in_county[county.adcode]),
            pick(county.name, county.name_en),
            ngettext("{count} centre", "{count} centres", in_county[county.adcode]),
        )
        for county in counties
    },
    key="centre_map",
    title=_("Centres by county"),
    legend=[
        *(LegendEntry(LEVEL_MARKERS[level], label(language, level)) for level in CentreLevel),
        *([LegendEntry(LEVEL_MARKERS[CentreLevel.NATIONAL], _("Sample"), sample=True)] if present.samples else []),
        *(
            LegendEntry(
                look,
                _("{count} or more", count=place)
                if place == len(shades) and most > place
                else ngettext("{count} centre", "{count} centres", place),
            )
            for place, look in enumerate(shades, start=1)
        ),
    ],
    markers=markers,
)
if click:
    open_county_at(click.lon, click.lat)
by_place = Counter(placed_by(centre) for centre in centres)
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
source(Markup(" ").join(told))

st.subheader(_("Register"))
if not centres:
    notice(_("No centre answers these choices."), "warn")
else:
    headings = [_("Centre"), _("Level"), _("Kind"), _("Place"), _("Stage known last")]
    caption = ngettext(
        "{count} centre on {date}", "{count} centres on {date}", len(centres), date=language.format_date(as_of)
    )
    rows = [
        [
            centre_name(centre),
            label(language, centre.level),
            label(language, centre.kind),
            place_name(centre),
            stage_in_words(centre, as_of),
        ]
        for centre in centres
    ]
    table(
        headings,
        rows,
        caption=caption,
        saved=SavedTable(
            caption,
            [_("Centre code"), *headings, _("Source")],
            [
                [centre.code, pick(centre.name, centre.name_en), *row[1:], centre.source]
                for centre, row in zip(centres, rows, strict=True)
            ],
            [caption],
        ),
        file=f"centres-{as_of.isoformat()}",
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
st.html(Markup("<p>{}</p>").format(link(page_url("targets"), _("How far the targets have come"))))
