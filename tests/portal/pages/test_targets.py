"""看目标: both standings of every target, every bucket with its records, and what is not known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from stations.database import open_engine, reading
from stations.targets.target import list_targets, standing_on
from tests.conftest import TODAY
from tests.portal.browsing import settle, visit
from tests.portal.conftest import Server


@pytest.mark.parametrize("as_of", [date(2023, 12, 31), date(2025, 12, 31), TODAY])
def test_where_each_ended_and_where_it_stands(portal_server: Server, page: Page, as_of: date) -> None:
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:
        targets = list_targets(session)
        standings = [
            standing_on(session, target, day, samples=True) for target in targets for day in (target.period_end, as_of)
        ]
    engine.dispose()
    visit(page, f"{portal_server.url}/targets?as_of={as_of}")
    expect(page.locator(".bar + strong")).to_have_text([str(standing.counted) for standing in standings])
    expect(page.locator(".policy")).to_have_count(len(targets))


def test_a_figure_opens_to_its_records(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/targets")
    page.locator(".table").first.locator("tbody tr").last.locator("a").last.click()
    page.wait_for_url("**/target?code=qi_centres*bucket=undated*")
    settle(page)
    expect(page.get_by_role("link", name="国家物联网感知装备产业计量测试中心")).to_be_visible()


def test_without_samples_pilots_say_that_nothing_is_held(portal_server: Server, page: Page) -> None:
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:  # other tests of this server may have added a centre
        centres = next(one for one in list_targets(session) if one.code == "qi_centres")
        real, both = (standing_on(session, centres, centres.period_end, samples=samples) for samples in (False, True))
    engine.dispose()
    assert 1 <= real.counted < both.counted
    visit(page, f"{portal_server.url}/samples/hidden?next=/targets")
    settle(page)
    expect(page.get_by_text("手头没有公开名单，未收录任何记录")).to_have_count(2)
    expect(page.locator(".bar + strong").first).to_have_text(str(real.counted))


def test_in_english_on_a_phone(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page = visitor("en-GB", phone=True)
    visit(page, f"{portal_server.url}/targets")
    expect(page.get_by_role("heading", name="Service stations in every county-level division")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
