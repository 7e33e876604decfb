"""我的器具 and 开通时通知我: from an empty ledger to a request for what is due, on a desk and on a phone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select

from stations.database import open_engine, reading, transaction
from stations.firms.instruments import Instrument
from stations.firms.subscriptions import Subscription
from stations.notices.outbox import Notice
from stations.samples.ledger import CODE, NUMBER
from tests.conftest import Made
from tests.portal.browsing import open_choices, open_expander, settle, visit
from tests.portal.conftest import ROOT, Server, served_portal

CSV = (
    "公司器具台账,,,,\n器具名称,出厂编号,型号规格,检定日期,检定周期\n"
    "压力表,001,Y-100,2025年3月5日,6个月\n台秤,002,,2026-09-01,12\n秤,003,,2026-13-01,0\n"
).encode("gb18030")


@pytest.fixture(scope="module")
def mailing(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal with a mail server in its settings that only the command would send through."""
    settings = {"SMTP_URL": "smtp://127.0.0.1:9", "SMTP_FROM": "portal@example.com", "DELIVER_NOTICES": "0"}
    with served_portal(made, "sqlite", tmp_path_factory.mktemp("mailing"), **settings) as server:
        yield server


@pytest.fixture
def database(mailing: Server) -> Iterator[Engine]:
    engine = open_engine(mailing.environment["DATABASE_URL"])
    yield engine
    engine.dispose()


def begin_ledger(page: Page, server: Server) -> tuple[str, str]:
    """Begin a ledger; its number and code."""
    visit(page, f"{server.url}/instruments")
    page.get_by_label("企业名称", exact=True).fill("测试精密机械有限公司")
    open_choices(page, "县（市、区）")
    page.keyboard.type("昆山")
    page.get_by_role("option", name="昆山市").click()
    page.get_by_text("我已阅读并同意").click()
    page.get_by_role("button", name="建立台账").click()
    told = page.locator(".receipt strong")
    expect(told).to_have_count(2)
    return told.nth(0).inner_text(), told.nth(1).inner_text()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_from_a_list_to_a_request(mailing: Server, database: Engine, visitor: Callable[..., Page], phone: bool) -> None:
    page = visitor(phone=phone)
    number, code = begin_ledger(page, mailing)
    page.locator("input[type=file]").set_input_files({"name": "台账.csv", "mimeType": "text/csv", "buffer": CSV})
    preview = page.locator("table")
    expect(preview).to_contain_text("上次检定日期：“2026-13-01”中的月份或日子不存在")
    expect(preview).to_contain_text("检定周期（月）：“0”不是 1 至 120 之间的整数")
    page.get_by_role("button", name="只导入 2 行正确的内容").click()
    expect(page.locator(".notice.good")).to_contain_text("已导入 2 行")
    settle(page)
    # Elsewhere, number and code open it again; a wrong code does not.
    other = visitor()
    visit(other, f"{mailing.url}/instruments")
    for typed, shown in (("0000000000", ".notice.bad"), (code.lower(), "table")):
        other.get_by_label("台账号", exact=True).fill(number)
        other.get_by_label("查询码", exact=True).fill(typed)
        other.get_by_role("button", name="查询", exact=True).click()
        expect(other.locator(shown).first).to_be_visible()
        settle(other)
    page.get_by_role("button", name="为 1 件到期器具申请检定").click()
    page.wait_for_url("**/request?service=metrology.compulsory_verification&draft=*")
    settle(page)
    expect(page.get_by_label("企业名称")).to_have_value("测试精密机械有限公司")
    expect(page.get_by_text(f"到期器具清单 {number}.xlsx")).to_be_visible()
    expect(page.get_by_text("强制检定").first).to_be_visible()


def test_reminders_are_confirmed_and_the_ledger_is_deleted(mailing: Server, database: Engine, page: Page) -> None:
    number, _code = begin_ledger(page, mailing)
    open_expander(page, "到期提醒")
    page.get_by_text("电子邮件", exact=True).click()
    page.get_by_label("接收通知的邮箱").fill("firm@example.com")
    page.locator('[data-testid="stForm"]').filter(has_text="提醒方式").get_by_role("button", name="保存").click()
    expect(page.locator(".notice.good")).to_contain_text("正在发送验证码")
    settle(page)
    with reading(database) as session:
        notice = session.scalar(select(Notice).where(Notice.key.startswith(f"instruments:{number}:confirm")))
    page.get_by_label("6 位验证码").fill(re.findall(r"\b\d{6}\b", notice.text)[-1])
    page.get_by_role("button", name="确认地址").click()
    expect(page.locator(".notice.good").first).to_contain_text("已确认")
    settle(page)
    open_expander(page, "查询码、关闭与删除")
    page.get_by_text("立即永久删除台账及其全部器具").click()
    page.get_by_role("button", name="删除台账").click()
    expect(page.locator(".notice.good").first).to_contain_text("台账已删除")
    with reading(database) as session:
        assert session.scalar(select(Notice).where(Notice.address == "firm@example.com")) is None


def test_the_sample_ledger_in_english(mailing: Server, visitor: Callable[..., Page]) -> None:
    page = visitor(locale="en-GB")
    visit(page, f"{mailing.url}/instruments")
    expect(page.get_by_text(f"Number {NUMBER}, code {CODE}")).to_be_visible()
    page.get_by_role("button", name="Open the sample ledger").click()
    expect(page.locator("table tbody tr")).to_have_count(15)
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel", exact=True).last.click()
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert len(list(book.worksheets[0].rows)) == 16


def test_a_service_that_nobody_offers_is_waited_for(mailing: Server, database: Engine, page: Page) -> None:
    with transaction(database) as session:
        before = set(session.scalars(select(Instrument.code)))
    # 玄武区 (320102) has no station of the samples that offers it; the way there is on the search's page.
    adcode = "320102"
    visit(page, f"{mailing.url}/county?adcode={adcode}")
    page.get_by_role("link", name="本地开通服务时通知我").click()
    settle(page)
    visit(page, f"{mailing.url}/subscribe?service=metrology.type_evaluation&adcode={adcode}")
    page.get_by_label("接收通知的邮箱").fill("firm@example.org")
    page.get_by_text("我已阅读并同意").click()
    page.get_by_role("button", name="开通时通知我").click()
    expect(page.locator(".notice.good")).to_contain_text("正在向 firm@example.org 发送验证码")
    with reading(database) as session:
        asked = session.scalar(select(Subscription).where(Subscription.address == "firm@example.org"))
        assert set(session.scalars(select(Instrument.code))) == before
        text = session.scalars(select(Notice.text).where(Notice.address == "firm@example.org")).one()
    digits = page.get_by_label("6 位验证码")
    expect(page.get_by_label("手机号码或邮箱")).to_have_value("firm@example.org")
    digits.fill("12345")
    page.get_by_role("button", name="确认地址").click()
    expect(page.get_by_role("alert")).to_be_visible()
    digits.fill(re.findall(r"\b\d{6}\b", text)[0])
    page.get_by_role("button", name="确认地址").click()
    expect(page.locator(".notice.good").first).to_contain_text("地址已确认")
    page.wait_for_url(f"**/subscribe?code={asked.proof}")
    settle(page)
    page.get_by_role("button", name="取消并删除地址").click()
    expect(page.locator(".notice.good").first).to_contain_text("已删除")
    with reading(database) as session:
        assert session.scalar(select(Subscription).where(Subscription.address == "firm@example.org")) is None


def test_the_pages_hold_no_rules() -> None:
    """What may be written is decided in ``stations``: the pages import no table to change it themselves."""
    for file in ROOT.glob("portal/ledger/*.py"):
        assert "session.add" not in file.read_text(encoding="utf-8"), file
