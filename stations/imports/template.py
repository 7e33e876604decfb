"""The workbook for offices to fill in: headings, lists of choices, and advice for each column.

It is made from the table of columns that the import reads (``columns``).
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from stations.imports.columns import COLUMNS, EXPORTED_ONLY, IN_ONE_CELL, StationColumn
from stations.imports.row_places import CRS_NAMES
from stations.imports.status_words import PLAIN_STATUS
from stations.language import N_, Language
from stations.province import example
from stations.registry.record_terms import Terms
from stations.tables.workbooks import heading_cell, text_cell

ROWS_CHECKED = 2000
_AUTHOR = "质量小站"


def import_template(terms: Terms, language: Language) -> bytes:
    """Return the template as the bytes of an .xlsx file."""
    say = language.translate
    columns = [column for column in COLUMNS if column.name not in IN_ONE_CELL | EXPORTED_ONLY]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(say(N_("Stations")))
    sheet.freeze_panes = "A2"
    counties = [f"{terms.cities[one.city_adcode].name}{one.name}" for one in terms.counties.values()]
    choices: dict[str, Sequence[str]] = {
        "county": counties,
        "status": list(PLAIN_STATUS.values()),
        "crs": list(CRS_NAMES.values()),
    }
    lists = say(N_("Lists"))
    for index, column in enumerate(columns, start=1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = 18
        if column.name in choices:
            at = get_column_letter(1 + list(choices).index(column.name))
            rule = DataValidation(
                "list", formula1=f"'{lists}'!${at}$2:${at}${1 + len(choices[column.name])}", allow_blank=True
            )
            rule.errorTitle, rule.error = say(column.label), say(N_("Choose one of the list"))
            rule.add(f"{letter}2:{letter}{ROWS_CHECKED}")
            sheet.data_validations.append(rule)
    heads = []
    for column in columns:
        cell = heading_cell(sheet, language.pick(column.headings[0], column.label))
        cell.comment = Comment(say(column.advice, **example().in_advice()), _AUTHOR, height=80, width=280)
        heads.append(cell)
    sheet.append(heads)
    _advice(book, columns, language)
    held = book.create_sheet(lists)
    titles = {column.name: say(column.label) for column in COLUMNS}
    held.append([heading_cell(held, titles[name]) for name in choices])
    for number in range(max(map(len, choices.values()))):
        held.append([text_cell(held, many[number] if number < len(many) else None) for many in choices.values()])
    catalogue = book.create_sheet(say(N_("Service catalogue")))
    catalogue.column_dimensions["A"].width = catalogue.column_dimensions["B"].width = 40
    catalogue.append([heading_cell(catalogue, say(text)) for text in (N_("Reference code"), N_("Service"))])
    for service in terms.services.values():
        catalogue.append([text_cell(catalogue, text) for text in (service.code, service.name_zh)])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _advice(book: Workbook, columns: Sequence[StationColumn], language: Language) -> None:
    say = language.translate
    sheet = book.create_sheet(say(N_("How to fill it in")))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 90
    sheet.append([heading_cell(sheet, say(text)) for text in (N_("Column"), N_("What to write"))])
    blank = N_("A blank cell leaves what the registry holds as it is. Nothing is removed by leaving a row out.")
    told = [(say(one.label), say(one.advice, **example().in_advice())) for one in columns]
    for name, text in [*told, ("", say(blank))]:
        cell = text_cell(sheet, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append([text_cell(sheet, name), cell])
