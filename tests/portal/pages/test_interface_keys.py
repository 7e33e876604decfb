"""接口密钥: an administrator makes a key, sees it whole once, and withdraws it; and decides a conflict."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import requests
from playwright.sync_api import Page, expect
from sqlalchemy import select

from stations.database import open_engine, reading, transaction
from stations.duty.roles import Role
from stations.keeping.editing import add_record, edit_record
from stations.partners.bulk_change import change_stations
from stations.partners.interface_key import KeyInUse
from stations.partners.key_administration import KeyForm, make_key
from stations.partners.row_result import Outcome
from stations.registry.dated_entries import EntryForm
from stations.registry.record_kind import RecordKind
from stations.registry.station import Station
from tests.conftest import NOW, TODAY
from tests.portal.browsing import open_choices, open_expander, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import new_account, sign_in
from tests.stations.registry_factories import PROVINCE, form_of, station_form


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
        open_choices(page, label, exact=True)
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


def test_a_conflict_is_decided_field_by_field_and_nothing_beforehand(
    portal_server: Server, visitor: Callable[..., Page]
) -> None:
    name, system = f"冲突小站 {uuid4().hex[:8]}", f"c-{uuid4().hex[:8]}"
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        form = KeyForm(system, "某市平台", "某局", "320500", ["stations:write"], TODAY + timedelta(days=30))
        key = KeyInUse.of(make_key(session, PROVINCE, form, now=NOW)[0])
        # Planned: no firm of another test finds it, and it covers no county.
        planned = EntryForm("planned", dated="2024-03-05")
        station = add_record(session, PROVINCE, RecordKind.STATION, station_form(name=name), planned, now=NOW)
        session.flush()
        code, version = station.code, station.version
        edit_record(
            session, PROVINCE, RecordKind.STATION, code, form_of(station, host="省院"), version=version, now=NOW
        )
    row = {"id": "A-1", "code": code, "version": version, "host": "市院"}
    (clash,) = change_stations(engine, key, [row], all_or_none=False, dry_run=False, now=NOW)
    assert clash.outcome is Outcome.CONFLICT
    page = visitor()
    sign_in(page, portal_server, new_account(portal_server, Role.PROVINCE, "320000"))
    visit(page, f"{portal_server.url}/interface_keys")
    box = page.locator("[class*='st-key-conflict_']").filter(has_text=name)
    expect(box).to_contain_text("双方原值")
    box.get_by_role("button", name="保存所选").click()
    settle(page)
    expect(box).to_contain_text("请为每个字段选择")
    box.get_by_text("市院").click()
    settle(page)
    box.get_by_role("button", name="保存所选").click()
    settle(page)
    expect(box).to_have_count(0)
    with reading(engine) as session:
        assert session.scalars(select(Station.host).where(Station.code == code)).one() == "市院"
    engine.dispose()
