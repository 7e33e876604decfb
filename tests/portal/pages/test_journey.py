"""The whole way of a request in real browsers: a firm finds, asks and follows, a steward answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.language import speak
from stations.database import open_engine, reading
from stations.duty.roles import Role
from stations.requests.service_request import ServiceRequest
from tests.portal.browsing import open_expander, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import make_account, sign_in_by_form
from tests.stations.file_samples import PDF, picture
from tests.stations.request_factories import new_credit_code

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
    field("Unified social credit code").fill(new_credit_code())
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
    settle(page)


def answer_and_follow(visitor: Callable[..., Page], server: Server, setting: Setting) -> None:
    say = setting.say
    steward_name = f"steward-{uuid4().hex[:8]}"
    firm, steward = visitor(setting.locale, setting.phone), visitor(setting.locale, setting.phone)

    # The firm finds a station that does all three, and asks for them at once; a form without
    # consent or a right code is not taken.
    query = "&".join(f"service={code}" for code in SERVICES)
    visit(firm, f"{server.url}/find?{query}&adcode=320583")
    firm.locator('a[href*="/request?station="]').first.click()
    firm.wait_for_url("**/request?*")
    settle(firm)
    (station,) = parse_qs(urlsplit(firm.url).query)["station"]
    make_account(server, steward_name, Role.STATION, station)
    product = f"压力表 24 只 <b>& {steward_name}"
    fill_request_form(firm, say, product)
    firm.get_by_label(say("Unified social credit code"), exact=True).fill("91320583MA0TEXT001")
    press(firm, say("Send the request"))
    alert = firm.get_by_role("alert")
    expect(alert).to_contain_text("91320583MA0TEXT001")
    expect(alert.get_by_role("listitem")).to_have_count(2)
    expect(firm.get_by_label(say("Contact person"), exact=True)).to_have_value("王测试")
    firm.get_by_label(say("Unified social credit code"), exact=True).fill(new_credit_code())
    firm.get_by_text(say("I have read this and agree")).click()
    firm.get_by_role("button", name=say("Send the request"), exact=True).dblclick()
    shown = firm.locator(".receipt strong")
    expect(shown).to_have_count(2)
    number, code = shown.nth(0).inner_text(), shown.nth(1).inner_text()
    assert re.fullmatch(r"Q\d{6}-\w{6}", number)
    assert filed_with(server, product) == [number], "a double click files one request"
    assert number not in firm.url
    assert code not in firm.url

    # The steward finds it, reads by when it is due, takes it on and asks something, with a file.
    sign_in_by_form(steward, server, steward_name)
    steward.get_by_role("link", name=number).click()
    settle(steward)
    expect(steward.get_by_text(product)).to_be_visible()
    expect(steward.locator(".deadlines li")).to_have_count(1)
    press(steward, say("Accept"))
    expect(steward.locator(".request-title")).to_contain_text(say("Taken on"))
    expect(steward.locator(".deadlines li")).to_have_count(3)
    write(steward, say, "请确认样品数量 <script>alert(1)</script>", "委托单.pdf", PDF)

    # The firm looks it up with number and code in another browser, and stays in after a reload.
    again = visitor(setting.locale, setting.phone)
    visit(again, f"{server.url}/track")
    again.get_by_label(say("Tracking number"), exact=True).fill(number.lower().replace("-", " "))
    again.get_by_label(say("Code"), exact=True).fill("0000000000")
    press(again, say("Open"))
    expect(again.locator(".notice.bad")).to_be_visible()
    again.get_by_label(say("Tracking number"), exact=True).fill(number.lower())
    again.get_by_label(say("Code"), exact=True).fill(code.lower())
    press(again, say("Open"))
    expect(again.locator(".request-title")).to_contain_text(number)
    assert code not in again.url and number not in again.url
    visit(again, f"{server.url}/track")
    expect(again.locator(".request-title")).to_contain_text(number)
    expect(again.get_by_text("请确认样品数量 <script>alert(1)</script>")).to_be_visible()
    with again.expect_download() as download:
        again.get_by_role("link", name="委托单.pdf").click()
    assert download.value.path().read_bytes() == PDF
    address = f"{server.url}{again.get_by_role('link', name='委托单.pdf').get_attribute('href')}"
    assert requests.get(address, timeout=30).status_code == 404, "nobody else opens the file"
    write(again, say, "共 24 只", "照片.png", picture("PNG"))

    # The steward reads the answer and delivers each service; the firm reopens one, which is done anew.
    visit(steward, f"{server.url}/desk?number={number}")
    expect(steward.get_by_role("link", name="照片.png")).to_be_visible()
    names = [zh if setting.locale == "zh-CN" else en for zh, en in SERVICE_NAMES]
    for name in names:
        deliver(steward, say, name)
    expect(steward.locator(".request-title")).to_contain_text(say("Delivered"))
    visit(again, f"{server.url}/track")
    again.get_by_role("button", name=say("Something is not done")).click()
    again.get_by_label(say("What is missing or wrong?"), exact=True).fill("编号有误")
    press(again, say("Reopen this service"))
    expect(again.locator(".request-title")).to_contain_text(say("In progress"))
    visit(steward, f"{server.url}/desk?number={number}")
    deliver(steward, say, names[0])
    expect(steward.locator(".request-title")).to_contain_text(say("Delivered"))

    # The firm confirms and says how it was; the station reads that.
    visit(again, f"{server.url}/track")
    press(again, say("Confirm and close"))
    expect(again.locator(".request-title")).to_contain_text(say("Closed"))
    expect(again.get_by_role("button", name=say("Confirm and close"))).to_have_count(0)
    press(again, say("Send the rating"))
    expect(again.locator(".notice.bad")).to_be_visible()
    again.locator(".st-key-stars_overall button").nth(3).click()
    again.get_by_label(say("Comment (optional)"), exact=True).fill("很好 <b>")
    press(again, say("Send the rating"))
    expect(again.locator(".rating .stars")).to_have_count(1)
    visit(steward, f"{server.url}/desk?number={number}")
    expect(steward.locator(".rating .stars")).to_have_text("★★★★☆")
    expect(steward.get_by_text("很好 <b>")).to_be_visible()
    fits(steward)
    fits(again)

    # On a computer that others use, the firm closes it.
    press(again, say("Close it in this browser"))
    expect(again.locator(".request-title")).to_have_count(0)
    visit(again, f"{server.url}/track")
    expect(again.get_by_label(say("Code"), exact=True)).to_be_visible()

    # Nothing of all that is in the log.
    log = server.log.read_text(encoding="utf-8")
    secrets = (number, number.lower(), code, code.lower(), product, steward_name)
    typed = (*secrets, "0512-5555", "王测试", "委托单", "编号有误")
    assert "portal.answers" in log and [secret for secret in typed if secret in log] == []


def write(page: Page, say: Callable[..., str], text: str, name: str, content: bytes) -> None:
    """Send a message with a file."""
    page.get_by_label(say("Write a message"), exact=True).fill(text)
    form = page.locator('[data-testid="stForm"]').filter(has=page.get_by_label(say("Write a message"), exact=True))
    form.locator('input[type="file"]').set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    expect(page.get_by_text(name)).to_be_visible()
    press(page, say("Send the message"))
    expect(page.locator(".timeline .files a")).not_to_have_count(0)


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def deliver(steward: Page, say: Callable[..., str], service: str) -> None:
    """Open the form of a service that is not delivered yet, and deliver it."""
    form = open_expander(steward, service)
    form.get_by_label(say("Who did the work"), exact=True).fill("测试计量院")
    form.get_by_label(say("Result"), exact=True).fill(f"证书 {service}")
    form.get_by_role("button", name=say("Deliver"), exact=True).click()
    expect(form).to_have_count(0)
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
    expect(page.locator(".notice:not(.sample)").first).to_be_visible()
    expect(page.get_by_text("系统出了问题")).to_have_count(0)
