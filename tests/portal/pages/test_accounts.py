"""我的账号、账号管理、审计日志: what people do with accounts, from a new one to the log of it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Page, expect
from sqlalchemy import select

from stations.accounts.accounts import User
from stations.database import open_engine, reading
from stations.duty.roles import Role
from tests.portal.browsing import open_choices, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import PASSWORD, make_account, sign_in, sign_in_by_form

NEW = "another long sentence"


def somebody(server: Server, page: Page, role: Role, area: str) -> str:
    username = f"{role}-{uuid4().hex[:8]}"
    make_account(server, username, role, area)
    sign_in(page, server, username)
    return username


def choose(page: Page, title: str, option: str) -> None:
    open_choices(page, title, exact=True)
    page.get_by_role("option", name=option).first.click()
    settle(page)


def test_from_a_new_account_to_its_first_sign_in_and_its_end(
    portal_server: Server, visitor: Callable[..., Page]
) -> None:
    admin, newcomer = visitor(), visitor(phone=True)
    somebody(portal_server, admin, Role.CITY, "320500")
    username = f"zhao-{uuid4().hex[:8]}"
    visit(admin, f"{portal_server.url}/accounts?new=1")
    admin.get_by_label("用户名", exact=True).fill(username)
    admin.get_by_label("姓名", exact=True).fill("赵管理")
    admin.get_by_label("姓名", exact=True).press("Tab")
    settle(admin)
    choose(admin, "角色", "县级管理员")
    choose(admin, "管辖范围", "昆山市")
    admin.get_by_role("button", name="建立账号").click()
    expect(admin.locator(".receipt strong")).to_have_count(2)
    code = admin.locator(".receipt strong").nth(1).inner_text()
    expect(admin.locator(".tag", has_text="县级管理员 · 昆山市").first).to_be_visible()

    newcomer.goto(f"{portal_server.url}/first-password?user={username}")
    newcomer.locator("#code").fill(code.lower())
    newcomer.locator("#new_password").fill(PASSWORD)
    newcomer.locator("#repeated").fill(PASSWORD)
    newcomer.get_by_role("button", name="设置密码").click()
    newcomer.wait_for_url("**/sign-in?done=password")
    expect(newcomer.get_by_role("status")).to_contain_text("密码已设置")
    sign_in_by_form(newcomer, portal_server, username)

    visit(admin, f"{portal_server.url}/accounts?user={username}")  # the password set meanwhile is a new version
    admin.get_by_role("button", name="停用").click()
    expect(admin.locator(".tag.bad", has_text="已停用")).to_be_visible()
    visit(newcomer, f"{portal_server.url}/account")
    expect(newcomer.get_by_text("您尚未登录")).to_be_visible()


def test_a_wrong_form_is_told_and_what_was_typed_stays(portal_server: Server, page: Page) -> None:
    somebody(portal_server, page, Role.COUNTY, "320583")
    visit(page, f"{portal_server.url}/accounts?new=1")
    page.get_by_label("用户名", exact=True).fill("a b")
    page.get_by_label("用户名", exact=True).press("Tab")
    settle(page)
    page.get_by_role("button", name="建立账号").click()
    expect(page.locator(".notice.bad")).to_have_count(3)
    expect(page.locator(".notice.bad").first).to_contain_text("用户名")
    expect(page.get_by_label("用户名", exact=True)).to_have_value("a b")


def test_the_list_shows_the_own_area_and_is_searched_in_the_address(portal_server: Server, page: Page) -> None:
    mine, theirs = f"mine-{uuid4().hex[:8]}", f"theirs-{uuid4().hex[:8]}"
    make_account(portal_server, mine, Role.COUNTY, "320583")
    make_account(portal_server, theirs, Role.COUNTY, "320102")
    somebody(portal_server, page, Role.CITY, "320500")
    visit(page, f"{portal_server.url}/accounts?text={mine}")
    expect(page.get_by_role("link", name=mine)).to_be_visible()
    visit(page, f"{portal_server.url}/accounts?text={theirs}")
    expect(page.get_by_text("没有符合条件的账号")).to_be_visible()
    visit(page, f"{portal_server.url}/accounts?user={theirs}")
    expect(page.locator(".notice.warn")).to_contain_text("没有账号")


@pytest.mark.parametrize(("path", "told"), [("accounts", "您的职责不含账号管理"), ("audit", "您的职责不含审计日志")])
def test_who_has_no_such_duty_is_told(portal_server: Server, page: Page, path: str, told: str) -> None:
    visit(page, f"{portal_server.url}/{path}")
    expect(page.locator(".notice", has_text="登录")).to_be_visible()
    somebody(portal_server, page, Role.STATION, "S-3201-002")
    visit(page, f"{portal_server.url}/{path}")
    expect(page.get_by_text(told)).to_be_visible()


def test_signing_out_everywhere_else_leaves_this_browser_in(
    portal_server: Server, visitor: Callable[..., Page]
) -> None:
    here, there = visitor(), visitor()
    username = somebody(portal_server, here, Role.COUNTY, "320583")
    sign_in(there, portal_server, username)
    visit(here, f"{portal_server.url}/account")
    expect(here.locator(".device")).to_have_count(2)
    wrong = here.request.post(
        f"{portal_server.url}/end-sign-ins",
        form={"which": "others", "password": "wrong"},
        headers={"Origin": portal_server.url},
    )
    assert wrong.status == 401
    here.get_by_role("link", name="退出其他设备").click()
    here.locator("#password").fill(PASSWORD)
    here.locator("form[action='/end-sign-ins'] button").click()
    expect(here.locator(".device")).to_have_count(1)
    expect(here.locator(".tag.good", has_text="当前浏览器")).to_be_visible()
    visit(there, f"{portal_server.url}/account")
    expect(there.get_by_text("您尚未登录")).to_be_visible()


def test_the_password_is_changed_and_mistakes_are_told(portal_server: Server, page: Page) -> None:
    username = somebody(portal_server, page, Role.COUNTY, "320583")
    page.goto(f"{portal_server.url}/password")

    def send(current: str, new: str, repeated: str) -> None:
        page.locator("#password").fill(current)
        page.locator("#new_password").fill(new)
        page.locator("#repeated").fill(repeated)
        page.locator("form[action='/password'] button").click()

    send(PASSWORD, NEW, NEW)
    page.wait_for_url("**/account?done=password")
    settle(page)
    expect(page.locator(".notice.good")).to_contain_text("密码已修改")
    wrong = requests.post(
        f"{portal_server.url}/sign-in",
        data={"username": username, "password": PASSWORD},
        headers={"origin": portal_server.url},
        timeout=30,
    )
    assert wrong.status_code == 401


def test_password_forms_are_taken_from_our_own_page_only_and_tell_what_is_wrong(portal_server: Server) -> None:
    own = {"origin": portal_server.url, "accept-language": "zh"}
    for path in ("/password", "/first-password"):
        foreign = requests.post(
            f"{portal_server.url}{path}", data={}, headers={"origin": "https://evil.example"}, timeout=30
        )
        assert foreign.status_code == 403
    form = {"username": "nobody", "code": "A", "new_password": NEW, "repeated": NEW}
    wrong = requests.post(f"{portal_server.url}/first-password", data=form, headers=own, timeout=30)
    assert (wrong.status_code, "设置码有误" in wrong.text, "nobody" in wrong.text) == (401, True, True)
    differ = requests.post(
        f"{portal_server.url}/first-password", data=form | {"repeated": "x"}, headers=own, timeout=30
    )
    assert (differ.status_code, "不一致" in differ.text, NEW in differ.text) == (422, True, False)
    out = requests.post(f"{portal_server.url}/password", data={}, headers=own, allow_redirects=False, timeout=30)
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in?next=/account")


@pytest.mark.parametrize(("locale", "phone"), [("zh-CN", False), ("en-GB", True)])
def test_the_log_is_searched_and_proved(
    portal_server: Server, visitor: Callable[..., Page], locale: str, phone: bool
) -> None:
    page = visitor(locale=locale, phone=phone)
    username = somebody(portal_server, page, Role.PROVINCE, "320000")
    visit(page, f"{portal_server.url}/audit?actor={username}")
    expect(page.locator(".table tbody tr")).to_have_count(1)
    expect(page.locator(".table tbody")).to_contain_text("登录" if locale == "zh-CN" else "signed in")
    check = page.get_by_role("button", name="核验日志" if locale == "zh-CN" else "Check the log")
    check.click()
    expect(page.locator(".notice.good")).to_be_visible()
    proven = page.locator("code.hash").last.inner_text()
    first, head = proven.split(":")
    field = page.get_by_label("已核验的末端值（选填）" if locale == "zh-CN" else "Proven head (optional)", exact=True)
    field.fill(proven)
    check.click()
    settle(page)
    expect(page.locator(".notice.good")).to_contain_text(
        f"自第{first}条起" if locale == "zh-CN" else f"from entry {first} on"
    )
    field.fill(f"{first}:{head[::-1]}")
    check.click()
    settle(page)
    expect(page.locator(".notice.bad")).to_be_visible()
    field.fill("12")
    check.click()
    settle(page)
    expect(page.locator(".notice.bad")).to_contain_text("12:9f86")
    visit(page, f"{portal_server.url}/audit?since=1990-01-01&until=2090-01-01&actor={username}")
    expect(page.locator(".table tbody tr")).to_have_count(1)
    visit(page, f"{portal_server.url}/audit?since=2026-02-31&before=x&action=nothing&subject=none")
    expect(page.locator(".notice", has_text="没有符合条件" if locale == "zh-CN" else "no such entries")).to_be_visible()


def test_an_invented_auditor_sees_what_invented_people_did_only(portal_server: Server, page: Page) -> None:
    page.goto(f"{portal_server.url}/sign-in?next=/audit")
    page.get_by_role("button", name="示例·审计员").click()
    page.wait_for_url("**/audit")
    settle(page)
    expect(page.locator(".table tbody tr").first).to_contain_text("sample-auditor")
    expect(page.get_by_role("button", name="核验日志")).to_have_count(0)
    rows = page.locator(".table tbody tr").all_inner_texts()
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:  # other tests give people duties at invented stations
        invented = session.scalars(select(User.username).where(User.sample)).all()
    engine.dispose()
    assert rows and all(any(name in row for name in invented) for row in rows)
    visit(page, f"{portal_server.url}/account")
    expect(page.locator(".device")).to_have_count(0)
    expect(page.locator(".notice.sample", has_text="没有密码可改")).to_be_visible()
    page.goto(f"{portal_server.url}/password")
    page.wait_for_url("**/account")
