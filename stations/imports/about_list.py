"""What people are told about a list as a whole, the same on the page and on the command line."""

from __future__ import annotations

from typing import Any

from stations.imports.plan import ImportPlan, Plan
from stations.imports.row_places import CRS_NAMES, DEFAULT
from stations.imports.word_mapping import Origin
from stations.language import N_, Listed, Worded
from stations.tables.sheet import Sheet

_NAMED = 20
"""So many rows are named."""


def about_list(plan: ImportPlan) -> list[Worded]:
    """Return what to know about the list of a plan: its coordinates, dates, unused columns and rows left out."""
    told = [*_about_sheets(plan.sheet), *_about_words(plan)]
    told += [*_about_corrections(plan.sheet), *_about_coordinates(plan), *_about_dates(plan)]
    return [*told, *_about_what_is_left_out(plan.sheet)]


def about_any_list(plan: Plan[Any]) -> list[Worded]:
    """Return what to know about any list: its sheet, words taught, cells put right, unused columns, rows left out."""
    sheet = plan.sheet
    told = [*_about_sheets(sheet), *_about_words(plan), *_about_corrections(sheet)]
    return [*told, *_about_what_is_left_out(sheet)]


def _about_what_is_left_out(sheet: Sheet) -> list[Worded]:
    told = []
    if sheet.passed_over:
        names = Listed(f"“{heading}”" for heading in sheet.passed_over)
        told.append(Worded(N_("Columns that are not imported; the report keeps them: {names}"), {"names": names}))
    skipped = sorted((*sheet.totals, *sheet.remarks))
    if skipped:
        message = N_("Rows taken for totals, remarks, titles or repeated headings, and left out: {rows}")
        told.append(Worded(message, {"rows": _numbers(skipped)}))
    return [*told, *_about_hidden_rows(sheet)]


def _about_sheets(sheet: Sheet) -> list[Worded]:
    """Return which sheets were read one after the other, and which with such headings were not."""
    told = []
    if sheet.sheets:
        names = Listed(f"“{name}”" for name in sheet.sheets)
        together = N_("These sheets have the same headings and were read one after the other: {names}")
        told.append(Worded(together, {"names": names}))
    if not sheet.unread:
        if len(sheet.book) > 1 and not told:
            others = Listed(f"“{name}”" for name in sheet.book if name != sheet.name)
            message = N_("Of the workbook’s sheets “{sheet}” was read; the others were not: {others}")
            told.append(Worded(message, {"sheet": sheet.name, "others": others}))
        return told
    if sheet.sheets:
        message = N_(
            "These sheets have such headings too, but in other places, and were not read, with their numbers of rows: "
            "{others}. Choose each of them and import it by itself"
        )
        return [*told, Worded(message, {"others": Listed(f"“{name}” ({count})" for name, count in sheet.unread)})]
    message = N_(
        "Only the sheet “{sheet}” was read. These have such headings too and were not read, with their numbers of "
        "rows: {others}. Choose each of them and import it by itself"
    )
    others = Listed(f"“{name}” ({count})" for name, count in sheet.unread)
    return [Worded(message, {"sheet": sheet.name, "others": others})]


def _about_words(plan: Plan[Any]) -> list[Worded]:
    """Return which words were read as they had been taught, by who taught them, each with its number of rows."""
    mapping = plan.mapping
    in_file = sum(word.origin is Origin.FILE for word in mapping.by_key.values())
    taught = Worded(N_("Words taken as {file} says: {count}"), {"file": mapping.file, "count": in_file})
    told = [taught] if mapping.file else []
    for origin in Origin:
        words = [
            Worded(
                N_("“{word}” → {meaning} (rows: {count})"),
                {"word": one.written, "meaning": one.meaning, "count": one.rows},
            )
            for one in plan.applied
            if one.origin is origin
        ]
        if words:
            told.append(Worded(N_("{origin}: {words}"), {"origin": Worded(origin.value), "words": Listed(words)}))
    return told


def _about_corrections(sheet: Sheet) -> list[Worded]:
    """Return which cells somebody put right."""
    made = sheet.corrected
    if not made:
        return []
    headings = [heading for _name, heading in sheet.columns]
    cells = [
        Worded(
            N_("row {row}, {heading}: “{before}” → “{after}”"),
            {"row": one.row, "heading": headings[one.place], "before": one.before, "after": one.after},
        )
        for one in made[:_NAMED]
    ]
    more: list[str | Worded] = ["…"] if len(made) > _NAMED else []
    message = N_("Cells put right here ({count}): {cells}")
    return [Worded(message, {"count": len(made), "cells": Listed([*cells, *more])})]


def _about_hidden_rows(sheet: Sheet) -> list[Worded]:
    """Return which rows are hidden or struck out, and whether they are left out."""
    told: list[Worded] = []
    read = {row.number for row in sheet.rows}
    for rows, kept, left in (
        (
            sheet.hidden,
            N_("Rows that are hidden in the workbook: {rows}"),
            N_("Rows that are hidden in the workbook, by a filter or by hand, and left out: {rows}"),
        ),
        (
            sheet.struck,
            N_("Rows that are struck out in the workbook: {rows}"),
            N_("Rows that are struck out in the workbook, and left out: {rows}"),
        ),
    ):
        if rows:
            told.append(Worded(kept if read.issuperset(rows) else left, {"rows": _numbers(rows)}))
    return told


def _about_coordinates(plan: ImportPlan) -> list[Worded]:
    if plan.facts.crs:
        message = N_("The list says that its coordinates are {crs}")
        return [Worded(message, {"crs": CRS_NAMES[plan.facts.crs]})]
    if not plan.crs:
        return []
    message = N_(
        "The coordinates don’t say their system and are taken for {crs}; choose another map if they are from it"
    )
    if plan.crs != DEFAULT:
        message = N_(
            "The list does not say which map its coordinates are from. {crs} fits best; choose it if that is right, "
            "and the rows are no longer doubtful for it"
        )
    return [Worded(message, {"crs": CRS_NAMES[plan.crs]})]


def _about_dates(plan: ImportPlan) -> list[Worded]:
    if not plan.undated:
        return []
    known = {"rows": _numbers(plan.undated)}
    if plan.options.status_date:
        message = N_("Closed or suspended without a date, taken as from {date} on: rows {rows}")
        return [Worded(message, known | {"date": str(plan.options.status_date)})]
    if plan.facts.date:
        message = N_(
            "Closed or suspended without a date: rows {rows}. The list’s own date, {date}, was taken as the day by "
            "which it was so; give another date if you know better"
        )
        return [Worded(message, known | {"date": str(plan.facts.date)})]
    return [
        Worded(
            N_(
                "Closed or suspended without a date: rows {rows}. Give one date for them; without it, figures of past "
                "dates count these stations as they were until today"
            ),
            known,
        )
    ]


def _numbers(rows: tuple[int, ...] | list[int]) -> Listed:
    named = [str(number) for number in rows[:_NAMED]]
    return Listed([*named, "…"] if len(rows) > _NAMED else named)
