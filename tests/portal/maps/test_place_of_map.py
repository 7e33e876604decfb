"""The place of a map in its page: the same before and after the map is drawn."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.portal.browsing import map_frame, settle
from tests.portal.conftest import Server


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("address", ["coverage", "find?lon=118.79&lat=32.05"])
def test_nothing_moves_when_the_map_is_drawn(
    portal_server: Server, visitor: Callable[..., Page], address: str, phone: bool
) -> None:
    page, held = visitor(phone=phone), list[Route]()
    page.route("**/component/streamlit_folium*/index.html*", lambda route: held.append(route))
    page.goto(f"{portal_server.url}/{address}")
    expect(page.locator("footer.page-footer")).to_be_visible()
    page.wait_for_function("() => window.scriptRuns.ended()")
    expect(page.get_by_test_id("stMain").get_by_test_id("stSkeleton")).to_have_count(1)  # the map's alone
    before = page.evaluate(HEIGHT)
    for route in held:
        route.continue_()
    map_frame(page)
    settle(page)
    assert page.evaluate(HEIGHT) == before


HEIGHT = """() => document.querySelector('[data-testid="stMain"]').scrollHeight"""
