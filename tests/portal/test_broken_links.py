"""A link that names no record, or none that is there, ends in a whole sentence and a way on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.portal.browsing import visit
from tests.portal.conftest import Server


@pytest.mark.parametrize(
    ("page_name", "parameter"), [("county", "adcode"), ("centre", "code"), ("chain", "code"), ("target", "code")]
)
def test_a_broken_link_says_what_is_wrong_and_leads_on(
    portal_server: Server, page: Page, page_name: str, parameter: str
) -> None:
    for query, told in ((f"{parameter}=999999", "999999"), (f"{parameter}=", "链接不完整"), ("", "链接不完整")):
        visit(page, f"{portal_server.url}/{page_name}?{query}")
        notice = page.locator(".notice.warn").filter(has_text=told)
        expect(notice).to_contain_text("。")
        expect(notice.get_by_role("link")).to_have_count(1)
