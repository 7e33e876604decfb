"""Drawing of saved scenarios: one with its map, figures, files and actions, and several compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.components import facts, link, notice, page_url, sample_tag, source
from portal.language import _, current, ngettext, pick
from portal.planning.siting_answer import draw_siting_map, draw_standing
from portal.settings import settings
from portal.storage import engine
from portal.visit import Visit
from stations.answers.scenario_files import Report, scenario_docx, scenarios_xlsx
from stations.answers.scenario_ground import ONE_GROUND, about_travel, difference_notes, ground_words
from stations.answers.scenario_layers import scenario_geojson, scenario_gpkg
from stations.answers.scenario_lines import GAINED_COLUMNS, asked_lines, compared_columns, compared_lines, gained_lines
from stations.answers.scenarios import Comparison, OpenedScenario, comparison_notes
from stations.database import reading, transaction
from stations.duty.roles import Action
from stations.errors import DomainError
from stations.places.counties import list_cities
from stations.planning.planned_stations import plan_stations
from stations.planning.scenario import Scenario, delete_scenario, rename_scenario
from stations.planning.serving_lines import lines_of_scenario
from stations.planning.station_siting import added_sites

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def draw_comparison(comparison: Comparison) -> None:
    """Draw the questions, and how today's stations and the sites of each scenario serve on one ground."""
    language = current()
    for note in difference_notes(comparison.scenarios, comparison.compared.ground, comparison.names, language):
        notice(note, "warn")
    draw_answer(
        compared_columns([one.name for one in comparison.scenarios]),
        compared_lines(comparison.answers, comparison.compared, comparison.names),
        caption=_("Side by side"),
        notes=comparison_notes(comparison, language),
    )
    ground = ground_words(comparison.compared.ground, comparison.names, language)
    source(_(ONE_GROUND, ground=ground))
    for told in about_travel(comparison.compared, language):
        source(told)


def draw_scenario(present: Visit, comparison: Comparison, opened: OpenedScenario) -> None:
    """Draw one scenario of a comparison as it was solved."""
    language, scenario, answer = current(), opened.scenario, opened.answer
    heading = Markup("{} {}").format(scenario.name, sample_tag() if scenario.sample else "")
    st.html(Markup('<h2 class="scenario-name">{}</h2>').format(heading))
    source(
        _(
            "Scenario {code}, saved by {who} on {when}; the stations are those of {day}.",
            code=scenario.code,
            who=scenario.owner_name,
            when=language.format_datetime(scenario.created_at),
            day=language.format_date(scenario.as_of),
        )
    )
    if opened.changed:
        notice(_("The data have changed since: computed anew, the answer may be another one."), "warn")
    draw_standing(answer)
    draw_siting_map(answer, f"scenario_map_{scenario.code}", height=420)
    facts([(_(line.name), str(line.show(line.value, language))) for line in asked_lines(answer, comparison.names)])
    draw_answer(GAINED_COLUMNS, gained_lines(answer), caption=_("Before and after"), numbers=("before", "after"))
    sites = [
        link(page_url("county", adcode=one.county), name) if one.county else name
        for one in added_sites(answer)
        if (name := pick(one.name, one.name_en))
    ]
    st.html(Markup("<p><strong>{}</strong> {}</p>").format(_("New stations:"), Markup(_(", ")).join(sites)))
    _draw_files(present, comparison, opened)
    st.html(Markup("<p>{}</p>").format(_("Share: whoever has this page’s link sees the scenario.")))
    here = urlsplit(st.context.url or "")
    origin = f"{here.scheme}://{here.netloc}" if here.netloc else ""
    st.code(origin + page_url("scenarios", s=scenario.token), language=None, wrap_lines=True)
    _draw_planning(present, scenario)
    if present.actor and present.actor.username == scenario.owner:
        _draw_keeping(present, scenario)


def notice_of_samples(comparison: Comparison) -> None:
    """Draw how many of the underlying records are samples, if any."""
    count = max(
        comparison.compared.samples, *(sum(one.sample for one in answer.candidates) for answer in comparison.answers)
    )
    if count:
        told = ngettext(
            "{count} record this rests on is a sample, so it is one as well.",
            "{count} records this rests on are samples, so it is one as well.",
            count,
        )
        notice(Markup("{} {}").format(sample_tag(), told), "sample")


def _draw_files(present: Visit, comparison: Comparison, opened: OpenedScenario) -> None:
    """Draw the files of a scenario; each is made when it is asked for."""
    language, scenario = current(), opened.scenario
    alone = replace(
        comparison,
        opened=(opened,),
        compared=replace(
            comparison.compared, measured=(comparison.compared.measured[comparison.opened.index(opened)],)
        ),
    )

    def report() -> Report:
        with reading(engine()) as session:
            lines = lines_of_scenario(session, scenario)
            return Report(lines, list_cities(session), comparison.names, settings().map_review_number)

    def word() -> bytes:
        return scenario_docx(scenario, report(), language, now=present.now)

    files: tuple[tuple[str, str, Callable[[], bytes | str], str], ...] = (
        ("Word", "docx", word, DOCX),
        ("Excel", "xlsx", lambda: scenarios_xlsx(alone, language), XLSX),
        ("GeoPackage", "gpkg", lambda: scenario_gpkg(scenario, report().lines), "application/geopackage+sqlite3"),
        ("GeoJSON", "geojson", lambda: scenario_geojson(scenario, report().lines), "application/geo+json"),
    )
    with st.container(horizontal=True):
        for title, ending, data, kind in files:
            st.download_button(
                title,
                data,
                f"{scenario.code}.{ending}",
                kind,
                key=f"scenario_{ending}_{scenario.code}",
                on_click="ignore",
            )


def _draw_planning(present: Visit, scenario: Scenario) -> None:
    actor = present.actor
    if actor is None or not actor.may_somewhere(Action.PLAN_STATIONS):
        return
    told = (
        _("Its sites were entered as planned stations on {date}.", date=current().format_date(scenario.planned_at))
        if scenario.planned_at
        else _("Enter its new sites into the registry as planned stations, dated today.")
    )
    st.html(Markup("<p>{}</p>").format(told))
    if not st.button(_("Make them planned stations"), key=f"scenario_plan_{scenario.code}"):
        return
    try:
        with transaction(engine()) as session:
            planned = plan_stations(session, actor, scenario.token, now=present.now)
    except DomainError as error:
        notice(_(error.message, **error.params), "bad")
        return
    codes = [link(page_url("station", code=code), code) for code in (*planned.made, *planned.standing)]
    told = _("{made} were entered, {standing} stood already:", made=len(planned.made), standing=len(planned.standing))
    notice(Markup("{} {}").format(told, Markup(" ").join(codes)), "good")


def _draw_keeping(present: Visit, scenario: Scenario) -> None:
    """Draw the owner's actions: rename and remove."""
    key = f"scenario_name_{scenario.code}"
    with st.expander(_("Rename or remove"), key=f"scenario_keep_{scenario.code}"):
        name = st.text_input(_("Name of the scenario"), scenario.name, key=key)
        left, right = st.columns(2)
        renamed = left.button(_("Rename"), key=f"scenario_rename_{scenario.code}")
        removed = right.button(_("Remove"), key=f"scenario_remove_{scenario.code}")
    if not (renamed or removed):
        return
    try:
        with transaction(engine()) as session:
            if renamed:
                rename_scenario(
                    session, present.actor, scenario.token, name, version=scenario.version, now=present.now
                )
            else:
                delete_scenario(session, present.actor, scenario.token, now=present.now)
    except DomainError as error:
        notice(_(error.message, **error.params), "bad")
        return
    if removed:
        st.query_params["s"] = [one for one in st.query_params.get_all("s") if one != scenario.token]
    st.rerun()
