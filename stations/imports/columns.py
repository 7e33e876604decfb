"""The columns of a list of stations: what each may be headed with, and how its cells are read.

The same table makes the template that offices are given (``template``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stations.entered_text import says_nothing
from stations.keeping.record_checks import read_hours, read_phone
from stations.keeping.record_codes import read_code
from stations.language import N_, Listed
from stations.places.coordinates import read_coordinate_system, read_degrees, read_degrees_pair
from stations.registry.station import Status
from stations.tables.cell_values import cell_text, choice_of, partial_date
from stations.tables.spreadsheet import Column

STATUS_WORDS: dict[str, Status] = {
    **{status.value: status for status in Status},
    **dict.fromkeys(
        ("正常", "运行", "正常运行", "运行中", "运营", "运营中", "在用", "启用", "已启用", "开放"), Status.ACTIVE
    ),
    **dict.fromkeys(("已建成", "建成", "已建", "服务中", "open", "operating"), Status.ACTIVE),
    **dict.fromkeys(("筹建", "筹建中", "在建", "规划", "规划中", "拟建", "计划", "planned station"), Status.PLANNED),
    **dict.fromkeys(("暂停", "暂停服务", "暂停运行", "停业整顿", "整改", "整改中", "停用"), Status.SUSPENDED),
    **dict.fromkeys(("关闭", "已关闭", "撤销", "已撤销", "注销", "撤并", "永久关闭", "closed for good"), Status.CLOSED),
}

PLAIN_STATUS: dict[Status, str] = {
    Status.PLANNED: "规划中",
    Status.ACTIVE: "运行中",
    Status.SUSPENDED: "暂停服务",
    Status.CLOSED: "已关闭",
}
"""The one word for each that a template offers, the portal's own."""

def _code(field: str, cell: Any) -> str:
    return read_code(cell_text(field, cell))


def _one_line(field: str, cell: Any) -> str | None:
    written = " ".join(cell_text(field, cell).split())
    return None if says_nothing(written) else written


def _lines(field: str, cell: Any) -> str | None:
    """A cell that may list several things, one a line."""
    written = cell.strip() if isinstance(cell, str) else cell_text(field, cell)
    return None if says_nothing(written) else written


def _said(read: Callable[[str, str], Any]) -> Callable[[str, Any], Any]:
    """The cell read as the text that it shows."""
    return lambda field, cell: read(field, cell_text(field, cell))


COLUMNS: tuple[Column, ...] = (
    Column(
        "code",
        N_("Record code"),
        ("登记编号", "编号", "站点编号", "小站编号", "站点编码", "编码", "代码", "record code"),
        _code,
    ),
    Column(
        "name",
        N_("Name"),
        ("名称", "站点名称", "小站名称", "质量小站名称", "站名", "服务站名称", "机构名称", "station", "station name"),
        _one_line,
        required=True,
    ),
    Column("name_en", N_("Name in English"), ("英文名称", "英文名", "english name", "name in english"), _one_line),
    Column("brand", N_("Brand"), ("品牌", "站点品牌", "服务品牌", "站点类型"), _one_line),
    Column("city", N_("City"), ("设区市", "市", "地市", "所属市", "所在市", "城市", "所属设区市", "地级市"), _one_line),
    Column(
        "county",
        N_("County, city or district"),
        (
            "县(市、区)",
            "县市区",
            "县",
            "区县",
            "区(县)",
            "市县",
            "所属区县",
            "所在区县",
            "所在县市区",
            "所属县市区",
            "县区",
            "区",
        )
        + ("行政区划", "所属地区", "所属辖区", "adcode", "district", "county", "area", "county, city or district"),
        _one_line,
    ),
    Column(
        "address",
        N_("Address"),
        ("地址", "详细地址", "站点地址", "所在地址", "小站地址", "通讯地址", "地点"),
        _one_line,
    ),
    Column("lon", N_("Longitude"), ("经度", "东经", "longitude", "lng", "x", "x坐标"), _said(read_degrees)),
    Column("lat", N_("Latitude"), ("纬度", "北纬", "latitude", "y", "y坐标"), _said(read_degrees)),
    Column(
        "place",
        N_("Coordinates"),
        ("坐标", "经纬度", "经纬度坐标", "地理坐标", "位置坐标", "coordinates", "lon,lat"),
        _said(read_degrees_pair),
    ),
    Column(
        "crs",
        N_("Coordinate system"),
        ("坐标系", "坐标系统", "坐标来源", "coordinate system"),
        _said(read_coordinate_system),
    ),
    Column(
        "phone",
        N_("Telephone"),
        ("电话", "联系电话", "服务电话", "咨询电话", "站点电话", "联系方式", "telephone", "tel"),
        _said(read_phone),
    ),
    Column(
        "hours",
        N_("Opening hours"),
        ("服务时间", "开放时间", "工作时间", "营业时间", "opening hours"),
        _said(read_hours),
    ),
    Column(
        "services",
        N_("Services"),
        ("服务项目", "服务", "服务内容", "服务事项", "可提供服务", "服务功能", "service"),
        _lines,
    ),
    Column(
        "chains",
        N_("Industrial chains"),
        ("产业链", "服务产业链", "对接产业链", "所属产业链", "industrial chains"),
        _lines,
    ),
    Column(
        "status",
        N_("Status"),
        ("状态", "运行状态", "运营状态", "站点状态", "建设状态"),
        choice_of(STATUS_WORDS, told=Listed(status.label for status in PLAIN_STATUS)),
    ),
    Column(
        "opened",
        N_("Opened"),
        (
            "启用日期",
            "启用时间",
            "建成时间",
            "建成日期",
            "成立时间",
            "成立日期",
            "开放日期",
            "建站时间",
            "运行时间",
            "挂牌时间",
        )
        + ("揭牌时间", "opened", "opening date"),
        partial_date,
    ),
    Column(
        "since",
        N_("Status since"),
        ("状态日期", "状态起始日期", "状态时间", "变更日期", "status since", "status date"),
        partial_date,
    ),
    Column("reason", N_("Reason"), ("原因", "状态原因", "暂停原因", "关闭原因"), _one_line),
    Column("source", N_("Source"), ("来源", "数据来源", "文号", "依据", "依据文件"), _one_line),
)
