"""Scenarios as files: Excel for tables, Word for a report; for geographic programs see ``scenario_layers``."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import docx
import openpyxl
from docx.document import Document
from docx.shared import Cm
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from stations.answers.columns import Column, Row, cells, headings
from stations.answers.scenario_ground import ground_words
from stations.answers.scenario_lines import (
    GAINED_COLUMNS,
    Names,
    asked_lines,
    compared_columns,
    compared_lines,
    gained_lines,
)
from stations.answers.scenarios import Comparison, comparison_notes
from stations.answers.siting import SITE_FILE_COLUMNS
from stations.language import N_, Language
from stations.places.counties import City
from stations.planning.scenario import Scenario
from stations.planning.scenario_ground import ground_of
from stations.planning.siting_detail import ServingLine
from stations.planning.siting_picture import siting_png
from stations.planning.station_siting import SitingAnswer, added_sites, outcome_text
from stations.tables.table import Cell, neutral

SOLVED_ON = N_("Solved on: {ground}.")
METHOD = N_(
    "Solved with the solver HiGHS. Models: set covering (Toregas et al. 1971), maximal covering (Church and ReVelle "
    "1974), p-median (Hakimi 1964) and p-center (Minieka 1970)."
)
SAMPLE_NOTE = N_("Rests on {count} sample (invented) records: it is a sample itself.")


def notes_of(scenario: Scenario, answer: SitingAnswer, names: Names, language: Language) -> list[str]:
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
        language.translate(SOLVED_ON, ground=ground_words(ground_of(scenario), names, language)),
        language.translate(METHOD),
    ]


def scenarios_xlsx(comparison: Comparison, language: Language) -> bytes:
    """Return an Excel workbook: a sheet that compares the scenarios on one ground, one with the sites of each, and the
    notes. The first row of each has its headings.
    """
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    say = language.translate
    columns = compared_columns([one.name for one in comparison.scenarios])
    lines = compared_lines(comparison.answers, comparison.compared, comparison.names)
    _sheet(book, say(N_("Comparison")), columns, lines, language)
    notes = [("", note) for note in comparison_notes(comparison, language)]
    for scenario, answer in zip(comparison.scenarios, comparison.answers, strict=True):
        _sheet(book, scenario.name, SITE_FILE_COLUMNS, added_sites(answer), language)
        notes += [(scenario.name, note) for note in notes_of(scenario, answer, comparison.names, language)]
    page = book.create_sheet(_free_title(book, say(N_("Notes"))))
    _write(page, [say(N_("Scenario")), say(N_("Note"))], heading=True)
    for note in notes:
        _write(page, note)
    for sheet in book.worksheets:
        sheet.column_dimensions["A"].width = 26
        sheet.column_dimensions["B"].width = 30
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(
    book: openpyxl.Workbook, title: str, columns: Sequence[Column[Row]], rows: Sequence[Row], language: Language
) -> None:
    page = book.create_sheet(_free_title(book, title))
    _write(page, headings(columns, language), heading=True)
    for row in rows:
        _write(page, cells(columns, row, language))


def _free_title(book: openpyxl.Workbook, name: str) -> str:
    """Return a title for a sheet: the name without what a title can't have, at most 31 characters, not yet taken."""
    title = re.sub(r"[\\/*?:\[\]]", " ", name).strip().strip("'")[:31] or "–"
    taken = {one.title.casefold() for one in book.worksheets}
    for number in range(2, len(taken) + 3):
        if title.casefold() not in taken:
            break
        title = f"{title[:27]} {number}"
    return title


def _write(sheet: Worksheet, line: Sequence[Cell], *, heading: bool = False) -> None:
    sheet.append([neutral(cell) for cell in line])
    if heading:
        for cell in sheet[sheet.max_row]:
            cell.font = Font(bold=True)


@dataclass(frozen=True)
class Report:
    """What the Word report of a scenario needs besides it. ``review_number``: the 审图号 of the installation's maps."""

    lines: Sequence[ServingLine]
    cities: Sequence[City]
    names: Names
    review_number: str = ""


def scenario_docx(scenario: Scenario, report: Report, language: Language, *, now: datetime) -> bytes:
    """Return a Word document with the question, the result, the map and the new sites, numbered as on the map."""
    answer, say = scenario.read_answer(), language.translate
    document = docx.Document()
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2.5)
    document.core_properties.title = scenario.name
    document.core_properties.author = scenario.owner_name
    document.core_properties.created = now.replace(tzinfo=None)
    document.add_heading(scenario.name, 0)
    document.add_heading(say(N_("The question")), 1)
    _table(document, [[say(line.name), line.show(line.value, language)] for line in asked_lines(answer, report.names)])
    document.add_heading(say(N_("What is gained")), 1)
    _answer_table(document, GAINED_COLUMNS, gained_lines(answer), language)
    document.add_heading(say(N_("Where the new stations go")), 1)
    picture = siting_png(
        answer,
        report.lines,
        report.cities,
        language,
        title=scenario.name,
        as_of=scenario.as_of,
        review_number=report.review_number,
    )
    document.add_picture(io.BytesIO(picture), width=Cm(15.5))
    numbered: list[list[Cell]] = [[say(N_("No.")), *headings(SITE_FILE_COLUMNS, language)]]
    for number, site in enumerate(added_sites(answer), start=1):
        numbered.append([number, *cells(SITE_FILE_COLUMNS, site, language)])
    _table(document, numbered)
    for note in notes_of(scenario, answer, report.names, language):
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
