"""接口密钥: an administrator makes a key, sees it whole once, and withdraws it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import requests
from playwright.sync_api import Page, expect

from stations.duty.roles import Role
from tests.portal.browsing import open_expander, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import new_account, sign_in


def status_of(server: Server, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    return requests.get(f"{server.url}/api/v1/key", headers=headers, timeout=60).status_code


def test_a_key_is_made_shown_once_and_withdrawn(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page, name = visitor(), f"平台 {uuid4().hex[:8]}"
    sign_in(page, portal_server, new_account(portal_server, Role.CITY, "320500"))
    visit(page, f"{portal_server.url}/interface_keys?new=1")
    for label, text in (("系统", name), ("系统代码", "test-city"), ("持有单位", "某市局信息处")):
        page.get_by_label(label, exact=True).fill(text)
        page.keyboard.press("Tab")
        settle(page)
    for label, option in (("密钥适用区域", "昆山市"), ("权限", "读取服务申请")):
        page.get_by_label(label, exact=True).click()
        page.get_by_role("option", name=option).first.click()
        settle(page)
        page.keyboard.press("Tab")
    page.get_by_role("button", name="签发", exact=True).click()
    shown = page.locator(".receipt strong")
    expect(shown).to_contain_text("nqi_")
    key = shown.inner_text()
    assert status_of(portal_server, key) == 200
    visit(page, f"{portal_server.url}/interface_keys?key={key.split('_')[1]}")
    expect(page.locator(".request-title")).to_contain_text(name)
    assert key not in page.content()
    open_expander(page, "撤销此密钥")
    page.get_by_role("button", name="立即撤销").click()
    expect(page.locator(".request-title .tag")).to_have_text("已撤销")
    assert status_of(portal_server, key) == 401
    visit(page, f"{portal_server.url}/interface_keys")
    expect(page.locator("table").first).to_contain_text(name)
