"""The columns of a list of stations: their possible headings, and how their cells are read.

The template for offices (``template``) is made from the same table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stations.entered_text import says_nothing
from stations.keeping.record_checks import read_hours, read_phone
from stations.keeping.record_codes import read_code
from stations.language import N_, Listed
from stations.places.coordinates import read_coordinate_system, read_degrees, read_degrees_pair
from stations.registry.station import Status
from stations.tables.cell_values import cell_text, choice_of, partial_date
from stations.tables.column import Column

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
"""The word for each status that the template offers; the portal uses the same words."""

def _code(field: str, cell: Any) -> str:
    return read_code(cell_text(field, cell))


def _one_line(field: str, cell: Any) -> str | None:
    written = " ".join(cell_text(field, cell).split())
    return None if says_nothing(written) else written


def _lines(field: str, cell: Any) -> str | None:
    """Return the text of a cell that may list several things, one on each line."""
    written = cell.strip() if isinstance(cell, str) else cell_text(field, cell)
    return None if says_nothing(written) else written


def _said(read: Callable[[str, str], Any]) -> Callable[[str, Any], Any]:
    """Return a reader that applies ``read`` to the text shown in a cell."""
    return lambda field, cell: read(field, cell_text(field, cell))


@dataclass(frozen=True)
class StationColumn(Column):
    """A column of a list of stations.

    ``advice``: a message that says what to write into it. ``text``: whether the checked text of its cell is the
    station's field of the same name; ``stations.imports.rows`` uses the other columns.
    """

    advice: str = ""
    text: bool = False


COLUMNS: tuple[StationColumn, ...] = (
    StationColumn(
        "code",
        N_("Record code"),
        ("登记编号", "编号", "站点编号", "小站编号", "站点编码", "编码", "代码", "record code"),
        _code,
        advice=N_("Of a station on file, to change it; empty for a new one"),
    ),
    StationColumn(
        "name",
        N_("Name"),
        ("名称", "站点名称", "小站名称", "质量小站名称", "站名", "服务站名称", "机构名称", "station", "station name"),
        _one_line,
        required=True,
        advice=N_("Always needed. A station of this name in this county is taken for the one on file"),
        text=True,
    ),
    StationColumn(
        "name_en",
        N_("Name in English"),
        ("英文名称", "英文名", "english name", "name in english"),
        _one_line,
        advice=N_("Where it has one"),
        text=True,
    ),
    StationColumn(
        "brand",
        N_("Brand"),
        ("品牌", "站点品牌", "服务品牌", "站点类型"),
        _one_line,
        advice=N_("Such as 质量小站"),
        text=True,
    ),
    StationColumn(
        "city",
        N_("City"),
        ("设区市", "市", "地市", "所属市", "所在市", "城市", "所属设区市", "地级市"),
        _one_line,
        advice=N_("Needed only where several counties have the same name"),
    ),
    StationColumn(
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
        advice=N_("Choose from the list; needed for a new station"),
    ),
    StationColumn(
        "address",
        N_("Address"),
        ("地址", "详细地址", "站点地址", "所在地址", "小站地址", "通讯地址", "地点"),
        _one_line,
        advice=N_("Needed for a new station"),
        text=True,
    ),
    StationColumn(
        "lon",
        N_("Longitude"),
        ("经度", "东经", "longitude", "lng", "x", "x坐标"),
        _said(read_degrees),
        advice=N_("Degrees, such as 120.9807 or 120°58′50.5″"),
    ),
    StationColumn(
        "lat",
        N_("Latitude"),
        ("纬度", "北纬", "latitude", "y", "y坐标"),
        _said(read_degrees),
        advice=N_("Degrees, such as 31.3856 or 31°23′8″"),
    ),
    StationColumn(
        "place",
        N_("Coordinates"),
        ("坐标", "经纬度", "经纬度坐标", "地理坐标", "位置坐标", "coordinates", "lon,lat"),
        _said(read_degrees_pair),
        advice=N_("Longitude and latitude in one cell, in place of the two columns"),
    ),
    StationColumn(
        "crs",
        N_("Coordinate system"),
        ("坐标系", "坐标系统", "坐标来源", "coordinate system"),
        _said(read_coordinate_system),
        advice=N_(
            "Of the map that the numbers are from: WGS-84 (GPS, Tianditu), GCJ-02 (AMap, Tencent), BD-09 (Baidu)"
        ),
    ),
    StationColumn(
        "phone",
        N_("Telephone"),
        ("电话", "联系电话", "服务电话", "咨询电话", "站点电话", "联系方式", "telephone", "tel"),
        _said(read_phone),
        advice=N_("With the area code, such as 0512-5550 0001"),
        text=True,
    ),
    StationColumn(
        "hours",
        N_("Opening hours"),
        ("服务时间", "开放时间", "工作时间", "营业时间", "opening hours"),
        _said(read_hours),
        advice=N_("Such as 周一至周五 9:00-12:00, 13:30-17:00, or Mo-Fr 09:00-17:00"),
        text=True,
    ),
    StationColumn(
        "services",
        N_("Services"),
        ("服务项目", "服务", "服务内容", "服务事项", "可提供服务", "服务功能", "service"),
        _lines,
        advice=N_("Names or codes of the catalogue, parted by ；"),
    ),
    StationColumn(
        "chains",
        N_("Industrial chains"),
        ("产业链", "服务产业链", "对接产业链", "所属产业链", "industrial chains"),
        _lines,
        advice=N_("Names or codes, parted by ；"),
    ),
    StationColumn(
        "status",
        N_("Status"),
        ("状态", "运行状态", "运营状态", "站点状态", "建设状态"),
        choice_of(STATUS_WORDS, told=Listed(status.label for status in PLAIN_STATUS)),
        advice=N_("Choose from the list; empty: active"),
    ),
    StationColumn(
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
        advice=N_("Such as 2024-03-05, 2024-03 or 2024"),
    ),
    StationColumn(
        "since",
        N_("Status since"),
        ("状态日期", "状态起始日期", "状态时间", "变更日期", "status since", "status date"),
        partial_date,
        advice=N_("From when the status holds, where it is another than since opening"),
    ),
    StationColumn(
        "reason",
        N_("Reason"),
        ("原因", "状态原因", "暂停原因", "关闭原因"),
        _one_line,
        advice=N_("Needed for a suspended or closed station"),
    ),
    StationColumn(
        "source",
        N_("Source"),
        ("来源", "数据来源", "文号", "依据", "依据文件"),
        _one_line,
        advice=N_("The document that says so; empty: the name of this file"),
        text=True,
    ),
)

TEXTS = tuple(column.name for column in COLUMNS if column.text)
"""The columns whose texts are the station's fields of the same names."""
