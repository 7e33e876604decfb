"""Saved scenarios: the same lines on page, command and in files."""

from __future__ import annotations

import csv
import io
import json

import docx
import openpyxl
import pytest
from sqlalchemy import Engine

from stations.answers.presentation import render, saved_table
from stations.answers.scenario_files import scenario_docx, scenario_geojson, scenarios_xlsx
from stations.answers.scenario_lines import GAINED_COLUMNS, asked_lines, gained_lines
from stations.answers.scenarios import COMPARED_SCENARIOS, OWN_SCENARIOS, open_scenarios
from stations.database import transaction
from stations.language import Language
from stations.planning.siting_question import SitingModel, SitingQuestion
from tests.conftest import NOW
from tests.stations.commands.test_command_line import answer, run
from tests.stations.planning.test_scenario import save

ENGLISH = Language("en")
CENTRE = SitingQuestion(SitingModel.P_CENTER, p=4, budget=9.0)


@pytest.mark.one_database
def test_question_and_gain_are_told_line_by_line(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        found = save(session).read_answer()
    asked = {line.name: line.show(line.value, ENGLISH) for line in asked_lines(found)}
    assert (asked["New stations"], asked["Reached within"]) == (3, "25.0 km")
    assert asked["Stations that stand are kept"] == "yes"
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
        opened = open_scenarios(session, saved)
        table = render(COMPARED_SCENARIOS, opened, ENGLISH, "csv")
        data = COMPARED_SCENARIOS.data(opened, ENGLISH)
        own = OWN_SCENARIOS.data(saved, ENGLISH)
    lines = list(csv.reader(table.splitlines()))
    assert lines[0] == ["Figure", "Model", "'=4"]  # a scenario's name is not translated, and runs as no formula
    rows = {line[0]: line[1:] for line in lines}
    assert rows["New stations"] == ["3", ""]
    assert rows["New stations at most"] == ["", "4"]
    assert rows["Budget"] == ["", "9 ×10,000 yuan"]
    assert rows["Stations that stand are kept"] == ["yes", "no"]
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


@pytest.mark.parametrize("code", ["zh_CN", "en"])
def test_the_files_tell_the_same(reference_engine: Engine, code: str) -> None:
    language = Language(code)
    with transaction(reference_engine) as session:
        second = save(session, "二", ask=SitingQuestion(SitingModel.LSCP, budget=90.0, within_km=50))
        scenarios = [save(session), second]
    names = [one.name_en if code == "en" else one.name for one in scenarios[0].read_answer().candidates]
    data = json.loads(scenario_geojson(scenarios[0]))
    new = [one for one in data["features"] if one["properties"]["role"] == "new"]
    assert [one["id"] for one in new] == scenarios[0].answer["added"]
    assert all(116 < one["geometry"]["coordinates"][0] < 122 for one in data["features"])
    book = openpyxl.load_workbook(io.BytesIO(scenarios_xlsx(scenarios, language)))
    assert [cell.value for cell in book.worksheets[0][1]][1:] == ["'=三站", "二"]  # not a formula
    sheet = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()]
    assert {row[0] for row in sheet} >= set(scenarios[0].answer["added"])
    document = docx.Document(io.BytesIO(scenario_docx(scenarios[0], language, now=NOW)))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert cells & set(filter(None, names))
    assert "=三站" in [one.text for one in document.paragraphs]
