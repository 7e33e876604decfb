"""技术机构: the institutions behind the stations, with their scopes. ``?q=…&area=…&after=…``, ``?code=…`` for one,
``?code=…&edit=1`` to change it, ``?new=1`` to add one.
"""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import draw_choice_of_one, text_in_address
from portal.answer_table import draw_answer
from portal.components import facts, link, notice, page_url, phone_link, sample_tag, tag
from portal.done_notice import draw_done
from portal.keeping.institution_form import draw_institution_form, draw_institution_history
from portal.keeping.register_downloads import draw_register_downloads
from portal.keeping.registry_frame import open_registry
from portal.language import _, pick
from portal.missing_record import end_without_record
from portal.page_end import end_page
from portal.paged_list import draw_turns
from portal.registry.institution_scope import scope_table
from portal.registry.station_name import station_name
from portal.registry.unread import unread_facts
from portal.storage import engine
from portal.visit import visit
from stations.answers.registers import INSTITUTION_COLUMNS, InstitutionToday
from stations.database import reading
from stations.errors import NotFound
from stations.language import label
from stations.lists.institution_editing import may_edit_institution
from stations.lists.institutions import INSTITUTIONS
from stations.places.counties import list_cities
from stations.registry.institutions import find_institutions, get_institution

PAGE = 40

present = visit()
language = present.language
actor = open_registry(_("Institutions"), "institutions")
draw_done()


def draw_institution(code: str) -> None:
    """Draw one institution with its scope and the stations that it works for."""
    with reading(engine()) as session:
        try:
            institution = get_institution(session, code, samples=present.samples)
        except NotFound as error:
            back = link(page_url("institutions"), _("Back to all institutions"))
            end_without_record(_("Institution"), "code", error, back)
        links = [one.station for one in institution.stations if one.holds_on(present.today)]
        stations = Markup("<br>").join(station_name(one) for one in sorted(links, key=lambda one: one.code))
        city, county = institution.city, institution.county
        place = "".join(pick(one.name, one.name_en) for one in (city, county) if one)
        editable = may_edit_institution(present.actor, institution)
    name = pick(institution.name, institution.name_en)
    st.html(Markup('<h2 class="request-title">{} {}</h2>').format(name, sample_tag() if institution.sample else ""))
    facts(
        [
            (_("Record code"), institution.code),
            (_("Kind"), tag(label(language, institution.kind))),
            (_("Unified social credit code"), institution.credit_code or ""),
            (_("City or county"), place),
            (_("Address"), institution.address or ""),
            (_("Telephone"), phone_link(institution.phone or "")),
            (_("Stations it works for"), stations),
            (_("Source"), institution.source),
            *unread_facts(institution.unread),
        ]
    )
    st.html(scope_table(institution, present.today))
    if editable:
        st.html(
            Markup('<p><a class="button" href="{}" target="_self">{}</a></p>').format(
                page_url("institutions", code=institution.code, edit="1"), _("Change this institution")
            )
        )
        with reading(engine()) as session:
            draw_institution_history(present, session, institution)


def draw_form(code: str) -> None:
    """Draw the form of one institution, or of a new one where the code is ""."""
    back = page_url("institutions", code=code) if code else page_url("institutions")
    st.html(Markup("<p>{}</p>").format(link(back, _("Back without saving"))))
    st.subheader(_("Change institution {code}", code=code) if code else _("Add an institution"))
    try:
        draw_institution_form(present, code)
    except NotFound as error:
        everything = link(page_url("institutions"), _("Back to all institutions"))
        end_without_record(_("Institution"), "code", error, everything)


def search() -> None:
    """Write the search words to the address and return to the first page of the list."""
    st.query_params["q"] = st.session_state["institution_words"]
    st.query_params.pop("after", None)


may_import = actor.may_somewhere(INSTITUTIONS.action)
if may_import and ("new" in st.query_params or "edit" in st.query_params):
    draw_form(text_in_address("code"))
    end_page()
if code := text_in_address("code"):
    st.html(Markup("<p>{}</p>").format(link(page_url("institutions"), _("Back to all institutions"))))
    draw_institution(code)
    end_page()

if may_import:
    st.html(
        Markup('<p><a class="button" href="{}" target="_self">{}</a> {}</p>').format(
            page_url("institutions", new="1"),
            _("Add an institution"),
            link(page_url("import_list", kind=INSTITUTIONS.name), _("Import a list of institutions")),
        )
    )
left, right = st.columns([3, 2])
st.session_state["institution_words"] = text_in_address("q")
left.text_input(
    _("Name, code, product, standard or certificate"),
    key="institution_words",
    on_change=search,
    max_chars=80,
    placeholder=_("e.g. {words}", words="GB/T 228.1"),
)
with reading(engine()) as session:
    cities = {one.adcode: pick(one.name, one.name_en) for one in list_cities(session)}
    with right:
        area = draw_choice_of_one("area", _("City"), cities)
    found = find_institutions(
        session,
        samples=present.samples,
        words=text_in_address("q").strip(),
        city_adcode=area,
        after=text_in_address("after"),
        limit=PAGE + 1,
    )
    rows = [InstitutionToday(one, present.today) for one in found[:PAGE]]
    if not rows:
        notice(_("No institution fits this."))
    else:
        draw_answer(
            INSTITUTION_COLUMNS,
            rows,
            caption=_("Institutions, by code"),
            drawn={
                "name": lambda one: Markup("{} {}").format(
                    link(
                        page_url("institutions", code=one.institution.code),
                        pick(one.institution.name, one.institution.name_en),
                    ),
                    sample_tag() if one.institution.sample else "",
                ),
            },
            numbers=("entries",),
            stacks=True,
        )
        kept = {name: text_in_address(name) for name in ("q", "area") if text_in_address(name)}
        last = found[PAGE - 1].code if len(found) > PAGE else None
        draw_turns("institutions", kept, last, _("More institutions"), beginning=_("To the beginning"))
if may_import:
    draw_register_downloads(present, INSTITUTIONS)
