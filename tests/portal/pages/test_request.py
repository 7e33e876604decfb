"""The form of a request in real browsers: what is typed is kept, routed, filed once and handed over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
from playwright.sync_api import Page, expect
from sqlalchemy import select

from stations.database import open_engine, reading
from stations.requests.attachments import Attachment
from tests.portal.browsing import settle, visit
from tests.portal.conftest import Server
from tests.portal.pages.test_journey import SETTINGS, Setting, fill_request_form, press
from tests.stations.file_samples import PDF

QUERY = "service=metrology.calibration&service=testing.product_testing&adcode=320583"


def send(page: Page, say: Callable[..., str]) -> None:
    page.get_by_text(say("I have read this and agree")).click()
    settle(page)
    press(page, say("Send the request"))


def leave_field(page: Page) -> None:
    """Go on to the next field, as people do: what was typed goes to the server."""
    page.keyboard.press("Tab")
    settle(page)


@pytest.mark.parametrize("setting", SETTINGS, ids=["zh-desk", "en-phone"])
def test_a_draft_survives_a_reload_and_its_receipt_too(
    portal_server: Server, visitor: Callable[..., Page], setting: Setting
) -> None:
    say, page = setting.say, visitor(setting.locale, setting.phone)
    # From what was found to the form, with everything that was wanted.
    visit(page, f"{portal_server.url}/find?{QUERY}")
    page.get_by_role("link", name=say("Ask for all of this")).click()
    page.wait_for_url("**/request?*")
    settle(page)
    fill_request_form(page, say, "压力表 24 只")
    leave_field(page)
    page.locator('input[type="file"]').set_input_files(
        [
            {"name": "清单.pdf", "mimeType": "application/pdf", "buffer": PDF},
            {"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90 no document"},
        ]
    )
    expect(page.locator(".kept-file")).to_have_count(1)
    expect(page.locator(".field-problem")).to_contain_text("x.pdf")
    credit_code = page.get_by_label(say("Unified social credit code"), exact=True).input_value()

    page.reload()
    settle(page)
    expect(page.get_by_label(say("Telephone"), exact=True)).to_have_value("0512-5555 0000")
    expect(page.get_by_label(say("Unified social credit code"), exact=True)).to_have_value(credit_code)
    expect(page.locator(".kept-file")).to_contain_text("清单.pdf")
    expect(page.get_by_role("radio")).not_to_have_count(0)

    send(page, say)
    shown = page.locator(".receipt strong")
    expect(shown).to_have_count(2)
    handed = shown.all_inner_texts()
    page.reload()
    settle(page)
    expect(shown).to_have_count(2)
    assert shown.all_inner_texts() == handed, "a reload by mistake does not lose the code"
    page.get_by_role("button", name=say("Copy both")).click()
    expect(page.get_by_role("button", name=say("Copied"))).to_be_visible()

    # Its file opens in this browser and in no other.
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:
        code = session.scalar(select(Attachment.code).order_by(Attachment.id.desc()).limit(1))
    engine.dispose()
    address = f"{portal_server.url}/attachment/{code}"
    answer = page.request.get(address)
    assert answer.body() == PDF
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "no-store")
    assert requests.get(address, timeout=30).status_code == 404
    assert requests.get(address, timeout=30, cookies={"firm": "x" * 43}).status_code == 404

    # Put away, the form begins anew; the same firm is told of what is still open, and may go on.
    press(page, say("I have both: put this away"))
    expect(page.get_by_label(say("Name of the firm"), exact=True)).to_have_value("")
    # Its details are used again; no other browser is offered them.
    press(page, say("Use the details of {number}", number=handed[0]))
    expect(page.get_by_label(say("Unified social credit code"), exact=True)).to_have_value(credit_code)
    expect(page.get_by_label(say("Contact person"), exact=True)).to_have_value("王测试")
    fill_request_form(page, say, "卡尺")
    page.get_by_label(say("Unified social credit code"), exact=True).fill(credit_code)
    leave_field(page)
    send(page, say)
    expect(page.get_by_role("alert").last).to_contain_text(handed[0])
    page.get_by_text(say("This is another matter: file it as well")).click()
    settle(page)
    press(page, say("Send the request"))
    expect(shown).to_have_count(2)
    assert shown.nth(0).inner_text() != handed[0]


def test_a_discarded_draft_is_gone(portal_server: Server, page: Page) -> None:
    say = SETTINGS[0].say
    visit(page, f"{portal_server.url}/request?{QUERY}")
    page.get_by_label(say("Name of the firm"), exact=True).fill("不再需要的企业")
    leave_field(page)
    press(page, say("Discard the draft"))
    expect(page.get_by_label(say("Name of the firm"), exact=True)).to_have_value("")
    page.reload()
    settle(page)
    expect(page.get_by_label(say("Name of the firm"), exact=True)).to_have_value("")


def test_a_credit_code_with_a_wrong_end_may_be_confirmed(portal_server: Server, page: Page) -> None:
    say = SETTINGS[0].say
    visit(page, f"{portal_server.url}/request?{QUERY}")
    fill_request_form(page, say, "压力表")
    field = page.get_by_label(say("Unified social credit code"), exact=True)
    code = field.input_value()
    field.fill(code[:-1] + ("0" if code[-1] != "0" else "1"))
    leave_field(page)
    send(page, say)
    page.get_by_text(say("The code is printed so on the business licence")).click()
    settle(page)
    press(page, say("Send the request"))
    expect(page.locator(".receipt strong")).to_have_count(2)


def test_two_tabs_are_two_drafts(portal_server: Server, page: Page) -> None:
    say = SETTINGS[0].say
    visit(page, f"{portal_server.url}/request?{QUERY}")
    page.get_by_label(say("Product or instrument concerned"), exact=True).fill("第一件")
    leave_field(page)
    page.wait_for_url("**draft=*")
    other = page.context.new_page()
    visit(other, f"{portal_server.url}/request?{QUERY}")
    product = other.get_by_label(say("Product or instrument concerned"), exact=True)
    expect(product).to_have_value("")
    expect(other.get_by_text("第一件")).to_be_visible()  # offered
    product.fill("第二件")
    leave_field(other)
    other.wait_for_url("**draft=*")
    for tab, kept in ((page, "第一件"), (other, "第二件")):
        tab.reload()
        settle(tab)
        expect(tab.get_by_label(say("Product or instrument concerned"), exact=True)).to_have_value(kept)
