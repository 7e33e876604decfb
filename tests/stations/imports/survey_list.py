"""A second list as an office sends it, of invented stations, in other words and with other errors than ``office_list``.

A number of the annex, a title with the list's own date, headings in two rows of merged cells, coordinates from
Tencent's map, short names of counties, telephones, hours, dates, services and states as people write them, blank lines,
and a signature.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import openpyxl

from geo.coordinates import from_wgs84
from geo.counties import County, county_layer

ROWS = 60
FIRST_ROW = 5
HEADINGS = (
    ("编号", None),
    ("所属地区", "地市"),
    (None, "区县"),
    ("站点全称", None),
    ("挂牌名称", None),
    ("建设单位", None),
    ("具体位置", None),
    ("坐标（腾讯地图）", "X（经度）"),
    (None, "Y（纬度）"),
    ("质量管家", "名字"),
    (None, "手机"),
    ("对外咨询电话", None),
    ("开放时间", None),
    ("主要服务内容", None),
    ("服务产业链", None),
    ("揭牌时间", None),
    ("目前状况", None),
    ("备注说明", None),
)
HOURS = (
    "周一到周五 8:30-11:30 13:30-17:00",
    "工作日：上午8点半—12点，下午1点半—5点半",
    "朝九晚五，双休",
    "周一至周日8:00-20:00",
    "周一至周五9:00-17:00，周六9:00-12:00",
    "夏季（5-9月）9:00-18:00，冬季（10-4月）9:00-17:30",
    "周一至周五9:00-17:00，周末预约",
)
OPENED = ("2024年5月", "2023.11.08", "2022年底", datetime(2024, 1, 5), "2024-1-5", "二〇二三年六月", "20240305")
SERVICES = (
    "计量校准/标准咨询/认证辅导",
    "①计量服务②标准化服务③检验检测",
    "质量提升、品牌建设、知识产权",
    "计量、标准、检验检测、认证认可、质量管理等一站式服务",
    "1、检定；2、检测；3、认证",
    "强检、校准、CCC认证、标准查询等",
)
PHONES = (
    "(0512)6555{0:04d}",
    "0512 6555 {0:04d}转8001",
    "+86-512-6555{0:04d}",
    "1390001{0:04d}（微信同号）",
    "0512-6555{0:04d}/6556{0:04d}",
    "４００－８８８－{0:04d}",
)
STATES = ("已运行", "试运行", "筹建中", "运营中", "已撤并（2026年3月）", "暂停（装修）", "正常")

PLANTED: dict[int, tuple[dict[str, Any], str]] = {
    4: ({"地市": "徐州市"}, "doubtful"),
    8: ({"Y（纬度）": None}, "doubtful"),
    15: ({"目前状况": "转型中"}, "doubtful"),
    22: ({"手机": "11010519491231002X"}, "doubtful"),
    27: ({"揭牌时间": "2062年5月"}, "doubtful"),
    33: ({"开放时间": "#N/A"}, "doubtful"),
    38: ({"建设单位": "=CONCAT(B5,C5)"}, "doubtful"),
    44: ({"X（经度）": 0, "Y（纬度）": 0}, "doubtful"),
    50: ({"揭牌时间": "2026年8月", "目前状况": "已撤并（2026年3月）"}, "doubtful"),
}
"""The errors: number of the row → the cells that are written instead, and what becomes of the row."""

TWICE = (59, 12)
"""A row that repeats an earlier one: its number, and that of the earlier one."""


def _counties() -> list[County]:
    """Return the counties of the list, those of one city together, none of them twice."""
    counties = [county for county in county_layer().counties if county.city_adcode not in ("320100", "320900")]
    return sorted(counties, key=lambda county: county.adcode)[-ROWS:]


def _short(county: County) -> str:
    """Return the name of a county as people say it: 昆山 for 昆山市."""
    return county.name[:-1] if len(county.name) > 2 and county.name[-1] in "市县" else county.name


def rows() -> list[dict[str, Any]]:
    """Return the rows by heading, with the errors."""
    made: list[dict[str, Any]] = []
    for number, county in enumerate(_counties(), 1):
        lon, lat = (round(float(value), 6) for value in from_wgs84(county.lon, county.lat, "gcj02"))
        state = STATES[number % len(STATES)]
        row: dict[str, Any] = {
            "编号": number,
            "地市": county.city.removesuffix("市"),
            "区县": _short(county),
            "站点全称": f"示例{_short(county)}质量基础设施服务站（{number}）",
            "挂牌名称": "质量驿站",
            "建设单位": f"示例{_short(county)}质检所",
            "具体位置": f"{county.name}示例大道{number}号便民中心{number % 3 + 1}楼",
            "X（经度）": lon,
            "Y（纬度）": lat,
            "名字": ("张某", "李某某", "欧阳某")[number % 3],
            "手机": f"139 0002 {number:04d}",
            "对外咨询电话": PHONES[number % len(PHONES)].format(number),
            "开放时间": HOURS[number % len(HOURS)],
            "主要服务内容": SERVICES[number % len(SERVICES)],
            "服务产业链": None,
            "揭牌时间": None if state == "筹建中" else OPENED[number % len(OPENED)],
            "目前状况": state,
            "备注说明": ("/", None, "无")[number % 3],
        }
        made.append(row | PLANTED.get(number, ({}, ""))[0])
    later, earlier = TWICE
    made[later - 1] = made[earlier - 1] | {"编号": later}
    return made


def survey_list() -> bytes:
    """Return the workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["附件2"])
    sheet.append(["示例：质量基础设施“一站式”服务站点摸底表（截至2026年10月31日）"])
    sheet.append([upper for upper, _ in HEADINGS])
    sheet.append([lower for _, lower in HEADINGS])
    names = [lower or upper for upper, lower in HEADINGS]
    for number, row in enumerate(rows()):
        sheet.append([row[name] for name in names])
        for cell in sheet[FIRST_ROW + number]:
            if cell.data_type == "f":
                cell.data_type = "s"  # a formula that was pasted as text
    sheet.append([])
    sheet.append([None, None, None, "填报人：某某", None, None, "分管领导：某某"])
    sheet.merge_cells("A2:R2")
    for area in ("B3:C3", "H3:I3", "J3:K3"):
        sheet.merge_cells(area)
    for place, (upper, lower) in enumerate(HEADINGS, 1):
        if upper and lower is None:
            sheet.merge_cells(start_row=3, end_row=4, start_column=place, end_column=place)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
