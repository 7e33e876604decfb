"""A firm's errand in real browsers: nobody is locked out, notices are what they say, and no way ends at a wall."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select

from stations.database import open_engine, reading, transaction
from stations.duty.roles import Role
from stations.notices.outbox import Notice
from stations.requests.handling import move_as_station
from stations.requests.moves import MoveName
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW, Made
from tests.portal.browsing import open_expander, settle, visit
from tests.portal.conftest import Server, served_portal
from tests.portal.pages.test_journey import SETTINGS, Setting, fill_request_form, press
from tests.portal.people import make_account, sign_in_by_form
from tests.stations.request_factories import steward_of

REAL = ("S-3201-003", "320111")  # a real station, and the county it stands in


@pytest.fixture(scope="module")
def texting(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal that has a gateway for text messages, to which nothing is sent while the tests read the outbox."""
    with served_portal(
        made,
        "sqlite",
        tmp_path_factory.mktemp("texting"),
        SMS_GATEWAY_URL="http://127.0.0.1:9/send",
        DELIVER_NOTICES="0",
    ) as server:
        yield server


@pytest.fixture(scope="module")
def database(texting: Server) -> Iterator[Engine]:
    engine = open_engine(texting.environment["DATABASE_URL"])
    yield engine
    engine.dispose()


def new_mobile() -> str:
    return f"138{uuid4().int % 10**8:08d}"


def newest_code(database: Engine, mobile: str) -> str:
    """The six digits in the newest text message to a number."""
    with reading(database) as session:
        newest = select(Notice.text).where(Notice.address == mobile).order_by(Notice.id.desc()).limit(1)
        return re.findall(r"\b\d{6}\b", session.scalars(newest).one())[0]


def file_one(page: Page, server: Server, say: Callable[..., str], mobile: str) -> tuple[str, str]:
    """File a request at a real station, to be told by text message. Return its number and code."""
    station, adcode = REAL
    visit(page, f"{server.url}/request?service=metrology.calibration&adcode={adcode}&station={station}")
    fill_request_form(page, say, "压力表")
    page.get_by_label(say("Telephone"), exact=True).fill(mobile)
    page.keyboard.press("Tab")
    settle(page)
    expect(page.get_by_role("radio", name=say("Text message"))).to_be_checked()
    expect(page.get_by_text(mobile, exact=False).last).to_be_visible()  # it is not asked for again
    page.get_by_text(say("I have read this and agree")).click()
    settle(page)
    press(page, say("Send the request"))
    shown = page.locator(".receipt strong")
    expect(shown).to_have_count(2)
    expect(page.locator("ol > li").first).to_contain_text(re.compile(r"\d{4}"))  # the day of the answer
    number, code = shown.all_inner_texts()
    return number, code


@pytest.mark.parametrize("setting", SETTINGS, ids=["zh-desk", "en-phone"])
def test_a_lost_code_is_no_wall(
    texting: Server, database: Engine, visitor: Callable[..., Page], setting: Setting
) -> None:
    say, mobile = setting.say, new_mobile()
    firm, again = (visitor(setting.locale, setting.phone) for _ in range(2))
    number, _code = file_one(firm, texting, say, mobile)
    press(firm, say("Follow this request"))
    firm.get_by_label(say("Code of six digits"), exact=True).fill(newest_code(database, mobile))
    press(firm, say("Confirm the address"))
    expect(firm.locator(".notice.good")).to_be_visible()

    # The page moves on by itself when the station asks; the question stands above the answer, and what is being typed
    # elsewhere stays.
    message = firm.get_by_label(say("Write a message"), exact=True)
    message.fill("还在写")
    with transaction(database) as session:
        request = session.scalars(select(ServiceRequest).where(ServiceRequest.number == number)).one()
        steward = steward_of(request.station)
        move_as_station(session, steward, number, MoveName.RETURN, version=request.version, note="型号？", now=NOW)
    expect(firm.locator(".question")).to_contain_text("型号？")
    expect(message).to_have_value("还在写")
    answer = firm.get_by_label(say("Answer"), exact=True)
    expect(answer).to_be_visible()
    answer.fill("Y-100")
    press(firm, say("Answer and submit again"))
    expect(firm.locator(".question")).to_have_count(0)

    # In another browser, all that is needed is the number.
    visit(again, f"{texting.url}/track")
    open_expander(again, say("I have lost the code"))
    again.get_by_label(say("Mobile number or e-mail address"), exact=True).fill(mobile)
    press(again, say("Send me a code"))
    field = again.get_by_label(say("Code of six digits"), exact=True)
    right = newest_code(database, mobile)
    field.fill(f"{(int(right) + 1) % 10**6:06d}")
    press(again, say("Open my requests"))
    expect(again.get_by_role("alert")).to_be_visible()
    field.fill(right)
    press(again, say("Open my requests"))
    expect(again.locator(".request-title")).to_contain_text(number)
    box = open_expander(again, say("Contact and code"))
    box.get_by_label(say("Telephone"), exact=True).fill(new_mobile())
    press(again, say("Save the contact"))
    expect(again.get_by_label(say("Code of six digits"), exact=True)).to_be_visible()  # the new number is not confirmed


def test_the_station_gives_a_new_code_after_a_check(
    texting: Server, database: Engine, visitor: Callable[..., Page]
) -> None:
    setting = SETTINGS[0]
    say, firm, desk, name = setting.say, visitor(), visitor(), f"steward-{uuid4().hex[:8]}"
    number, code = file_one(firm, texting, say, new_mobile())
    make_account(texting, name, Role.STATION, REAL[0])
    sign_in_by_form(desk, texting, name)
    visit(desk, f"{texting.url}/desk?number={number}")
    desk.get_by_role("button", name=say("New code for the firm")).click()
    settle(desk)
    desk.get_by_label(say("How did you check it?"), exact=True).click()
    desk.get_by_role("option").first.click()
    settle(desk)
    press(desk, say("Make a new code"))
    shown = desk.locator(".receipt strong")
    expect(shown).to_have_count(2)
    made = shown.nth(1).inner_text()
    assert made != code
    visit(firm, f"{texting.url}/track?number={number}")
    expect(firm.get_by_label(say("Tracking number"), exact=True)).to_have_value(number)
    firm.get_by_label(say("Code"), exact=True).fill(made)
    press(firm, say("Open"))
    expect(firm.locator(".request-title")).to_contain_text(number)


@pytest.mark.parametrize("setting", SETTINGS, ids=["zh-desk", "en-phone"])
def test_what_is_not_set_up_is_not_promised(
    portal_server: Server, visitor: Callable[..., Page], setting: Setting
) -> None:
    say, page = setting.say, visitor(setting.locale, setting.phone)
    visit(page, f"{portal_server.url}/subscribe?service=metrology.type_evaluation&adcode=320102")
    expect(page.get_by_role("heading", name=say("Register what you need"))).to_be_visible()
    page.get_by_label(say("Mobile number or e-mail address"), exact=True).fill(new_mobile())
    page.get_by_text(say("I have read this and agree")).click()
    press(page, say("Register what you need"))
    expect(page.locator(".notice.good")).to_be_visible()
    visit(page, f"{portal_server.url}/track")
    open_expander(page, say("I have lost the code"))
    expect(page.get_by_role("button", name=say("Send me a code"))).to_have_count(0)
    station, adcode = REAL
    visit(page, f"{portal_server.url}/request?service=metrology.calibration&adcode={adcode}&station={station}")
    expect(page.get_by_role("radio", name=say("Text message"))).to_have_count(0)
