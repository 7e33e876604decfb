"""Scenarios as files: GeoJSON for maps, Excel for tables, Word for a report."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import docx
import openpyxl
from docx.document import Document
from docx.shared import Cm
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from stations.answers.columns import Column, Row, cells, headings
from stations.answers.scenario_lines import GAINED_COLUMNS, asked_lines, compared_columns, compared_lines, gained_lines
from stations.answers.siting import SITE_FILE_COLUMNS
from stations.language import N_, Language
from stations.planning.scenario import Scenario
from stations.planning.station_siting import SitingAnswer, added_sites, outcome_text
from stations.tables.table import Cell, neutral

METHOD = N_(
    "Demand stands at a point inside each county; distances are great-circle distances. "
    "Solved with the solver HiGHS. Models: set covering (Toregas et al. 1971), maximal covering (Church and ReVelle "
    "1974), p-median (Hakimi 1964) and p-center (Minieka 1970)."
)
SAMPLE_NOTE = N_("Rests on {count} sample (invented) records: it is a sample itself.")


def sites_geojson(answer: SitingAnswer, **head: Any) -> dict[str, Any]:
    """Return the sites of an answer as a GeoJSON FeatureCollection (RFC 7946, WGS-84). ``role`` distinguishes new from
    existing sites. ``head``: further members of the collection.
    """
    added, sites = set(answer.added), set(answer.sites)
    features = [
        {
            "type": "Feature",
            "id": one.id,
            "geometry": {"type": "Point", "coordinates": [round(one.lon, 6), round(one.lat, 6)]},
            "properties": {
                "name": one.name,
                "name_en": one.name_en,
                "role": "new" if one.id in added else "existing",
                "place": one.kind.value,
                "county": one.county,
                "cost": one.cost if one.id in added else None,
                "sample": one.sample,
            },
        }
        for one in answer.candidates
        if one.id in sites
    ]
    return {"type": "FeatureCollection", **head, "features": features}


def scenario_geojson(scenario: Scenario) -> str:
    """Return the sites of a scenario as GeoJSON (``sites_geojson``)."""
    head = {"scenario": scenario.code, "name": scenario.name, "as_of": scenario.as_of.isoformat()}
    return json.dumps(sites_geojson(scenario.read_answer(), **head), ensure_ascii=False, indent=1)


def notes_of(scenario: Scenario, answer: SitingAnswer, language: Language) -> list[str]:
    """Return the notes that readers of the figures need."""
    invented = sum(one.sample for one in answer.candidates)
    return [
        language.translate(outcome_text(answer), count=len(answer.uncovered)),
        *([language.translate(SAMPLE_NOTE, count=invented)] if invented else []),
        language.translate(
            N_("Scenario {code}, saved by {who} on {when}; the stations are those of {day}."),
            code=scenario.code,
            who=scenario.owner_name,
            when=language.format_datetime(scenario.created_at),
            day=language.format_date(scenario.as_of),
        ),
        language.translate(METHOD),
    ]


def scenarios_xlsx(scenarios: Sequence[Scenario], language: Language) -> bytes:
    """Return an Excel workbook: a sheet that compares the scenarios, then one with the sites of each."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(language.translate(N_("Comparison")))
    answers = [one.read_answer() for one in scenarios]
    _write(sheet, ["", *(one.name for one in scenarios)], heading=True)
    compared = compared_columns([one.name for one in scenarios])
    for line in compared_lines(answers):
        _write(sheet, cells(compared, line, language))
    for number, (scenario, answer) in enumerate(zip(scenarios, answers, strict=True), start=1):
        page = book.create_sheet(f"{number}")
        _write(page, [scenario.name], heading=True)
        _write(page, headings(SITE_FILE_COLUMNS, language), heading=True)
        for site in added_sites(answer):
            _write(page, cells(SITE_FILE_COLUMNS, site, language))
        for note in notes_of(scenario, answer, language):
            _write(page, [note])
    for page in book.worksheets:
        page.column_dimensions["A"].width = 26
        page.column_dimensions["B"].width = 30
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(sheet: Worksheet, line: Sequence[Cell], *, heading: bool = False) -> None:
    sheet.append([neutral(cell) for cell in line])
    if heading:
        for cell in sheet[sheet.max_row]:
            cell.font = Font(bold=True)


def scenario_docx(scenario: Scenario, language: Language, *, now: datetime) -> bytes:
    """Return a Word document with the question, the result and the new sites."""
    answer, say = scenario.read_answer(), language.translate
    document = docx.Document()
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2.5)
    document.core_properties.title = scenario.name
    document.core_properties.author = scenario.owner_name
    document.core_properties.created = now.replace(tzinfo=None)
    document.add_heading(scenario.name, 0)
    document.add_heading(say(N_("The question")), 1)
    _table(document, [[say(line.name), line.show(line.value, language)] for line in asked_lines(answer)])
    document.add_heading(say(N_("What is gained")), 1)
    _answer_table(document, GAINED_COLUMNS, gained_lines(answer), language)
    document.add_heading(say(N_("Where the new stations go")), 1)
    _answer_table(document, SITE_FILE_COLUMNS, added_sites(answer), language)
    for note in notes_of(scenario, answer, language):
        document.add_paragraph(note)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _answer_table(document: Document, columns: Sequence[Column[Row]], rows: Sequence[Row], language: Language) -> None:
    _table(document, [headings(columns, language), *(cells(columns, row, language) for row in rows)])


def _table(document: Document, lines: Sequence[Sequence[Cell]]) -> None:
    table = document.add_table(rows=len(lines), cols=len(lines[0]), style="Light Grid Accent 1")
    for row, line in zip(table.rows, lines, strict=True):
        for cell, value in zip(row.cells, line, strict=True):
            cell.text = "" if value is None else str(value)
