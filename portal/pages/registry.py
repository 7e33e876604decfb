"""登记管理: searching the records in the user's area, and changing several at once.

``?kind=station&q=…&area=…&stage=…&misplaced=1&unread=1&to_confirm=1&columns=…``.
"""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import draw_choice, draw_choice_of_one, text_in_address
from portal.answer_table import draw_answer
from portal.components import Tone, link, notice, page_url, sample_tag, tag
from portal.keeping.bulk_change import draw_bulk_change
from portal.keeping.register_downloads import draw_register_downloads
from portal.keeping.registry_frame import kind_switch, open_registry
from portal.language import _
from portal.page_action import draw_outcome
from portal.paged_list import draw_turns
from portal.registry.opening_hours import hours_in_words
from portal.registry.record_words import CONFIRMED_TONES, area_name, value_in_words
from portal.storage import engine
from portal.visit import visit
from stations.answers.registry_records import CHOOSABLE, LISTED, USUAL, chosen_columns, unread_words
from stations.database import reading
from stations.keeping.editing import EDIT
from stations.keeping.listing import Listed, list_records
from stations.keeping.proposing import may_propose_new
from stations.language import day_in_china, label
from stations.lists.centres import CENTRES
from stations.province import example
from stations.registry.centre import Stage
from stations.registry.confirmation import Confirmed
from stations.registry.record_kind import RecordKind
from stations.registry.record_score import score_of
from stations.registry.record_terms import Terms
from stations.registry.station import Station, Status

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
draw_outcome()
kind = RecordKind.CENTRE if text_in_address("kind") == RecordKind.CENTRE else RecordKind.STATION
stages = Status if kind is RecordKind.STATION else Stage


def stage_tag(stage: Status | Stage | None) -> Markup:
    """Return a status or stage as a tag."""
    return tag(label(language, stage), TONES.get(stage, "")) if stage else tag(_("Status not known"))


def score_drawn(one: Listed) -> Markup | str:
    """Return the score of a station's record, with what it lacks as its title."""
    if not isinstance(one.record, Station):
        return ""
    score = score_of(one.record)
    lacks = _(", ").join(_(part.label) for part in score.missing)
    told = _("Lacks: {parts}", parts=lacks) if lacks else _("Nothing is missing.")
    return Markup('<span title="{}">{}</span>').format(told, score.points)


def confirmed_drawn(one: Listed) -> Markup | str:
    """Return when the record was confirmed last, with a tag where it is to be confirmed again."""
    if one.confirmation is None:
        return ""
    standing = one.confirmation.standing(present.today)
    last = language.format_date(one.confirmation.last) if one.confirmation.last else _("not confirmed yet")
    mark = "" if standing is Confirmed.FRESH else tag(label(language, standing), CONFIRMED_TONES[standing])
    return Markup("{} {}").format(last, mark)


def draw_columns() -> list[str]:
    """Draw the choice of columns and return it; it stands in the address, so a link or a bookmark keeps it."""
    names = {column.key: column.heading(language) for column in LISTED.take(*CHOOSABLE[kind])}
    asked = [name for name in text_in_address("columns").split(",") if name in names] or list(USUAL[kind])
    key = f"registry_columns_{kind.value}"
    st.session_state[key] = asked

    def change() -> None:
        chosen = st.session_state[key]
        if not chosen or set(chosen) == set(USUAL[kind]):
            st.query_params.pop("columns", None)
        else:
            st.query_params["columns"] = ",".join(name for name in names if name in chosen)

    with st.expander(_("Columns")):
        st.multiselect(
            _("Columns of the table"),
            list(names),
            key=key,
            format_func=names.__getitem__,
            on_change=change,
            help=_("They stay in the address: bookmark the page to keep them."),
        )
    return asked


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
    misplaced = to_confirm = False
    first, second, third = st.columns(3)
    with first:
        unread = bool(draw_choice("unread", _("To be put right"), {"1": _("Something was not understood")}))
    if kind is RecordKind.STATION:
        with second:
            elsewhere = _("Coordinates outside the county stated")
            misplaced = bool(draw_choice("misplaced", _("To be checked"), {"1": elsewhere}))
        with third:
            to_confirm = bool(draw_choice("to_confirm", _("Yearly confirmation"), {"1": _("To be confirmed")}))
    columns = draw_columns()
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
        to_confirm=to_confirm,
        after=text_in_address("after") or None,
        limit=PAGE + 1,
    )
    if not found:
        notice(_("No record of your area fits this."))
    else:
        draw_answer(
            chosen_columns(kind, columns),
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
                "score": score_drawn,
                "confirmed_on": confirmed_drawn,
                "hours": lambda one: hours_in_words(one.record.hours) if one.record.hours else "",
            },
            beneath={"sample": "name", "city": "county", "unread": "name"},
            numbers=("version", "score", "services", "chains"),
            stacks=True,
        )
        query = {name: st.query_params.get_all(name) for name in st.query_params}
        last = found[PAGE - 1].record.code if len(found) > PAGE else None
        draw_turns("registry", query, last, _("More records"))
        if actor.may_somewhere(EDIT[kind]):
            draw_bulk_change(kind, [one.record for one in found[:PAGE]], terms)
    if kind is RecordKind.CENTRE and actor.may_somewhere(CENTRES.action):
        draw_register_downloads(present, CENTRES)
