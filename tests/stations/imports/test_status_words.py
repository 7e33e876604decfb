"""The words and dates by which lists tell the status of a station."""

from __future__ import annotations

import pytest

from stations.errors import InvalidInput
from stations.imports.status_words import StatusTold, read_status, says_it_ended
from stations.partial_date import PartialDate
from stations.registry.station import Status

WORDS = {
    Status.ACTIVE: (
        "正常 运行 正常运行 运行中 运营 运营中 在用 启用 已启用 开放 已建成 建成 已建 服务中 open operating "
        "试运行 正常开放 正常服务 开放中 已运行 已运营 已开放 已挂牌 正常运营 试运营 在营 投用 已投用 "
        "建成投用 已投入使用 已建成并投入使用 正常营业 运营正常 营业中 目前正常运行 试运行阶段 active 是 √ "
        "✓"
    ),
    Status.PLANNED: (
        "建设中 在建中 待建 待启用 未启用 未运行 未建成 规划建设 筹建 筹建中 在建 规划 规划中 拟建 计划 "
        "未开放 尚未开业 正在建设 筹备中 即将启用 待投用 planned"
    ),
    Status.SUSPENDED: (
        "已暂停 已停用 停业 临时关闭 暂时关闭 暂停营业 暂停开放 暂停 暂停服务 暂停运行 停业整顿 整改 整改中 "
        "停用 已停 停运 已停运 歇业 已歇业 装修中 升级改造中 暂不开放 暂停对外服务 suspended"
    ),
    Status.CLOSED: (
        "已注销 已撤并 关停 已关停 取消 已取消 终止运行 停止运行 停办 已停办 关闭 已关闭 撤销 已撤销 注销 "
        "撤并 永久关闭 关 已关 已撤 停止服务 不再运营 closed"
    ),
}


@pytest.mark.parametrize(("status", "word"), [(status, word) for status in WORDS for word in WORDS[status].split()])
def test_what_a_word_says(status: Status, word: str) -> None:
    told = read_status("status", word)
    assert told is not None and told[:3] == StatusTold(status)[:3]


@pytest.mark.parametrize(
    ("cell", "status", "moment"),
    [
        ("2026年3月关闭", Status.CLOSED, "2026-03"),
        ("关闭（2026年3月）", Status.CLOSED, "2026-03"),
        ("已关停，2025.6.30", Status.CLOSED, "2025-06-30"),
        ("自2026年6月起暂停服务", Status.SUSPENDED, "2026-06"),
        ("２０２５年底停用", Status.SUSPENDED, "2025"),
        ("2023-06-01 启用", Status.ACTIVE, "2023-06-01"),
        ("预计2026年12月启用", Status.PLANNED, "2026-12"),
        ("二〇二五年六月关闭", Status.CLOSED, "2025-06"),
        ("25年6月3日停用", Status.SUSPENDED, "2025-06-03"),
        ("20250630关闭", Status.CLOSED, "2025-06-30"),
    ],
)
def test_a_status_with_its_date(cell: str, status: Status, moment: str) -> None:
    assert read_status("status", cell) == StatusTold(status, PartialDate.parse(moment))


@pytest.mark.parametrize(
    ("cell", "status", "reason", "moment"),
    [
        ("暂停（装修）至2026年12月底", Status.SUSPENDED, "装修（至2026年12月底）", None),
        ("已关闭：搬迁", Status.CLOSED, "搬迁", None),
        ("暂停——装修", Status.SUSPENDED, "装修", None),
        ("暂停/装修", Status.SUSPENDED, "装修", None),
        ("暂停(装修,2026-12-31前)", Status.SUSPENDED, "装修；2026-12-31前", None),
        ("因场地搬迁而关闭", Status.CLOSED, "场地搬迁", None),
        ("2025年6月因搬迁关闭", Status.CLOSED, "搬迁", "2025-06"),
        ("由于人员不足，暂停服务", Status.SUSPENDED, "人员不足", None),
        ("已撤销（并入太仓站）", Status.CLOSED, "并入太仓站", None),
        ("已关闭（2025年6月，搬迁）", Status.CLOSED, "搬迁", "2025-06"),
        ("2025年6月起暂停服务（装修）", Status.SUSPENDED, "装修", "2025-06"),
        ("2026年9月起暂停服务，预计2026年12月恢复", Status.SUSPENDED, "预计2026年12月恢复", "2026-09"),
        ("暂停至2026年12月", Status.SUSPENDED, "至2026年12月", None),
        ("装修中（至2026年12月底）", Status.SUSPENDED, "装修中（至2026年12月底）", None),
        ("停用：设备故障", Status.SUSPENDED, "设备故障", None),
        ("关闭 租约到期", Status.CLOSED, "租约到期", None),
        ("筹建中（待选址）", Status.PLANNED, "待选址", None),
        ("suspended: renovation until 2026-12", Status.SUSPENDED, "renovation（until 2026-12）", None),
    ],
)
def test_a_status_with_its_reason(cell: str, status: Status, reason: str, moment: str | None) -> None:
    told = read_status("status", cell)
    assert told is not None and (told.status, told.reason) == (status, reason)
    assert told.moment == (PartialDate.parse(moment) if moment else None)


@pytest.mark.parametrize(
    "cell",
    [
        "运行中（装修）",
        "正常运行（部分项目暂停）",
        "已关闭（装修）",
        "未关闭（搬迁）",
        "暂停2025.6至2025.9",
        "不关闭",
        "半开放",
        "飞行",
        "已搬迁",
        "未知",
        "待定",
        "否",
        "×",
        "2026年13月关闭",
        "2023.6启用，2025.3关闭",
        "中",
        "停用（2025.6-2025.9）",
    ],
)
def test_what_is_not_understood(cell: str) -> None:
    with pytest.raises(InvalidInput) as told:
        read_status("status", cell)
    assert told.value.params["text"] in cell


@pytest.mark.parametrize(
    ("remark", "ended"),
    [
        ("已撤销", True),
        ("2026年6月起暂停服务", True),
        ("因搬迁停止对外服务", True),
        ("2026.6停用", True),
        ("周末暂停服务", False),
        ("节假日关闭", False),
        ("未关闭", False),
        ("停车方便", False),
    ],
)
def test_which_remarks_say_that_it_ended(remark: str, ended: bool) -> None:
    assert says_it_ended(remark) is ended


def test_a_dash_says_nothing() -> None:
    assert read_status("status", "—") is None
