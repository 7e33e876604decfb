"""名单导入: a list is put right in its preview, its words are taught once, and the next list knows them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from stations.duty.roles import Role
from stations.tables.workbooks import MIME
from tests.portal.browsing import open_choices, open_expander, settle, visit, write_cell
from tests.portal.conftest import Server
from tests.portal.people import new_account, sign_in
from tests.stations.imports.import_files.make import text
from tests.stations.imports.test_list_sheets import workbook

HEAD = ("站点名称", "县(市、区)", "详细地址", "服务项目", "备注栏")


def to_import(server: Server, page: Page) -> None:
    sign_in(page, server, new_account(server, Role.PROVINCE, "320000"))
    visit(page, f"{server.url}/import_stations")


def upload(page: Page, rows: Sequence[Sequence[str]]) -> None:
    page.locator('input[type="file"]').set_input_files(
        {"name": "示例名单.csv", "mimeType": "text/csv", "buffer": text(rows)}
    )
    expect(page.get_by_role("heading", name="逐行核对")).to_be_visible()
    settle(page)


def outcomes(page: Page) -> Locator:
    return page.get_by_role("table", name="名单各行").locator("tbody tr td:nth-child(2)")


def teach(page: Page, word: str, meaning: str) -> None:
    """Choose what a word means."""
    choose(page, f"“{word}”的含义", meaning)


def choose(page: Page, label: str, option: str) -> None:
    open_choices(page, label)
    page.get_by_role("combobox", name=label).fill(option)
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def test_a_list_is_put_right_and_the_next_one_is_known(own_portal_server: Server, page: Page) -> None:
    marks = uuid4().hex[:6]
    word, zone = f"量具{marks}一条龙", f"鹿{marks}片"
    to_import(own_portal_server, page)
    upload(
        page,
        [
            HEAD,
            (f"示例{marks}锦绣路质量小站", "常熟市", "示例路1号", word, "一"),
            (f"示例{marks}轴承城质量小站", zone, "示例路2号", f"{word}；校准", "二"),
            (f"示例{marks}丝绸园质量小站", "火星区", "示例路3号", "校准", "三"),
            (f"示例{marks}商贸城质量小站", "张家港市", "示例路5号", "校准", "四"),
        ],
    )
    expect(outcomes(page)).to_have_text(["有误", "有误", "待核实", "新增"])
    expect(page.get_by_text("2 行 · 如第 2 行：")).to_be_visible()
    again = page.get_by_role("button", name="按此重新读取")
    expect(again).to_be_disabled()
    teach(page, word, "强制检定")
    teach(page, zone, "昆山市（苏州市）")
    write_cell(page, 1, 3, "火星区", "太仓市")  # row 4 of the file: its number, what to know, its name, its county
    expect(again).to_have_text("按此重新读取：2 个用语、1 个单元格")
    expect(page.get_by_role("button", name="只导入 1 行正确的内容")).to_be_disabled()
    expect(page.get_by_text("先重新读取名单，再导入")).to_be_visible()
    again.click()
    expect(page.get_by_text("名单已按您的改正重新读取")).to_be_visible()
    settle(page)
    expect(outcomes(page)).to_have_text(["新增", "新增", "新增", "新增"])
    expect(page.get_by_text("“火星区” → “太仓市”")).to_be_visible()
    page.get_by_role("button", name="导入全部 4 行").click()
    expect(page.get_by_text("名单已导入：新增站点 4 个")).to_be_visible()
    settle(page)

    upload(page, [HEAD, (f"示例{marks}船闸口质量小站", zone, "示例路4号", word, "")])
    expect(outcomes(page)).to_have_text(["新增"])
    expect(page.get_by_text(f"“{word}” → 强制检定（1 行）")).to_be_visible()
    expect(page.get_by_text("已记住的用语：")).to_be_visible()
    box = open_expander(page, "以前的名单中记住的用语")
    expect(box.locator("table")).to_contain_text(word)
    for one in (word, zone):
        choose(page, "要删除的用语", one)
        page.keyboard.press("Tab")  # closes the list, over which nothing else can be pressed
    page.get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_text("已删除 2 个用语")).to_be_visible()
    expect(outcomes(page)).to_have_text(["有误"])


def test_a_heading_without_which_nothing_can_be_read_is_asked_for(own_portal_server: Server, page: Page) -> None:
    heading = f"点位{uuid4().hex[:6]}"
    to_import(own_portal_server, page)
    page.locator('input[type="file"]').set_input_files(
        {
            "name": "示例名单.csv",
            "mimeType": "text/csv",
            "buffer": text([(heading, "地址", "县区"), (f"示例{heading}质量小站", "示例路1号", "昆山市")]),
        }
    )
    choose(page, "哪个表头是“名称”这一列？", heading)
    page.get_by_text("记住这些用语，供").click()
    settle(page)
    page.get_by_role("button", name="按此重新读取").click()
    expect(outcomes(page)).to_have_text(["新增"])


def test_a_sheet_is_chosen_and_its_words_taught_in_a_list_of_pilots(own_portal_server: Server, page: Page) -> None:
    mark = uuid4().hex[:6]
    kind = f"种养{mark}"
    head = ("试点名称", "类型", "设区市", "阶段", "立项日期")
    old, new = ((f"示例{mark}{year}试点", kind, "苏州市", "立项", "2024-03") for year in ("甲", "乙"))
    sign_in(page, own_portal_server, new_account(own_portal_server, Role.PROVINCE, "320000"))
    visit(page, f"{own_portal_server.url}/import_list?kind=pilots")
    page.locator('input[type="file"]').set_input_files(
        {"name": "示例名单.xlsx", "mimeType": MIME, "buffer": workbook({"2024": [head, old], "2025": [head, new]})}
    )
    expect(outcomes(page)).to_have_text(["有误", "有误"])
    choose(page, "名单在哪个工作表？", "2025")
    expect(outcomes(page)).to_have_text(["有误"])
    teach(page, kind, "农业标准化试点示范")
    page.get_by_role("button", name="按此重新读取：1 个用语").click()
    expect(outcomes(page)).to_have_text(["新增"])
    expect(page.get_by_text("工作簿中读取了工作表“2025”")).to_be_visible()
    choose(page, "名单在哪个工作表？", "2024")
    expect(outcomes(page)).to_have_text(["新增"])
    expect(page.get_by_role("table", name="名单各行")).to_contain_text(f"示例{mark}甲试点")


def test_a_cell_of_a_list_of_centres_is_put_right(own_portal_server: Server, page: Page) -> None:
    mark = f"示例{uuid4().hex[:6]}"
    sign_in(page, own_portal_server, new_account(own_portal_server, Role.PROVINCE, "320000"))
    visit(page, f"{own_portal_server.url}/import_list?kind=centres")
    head = ("中心名称", "级别", "类别", "依托单位", "所在地", "批准筹建日期")
    upload(page, [head, (f"江苏省{mark}家具质检中心", "省级", "质检中心", "某院", "火星市", "2020")])
    expect(outcomes(page)).to_have_text(["有误"])
    write_cell(page, 0, 6, "火星市", "昆山市")
    page.get_by_role("button", name="按此重新读取：1 个单元格").click()
    expect(outcomes(page)).to_have_text(["新增"])
    expect(page.get_by_text("“火星市” → “昆山市”")).to_be_visible()
