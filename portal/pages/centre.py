"""One centre: its kind, place, stage, scope, and whether it counts towards the target. ``?code=C-001``."""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.answer_table import draw_answer
from portal.components import facts, link, notice, page_url, phone_link, sample_tag, source, tag
from portal.language import _, current, pick, source_told
from portal.maps.county_map import county_map
from portal.maps.view import around_county, around_place
from portal.missing_record import end_without_record
from portal.places.directions import direction_links
from portal.registry.centre_record import centre_marker, place_name, placed_by
from portal.registry.dated_history import when_in_words
from portal.registry.institution_scope import scope_table
from portal.registry.unread import unread_facts
from portal.storage import engine
from portal.targets.standing import bucket_name
from portal.visit import visit
from stations.answers.centre_stages import STAGE_COLUMNS
from stations.database import reading
from stations.errors import NotFound
from stations.language import label
from stations.registry.centre import get_centre
from stations.registry.institutions import institution_of_centre
from stations.targets.rule_text import rule_text
from stations.targets.target import find_target, standing_on

TARGET = "qi_centres"

present = visit()
with reading(engine()) as session:
    try:
        centre = get_centre(session, text_in_address("code"), samples=present.samples)
    except NotFound as error:
        end_without_record(_("Centre"), "code", error, link(page_url("centres"), _("See all centres")))
    toward: dict[str, str] = {}
    rule = ""
    if target := find_target(session, TARGET):
        standing = standing_on(session, target, present.today, samples=present.samples)
        buckets = [bucket for bucket, records in standing.records.items() if centre in records]
        told = Markup(" ").join(tag(bucket_name(standing, bucket)) for bucket in buckets)
        title = _("Toward the target of {required}", required=target.required)
        toward[title] = told or _("not in the target's scope")
        rule = rule_text(current(), target, standing.rule)

    position = (centre.lon, centre.lat) if centre.lon is not None and centre.lat is not None else None
    work = institution_of_centre(session, centre, samples=present.samples)

    name = pick(centre.name, centre.name_en)
    st.html(
        Markup("<h1>{}</h1><p>{} {} {}</p>").format(
            name,
            tag(label(current(), centre.level)),
            tag(label(current(), centre.kind)),
            sample_tag() if centre.sample else "",
        )
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        where = place_name(centre)
        facts(
            [
                (_("Host"), centre.host or _("not known")),
                (
                    _("Place"),
                    link(page_url("county", adcode=centre.county.adcode), where) if centre.county else where,
                ),
                (_("Address"), centre.address or ""),
                (
                    _("Telephone"),
                    phone_link(work.phone) if work and work.phone else "",
                ),
                (_("Directions"), direction_links(*position, name) if position else ""),
                (_("How exactly its place is known"), label(current(), placed_by(centre))),
                (
                    _("Industrial chains"),
                    Markup(" ").join(
                        link(page_url("chain", code=chain.code), pick(chain.name_zh, chain.name_en))
                        for chain in centre.chains
                    ),
                ),
                *toward.items(),
                (_("Centre code"), centre.code),
                (_("Source"), source_told(centre.source)),
                *unread_facts(centre.unread),
            ]
        )
        if rule:
            source(rule)
    with right:
        marker = centre_marker(centre, present.today)
        if marker:
            county_map(
                {},
                key=f"centre_map_{centre.code}",
                title=_("Where {name} is", name=name),
                asked=(current().format_date(present.today),),
                markers=[marker],
                highlight=centre.county_adcode,
                bounds=around_county(centre.county.adcode)
                if centre.county and not position
                else around_place(marker.lon, marker.lat),
                height=340,
            )
        else:
            notice(_("No source places it more exactly than its city, so it is not on the map."))

    st.header(_("What it can do"))
    if work and work.scope:
        st.html(scope_table(work, present.today))
    else:
        notice(_("No source at hand lists the scope of this centre."))

    st.header(_("How far it has come"))
    draw_answer(
        STAGE_COLUMNS,
        centre.history,
        caption=_("Stages of building, as exactly as their source dates them"),
        drawn={
            "dated": when_in_words,
            "as_of": lambda _entry: "",  # in the words of the date
            "source": lambda entry: source_told(entry.source or centre.source),
        },
        beneath={"as_of": "dated"},
    )
