"""Entrances of the product: each returns the value that would be stored, as a text, or raises what a person reads.

An entrance is what the product offers: the function behind a form, an import file, a command, the sheet of instruments,
a page's address.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.errors import InvalidForm, InvalidInput
from stations.imports.importing import plan_import, read_list
from stations.imports.plan import ImportOptions, Weight
from stations.language import Language
from stations.planning.imported_figure import figure_values, import_figure, read_figure
from tests.conftest import NOW
from tests.stations.commands.test_command_line import run
from tests.stations.registry_factories import PROVINCE

KUNSHAN = "320583"
LAT = "31.3856"
Entrance = Callable[[Engine, str], str]
Within = Callable[[Session, str], Any]


def same_everywhere(engine: Engine, entrances: Mapping[str, Entrance], text: str, value: str | None) -> None:
    """Check that every entrance reads ``text`` as ``value``; if None, that all refuse it alike and quote it."""
    answers = {name: answer(entrance, engine, text) for name, entrance in entrances.items()}
    if value is not None:
        assert answers == dict.fromkeys(entrances, f"read: {value}")
        return
    assert len(set(answers.values())) == 1, answers
    told = next(iter(answers.values()))
    assert told.startswith("refused: ") and (text.strip() in told or "at most" in told)


def answer(entrance: Entrance, engine: Engine, text: str) -> str:
    """Return the result of an entrance for a text: the value, or the message."""
    try:
        return f"read: {entrance(engine, text)}"
    except InvalidForm as several:
        return "refused: " + "; ".join(map(in_english, several.problems))
    except InvalidInput as problem:
        return f"refused: {in_english(problem)}"


def in_english(problem: InvalidInput) -> str:
    """Return the message in English, as the command with ``--lang en`` prints it."""
    return Language("en").translate(problem.message, **problem.params)


def undone(within: Within) -> Entrance:
    """Return an entrance that is called in a session whose changes are rolled back."""

    def entrance(engine: Engine, text: str) -> str:
        with Session(engine) as session:
            return str(within(session, text))

    return entrance


def command(engine: Engine, *arguments: str, typed: str = "") -> Any:
    """Return the JSON output of a command; raise its error message."""
    url = engine.url.render_as_string(hide_password=False)
    done = run(url, *arguments, "--format", "json", "--lang", "en", typed=typed)
    if done.returncode and not done.stdout:
        # The command puts the option or argument before the reader's own words.
        told = re.sub(r"^python -m stations[a-z -]*: ((?:--[a-z-]+|[A-Z]+): )?", "", done.stderr.strip())
        raise InvalidInput("argument", "{told}", told=told)
    return json.loads(done.stdout)


def csv_of(*rows: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def by_list_of_stations(field: str, session: Session, text: str, **cells: str) -> str:
    """Return the value that a new station gets from a list with ``text`` in the column of ``field``."""
    heading = {"phone": "联系电话", "hours": "服务时间", "lon": "经度", "place": "坐标", "county": "县(市、区)"}
    row = {"名称": "示例站", "县(市、区)": "昆山市", "地址": "示例路 1 号"} | cells | {heading.get(field, field): text}
    sheet = read_list(csv_of(tuple(row), tuple(row.values())))
    (planned,) = plan_import(session, PROVINCE, sheet, ImportOptions("a.csv"), now=NOW).rows
    unread = planned.after is not None and planned.after.unread
    for remark in planned.remarks:
        if remark.weight is (Weight.DOUBT if unread else Weight.FAULT):
            raise InvalidInput(remark.column, remark.message, **remark.params)
    after = planned.after
    if field in ("lon", "place"):
        return in_degrees(after.place)
    if field == "启用日期":
        return str(after.history[0].dated)
    return str(getattr(after, "county_adcode" if field == "county" else field) or "")


def by_list_of_figures(session: Session, county: str, value: str = "1") -> dict[str, float]:
    content = csv_of(("区县", "数值"), (county, value))
    told = {"code": "FIRMS-2025", "name": "企业", "unit": "家", "year": 2025, "source": "测试"}
    try:
        import_figure(session, PROVINCE, read_figure(content, "家"), **told, now=NOW)
    except InvalidForm as form:
        (problem,) = form.problems
        raise problem from None
    return figure_values(session, "FIRMS-2025", samples=False)


def in_degrees(point: Any) -> str:
    return ", ".join(f"{value:.5f}" for value in point)
