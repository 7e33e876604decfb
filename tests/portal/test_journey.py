"""The whole way of a request in real browsers: a firm finds, asks and follows, a steward answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.language import speak
from stations.access import Role
from stations.database import open_engine, reading
from stations.service_request import ServiceRequest
from tests.portal.browsing import SLOW, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import make_account, sign_in
from tests.stations.request_factories import CREDIT_CODE

STATION = "S-3201-002"  # documented, in Nanjing; its source names whole groups
SERVICES = ("metrology.calibration", "testing.commissioned_testing", "certification.quality_management_system")

SERVICE_NAMES = (
    ("校准", "Calibration"),
    ("委托检验", "Commissioned testing of samples"),
    ("质量管理体系认证", "Quality management system certification"),
)


@dataclass(frozen=True)
class Setting:
    locale: str
    phone: bool

    @property
    def say(self) -> Callable[..., str]:
        return speak("zh_CN" if self.locale == "zh-CN" else "en").translate


SETTINGS = [Setting("zh-CN", phone=False), Setting("en-GB", phone=True)]


def fill_request_form(page: Page, say: Callable[..., str], product: str) -> None:
    def field(label: str):
        return page.get_by_label(say(label), exact=True)

    field("Product or instrument concerned").fill(product)
    field("Name of the firm").fill("测试精密机械有限公司")
    field("Unified social credit code").fill(CREDIT_CODE)
    field("Contact person").fill("王测试")
    field("Telephone").fill("0512-5555 0000")


def filed_with(server: Server, product: str) -> list[str]:
    engine = open_engine(server.environment["DATABASE_URL"])
    with reading(engine) as session:
        numbers = list(session.scalars(select(ServiceRequest.number).where(ServiceRequest.product == product)))
    engine.dispose()
    return numbers


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_timeout(300)
    settle(page)


def answer_and_follow(visitor: Callable[..., Page], server: Server, setting: Setting) -> None:
    say = setting.say
    steward_name = f"steward-{uuid4().hex[:8]}"
    make_account(server, steward_name, Role.STATION, STATION)
    firm, steward = visitor(setting.locale, setting.phone), visitor(setting.locale, setting.phone)

    # The firm asks for three services at once; a form without consent or a right code is not taken.
    query = "&".join(f"service={code}" for code in SERVICES)
    visit(firm, f"{server.url}/request?station={STATION}&{query}&adcode=320583")
    product = f"压力表 24 只 <b>& {steward_name}"
    fill_request_form(firm, say, product)
    firm.get_by_label(say("Unified social credit code"), exact=True).fill("91320583MA0TEXT001")
    press(firm, say("Send the request"))
    alert = firm.get_by_role("alert")
    expect(alert).to_contain_text("91320583MA0TEXT001")
    expect(alert.get_by_role("listitem")).to_have_count(2)
    expect(firm.get_by_label(say("Contact person"), exact=True)).to_have_value("王测试")
    firm.get_by_label(say("Unified social credit code"), exact=True).fill(CREDIT_CODE)
    firm.get_by_text(say("I agree that the station uses these data to answer this request")).click()
    firm.get_by_role("button", name=say("Send the request"), exact=True).dblclick()
    shown = firm.locator(".receipt strong")
    expect(shown).to_have_count(2, timeout=SLOW)
    number, code = shown.nth(0).inner_text(), shown.nth(1).inner_text()
    assert re.fullmatch(r"Q\d{6}-\w{6}", number)
    assert filed_with(server, product) == [number], "a double click files one request"
    assert number not in firm.url
    assert code not in firm.url

    # The steward finds it, takes it on, delivers one service and writes.
    sign_in(steward, server, steward_name)
    steward.get_by_role("link", name=number).click()
    settle(steward)
    expect(steward.get_by_text(product)).to_be_visible(timeout=SLOW)
    press(steward, say("Accept"))
    expect(steward.locator(".request-title")).to_contain_text(say("Taken on"), timeout=SLOW)
    for zh, en in SERVICE_NAMES:
        deliver(steward, say, zh if setting.locale == "zh-CN" else en)
    expect(steward.locator(".request-title")).to_contain_text(say("Delivered"), timeout=SLOW)
    steward.get_by_label(say("Write a message"), exact=True).fill("证书已寄出 <script>alert(1)</script>")
    press(steward, say("Send the message"))

    # The firm looks it up again with number and code, in a visit of its own, and confirms.
    again = visitor(setting.locale, setting.phone)
    visit(again, f"{server.url}/track")
    again.get_by_label(say("Tracking number"), exact=True).fill(number.lower().replace("-", " "))
    again.get_by_label(say("Code"), exact=True).fill("0000000000")
    press(again, say("Open"))
    expect(again.locator(".notice.bad")).to_be_visible(timeout=SLOW)
    again.get_by_label(say("Tracking number"), exact=True).fill(number.lower())
    again.get_by_label(say("Code"), exact=True).fill(code.lower())
    press(again, say("Open"))
    expect(again.locator(".request-title")).to_contain_text(number, timeout=SLOW)
    expect(again.get_by_text("证书已寄出 <script>alert(1)</script>")).to_be_visible()
    assert code not in again.url
    press(again, say("Confirm and close"))
    expect(again.locator(".request-title")).to_contain_text(say("Closed"), timeout=SLOW)
    expect(again.get_by_role("button", name=say("Confirm and close"))).to_have_count(0)


def deliver(steward: Page, say: Callable[..., str], service: str) -> None:
    """Open the form of a service that is not delivered yet, and deliver it."""
    form = steward.locator('[data-testid="stExpander"]').filter(has_text=service)
    form.locator("summary").click()
    form.get_by_label(say("Who did the work"), exact=True).fill("测试计量院")
    form.get_by_label(say("Result"), exact=True).fill(f"证书 {service}")
    form.get_by_role("button", name=say("Deliver"), exact=True).click()
    expect(form).to_have_count(0, timeout=SLOW)
    settle(steward)


@pytest.mark.parametrize("setting", SETTINGS, ids=["zh-desk", "en-phone"])
def test_a_request_from_asking_to_closing(
    portal_server: Server, visitor: Callable[..., Page], setting: Setting
) -> None:
    answer_and_follow(visitor, portal_server, setting)


def test_the_same_on_postgresql(postgres_portal_server: Server, visitor: Callable[..., Page]) -> None:
    answer_and_follow(visitor, postgres_portal_server, SETTINGS[0])


@pytest.mark.parametrize(
    "page_name", ["station?code=", "county?adcode=", "centre?code=", "find?adcode=", "find?service="]
)
def test_a_nul_in_an_address_is_no_failure_on_postgresql(
    postgres_portal_server: Server, page: Page, page_name: str
) -> None:
    visit(page, f"{postgres_portal_server.url}/{page_name}%00")
    expect(page.locator(".notice:not(.sample)").first).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("系统出了问题")).to_have_count(0)
