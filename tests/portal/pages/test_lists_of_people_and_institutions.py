"""其他名单导入 in a real browser: institutions with their scopes, and accounts with their one-time codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect
from stdnum.cn import uscc

from stations.duty.roles import Role
from tests.portal.browsing import open_expander, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import PASSWORD, new_account, sign_in, sign_in_by_form


def upload(page: Page, content: str, word: str) -> None:
    page.locator('input[type="file"]').set_input_files(
        {"name": "示例名单.csv", "mimeType": "text/csv", "buffer": content.encode("gb18030")}
    )
    expect(page.locator("table").last).to_contain_text(word)
    settle(page)


def misprinted() -> str:
    """Return a credit code of its own whose last character does not fit the others."""
    stem = f"12320500{uuid4().int % 10**9:09d}"
    return stem + ("1" if uscc.calc_check_digit(stem) != "1" else "2")


def test_a_list_of_institutions_is_previewed_imported_and_stands_on_its_page(
    own_portal_server: Server, page: Page, tmp_path: Path
) -> None:
    mark = f"示例{uuid4().hex[:6]}"
    sign_in(page, own_portal_server, new_account(own_portal_server, Role.PROVINCE, "320000"))
    visit(page, f"{own_portal_server.url}/institutions")
    page.get_by_role("link", name="导入机构名单").click()
    expect(page.get_by_role("heading", name="其他名单导入")).to_be_visible()
    settle(page)
    upload(
        page,
        "机构名称,所在市,认可证书编号(CNAS),有效期至,检测项目/参数/产品,测量范围,依据标准(方法)\n"
        f"{mark}计量院,苏州市,L0452,2027年3月14日,游标卡尺,(0～500) mm,JJG 30-2012\n"
        ",,,,电子天平,1 mg～30 kg,JJG 1036-2022\n"
        f"{mark}食品检验所,苏州市,√,2027-01-01,食品中铅,,GB 5009.12-2023\n",
        "√",
    )
    rows = page.locator("table").last
    assert rows.locator("tbody tr td:nth-child(2)").all_inner_texts() == ["待核实", "新增", "并入上行"]
    page.get_by_role("button", name="只导入 1 行").click()
    expect(page.get_by_text("名单已导入：新增 1 条")).to_be_visible()
    settle(page)
    visit(page, f"{own_portal_server.url}/institutions?q={mark}")
    page.get_by_role("link", name=f"{mark}计量院").click()
    scope = page.locator("table").first
    expect(scope).to_contain_text("电子天平")
    settle(page)
    expect(scope).to_contain_text("L0452")
    page.get_by_role("link", name="修改该机构").click()
    expect(page.get_by_text("每个产品或参数一条")).to_be_visible()
    settle(page)
    page.get_by_label("电话").fill("0512-5550 0001")
    page.keyboard.press("Tab")
    settle(page)
    page.get_by_label("统一社会信用代码").fill(misprinted())
    page.keyboard.press("Tab")
    settle(page)
    page.get_by_text("营业执照上的代码确为如此").click()
    settle(page)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("机构已保存")).to_be_visible()
    settle(page)
    expect(scope).to_contain_text("电子天平")  # the grid gave back what it was given
    expect(open_expander(page, "变更记录")).to_contain_text("0512-5550 0001")
    visit(page, f"{own_portal_server.url}/institutions")
    with page.expect_download() as saving:
        page.get_by_role("button", name="现有登记名单（CSV）").click()
    saving.value.save_as(tmp_path / "institutions.csv")
    assert f"{mark}计量院" in (tmp_path / "institutions.csv").read_text("utf-8-sig")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_a_list_of_accounts_gives_each_a_code_that_is_shown_until_it_is_noted_down(
    own_portal_server: Server, visitor: Callable[..., Page]
) -> None:
    admin, newcomer = visitor(), visitor(phone=True)
    username = f"wang-{uuid4().hex[:8]}"
    sign_in(admin, own_portal_server, new_account(own_portal_server, Role.CITY, "320500"))
    visit(admin, f"{own_portal_server.url}/accounts")
    admin.get_by_role("link", name="导入账号名单").click()
    expect(admin.get_by_role("heading", name="其他名单导入")).to_be_visible()
    settle(admin)
    upload(
        admin,
        "用户名,姓名,角色,管辖地区,手机\n"
        f"{username},{username}某,县级管理员,昆山市,\n"
        f"{username}-2,李某,市级管理员,苏州市,\n"
        f"{username}-3,赵某,超级用户,昆山市,\n",
        "超级用户",
    )
    rows = admin.locator("table").last
    assert rows.locator("tbody tr td:nth-child(2)").all_inner_texts() == ["有误", "有误", "新增"]
    admin.get_by_role("button", name="只导入 1 行").click()
    code = admin.locator("code").first
    expect(code).to_be_visible()
    settle(admin)

    newcomer.goto(f"{own_portal_server.url}/first-password?user={username}")
    newcomer.locator("#code").fill(code.inner_text())
    newcomer.locator("#new_password").fill(PASSWORD)
    newcomer.locator("#repeated").fill(PASSWORD)
    newcomer.get_by_role("button", name="设置密码").click()
    newcomer.wait_for_url("**/sign-in?done=password")
    sign_in_by_form(newcomer, own_portal_server, username)

    admin.get_by_role("button", name="已记下").click()
    settle(admin)
    expect(admin.locator("code")).to_have_count(0)
    visit(admin, f"{own_portal_server.url}/accounts?user={username}")
    admin.get_by_label("电子邮箱", exact=True).fill("wang@example.com")
    admin.get_by_label("电子邮箱", exact=True).press("Tab")
    settle(admin)
    admin.get_by_role("button", name="保存联系方式和单位").click()
    expect(admin.get_by_text("联系方式和单位已保存")).to_be_visible()
    settle(admin)
    expect(admin.locator("dl").first).to_contain_text("wang@example.com")
