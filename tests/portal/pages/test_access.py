"""Every page can be used with a keyboard, a screen reader and low vision; a lost connection is told in our words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from portal.language import speak
from portal.navigation import ENTRIES
from stations.duty.roles import Role
from tests.portal.accounts.test_second_factor import App, secret_on
from tests.portal.axe import ask_axe_of, findings, open_all_boxes
from tests.portal.browsing import PATIENCE, SCRIPT_RUNS, settle, visit
from tests.portal.conftest import Server
from tests.portal.pages.test_journey import press
from tests.portal.people import PASSWORD, new_account, sign_in
from tests.portal.visitors import DESKTOP, PHONE

# Pages that show one record, or an answer, when asked for it.
QUERIES = {
    "find": "?service=metrology.calibration&service=testing.product_testing&adcode=320583",
    "request": "?service=metrology.calibration&service=testing.product_testing&adcode=320583",
    "record": "?kind=station&code=S-3201-003",
    "station": "?code=S-3201-003",
    "county": "?adcode=320583",
    "centre": "?code=C-001",
    "target": "?code=qi_centres",
    "chain": "?code=additive_manufacturing",
}
FOR_OFFICES = {"account", "record", "proposals", "doubles", "institutions"}
FOR_OFFICES |= {entry.name for entry in ENTRIES if entry.actions}


@pytest.fixture(scope="module")
def office(portal_server: Server) -> str:
    """The user name of a province's office."""
    return new_account(portal_server, Role.PROVINCE, "320000")


@pytest.mark.parametrize("name", [entry.name for entry in ENTRIES])
def test_every_page_keeps_the_rules(portal_server: Server, page: Page, office: str, name: str) -> None:
    ask_axe_of(page)
    if name in FOR_OFFICES:
        sign_in(page, portal_server, office)
    visit(page, f"{portal_server.url}/{'' if name == 'home' else name}{QUERIES.get(name, '')}")
    open_all_boxes(page)
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        settle(page)
        assert not (found := findings(page)), f"{name} at {size['width']}: " + "\n".join(found)


def keeps_the_rules(page: Page, told: str) -> None:
    """Assert that the page, with all its boxes open, breaks no rule at a desk or on a phone."""
    open_all_boxes(page)
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        assert not (found := findings(page)), f"{told} at {size['width']}: " + "\n".join(found)


def send(page: Page, **typed: str) -> None:
    """Fill the fields of a plain page's form by their names, and send it; the page that answers is loaded then."""
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    with page.expect_navigation():
        page.locator(f"[name={list(typed)[-1]}]").press("Enter")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_pages_of_signing_in_keep_the_rules(portal_server: Server, browser: Browser, locale: str) -> None:
    username = new_account(portal_server, Role.PROVINCE, "320000")
    context = browser.new_context(locale=locale, viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    ask_axe_of(page)

    def at(path: str, heading: str = "h1") -> None:
        page.goto(f"{portal_server.url}/{path}")
        expect(page.locator(heading)).to_be_visible()
        keeps_the_rules(page, path)

    at("no-such-page")
    at("first-password")
    send(page, username=username, code="ABCD-EFGH", new_password=PASSWORD, repeated=f"{PASSWORD}, other")
    keeps_the_rules(page, "a one-time code refused")
    at("sign-in")
    send(page, username=username, password="wrong")
    keeps_the_rules(page, "a password refused")
    send(page, username=username, password=PASSWORD)
    at("password")
    send(page, password=PASSWORD, new_password=PASSWORD, repeated=f"{PASSWORD}, other")
    keeps_the_rules(page, "a new password refused")
    at("end-sign-ins?which=others")
    at("sign-out")
    at("second-factor/set-up")
    send(page, password="wrong")
    keeps_the_rules(page, "the second factor refused")
    send(page, password=PASSWORD)
    keeps_the_rules(page, "the picture for the app")
    app = App(portal_server, username, secret_on(page.content()))
    send(page, code="000000")
    keeps_the_rules(page, "the first code refused")
    send(page, code=app.code())
    expect(page.locator("li code").first).to_be_visible()
    keeps_the_rules(page, "recovery codes")
    at("second-factor/set-up")
    page.context.clear_cookies()
    page.goto(f"{portal_server.url}/sign-in")
    send(page, username=username, password=PASSWORD)
    keeps_the_rules(page, "the second step")
    send(page, code="000000")
    keeps_the_rules(page, "the second step refused")
    context.close()


@pytest.mark.parametrize(("code", "locale"), [("zh_CN", "zh-CN"), ("en", "en-GB")])
def test_the_errors_of_a_form_lead_to_their_fields(
    portal_server: Server, visitor: Callable[..., Page], code: str, locale: str
) -> None:
    say, page = speak(code).translate, visitor(locale, phone=code == "en")
    ask_axe_of(page)
    visit(page, f"{portal_server.url}/request?service=metrology.calibration&adcode=320583")
    name = page.get_by_label(say("Name of the firm"), exact=True)
    expect(name).not_to_have_attribute("aria-invalid", "true")
    press(page, say("Send the request"))
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(name).to_have_attribute("aria-invalid", "true")
    # Its text stands below it, and says what is wrong with it.
    told = name.evaluate("(field) => document.getElementById(field.getAttribute('aria-describedby')).textContent")
    assert told in summary.inner_text()
    assert not findings(page)
    summary.get_by_role("link", name=say("Name of the firm")).click()
    expect(name).to_be_focused()
    page.keyboard.type("某某机械有限公司")
    page.keyboard.press("Tab")
    settle(page)
    expect(name).not_to_have_attribute("aria-invalid", "true")
    expect(summary).not_to_be_focused()  # it moves the focus once only
    press(page, say("Send the request"))
    expect(summary).to_be_focused()


def test_the_menu_of_a_phone_is_closed_on_arrival(portal_server: Server, phone_page: Page) -> None:
    menu = phone_page.get_by_test_id("stSidebar")
    visit(phone_page, portal_server.url)
    phone_page.get_by_role("button", name="菜单").tap()
    expect(menu).to_have_attribute("data-collapsed", "false")
    menu.get_by_role("link", name="服务目录").tap()
    phone_page.wait_for_url("**/services")
    expect(menu).to_have_attribute("data-collapsed", "true")
    phone_page.get_by_role("button", name="菜单").tap()
    expect(menu).to_have_attribute("data-collapsed", "false")
    visit(phone_page, f"{portal_server.url}/about")
    expect(menu).to_have_attribute("data-collapsed", "true")


# The words of a date field with its calendar open, and of an upload field, as seen and as read aloud.
WORDS = """
() => {
  const parts = [...document.querySelectorAll(
    "[data-testid=stDateInput], [data-testid=stFileUploader], [data-testid=stDateInputCalendar]")];
  const elements = parts.flatMap((part) => [part, ...part.querySelectorAll("*")]);
  const read = elements.flatMap((one) =>
    ["aria-label", "aria-valuetext", "title", "placeholder", "alt"].map((name) => one.getAttribute(name)));
  const icons = document.querySelectorAll("[data-testid=stIconMaterial]");
  icons.forEach((icon) => { icon.hidden = true; });
  return [...read, ...parts.map((part) => part.innerText)].filter(Boolean).join(" ");
}
"""


@pytest.mark.parametrize(
    ("code", "calendar", "foreign"),
    [("zh_CN", "选择日期", r"[A-Za-z]{4,}"), ("en", "Choose date", r"[\u4e00-\u9fff]+")],
)
def test_widgets_speak_the_language_of_the_page(
    portal_server: Server, page: Page, code: str, calendar: str, foreign: str
) -> None:
    page.context.add_cookies([{"name": "language", "value": code, "url": portal_server.url}])
    visit(page, f"{portal_server.url}/request?service=metrology.calibration&adcode=320583")
    page.get_by_role("button", name=calendar).click()
    expect(page.get_by_test_id("stDateInputCalendar").get_by_role("gridcell").first).to_be_visible()
    assert not re.findall(foreign, page.evaluate(WORDS)), "in a browser that speaks Chinese"


# The page has asked often enough whether the server is there for Streamlit's dialog to have come up.
TRIED = "() => performance.getEntriesByName(location.origin + '/_stcore/health').length > 7"


def test_a_lost_connection_is_told_in_our_words(portal_server: Server, browser: Browser) -> None:
    context = browser.new_context(locale="zh-CN", viewport=PHONE)
    context.add_init_script(path=SCRIPT_RUNS)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    cut, open_sockets = False, []

    def connect(socket: WebSocketRoute) -> None:
        if cut:
            socket.close()
        else:
            socket.connect_to_server()
            open_sockets.append(socket)

    page.route_web_socket("**/_stcore/stream", connect)
    page.route("**/_stcore/health", lambda route: route.abort() if cut else route.continue_())
    visit(page, f"{portal_server.url}/about")
    told = page.get_by_role("status").filter(has_text="连接")
    expect(told).to_have_count(0)
    cut = True
    open_sockets[-1].close()
    expect(told).to_contain_text("自动重新连接")
    page.wait_for_function(TRIED)
    expect(page.get_by_test_id("stDialog")).to_have_count(0)
    cut = False
    expect(told).to_contain_text("连接已恢复")
    context.close()


def test_what_was_sent_into_a_breaking_connection_is_told_and_arrives_with_the_next_step(
    portal_server: Server, browser: Browser
) -> None:
    context = browser.new_context(locale="zh-CN", viewport=PHONE)
    context.add_init_script(path=SCRIPT_RUNS)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    breaks = False

    def connect(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            nonlocal breaks
            if breaks:
                breaks = False
                socket.close()
            else:
                server.send(message)

        socket.on_message(pass_on)

    page.route_web_socket("**/_stcore/stream", connect)
    visit(page, f"{portal_server.url}/request?service=metrology.calibration&adcode=320583")
    product, firm = page.get_by_label("产品"), page.get_by_label("企业名称")
    breaks = True
    product.fill("压力表")
    product.press("Tab")
    expect(page.get_by_role("status").filter(has_text="可能没有送达")).to_be_visible()
    settle(page)
    firm.fill("测试厂")
    firm.press("Tab")
    settle(page)
    page.reload()
    expect(product).to_have_value("压力表")
    expect(firm).to_have_value("测试厂")
    context.close()
