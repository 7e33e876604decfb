"""A date field takes a day in every form in which the pages print one, at once, in a form and outside one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.language import speak
from stations.duty.roles import Role
from tests.conftest import TODAY
from tests.portal.browsing import open_expander, settle, visit
from tests.portal.conftest import Server
from tests.portal.pages.test_journey import SETTINGS, Setting, press
from tests.portal.people import new_account, sign_in


def first_part(page: Page) -> Locator:
    return page.get_by_test_id("stDateInput").first.get_by_role("spinbutton").first


def type_keys(page: Page, text: str) -> None:
    page.keyboard.type(text)


def take_from_input_method(page: Page, text: str) -> None:
    page.keyboard.insert_text(text)


def paste(page: Page, text: str) -> None:
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


@pytest.mark.parametrize("setting", SETTINGS, ids=["zh-desk", "en-phone"])
def test_the_page_follows_the_day(portal_server: Server, visitor: Callable[..., Page], setting: Setting) -> None:
    page = visitor(setting.locale, setting.phone)
    visit(page, f"{portal_server.url}/coverage")
    first_part(page).click()
    for write, text, day in (
        (take_from_input_method, "2025年12月31日", "2025-12-31"),
        (type_keys, "30 December 2025", "2025-12-30"),
        (type_keys, "2025/12/29", "2025-12-29"),
        (take_from_input_method, "2025年12月28日（星期日）", "2025-12-28"),
        (paste, "27 Dec 2025, 10:00", "2025-12-27"),
        (paste, "2025.12.26", "2025-12-26"),
    ):
        write(page, text)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/coverage?as_of={day}")
        settle(page)
        expect(page.get_by_test_id("stDateInputCalendar")).to_have_count(0)
    take_from_input_method(page, "2025年2月30日")  # no such day
    page.keyboard.press("Enter")
    settle(page)
    assert "2025-02-30" not in page.url


@pytest.mark.parametrize("setting", SETTINGS, ids=["zh-desk", "en-phone"])
@pytest.mark.parametrize("enter", [True, False], ids=["enter", "next-field"])
def test_a_form_takes_the_day_as_its_language_prints_it(
    portal_server: Server, visitor: Callable[..., Page], setting: Setting, enter: bool
) -> None:
    say, page = setting.say, visitor(setting.locale, setting.phone)
    day = speak("zh_CN" if setting.locale == "zh-CN" else "en").format_date(TODAY - timedelta(days=9))
    sign_in(page, portal_server, new_account(portal_server, Role.STATION, "S-3201-002"))
    visit(page, f"{portal_server.url}/visits")
    open_expander(page, say("Record a visit"))
    first_part(page).click()
    page.keyboard.insert_text(day)
    if enter:
        page.keyboard.press("Enter")
    firm = f"南京{uuid4().hex[:6]}有限公司"
    page.get_by_label(say("Name of the firm")).fill(firm)
    page.get_by_label(say("What was done there")).fill("检定压力表")
    press(page, say("Record the visit"))
    expect(page.locator("tr").filter(has_text=firm)).to_contain_text(day)
