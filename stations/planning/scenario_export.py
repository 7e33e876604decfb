"""Scenarios as files: GeoJSON for maps, Excel for tables, Word for a report."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from datetime import datetime

import docx
import openpyxl
from docx.document import Document
from docx.shared import Cm
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from stations.language import N_, Language, label
from stations.planning.demand import Weighting
from stations.planning.scenario import Scenario
from stations.planning.siting_question import MODEL_LABELS, NEEDS_P, NEEDS_WITHIN
from stations.planning.station_siting import REACHES_KM, Reach, SitingAnswer, added_sites, outcome_text
from stations.tables.table import neutral

METHOD = N_(
    "Demand stands at a point inside each county; distances are great-circle distances. "
    "Solved with the solver HiGHS. Models: set covering (Toregas et al. 1971), maximal covering (Church and ReVelle "
    "1974), p-median (Hakimi 1964) and p-center (Minieka 1970)."
)
SAMPLE_NOTE = N_("Rests on {count} sample (invented) records: it is a sample itself.")


def scenario_geojson(scenario: Scenario) -> str:
    """Return the sites of a scenario as a GeoJSON FeatureCollection (RFC 7946, WGS-84). ``role`` distinguishes new
    from existing sites.
    """
    answer = scenario.read_answer()
    added = set(answer.added)
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
        if one.id in set(answer.sites)
    ]
    head = {"scenario": scenario.code, "name": scenario.name, "as_of": scenario.as_of.isoformat()}
    return json.dumps({"type": "FeatureCollection", **head, "features": features}, ensure_ascii=False, indent=1)


def question_lines(answer: SitingAnswer, language: Language) -> list[tuple[str, str]]:
    """Return the question as (name, value) pairs."""
    question, say = answer.question, language.translate
    weighting = (
        label(language, Weighting(question.weighting))
        if question.weighting in list(Weighting)
        else say(N_("imported figure {code}"), code=question.weighting)
    )
    lines = [(say(N_("Model")), say(MODEL_LABELS[question.model])), (say(N_("Demand")), weighting)]
    if question.model in NEEDS_P and question.p is not None:
        asked = N_("New stations") if question.budget is None else N_("New stations at most")
        lines.append((say(asked), str(question.p)))
    if question.model in NEEDS_WITHIN:
        lines.append((say(N_("Reached within")), language.format_distance(question.within_km * 1000)))
    if question.budget is not None:
        lines.append((say(N_("Budget")), say(N_("{amount} ×10,000 yuan"), amount=f"{question.budget:g}")))
    kept = N_("yes") if question.keep_existing else N_("no")
    lines.append((say(N_("Stations that stand are kept")), say(kept)))
    for name, chosen in ((N_("Places that must get one"), question.must), (N_("Places that can't"), question.forbid)):
        if chosen:
            lines.append((say(name), ", ".join(_named(answer, chosen, language))))
    return lines


def _named(answer: SitingAnswer, ids: Sequence[str], language: Language) -> list[str]:
    return [language.pick(one.name, one.name_en) for one in answer.candidates if one.id in set(ids)]


def result_lines(answer: SitingAnswer, language: Language) -> list[tuple[str, str, str]]:
    """Return the result as (name, before, after); before is blank if there are no existing stations."""
    say = language.translate

    def both(read: Callable[[Reach], str]) -> tuple[str, str]:
        return (read(answer.before) if answer.before else "", read(answer.after) if answer.after else "")

    def share(km: int) -> Callable[[Reach], str]:
        return lambda reach: language.format_percent(reach.within[km], 1)

    def distance(name: str) -> Callable[[Reach], str]:
        return lambda reach: language.format_distance(getattr(reach, name))

    standing = len(answer.sites) - len(answer.added)
    lines = [
        (say(N_("Stations")), str(standing), str(len(answer.sites))),
        (say(N_("New among them")), "", str(len(answer.added))),
    ]
    lines += [(say(N_("Demand within {km} km"), km=km), *both(share(km))) for km in REACHES_KM]
    lines += [
        (say(N_("Average distance")), *both(distance("average_m"))),
        (say(N_("Farthest county")), *both(distance("worst_m"))),
    ]
    if answer.question.budget is not None:
        lines.append((say(N_("Cost (×10,000 yuan)")), "", f"{answer.cost:g}"))
    return lines


def site_rows(answer: SitingAnswer, language: Language) -> tuple[list[str], list[list[str | float]]]:
    """Return the new sites as headings and rows."""
    headings = [N_("place"), N_("name"), N_("longitude"), N_("latitude"), N_("cost"), N_("demand there")]
    rows: list[list[str | float]] = [
        [one.id, language.pick(one.name, one.name_en), round(one.lon, 5), round(one.lat, 5), one.cost, one.weight]
        for one in added_sites(answer)
    ]
    return [language.translate(heading) for heading in headings], rows


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
    names = list(dict.fromkeys(name for answer in answers for name, _ in question_lines(answer, language)))
    asked = [dict(question_lines(answer, language)) for answer in answers]
    for name in names:
        _write(sheet, [name, *(lines.get(name, "") for lines in asked)])
    gained = [{name: after for name, _, after in result_lines(answer, language)} for answer in answers]
    for name in dict.fromkeys(name for lines in gained for name in lines):
        _write(sheet, [name, *(lines.get(name, "") for lines in gained)])
    for number, (scenario, answer) in enumerate(zip(scenarios, answers, strict=True), start=1):
        page = book.create_sheet(f"{number}")
        _write(page, [scenario.name], heading=True)
        headings, rows = site_rows(answer, language)
        _write(page, headings, heading=True)
        for row in rows:
            _write(page, row)
        for note in notes_of(scenario, answer, language):
            _write(page, [note])
    for page in book.worksheets:
        page.column_dimensions["A"].width = 26
        page.column_dimensions["B"].width = 30
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(sheet: Worksheet, cells: Sequence[str | float], *, heading: bool = False) -> None:
    sheet.append([neutral(cell) for cell in cells])
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
    _table(document, ["", ""], question_lines(answer, language), head=False)
    document.add_heading(say(N_("What is gained")), 1)
    _table(document, ["", say(N_("Before")), say(N_("After"))], result_lines(answer, language))
    document.add_heading(say(N_("Where the new stations go")), 1)
    headings, rows = site_rows(answer, language)
    _table(document, headings, [[str(cell) for cell in row] for row in rows])
    for note in notes_of(scenario, answer, language):
        document.add_paragraph(note)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _table(document: Document, headings: Sequence[str], rows: Sequence[Sequence[str]], *, head: bool = True) -> None:
    lines = [list(headings), *rows] if head else list(rows)
    table = document.add_table(rows=len(lines), cols=len(headings), style="Light Grid Accent 1")
    for row, line in zip(table.rows, lines, strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            cell.text = text
