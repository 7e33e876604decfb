"""服务目录: every service, what to bring, who performs it, and how long it usually takes."""

import streamlit as st
from markupsafe import Markup

from portal.components import notice, page_url, source, tag
from portal.finding.catalogue_search import draw_elsewhere, search_services
from portal.finding.service_basis import basis_items
from portal.language import _, ngettext, pick
from portal.registry.usual_time import usual_time
from portal.storage import engine
from portal.visit import visit
from stations.catalogue.service import list_groups
from stations.database import reading

visit()
st.title(_("Service catalogue"))
with reading(engine()) as session:
    groups = list_groups(session)
st.html(
    Markup('<p class="lead">{}</p>').format(
        ngettext(
            "{count} service in {groups} groups; the first four are the elements of quality infrastructure.",
            "{count} services in {groups} groups; the first four are the elements of quality infrastructure.",
            sum(len(group.services) for group in groups),
            groups=len(groups),
        )
    )
)
query = st.text_input(
    _("Search services"),
    value=st.query_params.get("q", ""),
    key="catalogue_search",
    type="search",
    placeholder=_("Your own words: calibration, pressure gauge, CCC…"),
    label_visibility="collapsed",
)
query = (query or "").strip()
if query:
    st.query_params["q"] = query
else:
    st.query_params.pop("q", None)
if query:
    with reading(engine()) as session:
        answer = search_services(session, query)
    found = {one.service.code for one in answer.found}
    draw_elsewhere(answer.elsewhere)
else:
    found = {service.code for group in groups for service in group.services}
if query and not found and not answer.elsewhere:
    notice(
        _(
            "Nothing in the catalogue matches “{query}”. Try another word, choose from a group, or ask a steward: any "
            "station advises free of charge.",
            query=query,
        ),
        "warn",
    )


for group in groups:
    services = [service for service in group.services if service.code in found]
    if not services:
        continue
    st.html(
        Markup("<h2>{} {}</h2>").format(
            pick(group.name_zh, group.name_en), tag(_("NQI element")) if group.element else ""
        )
    )
    entries = []
    for service in services:
        rows = [
            (_("What to bring"), pick(service.bring_zh, service.bring_en)),
            (_("Who performs it"), pick(service.performer_zh, service.performer_en)),
            (_("Fee"), pick(service.fee_zh, service.fee_en)),
            (
                _("What it rests on"),
                Markup("<br>").join(basis_items(service.basis)),
            ),
        ]
        days = usual_time(service)
        entries.append(
            Markup(
                '<details class="entry"{}><summary><strong>{}</strong><span>{}</span></summary>'
                '<dl class="facts">{}</dl><p><a class="button quiet" href="{}" target="_self">{}</a></p></details>'
            ).format(
                Markup(" open") if query and len(found) <= 3 else "",
                pick(service.name_zh, service.name_en),
                days,
                Markup("").join(
                    Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value) for name, value in rows if value
                ),
                page_url("find", service=service.code),
                _("Find who offers it near you"),
            )
        )
    st.html(Markup("").join(entries))
source(
    _(
        "Where no regulation sets the time, the working days are an estimate, marked “about”. "
        "The performing institution's own word counts."
    )
)
