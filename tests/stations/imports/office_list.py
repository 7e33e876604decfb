"""A list as an office sends it, of invented stations, with errors planted in some of its rows.

A title over all columns, a line with who filled it in and when, headings in two rows of merged cells, coordinates from
AMap's picker, cities merged over their rows, hours, dates and services in an office's own words, a total and a line
with who checked it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from geo.coordinates import from_wgs84
from geo.counties import County, county_layer

ROWS = 60
FIRST_ROW = 5
HEADINGS = (
    ("序号", None),
    ("设区市", None),
    ("县（市、区）", None),
    ("小站名称", None),
    ("依托单位", None),
    ("详细地址", None),
    ("经纬度（高德）", "经度"),
    (None, "纬度"),
    ("联系人", "姓名"),
    (None, "联系电话"),
    ("服务电话", None),
    ("服务时间", None),
    ("服务项目", None),
    ("启用时间", None),
    ("运行状态", None),
    ("备注", None),
)
HOURS = (
    "周一至周五 上午9:00—11:30，下午14:00—17:00",
    "法定工作日 上午8：30-12：00 下午2：00-5：30",
    "全年无休 9:00-21:00",
    "工作日9:00-17:00（国家法定节假日除外）",
    "每周一至周六 8:30-17:30",
    "9:00-17:00（周一至周五）",
)
OPENED = ("2023年6月15日", "2023.6.15", "2023-06", "2023年6月", "2023/6/15")
SERVICES = (
    "计量检定、标准查新、体系认证",
    "检验检测；校准",
    "产品检验\n标准查询",
    "1.计量检定 2.认证咨询",
    "质量管理、知识产权",
)
PHONES = ("0512-5555{0:04d}", "0512-5555{0:04d}、5556{0:04d}", "0512-5555{0:04d}（值班）", "1380000{0:04d}")
STATES = ("正常运行", "正常运行", "正常运行", "在建", "暂停服务", "关闭")

PLANTED: dict[int, tuple[dict[str, Any], str]] = {
    3: ({"小站名称": ""}, "wrong"),
    9: ({"县（市、区）": "火星区"}, "doubtful"),
    14: ({"设区市": "", "县（市、区）": "鼓楼区", "详细地址": "示例路14号", "经度": None, "纬度": None}, "wrong"),
    20: ({"经度": 118.78, "纬度": 32.06}, "doubtful"),
    25: ({"详细地址": "上海市嘉定区示例路25号"}, "doubtful"),
    31: ({"服务时间": "看情况"}, "doubtful"),
    36: ({"服务电话": "0512-12345"}, "doubtful"),
    42: ({"服务项目": "计量检定、潜水"}, "doubtful"),
    47: ({"启用时间": "2023年13月45日"}, "doubtful"),
    53: ({"纬度": "北纬"}, "doubtful"),
}
"""The errors: number of the row → the cells that are written instead, and what becomes of the row."""


def _counties() -> list[County]:
    """Return the counties of the list, those of one city together, none of them twice."""
    counties = [county for county in county_layer().counties if county.city_adcode not in ("320100", "320300")]
    return sorted(counties, key=lambda county: county.adcode)[:ROWS]


def rows() -> list[dict[str, Any]]:
    """Return the rows by heading, with the errors."""
    made = []
    for number, county in enumerate(_counties(), 1):
        lon, lat = (round(float(value), 6) for value in from_wgs84(county.lon, county.lat, "gcj02"))
        row: dict[str, Any] = {
            "序号": number,
            "设区市": county.city,
            "县（市、区）": county.name,
            "小站名称": f"示例{county.name}第{number}质量小站",
            "依托单位": f"示例{county.name}检验检测中心",
            "详细地址": f"示例路{number}号",
            "经度": lon,
            "纬度": lat,
            "姓名": "王某",
            "联系电话": f"1390000{number:04d}",
            "服务电话": PHONES[number % len(PHONES)].format(number),
            "服务时间": HOURS[number % len(HOURS)],
            "服务项目": SERVICES[number % len(SERVICES)],
            "启用时间": None if STATES[number % len(STATES)] == "在建" else OPENED[number % len(OPENED)],
            "运行状态": STATES[number % len(STATES)],
            "备注": "设备检修" if STATES[number % len(STATES)] in ("暂停服务", "关闭") else None,
        }
        made.append(row | PLANTED.get(number, ({}, ""))[0])
    return made


def office_list() -> bytes:
    """Return the workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    width = len(HEADINGS)
    sheet.append(["示例：全省质量小站基本情况统计表"])
    sheet.append(["填报单位：某局", *[None] * (width - 2), "填报日期：2026年11月20日"])
    sheet.append([upper for upper, _ in HEADINGS])
    sheet.append([lower for _, lower in HEADINGS])
    names = [lower or upper for upper, lower in HEADINGS]
    for row in rows():
        sheet.append([row[name] for name in names])
    sheet.append(["合计", None, None, ROWS])
    sheet.append(["填表人：某某", None, None, None, "审核人：某某", None, None, None, "联系电话：0512-55550000"])
    for area in ("A1:P1", "G3:H3", "I3:J3"):
        sheet.merge_cells(area)
    for place, (upper, lower) in enumerate(HEADINGS, 1):
        if upper and lower is None:
            sheet.merge_cells(start_row=3, end_row=4, start_column=place, end_column=place)
    _merge_cities(sheet, [row["设区市"] for row in rows()])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _merge_cities(sheet: Any, cities: Sequence[str]) -> None:
    """Merge the cells of a city that follow each other, as offices do."""
    start = 0
    for at in range(1, len(cities) + 1):
        if at == len(cities) or cities[at] != cities[start]:
            if at - start > 1 and cities[start]:
                first, last = FIRST_ROW + start, FIRST_ROW + at - 1
                sheet.merge_cells(start_row=first, end_row=last, start_column=2, end_column=2)
            start = at
