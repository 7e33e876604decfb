"""One unit of the evaluation in full, and several side by side: the columns of page and command."""

from __future__ import annotations

from datetime import date

import pytest

from stations.answers.evaluation_scheme import MEANINGS, WEIGHT_LINES, weight_columns
from stations.answers.evaluation_unit import PART_COLUMNS, score_parts
from stations.answers.presentation import saved_table
from stations.duty.roles import Area
from stations.evaluation.indicators import Indicator
from stations.evaluation.results import EvaluatedUnit
from stations.evaluation.weights import EvaluationScheme, composite, weigh
from stations.language import Language
from tests.stations.commands.test_command_line import answer, run

ENGLISH, CHINESE = Language("en"), Language("zh_CN")
PERIOD = ("--period", "2026", "--level", "city")


def scheme(day: date, few: int, **weights: int) -> EvaluationScheme:
    return EvaluationScheme(in_force_from=day, weights=weights, few=few, reason="", recorded_by="portal")


def test_the_parts_add_up_to_the_score_in_numbers() -> None:
    values = dict.fromkeys(Indicator) | {Indicator.ANSWERED_IN_TIME: 0.123456, Indicator.SATISFACTION: 4.0}
    weighed = weigh(scheme(date(2026, 1, 1), 5, answered_in_time=60, satisfaction=30, visits=10), values)
    basis = dict.fromkeys(Indicator, 8)
    unit = EvaluatedUnit("C", "市", "City", Area("320000"), values, basis, False, weighed, composite(weighed))
    parts = score_parts(unit)
    assert sum(part.points for part in parts) == pytest.approx(unit.score)
    table = saved_table(PART_COLUMNS, parts, ENGLISH)
    assert table.headings[:3] == ["Indicator", "Value x", "Brought to 0–1"]
    assert table.rows[0] == ["Answered in time", 0.1235, "s = x", 0.1235, 60, 8.2304]
    assert score_parts(EvaluatedUnit("C", "市", None, Area("320000"), values, basis, False)) == []


def test_weights_through_time_have_a_column_for_each_day() -> None:
    schemes = [scheme(date(2026, 7, 1), 5, visits=100), scheme(date(2025, 1, 1), 3, satisfaction=100)]
    table = saved_table(weight_columns(schemes), WEIGHT_LINES, CHINESE)
    assert table.headings == ["指标", "公式", "2026-07-01", "2025-01-01"]
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["上门服务"] == ["s = x / (4 + x)", 100, 0]
    assert rows["不参与排名的件数下限"] == [None, 5, 3]
    assert [MEANINGS["indicator"].cell(one, ENGLISH) for one in Indicator][:2] == ["Requests", "Answered in time"]


def test_the_command_tells_one_unit_as_its_page_does(sample_url: str) -> None:
    whole = answer(sample_url, "evaluation", *PERIOD)
    assert "Share refused" in whole["meanings"]["refused"]
    scored = [unit for unit in whole["units"] if unit["score"] is not None]
    unit, other = scored[:2]
    told = answer(sample_url, "evaluation", *PERIOD, "--unit", unit["code"])
    assert {key: told[key] for key in unit} == unit
    assert sum(part["points"] for part in told["parts"]) == pytest.approx(unit["score"], abs=0.01)
    assert {part["weight"] for part in told["parts"]} <= {one["weight"] for one in whole["weights"].values()}
    assert told["past"][-1] == {key: unit[key] for key in ("score", "indicators")} | {"period": "2026"}
    both = answer(sample_url, "evaluation", *PERIOD, "--unit", unit["code"], "--unit", other["code"])
    assert both[0] == told
    lines = run(sample_url, "evaluation", *PERIOD, "--unit", unit["code"], "--unit", other["code"]).stdout.splitlines()
    assert lines[2].split()[:2] == ["Score", str(unit["score"])]


def test_an_unknown_unit_is_named(sample_url: str) -> None:
    done = run(sample_url, "evaluation", *PERIOD, "--unit", "320583")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "320583" in done.stderr
