"""A long computation is shown as it goes, ends at a press, and keeps nobody else waiting."""

from __future__ import annotations

import csv
import io
import os
import signal
from collections.abc import Callable

import numpy as np
import psutil
import pytest
import requests
from playwright.sync_api import Page, expect

from geo.counties import locate
from stations.database import open_engine, transaction
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.planning.candidate_place import import_places, read_places
from tests.conftest import NOW
from tests.portal.browsing import settle, visit
from tests.portal.conftest import Server

# Neither is solved within the minute that a question has.
LONG = "siting?model=p-median&p=13&budget=640&cost=100&weights=population&places=yes&keep=no"
ALSO_LONG = "siting?model=p-median&p=11&budget=580&cost=100&weights=population&places=yes&keep=no"


@pytest.fixture(scope="module")
def crowded_server(own_portal_server: Server) -> Server:
    """A portal with 2,500 imported places of different costs, on which a budget is hard to spend best."""
    chance = np.random.default_rng(5)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["名称", "经度", "纬度", "成本"])
    rows = 0
    while rows < 2500:
        lon, lat = chance.uniform(116.4, 121.9), chance.uniform(30.8, 35.1)
        if locate(lon, lat):
            rows += 1
            writer.writerow([f"地点{rows}", lon, lat, round(chance.uniform(50, 150), 2)])
    planner = Actor("p", "规划员", False, [Responsibility(Role.PLANNER, AreaKind.PROVINCE, "320000")])
    engine = open_engine(own_portal_server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        import_places(session, planner, read_places(text.getvalue().encode()), source="test", crs="wgs84", now=NOW)
    engine.dispose()
    return own_portal_server


def workers() -> list[psutil.Process]:
    """Processes that solve a siting question."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if "geo.siting.worker" in (process.info["cmdline"] or []):
            found.append(process)
    return found


def test_another_visitor_is_answered_while_a_long_one_runs_and_a_cancel_ends_it(
    crowded_server: Server, visitor: Callable[..., Page]
) -> None:
    planner, other = visitor(), visitor()
    planner.goto(f"{crowded_server.url}/{LONG}")
    cancel = planner.get_by_role("button", name="取消计算")
    expect(cancel).to_be_visible()
    expect(planner.get_by_role("status").filter(has_text="目前最好")).to_be_visible()
    mine = [one for one in workers() if crowded_server_is_parent(one, crowded_server)]
    assert len(mine) == 1
    # Meanwhile: other pages, and another siting question, are answered.
    visit(other, f"{crowded_server.url}/siting?model=lscp&within=60&keep=no")
    expect(other.locator(".table tbody tr").first).to_be_visible()
    assert requests.get(f"{crowded_server.url}/health", timeout=10).ok
    assert mine[0].is_running()
    expect(cancel).to_be_visible()
    cancel.click()
    # The best found stays, and it is said that it is not proven.
    expect(planner.get_by_text("计算已取消；这是取消前找到的最好结果，未证明为最优。")).to_be_visible()
    mine[0].wait(timeout=20)
    settle(planner)
    assert planner.locator(".table tbody tr").count() > 1
    # The choices stand as they were, and it can be asked again.
    expect(planner.get_by_label("预算（万元，0 为不限）")).to_have_value("640")
    expect(planner.get_by_role("button", name="重新计算")).to_be_visible()


def crowded_server_is_parent(process: psutil.Process, server: Server) -> bool:
    """Whether a process belongs to the server, by the port of its environment."""
    return process.environ().get("PORT") == server.environment["PORT"]


def test_a_worker_that_dies_is_told_and_the_next_question_is_answered(
    crowded_server: Server, visitor: Callable[..., Page]
) -> None:
    page = visitor()
    page.goto(f"{crowded_server.url}/{ALSO_LONG}")
    expect(page.get_by_role("status").filter(has_text="目前最好")).to_be_visible()
    (mine,) = [one for one in workers() if crowded_server_is_parent(one, crowded_server)]
    os.kill(mine.pid, signal.SIGKILL)
    expect(page.get_by_text("计算异常中断。")).to_be_visible()
    expect(page.get_by_role("button", name="重新计算")).to_be_visible()
    visit(page, f"{crowded_server.url}/siting?model=mclp&p=3&keep=no")
    expect(page.locator(".table").first.locator("tbody tr")).to_have_count(3)

