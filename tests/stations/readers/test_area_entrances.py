"""Counties, larger areas and periods mean the same wherever they are entered."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from stations.evaluation.period import read_period
from tests.stations.readers.entrances import (
    KUNSHAN,
    Entrance,
    answer,
    by_list_of_figures,
    by_list_of_stations,
    command,
    same_everywhere,
    undone,
)


def by_office(engine: Engine, text: str) -> str:
    """Return the adcode of the area whose office ``alert-contact`` gives an address."""
    return str(command(engine, "alert-contact", text, "email", "a@b.cn")["area"])


def by_new_account(engine: Engine, text: str, role: str = "county") -> str:
    """Return the adcode of the area of duty that ``add-user`` gives an account."""
    arguments = ("add-user", f"u{uuid4().hex[:8]}", "--name", "李某", "--role", role, "--area", text)
    return str(command(engine, *arguments, typed="a password of sixteen\n")["area"])


@pytest.mark.parametrize(
    ("text", "adcode"),
    [
        ("昆山市", KUNSHAN),
        ("昆山", KUNSHAN),
        ("320583", KUNSHAN),
        ("江苏省苏州市昆山市", KUNSHAN),
        ("Kunshan", KUNSHAN),
        ("没有市", None),
        ("鼓楼区", None),
    ],
)
def test_a_county(shared_engine: Engine, text: str, adcode: str | None) -> None:
    entrances = {
        "list of stations": undone(partial(by_list_of_stations, "county")),
        "list of figures": undone(lambda session, text: next(iter(by_list_of_figures(session, text)))),
    }
    same_everywhere(shared_engine, entrances, text, adcode)
    commands: dict[str, Entrance] = {"command alert-contact": by_office, "command add-user": by_new_account}
    if adcode is not None:
        same_everywhere(shared_engine, commands, text, adcode)
        return
    for entrance in commands.values():
        told = answer(entrance, shared_engine, text)
        assert told.startswith("refused: ") and text in told and "adcode" in told


@pytest.mark.parametrize(
    ("text", "role", "adcode"),
    [
        ("江苏省", "province", "320000"),
        ("320000", "province", "320000"),
        ("Jiangsu", "province", "320000"),
        ("苏州", "city", "320500"),
        ("淮安", "city", None),
    ],
)
def test_an_area_above_the_counties(shared_engine: Engine, text: str, role: str, adcode: str | None) -> None:
    commands: dict[str, Entrance] = {
        "command alert-contact": by_office,
        "command add-user": partial(by_new_account, role=role),
    }
    same_everywhere(shared_engine, commands, text, adcode)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024-03", "2024-03"),
        ("2024年3月", "2024-03"),
        ("２０２４／３", "2024-03"),
        ("2024", "2024"),
        ("2024-Q2", "2024-Q2"),
        ("2024-13", None),
        ("2024-03-05", None),
    ],
)
def test_a_period(shared_engine: Engine, text: str, period: str | None) -> None:
    entrances: dict[str, Entrance] = {
        "page's address": lambda _engine, text: read_period(text).text,
        "command evaluation": lambda engine, text: command(engine, "evaluation", "--period", text)["period"],
    }
    same_everywhere(shared_engine, entrances, text, period)
