"""Saved scenarios: the same lines on page, command and in files."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pyogrio
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.answers.columns import headings
from stations.answers.presentation import render, saved_table
from stations.answers.scenario_files import Report, scenario_docx, scenarios_xlsx
from stations.answers.scenario_layers import scenario_geojson, scenario_gpkg
from stations.answers.scenario_lines import GAINED_COLUMNS, Names, asked_lines, gained_lines
from stations.answers.scenarios import (
    COMPARED_SCENARIOS,
    OWN_SCENARIOS,
    Comparison,
    compare_scenarios,
    comparison_notes,
    usual_ground,
)
from stations.answers.siting import SITE_FILE_COLUMNS
from stations.database import transaction
from stations.errors import InvalidInput
from stations.language import Language, Worded
from stations.places.counties import list_cities, list_counties
from stations.planning.demand import Weighting
from stations.planning.distance_table import import_distances, read_distances
from stations.planning.scenario import Scenario
from stations.planning.serving_lines import lines_of_scenario
from stations.planning.siting_question import SitingModel, SitingQuestion
from stations.planning.travel_measure import TravelUnit
from tests.conftest import NOW, TODAY
from tests.stations.commands.test_command_line import answer, run
from tests.stations.factories import add_station
from tests.stations.planning.test_scenario import ASK, PLANNER, save

ENGLISH = Language("en")
CENTRE = SitingQuestion(SitingModel.P_CENTER, p=4, budget=9.0)


@pytest.mark.one_database
def test_question_and_gain_are_told_line_by_line(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        found = save(session).read_answer()
    asked = {line.name: line.show(line.value, ENGLISH) for line in asked_lines(found, Names())}
    assert (asked["New stations"], asked["Reached within"]) == (3, "25.0 km")
    assert asked["Stations that stand are kept"] == "yes"
    assert asked["How ways are measured"] == "As the crow flies (kilometres)"
    table = saved_table(GAINED_COLUMNS, gained_lines(found), ENGLISH)
    assert table.headings == ["What is gained", "Before", "After"]
    rows = {name: (before, after) for name, before, after in table.rows}
    assert rows["Stations"] == (len(found.sites) - len(found.added), len(found.sites))
    assert rows["New among them"] == (None, 3)
    assert rows["Demand within 10 km"][1].endswith("%")
    assert rows["Average distance"][1].endswith("km")


@pytest.mark.one_database
def test_scenarios_stand_side_by_side(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        saved = [save(session, "Model"), save(session, "=4", ask=CENTRE)]
        comparison = compare_scenarios(session, saved, usual_ground(session, saved[0], TODAY), samples=True)
        table = render(COMPARED_SCENARIOS, comparison, ENGLISH, "csv")
        data = COMPARED_SCENARIOS.data(comparison, ENGLISH)
        own = OWN_SCENARIOS.data(saved, ENGLISH)
    lines = list(csv.reader(table.splitlines()))
    # A scenario's name is not translated, and runs as no formula.
    assert lines[0] == ["Figure", "Stations of the date alone", "Model", "'=4"]
    rows = {line[0]: line[1:] for line in lines}
    assert rows["New stations"] == ["", "3", ""]
    assert rows["New stations at most"] == ["", "", "4"]
    assert rows["Budget"] == ["", "", "9 ×10,000 yuan"]
    assert rows["Stations that stand are kept"] == ["", "yes", "no"]
    assert rows["New among them"] == ["0", "3", str(len(saved[1].answer["added"]))]
    assert [one["answer"]["model"] for one in data["scenarios"]] == ["mclp", "p-center"]
    assert set(data["new_in_all"]) == set(saved[0].answer["added"]) & set(saved[1].answer["added"])
    assert [one["new_stations"] for one in own] == [len(one.answer["added"]) for one in saved]


@pytest.mark.one_database
def test_the_command_opens_what_a_link_opens(reference_engine: Engine) -> None:
    url = reference_engine.url.render_as_string(hide_password=False)
    with transaction(reference_engine) as session:
        token, code = (scenario := save(session)).token, scenario.code
    told = answer(url, "scenarios", token)
    assert [(one["code"], one["changed"]) for one in told["scenarios"]] == [(code, False)]
    assert "Average distance" in run(url, "scenarios", token).stdout
    for arguments, words in (((), "--by"), (("no-such-link",), "no scenario"), (("--by", "nobody"), "nobody")):
        done = run(url, "scenarios", *arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert words in done.stderr


def compared(session: Session, scenarios: list[Scenario], **ground: object) -> Comparison:
    on = replace(usual_ground(session, scenarios[0], TODAY), **ground)
    return compare_scenarios(session, scenarios, on, samples=True)


@pytest.mark.one_database
def test_all_are_measured_on_the_ground_that_is_chosen(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        for adcode in ("320102", "320505"):
            add_station(session, adcode)
        scenario = save(session)
        alike = save(session, "alike", ask=replace(ASK, weighting=Weighting.EQUAL))
        # On what it was solved on, a scenario's figures are its own.
        own = compared(session, [scenario], as_of=scenario.as_of)
        found = scenario.read_answer()
        (measured,) = own.compared.measured
        assert measured.within == pytest.approx(found.after.within, abs=1e-6)
        assert own.compared.today.within == pytest.approx(found.before.within, abs=1e-6)
        assert (measured.average, measured.worst) == pytest.approx(
            (found.after.average, found.after.worst), abs=0.1
        )
        assert own.compared.today.stations == measured.stations - measured.new == len(found.sites) - len(found.added)
        assert len(comparison_notes(own, ENGLISH)) == 1
        # Together, both are measured by the first one's, and the other is told apart.
        both = compared(session, [scenario, alike])
        assert both.compared.measured[0] == measured
        (_, warned) = comparison_notes(both, ENGLISH)
        assert warned.startswith("“alike” was solved on another ground: what counts: Every county counts alike.")
        assert "what counts: Every resident counts alike" in warned
        # Another choice, and a day on which no station stood.
        early = compared(session, [scenario, alike], weighting=Weighting.EQUAL, as_of=date(2010, 1, 1))
        assert early.compared.today is None
        assert {one.stations for one in early.compared.measured} == {3}
        assert len(comparison_notes(early, ENGLISH)) == 3
        with pytest.raises(InvalidInput):
            compared(session, [scenario], weighting="GONE")
        data = COMPARED_SCENARIOS.data(both, ENGLISH)["on_one_ground"]
        assert [one["differs_in"] for one in data["scenarios"]] == [[], ["weights"]]


@pytest.mark.one_database
def test_an_imported_figure_is_told_by_its_name(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        found = replace(save(session).read_answer().question, weighting="FIRMS-2025")
        names = {"FIRMS-2025": Worded("By {name} ({year})", {"name": "规上工业企业", "year": 2025})}
        answer_by_firms = replace(save(session, "b").read_answer(), question=found)
    told = [
        {line.name: line.show(line.value, ENGLISH) for line in asked_lines(answer_by_firms, known)}["Demand"]
        for known in (Names(figures=names), Names())
    ]
    assert told == ["By 规上工业企业 (2025)", "figure FIRMS-2025, no longer on file"]


@pytest.mark.one_database
def test_all_are_measured_by_an_imported_table_and_told_by_its_name(reference_engine: Engine) -> None:
    url = reference_engine.url.render_as_string(hide_password=False)
    with transaction(reference_engine) as session:
        straight = save(session, "straight", ask=replace(ASK, keep_existing=False, points=()))
        new = list(straight.answer["added"])
        others = [one.adcode for one in list_counties(session) if one.adcode not in new]
        rows = "\n".join(f"{one},{new[0]},{12 if one == others[0] else 40}" for one in others)
        about = {"code": "DRIVE-7", "name": "客运时刻", "year": 2025, "source": "测试"}
        read = read_distances(f"起点,终点,分钟\n{rows}".encode())
        table = import_distances(session, PLANNER, read, **about, now=NOW)
        by_table = save(session, "by table", ask=replace(ASK, keep_existing=False, points=(), travel=table.code))
        both = compared(session, [straight, by_table], travel=table.code, weighting="equal")
        measured = both.compared.measured[0]
        # 40 minutes to the one new site that the table names, 0 from there; it knows nothing of the other two.
        assert both.compared.unit is TravelUnit.SECONDS
        assert measured.worst == 40 * 60
        assert measured.unreached == pytest.approx(2 / 95)
        assert measured.within[60] == pytest.approx((len(others) + 1) / 95)
        assert measured.within[15] == pytest.approx(2 / 95)
        _ground, *notes, about = comparison_notes(both, ENGLISH)
        assert "distance: As the crow flies (kilometres). Here" in notes[0]
        assert "Here it is measured on: what counts: Every county counts alike; distance: Minutes: 客运时刻" in notes[0]
        assert len(notes) == 2 and "DRIVE" not in " ".join(notes)
        assert about == "Minutes by the table “客运时刻” (2025). Source: 测试"
        tokens = straight.token, by_table.token
    told = answer(url, "scenarios", *tokens, "--travel", "DRIVE-7")["on_one_ground"]
    assert (told["travel"], told["unit"]) == ("DRIVE-7", "s")
    assert [one["differs_in"] for one in told["scenarios"]] == [["travel"], []]
    wrong = run(url, "scenarios", *tokens, "--travel", "BUS")
    assert wrong.returncode == 2 and "straight" in wrong.stderr and "DRIVE-7" in wrong.stderr


@pytest.mark.one_database
@pytest.mark.parametrize("code", ["zh_CN", "en"])
def test_the_files_tell_the_same(reference_engine: Engine, code: str) -> None:
    language = Language(code)
    with transaction(reference_engine) as session:
        add_station(session, "320102")
        second = save(session, "二/[*]", ask=SitingQuestion(SitingModel.LSCP, budget=90.0, within_km=50))
        scenarios = [save(session), second]
        comparison = compared(session, scenarios)
        lines = lines_of_scenario(session, scenarios[0])
        report = Report(lines, list_cities(session), comparison.names)
        document = docx.Document(io.BytesIO(scenario_docx(scenarios[0], report, language, now=NOW)))
    names = [one.name_en if code == "en" else one.name for one in scenarios[0].read_answer().candidates]
    book = openpyxl.load_workbook(io.BytesIO(scenarios_xlsx(comparison, language)))
    comparing, first, other, notes = book.worksheets
    assert [cell.value for cell in comparing[1]][2:] == ["'=三站", "二/[*]"]  # not a formula
    assert other.title == "二"
    sheet = [[cell.value for cell in row] for row in first.iter_rows()]
    assert sheet[0] == headings(SITE_FILE_COLUMNS, language)
    assert [row[0] for row in sheet[1:]] == scenarios[0].answer["added"]
    assert notes.max_row > 5 and all(cell.value for cell in notes[1])
    assert len(document.inline_shapes) == 1
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert cells & set(filter(None, names))
    assert "=三站" in [one.text for one in document.paragraphs]


@pytest.mark.one_database
def test_the_layers_hold_sites_demand_and_lines(reference_engine: Engine, tmp_path: Path) -> None:
    with transaction(reference_engine) as session:
        add_station(session, "320102")
        scenario = save(session)
        lines = lines_of_scenario(session, scenario)
        # Saved before it told who serves whom, a scenario has the same lines.
        scenario.answer = {key: value for key, value in scenario.answer.items() if key != "detail"}
        assert [(one.demand.id, one.site.id) for one in lines_of_scenario(session, scenario)] == [
            (one.demand.id, one.site.id) for one in lines
        ]
    found = scenario.read_answer()
    data = json.loads(scenario_geojson(scenario, lines))
    by_layer = {
        layer: [one for one in data["features"] if one["properties"]["layer"] == layer]
        for layer in ("sites", "demand", "lines")
    }
    assert [one["id"] for one in by_layer["sites"] if one["properties"]["role"] == "new"] == list(found.added)
    assert len(by_layer["sites"]) == len(found.sites)
    assert len(by_layer["demand"]) == len(by_layer["lines"]) == len(found.demand) == 95
    for one in by_layer["demand"]:  # each goes to its nearest site
        assert one["properties"]["way"] == pytest.approx(found.nearest[one["properties"]["id"]], abs=0.1)
    path = tmp_path / "scenario.gpkg"
    path.write_bytes(scenario_gpkg(scenario, lines))
    assert sorted(map(str, pyogrio.list_layers(path)[:, 0])) == ["demand", "lines", "sites"]
    for layer, kind in (("sites", "Point"), ("demand", "Point"), ("lines", "LineString")):
        told = pyogrio.read_info(path, layer=layer)
        assert (told["crs"], told["geometry_type"], told["features"]) == ("EPSG:4326", kind, len(by_layer[layer]))
    # Without any way the layer of lines is there, and empty.
    path.write_bytes(scenario_gpkg(scenario, []))
    assert pyogrio.read_info(path, layer="lines")["features"] == 0
    assert json.loads(scenario_geojson(scenario, []))["features"][-1]["properties"]["site"] is None
