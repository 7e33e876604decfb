"""Spreadsheets of a ledger of instruments: the columns to read and write, and the template."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stations.firms.instruments import (
    LONGEST_INTERVAL,
    NAME_LIMIT,
    NUMBER_LIMIT,
    TEXT_LIMIT,
    Instrument,
    InstrumentLedger,
    standing_of,
)
from stations.language import N_, Language, label
from stations.tables import cell_values
from stations.tables.column import Column
from stations.tables.table import SavedTable

COLUMNS: Sequence[Column] = (
    Column(
        "name",
        N_("Instrument"),
        ("器具名称", "计量器具名称", "名称", "设备名称", "仪器名称", "instrument", "name"),
        cell_values.text(NAME_LIMIT),
        required=True,
    ),
    Column(
        "number",
        N_("Number"),
        ("出厂编号", "编号", "器具编号", "设备编号", "管理编号", "number", "serial number", "no."),
        cell_values.code(NUMBER_LIMIT),
        required=True,
    ),
    Column(
        "model",
        N_("Model and size"),
        ("型号规格", "规格型号", "型号", "规格", "型号/规格", "规格/型号", "model and size", "model", "type"),
        cell_values.text(TEXT_LIMIT),
    ),
    Column(
        "accuracy",
        N_("Accuracy class"),
        ("准确度等级", "准确度", "精度", "精度等级", "测量范围及准确度", "accuracy class", "accuracy"),
        cell_values.text(TEXT_LIMIT),
    ),
    Column(
        "place",
        N_("Place of use"),
        ("使用地点", "安装地点", "使用部门", "存放地点", "位置", "place of use", "place", "location"),
        cell_values.text(TEXT_LIMIT),
    ),
    Column(
        "last_verified",
        N_("Last verified"),
        ("上次检定日期", "检定日期", "最近检定日期", "检定时间", "last verified", "verified on"),
        cell_values.day,
    ),
    Column(
        "interval_months",
        N_("Interval (months)"),
        ("检定周期（月）", "检定周期", "周期", "周期（月）", "interval (months)", "interval"),
        cell_values.whole_number(1, LONGEST_INTERVAL, units="个?月|months?"),
        required=True,
    ),
)
LABELS = {column.name: column.label for column in COLUMNS}

_EXAMPLES: Sequence[tuple[object, ...]] = (
    ("示例：压力表", "YL-0001", "Y-100", "1.6 级", "锅炉房", date(2026, 3, 5), 6),
    ("示例：电子台秤", "DC-0002", "TCS-300", "III 级", "成品库", date(2026, 1, 20), 12),
)


def template(language: Language) -> SavedTable:
    """Return an empty ledger with two example rows, and notes on each column."""
    say = language.translate
    return SavedTable(
        say(N_("Ledger of instruments")),
        [say(column.label) for column in COLUMNS],
        _EXAMPLES,
        (
            say(N_("Delete the two example rows, they begin with “示例”; one row for each instrument.")),
            say(N_("Instrument, number and interval must be filled in; the rest may stay empty.")),
            say(N_("Write the day of the last verification as 2026-03-05; other usual ways are read too.")),
            say(N_("The interval is the one of the verification regulation (JJG), in months.")),
            say(N_("A row whose instrument and number are in the ledger already changes that entry.")),
        ),
    )


def ledger_table(
    ledger: InstrumentLedger, instruments: Sequence[Instrument], today: date, language: Language
) -> SavedTable:
    """Return the ledger as a table that can be imported again unchanged."""
    say = language.translate
    headings = [say(LABELS[column.name]) for column in COLUMNS] + [say(N_("Next due")), say(N_("Standing"))]
    rows = [
        [
            *(getattr(one, column.name) for column in COLUMNS),
            one.due_on,
            label(language, standing_of(one.due_on, today)),
        ]
        for one in instruments
    ]
    return SavedTable(say(N_("Ledger of instruments {number}"), number=ledger.number), headings, rows)
