"""What a visitor sees of an error of ours: a number to quote, never the error."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.portal.browsing import visit_script
from tests.portal.conftest import Server


def test_a_visitor_gets_a_number_and_the_log_the_error(
    visitor: Callable[..., Page], serve: Callable[..., Server]
) -> None:
    server = serve("-m", "tests.tools.serve_script", "tests/portal/served/failing_page.py")
    for locale, words in (("zh-CN", "系统出了问题"), ("en-GB", "Something went wrong")):
        page = visitor(locale=locale)
        visit_script(page, server.url)
        notice = page.locator('[data-testid="stAlert"]')
        expect(notice).to_contain_text(words)
        assert "1234" not in page.content()
        reference = re.search(r"[0-9a-f]{8}", notice.inner_text())
        assert reference, notice.inner_text()
        log = server.log.read_text(encoding="utf-8")
        assert reference.group() in log and "the password is 1234" in log
        again = {"zh-CN": "再试一次", "en-GB": "Try again"}[locale]
        page.get_by_role("button", name=again, exact=True).click()
        expect(notice).not_to_contain_text(reference.group())  # drawn anew, and failed anew
        expect(notice).to_contain_text(words)
