"""Creates the awkward files beside it: ``python -m tests.stations.imports.import_files.make``.

The contents are invented. Each is a list as an office might send it, with one or a few oddities; ``EXPECTED`` in
``tests/stations/imports/test_import_files.py`` gives the expected result of its rows. No maintained library writes the
old kind of workbook; ``old_excel.xls`` contains ``THREE``, written once with xlwt 1.3.0.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from geo.coordinates import from_wgs84

Rows = Sequence[Sequence[Any]]
FOLDER = Path(__file__).resolve().parent
HEAD = ("站点名称", "县(市、区)", "详细地址", "联系电话")
KUNSHAN = ("示例昆山甲质量小站", "昆山市", "示例路1号", "0512-55500001")
CHANGSHU = ("示例常熟乙质量小站", "常熟市", "示例路2号", "0512-52800002")
TAICANG = ("示例太仓丙质量小站", "太仓市", "示例路3号", "0512-53500003")
THREE = (KUNSHAN, CHANGSHU, TAICANG)
PLACES = ((120.9807, 31.3856), (120.7524, 31.6538), (121.1306, 31.4578))
BORDER = (121.1, 31.368)  # WGS-84, in Kunshan; its BD-09 coordinates lie elsewhere if read in another system


def text(rows: Rows, encoding: str = "utf-8", separator: str = ",", end: str = "\r\n") -> bytes:
    """Return a text file of the rows."""
    return end.join(separator.join("" if cell is None else str(cell) for cell in row) for row in rows).encode(encoding)


def book(rows: Rows, *, merge: Sequence[str] = (), title: str = "名单", before: Callable | None = None) -> bytes:
    """Return a workbook with the rows on its sheet."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merge:
        sheet.merge_cells(area)
    if before:
        before(made)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def column(heading: str, *values: Any) -> Rows:
    """Return the three stations with one more column."""
    return [(*HEAD, heading), *((*row, value) for row, value in zip(THREE, values, strict=True))]


def columns(headings: Sequence[str], *values: Sequence[Any]) -> Rows:
    """Return the three stations with more columns."""
    return [(*HEAD, *headings), *((*row, *value) for row, value in zip(THREE, values, strict=True))]


def _hidden_first(made: openpyxl.Workbook) -> None:
    hidden = made.create_sheet("旧名单", 0)
    hidden.append(HEAD)
    hidden.append(("示例旧站", "昆山市", "旧路1号", ""))
    hidden.sheet_state = "hidden"


def _cover_first(made: openpyxl.Workbook) -> None:
    made.create_sheet("封面", 0).append(["示例：全省质量小站名单"])
    made.create_sheet("说明").append(["填表说明"])


def _far_cell(made: openpyxl.Workbook) -> None:
    made.active["XFC200000"] = "忘在这里的字"


def _bomb() -> bytes:
    plain = book([HEAD, *THREE])
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for entry in source.infolist():
            packed.writestr(entry, source.read(entry))
        packed.writestr("xl/media/image1.bin", b"\0" * 310_000_000)
    return content.getvalue()


def _in(crs: str, *places: tuple[float, float]) -> list[tuple[float, ...]]:
    return [tuple(round(value, 6) for value in from_wgs84(*at, crs)) for at in places]


OFFICE = [
    ("示例：质量小站基本情况表", *[None] * 8),
    ("序号", "站点名称", "所在地", None, "详细地址", "坐标", None, "联系电话", "运行状态"),
    (None, None, "设区市", "县（市、区）", None, "经度", "纬度", None, None),
    *(
        (number, row[0], "苏州市", row[1], row[2], *at, row[3], "运行中")
        for number, (row, at) in enumerate(zip(THREE, PLACES, strict=True), 1)
    ),
]
"""A table with the layout of offices: a title, headings in two rows, and merged cells in both directions."""
OFFICE_MERGED = ("A1:I1", "A2:A3", "B2:B3", "C2:D2", "E2:E3", "F2:G2", "H2:H3", "I2:I3")


def _services(*cells: str) -> bytes:
    return text(column("服务项目", *cells))


FILES: dict[str, Callable[[], bytes]] = {
    "plain.xlsx": lambda: book([HEAD, *THREE]),
    "utf8.csv": lambda: text([HEAD, *THREE]),
    "utf8_mark.csv": lambda: text([HEAD, *THREE], "utf-8-sig"),
    "gbk.csv": lambda: text([HEAD, *THREE], "gbk"),
    "gb18030_rare.csv": lambda: text([HEAD, ("示例㙍头质量小站", *KUNSHAN[1:]), CHANGSHU], "gb18030"),
    "utf16.txt": lambda: text([HEAD, *THREE], "utf-16", "\t"),
    "semicolons.csv": lambda: text([HEAD, *THREE], separator=";"),
    "old_line_ends.csv": lambda: text([HEAD, *THREE], end="\r"),
    "english.csv": lambda: text(
        [("Name", "County", "Address", "Telephone"), ("Sample A", "Kunshan", "Road 1", "0512-55500001")]
    ),
    "heading_aliases.xlsx": lambda: book([("小站名称*", "所属区县（必填）", "站点 地址", "服务\n电话："), *THREE]),
    "title_rows.xlsx": lambda: book([["附件1"], ["示例：质量小站名单"], [None], HEAD, *THREE], merge=("A2:D2",)),
    "two_heading_rows.xlsx": lambda: book(
        [
            ("站点名称", "县(市、区)", "详细地址", "位置", None),
            (None, None, None, "经度", "纬度"),
            *((*row[:3], *at) for row, at in zip(THREE, PLACES, strict=True)),
        ],
        merge=("A1:A2", "B1:B2", "C1:C2", "D1:E1"),
    ),
    "office_layout.xlsx": lambda: book(OFFICE, merge=OFFICE_MERGED),
    "office_layout_gbk.csv": lambda: text(OFFICE, "gbk"),
    "office_pages.csv": lambda: text([*OFFICE[:5], *OFFICE[1:3], OFFICE[5]]),
    "headings_parted.csv": lambda: text(
        [
            ("站点名称", "县(市、区)", "坐标", "", ""),
            ("", "", "度", "分", "秒"),
            *((*row[:2], 120, 58, 50) for row in THREE),
        ]
    ),
    "headings_in_three_rows.csv": lambda: text(
        [
            ("站点名称", "县(市、区)", "坐标", "", "", ""),
            ("", "", "经度", "", "纬度", ""),
            ("", "", "度", "分", "度", "分"),
            *((*row[:2], 120, 58, 31, 23) for row in THREE),
        ]
    ),
    "merged_city.xlsx": lambda: book(
        [
            ("设区市", "区县", "名称", "地址"),
            ("南京市", "鼓楼区", "示例甲质量小站", "路1号"),
            (None, "玄武区", "示例乙质量小站", "路2号"),
            ("徐州市", "鼓楼区", "示例丙质量小站", "路3号"),
        ],
        merge=("A2:A3",),
    ),
    "blank_rows.xlsx": lambda: book([HEAD, KUNSHAN, [None], ["", " ", "", ""], CHANGSHU, [None], TAICANG]),
    "totals.csv": lambda: text([HEAD, *THREE, ("小计", 3, "", ""), ("合 计：", 3, "", "")]),
    "filled_in_by.csv": lambda: text(
        [HEAD, *THREE, ("填表人：某某", "", "审核人：某某", ""), ("注：以上为示例", "", "", "")]
    ),
    "headings_repeated.csv": lambda: text([HEAD, KUNSHAN, HEAD, CHANGSHU]),
    "serial_numbers.csv": lambda: text([("序号", *HEAD), *((n, *row) for n, row in enumerate(THREE, 1))]),
    "full_width.csv": lambda: text(
        [HEAD, ("示例昆山甲质量小站", "３２０５８３", "示例路１号", "０５１２－５５５０００１１")]
    ),
    "county_unread_placed.csv": lambda: text(
        [
            (*HEAD, "经度", "纬度"),
            ("示例甲质量小站", "无此县", "路1号", "", 119.4537, 32.2044),
            ("示例乙质量小站", "鼓楼区", "路2号", "", 119.4537, 32.2144),
        ]
    ),
    "formula_texts.csv": lambda: text([HEAD, ("=1+1", *KUNSHAN[1:]), (*CHANGSHU[:2], '=HYPERLINK("x")', "")]),
    "county_words.csv": lambda: text(
        [HEAD]
        + [
            (row[0], area, *row[2:])
            for row, area in zip(THREE, ("江苏省苏州市昆山市", "苏州/常熟", "太仓"), strict=True)
        ]
    ),
    "county_ambiguous.csv": lambda: text([HEAD, ("示例鼓楼质量小站", "鼓楼区", "示例路1号", "")]),
    "county_from_address.csv": lambda: text([("名称", "地址"), ("示例花桥质量小站", "江苏省昆山市花桥镇示例路1号")]),
    "county_unknown.csv": lambda: text([HEAD, ("示例质量小站", "朝阳区", "示例路1号", "")]),
    "dates.xlsx": lambda: book(column("启用日期", "2024-3-5", "2024年3月", "2024/03/05")),
    "dates_more.xlsx": lambda: book(column("启用日期", datetime(2024, 3, 5), 45356, 20240305)),
    "dates_wrong.csv": lambda: text(column("启用日期", "2024-02-30", "去年", "4/3/2024")),
    "date_cells.xlsx": lambda: book(column("启用日期", date(2024, 3, 5), "2024.3", 2024)),
    "degrees_minutes.xlsx": lambda: book(
        columns(
            ("东经", "北纬"),
            ("120°58′50.5″", "31°23′8″"),
            ("120度45分8秒", "31度39分13秒"),
            ("E121:07:50", "N31:27:28"),
        )
    ),
    "one_cell.xlsx": lambda: book(
        column("经纬度", "120.9807，31.3856", "(120.7524, 31.6538)", "东经121°07′50″，北纬31°27′28″")
    ),
    "swapped.csv": lambda: text(columns(("经度", "纬度"), *((lat, lon) for lon, lat in PLACES))),
    "half_a_place.csv": lambda: text(columns(("经度", "纬度"), (120.9807, ""), *PLACES[1:])),
    "wgs84.csv": lambda: text(columns(("经度", "纬度"), *PLACES)),
    "stated_gcj02.csv": lambda: text(
        columns(("经度", "纬度", "坐标系"), *((*at, "高德地图") for at in _in("gcj02", *PLACES)))
    ),
    "guessed_bd09.csv": lambda: text([(*HEAD, "经度", "纬度"), (*KUNSHAN, *_in("bd09", BORDER)[0])]),
    "wrong_county.csv": lambda: text(columns(("经度", "纬度"), PLACES[1], PLACES[1], PLACES[2])),
    "outside_jiangsu.csv": lambda: text(columns(("经度", "纬度"), (116.3913, 39.9075), *PLACES[1:])),
    "metres.csv": lambda: text(columns(("X坐标", "Y坐标"), (40498000, 3473000), *PLACES[1:])),
    "phones.xlsx": lambda: book(
        [HEAD]
        + [
            (*row[:3], phone)
            for row, phone in zip(THREE, (51255500001, "(0512)52800002转801", 13800001111), strict=True)
        ]
    ),
    "phone_wrong.csv": lambda: text([HEAD, (*KUNSHAN[:3], "1234"), (*CHANGSHU[:3], "无")]),
    "services.csv": lambda: _services(
        "校准；强制检定、检验检测", "环境、职业健康安全等管理体系认证", "1.校准 2、testing.product_testing"
    ),
    "services_wrong.csv": lambda: _services("飞行", "校准仪器服务", "团体标准制订"),
    "chains.csv": lambda: text(column("产业链", "新能源汽车产业链、高端纺织", "nano_materials", "某某链")),
    "hours.csv": lambda: text(
        column("服务时间", "周一至周五 9:00-12:00；下午1:30-5:00", "Mo-Fr 09:00-17:00", "看情况")
    ),
    "statuses.csv": lambda: text(columns(("状态", "原因"), ("运行中", ""), ("暂停", ""), ("关闭", "合并"))),
    "twice.csv": lambda: text([HEAD, KUNSHAN, CHANGSHU, KUNSHAN]),
    "alike.csv": lambda: text([HEAD, KUNSHAN, ("示例昆山市甲质量服务站", "昆山市", "另一路5号", "")]),
    "formulas.xlsx": lambda: book(
        [HEAD, ('=HYPERLINK("http://example.invalid","甲")', *KUNSHAN[1:]), (CHANGSHU[0], "常熟市", "=1+1", None)]
    ),
    "error_cells.xlsx": lambda: book([HEAD, (*KUNSHAN[:3], "#N/A"), CHANGSHU]),
    "apostrophes.csv": lambda: text([HEAD, (*KUNSHAN[:2], "'-1号门", KUNSHAN[3])]),
    "hidden_sheet.xlsx": lambda: book([HEAD, *THREE], before=_hidden_first),
    "cover_sheet.xlsx": lambda: book([HEAD, *THREE], before=_cover_first),
    "far_cell.xlsx": lambda: book([HEAD, *THREE], before=_far_cell),
    "no_names.csv": lambda: text([("县(市、区)", "详细地址"), ("昆山市", "示例路1号")]),
    "only_headings.csv": lambda: text([HEAD]),
    "empty.csv": lambda: b"",
    "web_page.xls": lambda: "<html><table><tr><td>站点名称</td></tr></table></html>".encode(),
    "picture.xlsx": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "cut_off.xlsx": lambda: book([HEAD, *THREE])[:3000],
    "bomb.xlsx": _bomb,
}


def main() -> None:
    """Write all of them."""
    for name, made in FILES.items():
        (FOLDER / name).write_bytes(made())


if __name__ == "__main__":
    main()
