"""One definition of each table: the command prints what the page saves; sorting, workbooks, one shape of JSON."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.answers.columns import Column, Columns, as_plain, in_words
from stations.answers.counties import COUNTY_COLUMNS, COVERAGE, SAVED_COUNTY_COLUMNS, coverage_report
from stations.answers.presentation import Presentation, listing, render, saved_table
from stations.answers.queue import QUEUE, queue_of
from stations.answers.registers import INSTITUTION_REGISTER, institutions_on
from stations.answers.scenario_lines import ComparedLine, compared_columns
from stations.answers.services import CATALOGUE, find_services
from stations.answers.targets import TARGET, target_report
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.evaluation.basis import requests_behind
from stations.evaluation.indicators import Indicator
from stations.evaluation.period import read_period
from stations.language import Language, Worded
from stations.requests.queue import QueueFilter
from stations.tables.table import RowByRow, as_csv, as_json, json_parts
from stations.targets.counting_rule import Bucket

CHINESE, DAY = Language("zh_CN"), date(2026, 11, 24)


def test_the_command_prints_the_table_that_the_page_saves(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        report = coverage_report(session, DAY, samples=True)
        page = saved_table(SAVED_COUNTY_COLUMNS, report.counties, CHINESE)
        printed = list(csv.reader(io.StringIO(render(COVERAGE, report, CHINESE, "csv"))))
        saved = list(csv.reader(io.StringIO(as_csv(page.headings, page.rows))))
    assert len(printed) == 96
    assert printed == [row[: len(COUNTY_COLUMNS)] for row in saved]
    assert {row[-1] for row in saved[1:]} == {"2026-11-24"}


def test_coverage_says_what_the_page_shows(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        told = COVERAGE.data(coverage_report(session, DAY, samples=True), CHINESE)
    assert len(told["cities"]) == 13
    assert sum(city["covered"] for city in told["cities"]) == told["covered"]
    assert told["covered"] + told["uncovered"] == told["total"]
    assert all(county["area_km2"] > 0 and county["residents"] for county in told["counties"])
    full = [county for county in told["counties"] if county["status"] == "fully_served"]
    assert full and all(len(county["elements"]) == 4 for county in full)


def test_rows_sort_by_a_column_with_nothing_last() -> None:
    columns: Columns[tuple[str, int | None]] = Columns(
        Column("name", lambda row: row[0], "name"), Column("count", lambda row: row[1], "count")
    )
    rows = [("=1+1", None), ("b", 10), ("c", 9)]
    told = render(listing(columns, "name", "count"), rows, CHINESE, "csv", sort="count").splitlines()
    assert told[1:] == ["c,9", "b,10", "'=1+1,"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.one_database
@given(st.lists(VALUES, max_size=8))
def test_a_column_of_mixed_kinds_sorts_by_kind_then_value(values: list[Any]) -> None:
    """As where a column compares: “mclp” in one line, 20.0 in the next, an empty list in a third."""
    column: Column[Any] = Column("any", lambda row: row, "any")
    kinds = (bool | int | float, str, list | dict)
    in_order = [as_plain(value) for value in sorted(values, key=column.sort_key)]
    empty = [value for value in in_order if value is None or value in ([], {})]
    assert in_order[len(in_order) - len(empty) :] == empty
    full = in_order[: len(in_order) - len(empty)]
    ranks = [next(rank for rank, kind in enumerate(kinds) if isinstance(value, kind)) for value in full]
    assert ranks == sorted(ranks)
    for kind, key in zip(kinds, (lambda number: number, str, len), strict=True):
        of_kind = [key(value) for value in full if isinstance(value, kind)]
        assert of_kind == sorted(of_kind)


@pytest.mark.one_database
@pytest.mark.parametrize("key", ["figure", "today", "scenario_1", "scenario_2"])
def test_compared_scenarios_sort_by_every_column(key: str) -> None:
    lines = [
        ComparedLine("Model", (None, "mclp", None), in_words),
        ComparedLine(Worded("Within {km} km", {"km": "20"}), (3, 20.0, 15), in_words),
        ComparedLine("New in all of them", (None, [], ["a", "b"]), in_words),
    ]
    table: Presentation[list[ComparedLine], ComparedLine] = Presentation(
        data=len, rows=lambda rows: rows, columns=lambda _rows: compared_columns(["甲", "乙"])
    )
    assert len(render(table, lines, CHINESE, "csv", sort=key).splitlines()) == 4


def test_a_workbook_holds_the_rows_and_runs_no_formula() -> None:
    columns: Columns[tuple[str, int]] = Columns(
        Column("name", lambda row: row[0], "name"), Column("count", lambda row: row[1], "count")
    )
    book = openpyxl.load_workbook(io.BytesIO(render(listing(columns, "name", "count"), [("=1+1", 3)], CHINESE, "xlsx")))
    (row,) = book.worksheets[0].iter_rows(min_row=2)
    assert [cell.value for cell in row] == ["=1+1", 3]
    assert row[0].data_type == "s" and row[0].quotePrefix


def test_services_have_one_shape_with_and_without_a_query(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        whole = CATALOGUE.data(find_services(session), CHINESE)
        found = CATALOGUE.data(find_services(session, "校准"), CHINESE)
    assert found and {frozenset(one) for one in (*whole, *found)} == {frozenset(whole[0])}
    assert all(one["score"] is None for one in whole) and all(one["score"] for one in found)


def test_what_no_station_does_comes_with_who_does_it(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        answer = find_services(session, "电梯检验")
        both = find_services(session, "电梯检验 ISO 9001")
    (other,) = CATALOGUE.data(answer, CHINESE)
    assert (other["code"], other["elsewhere"], other["score"]) == (None, True, None)
    assert "特种设备检验检测机构" in other["performer_zh"] and "特种设备安全法" in other["basis"]
    assert "特种设备检验检测机构" in str(render(CATALOGUE, answer, CHINESE, "table"))
    assert [one["code"] for one in CATALOGUE.data(both, CHINESE)] == ["certification.quality_management_system", None]


def test_institutions_with_their_scope(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        told = INSTITUTION_REGISTER.data(institutions_on(session, DAY, samples=True), CHINESE)
    assert told and all(one["scope"] and one["services"] and one["source"] for one in told)
    assert {entry["standing"] for one in told for entry in one["scope"]} <= {"valid", "undated", "not_yet", "lapsed"}


def test_json_made_row_by_row_is_the_same() -> None:
    made: list[int] = []

    def rows() -> Iterator[dict[str, int]]:
        for number in range(3):
            made.append(number)
            yield {"row": number}

    whole = {"count": 3, "rows": [{"row": number} for number in range(3)], "none": []}
    streamed = {"count": 3, "rows": RowByRow(rows, 3), "none": RowByRow(rows, 0)}
    assert made == []
    assert "".join(json_parts(streamed)) == as_json(streamed) == as_json(whole)


def test_a_target_taken_apart_adds_up(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        report = target_report(session, "qi_centres", DAY, samples=True)
        told = TARGET.data(report, CHINESE)
        *cities, whole = TARGET.rows(report)
    for bucket in Bucket:
        assert sum(row.counts[bucket] for row in cities) == whole.counts[bucket]
    assert sum(row.samples for row in cities) == whole.samples == told["sample_counted"]
    assert {bucket: len(codes) for bucket, codes in told["records"].items()} == Counter(
        one["bucket"] for one in told["held"]
    )
    assert [set(month) for month in told["burn_up"][:1]] == [
        {"day", "counted", "sample_counted", "undated", "straight", "ahead"}
    ]


def test_the_queue_says_what_a_figure_counts(sample_engine: Engine) -> None:
    operator = Actor("test", "test", False, (Responsibility(Role.PROVINCE, AreaKind.PROVINCE, "320000"),))
    figure = (Indicator.ANSWERED_IN_TIME, read_period("2026"))
    with Session(sample_engine) as session:
        wanted = QueueFilter(behind=requests_behind(*figure, DAY))
        queue = queue_of(session, operator, wanted, samples=True, today=DAY, figure=figure)
        keys = [column.key for column in QUEUE.columns(queue)]
        told = QUEUE.data(queue, CHINESE)["requests"]
        printed = render(QUEUE, queue, CHINESE, "csv").splitlines()
    assert "counted" in keys and "due_on" not in keys
    assert told and len(printed) == len(told) + 1
    for request in told:
        (answer,) = request["counted"]
        late = answer["done_on"] is None or answer["done_on"] > answer["due_on"]
        assert answer["service"] is None and answer["in_time"] is not late
        assert ("answered_late" in request["remarks"]) == (request["late_answer_days"] > 0)
