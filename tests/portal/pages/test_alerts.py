"""覆盖预警 and 月度通报: for whom they are, what they show, what comes of them."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from docx import Document
from playwright.sync_api import Page, expect

from stations.alerts.alerts import CoverageAlert, CoverageWatch, check_coverage
from stations.database import open_engine, transaction
from stations.duty.roles import Role
from tests.conftest import NOW, TODAY
from tests.portal.browsing import settle, visit
from tests.portal.conftest import Server
from tests.portal.people import new_account, sign_in


@pytest.fixture(scope="module")
def checked(portal_server: Server) -> Server:
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        for sample in (False, True):  # as if it had been checked long since
            session.merge(CoverageWatch(sample=sample, began_on=TODAY.replace(year=2020)))
        session.flush()
        check_coverage(session, TODAY, samples=True, now=NOW)
    engine.dispose()
    return portal_server


def sign_in_for_province(page: Page, server: Server) -> None:
    sign_in(page, server, new_account(server, Role.PROVINCE, "320000"))


def sign_in_for_city(page: Page, server: Server) -> None:
    sign_in(page, server, new_account(server, Role.CITY, "321100"))


@pytest.fixture
def unacknowledged(checked: Server) -> Server:
    """The server, with no alert of the city acknowledged."""
    engine = open_engine(checked.environment["DATABASE_URL"])
    with transaction(engine) as session:
        of_city = CoverageAlert.county_adcode.startswith("3211")
        blank = {"acknowledged_at": None, "acknowledged_by": None, "note": None}
        session.execute(sa.update(CoverageAlert).where(of_city).values(blank))
    engine.dispose()
    return checked


@pytest.mark.parametrize("address", ["alerts", "bulletin"])
def test_a_visitor_is_asked_to_sign_in(portal_server: Server, page: Page, address: str) -> None:
    visit(page, f"{portal_server.url}/{address}")
    expect(page.locator(f'.notice a[href="/sign-in?next=/{address}"]')).to_be_visible()


def test_an_alert_is_seen_in_the_own_area_and_acknowledged(unacknowledged: Server, page: Page) -> None:
    note = f"已选定新址（{uuid4().hex[:8]}）"
    sign_in_for_city(page, unacknowledged)
    visit(page, f"{unacknowledged.url}/alerts")
    rows = page.locator("table tbody tr")
    expect(rows.first).to_be_visible()
    count = rows.count()
    assert count > 0
    assert all("镇江市" in text for text in rows.all_inner_texts())
    page.locator(".st-key-all_alerts button").click()
    settle(page)
    page.get_by_label("处理措施").fill(note)
    page.get_by_role("button", name="确认预警").click()
    settle(page)
    expect(page.locator(".notice.good")).to_contain_text(f"已确认 {count} 条预警")
    expect(rows).to_have_count(0)
    visit(page, f"{unacknowledged.url}/alerts?all=1")
    expect(page.get_by_text(note)).to_have_count(count)


def test_the_bulletin_of_a_month_in_one_click(checked: Server, page: Page) -> None:
    sign_in_for_province(page, checked)
    visit(page, f"{checked.url}/bulletin?month=2026-10")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出通报（Word）").click()
    assert download.value.suggested_filename == "质量小站月度通报-2026-10.docx"
    paragraphs = Document(str(Path(download.value.path()))).paragraphs
    assert paragraphs[1].text == "（2026年10月）"
    covered = page.locator(".card .figure").first.inner_text().split("/")[0].strip()
    assert any(f"有运行中小站的{covered}个" in paragraph.text for paragraph in paragraphs)
    text = next(one.text for one in paragraphs if one.text.startswith("本月全省各小站收到企业服务请求"))
    share = page.locator(".card", has_text="服务按期交付").locator(".figure").inner_text()
    overdue = page.locator(".card", has_text="逾期仍未交付").locator(".figure").inner_text()
    assert f"占{share}" in text
    assert f"已逾期仍未交付的服务{overdue}项" in text


def test_a_city_makes_no_bulletin(checked: Server, page: Page) -> None:
    sign_in_for_city(page, checked)
    visit(page, f"{checked.url}/bulletin")
    expect(page.locator(".notice.warn")).to_be_visible()
    expect(page.get_by_role("button", name="导出通报（Word）")).to_have_count(0)


def test_the_province_sets_rules_and_contacts_on_the_page(checked: Server, page: Page) -> None:
    sign_in_for_province(page, checked)
    visit(page, f"{checked.url}/alerts?view=rules")
    days = page.get_by_label("县级管理员").first
    days.fill("21")
    page.get_by_role("button", name="保存规则").click()
    settle(page)
    expect(page.locator(".notice.good")).to_contain_text("规则已保存")
    expect(page.get_by_label("县级管理员").first).to_have_value("21")
    page.get_by_label("接收通知的邮箱").fill("nobody")
    page.get_by_role("button", name="保存地址").click()
    settle(page)
    expect(page.locator(".field-problem")).to_be_visible()
    page.get_by_label("接收通知的邮箱").fill("js@example.com")
    page.get_by_role("button", name="保存地址").click()
    settle(page)
    expect(page.locator(".notice.good")).to_contain_text("地址已保存")
    expect(page.locator("table tbody tr", has_text="js@example.com")).to_be_visible()


def test_a_city_sees_the_rules_and_keeps_its_own_contact_only(checked: Server, page: Page) -> None:
    sign_in_for_city(page, checked)
    visit(page, f"{checked.url}/alerts?view=rules")
    expect(page.get_by_role("button", name="保存规则")).to_have_count(0)
    expect(page.get_by_label("要修改的管理部门")).to_have_count(0)
    page.get_by_label("接收通知的邮箱").fill("zj@example.com")
    page.get_by_role("button", name="保存地址").click()
    settle(page)
    expect(page.locator(".notice.good")).to_contain_text("地址已保存")
    expect(page.locator("table tbody tr", has_text="zj@example.com")).to_contain_text("镇江市")
    expect(page.get_by_text("js@example.com")).to_have_count(0)
