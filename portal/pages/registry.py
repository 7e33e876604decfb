"""登记管理: searching the records in the user's area. ``?kind=station&q=…&area=…&stage=…&misplaced=1&unread=1``."""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import draw_choice, draw_choice_of_one, text_in_address
from portal.answer_table import draw_answer
from portal.components import Tone, link, notice, page_url, sample_tag, tag
from portal.done_notice import draw_done
from portal.keeping.record_words import area_name, value_in_words
from portal.keeping.register_downloads import draw_register_downloads
from portal.keeping.registry_frame import kind_switch, open_registry
from portal.language import _
from portal.paged_list import draw_turns
from portal.storage import engine
from portal.visit import visit
from stations.answers.registry_records import LISTED_COLUMNS, unread_words
from stations.database import reading
from stations.keeping.editing import EDIT
from stations.keeping.listing import list_records
from stations.keeping.proposing import may_propose_new
from stations.language import day_in_china, label
from stations.lists.centres import CENTRES
from stations.province import example
from stations.registry.centre import Stage
from stations.registry.record_kind import RecordKind
from stations.registry.record_terms import Terms
from stations.registry.station import Status

PAGE = 40
TONES: dict[Status | Stage, Tone] = {
    Status.ACTIVE: "good",
    Status.SUSPENDED: "warn",
    Status.CLOSED: "bad",
    Stage.ACCEPTED: "good",
    Stage.WITHDRAWN: "bad",
}

present = visit()
language = present.language
actor = open_registry(_("Registry"), "registry")
draw_done()
kind = RecordKind.CENTRE if text_in_address("kind") == RecordKind.CENTRE else RecordKind.STATION
stages = Status if kind is RecordKind.STATION else Stage


def stage_tag(stage: Status | Stage | None) -> Markup:
    """Return a status or stage as a tag."""
    return tag(label(language, stage), TONES.get(stage, "")) if stage else tag(_("Status not known"))


def search() -> None:
    """Write the search words to the address and return to the first page of the list."""
    st.query_params["q"] = st.session_state["registry_words"]
    st.query_params.pop("after", None)


with reading(engine()) as session:
    terms = Terms.load(session)
    may_add = actor.may_somewhere(EDIT[kind]) or (kind is RecordKind.STATION and may_propose_new(actor))
    new = (
        Markup('<a class="button" href="{}" target="_self">{}</a>').format(
            page_url("record", kind=kind.value),
            _("Add a station") if kind is RecordKind.STATION else _("Add a centre"),
        )
        if may_add
        else ""
    )
    st.html(Markup('<div class="title-row">{}{}</div>').format(kind_switch("registry", kind), new))
    left, right = st.columns([3, 2])
    st.session_state["registry_words"] = text_in_address("q")
    left.text_input(
        _("Name, code, address or telephone"),
        key="registry_words",
        on_change=search,
        max_chars=80,
        placeholder=_("e.g. {words}", words=example().registry_words),
    )
    with right:
        area = draw_choice_of_one(
            "area", _("City or county"), {code: area_name(terms, code) for code in (*terms.cities, *terms.counties)}
        )
    chosen = draw_choice("stage", _("Status"), {one.value: label(language, one) for one in stages})
    misplaced = False
    if kind is RecordKind.STATION:
        elsewhere = _("Coordinates outside the county stated")
        misplaced = bool(draw_choice("misplaced", _("To be checked"), {"1": elsewhere}))
    unread = bool(draw_choice("unread", _("To be put right"), {"1": _("Something was not understood")}))
    found = list_records(
        session,
        actor,
        kind,
        present.today,
        samples=present.samples,
        words=text_in_address("q"),
        area=area,
        stages=[stages(one) for one in chosen],
        misplaced=misplaced,
        unread=unread,
        after=text_in_address("after") or None,
        limit=PAGE + 1,
    )
    if not found:
        notice(_("No record of your area fits this."))
    else:
        draw_answer(
            LISTED_COLUMNS,
            found[:PAGE],
            caption=_("Records of your area, by code"),
            drawn={
                "code": lambda one: Markup('<span class="nowrap">{}</span>').format(
                    link(page_url("record", kind=kind.value, code=one.record.code), one.record.code)
                ),
                "sample": lambda one: sample_tag() if one.record.sample else "",
                "county": lambda one: area_name(terms, one.record.county_adcode or one.record.city_adcode),
                "city": lambda _one: "",  # in the words of the county
                "status": lambda one: stage_tag(one.stage),
                "unread": lambda one: value_in_words(terms, "unread", unread_words(one)) if unread_words(one) else "",
                "changed_on": lambda one: language.format_date(day_in_china(one.record.updated_at)),
            },
            beneath={"sample": "name", "city": "county", "unread": "name"},
            numbers=("version",),
            stacks=True,
        )
        query = {name: st.query_params.get_all(name) for name in st.query_params}
        last = found[PAGE - 1].record.code if len(found) > PAGE else None
        draw_turns("registry", query, last, _("More records"))
    if kind is RecordKind.CENTRE and actor.may_somewhere(CENTRES.action):
        draw_register_downloads(present, CENTRES)
