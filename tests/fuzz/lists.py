"""Lists that offices send: CSV in odd encodings, workbooks, mapping files; cells that nobody should write.

A list is planned and applied as a command does it, and rolled back. It may be refused; it may not break, and a row that
was said to be wrong may leave nothing behind.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy.orm import Session

from stations.errors import DomainError, InvalidInput
from stations.imports.importing import apply_import, plan_import, read_list
from stations.imports.mapping_file import read_word_mapping
from stations.imports.plan import ImportOptions
from stations.imports.report import import_report
from stations.imports.station_words import STATION_WORDS
from stations.language import Language
from stations.lists.applying import apply_list
from stations.lists.list_plan import ListOptions, plan_list
from stations.lists.list_plan import read_list as read_register_list
from stations.lists.register import Register
from stations.lists.registers import REGISTERS
from stations.planning.candidate_place import import_places, read_places
from stations.planning.imported_figure import import_figure, read_figure
from stations.registry.record_terms import Terms
from stations.requests.attached_file import check_file
from stations.tables.workbooks import NO_XML
from tests.conftest import NOW
from tests.fuzz.target import Target, database, told
from tests.fuzz.texts import ANY_TEXT
from tests.stations.registry_factories import PROVINCE

ENCODINGS = (
    "utf-8",
    "utf-8",
    "utf-8-sig",
    "gb18030",
    "gbk",
    "big5",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "latin-1",
    "cp1252",
)
_HEADINGS = """名称 英文名称 设区市 县（市、区） 地址 经度 纬度 坐标 联系电话 服务时间 服务项目 产业链 运行状态 启用日期
依托机构 备注 序号 编号 来源"""
STATION_HEADINGS = tuple(_HEADINGS.split())
_RIGHT = ("昆山市", "苏州市", "昆山测试站", "在用", "2024-03", "320583", "120.98", "31.38", "", "province", "校准")
REGISTER_HEADINGS = {
    name: tuple(column.headings[0] for column in register.columns) for name, register in REGISTERS.items()
}


@st.composite
def grids(draw: st.DrawFn, headings: Sequence[str]) -> list[list[str]]:
    """Draw a table: some headings, mostly with those that are needed, and cells of their kinds or of another."""
    chosen = draw(st.lists(st.sampled_from(headings), min_size=1, max_size=6, unique=True))
    written = chosen
    if draw(st.integers(0, 3)):
        written = list(dict.fromkeys((*headings[:4], *chosen)))
    elif draw(st.booleans()):
        written = [draw(st.one_of(st.just(one), ANY_TEXT)) for one in chosen]
    cell = st.one_of(ANY_TEXT, st.sampled_from(_RIGHT))
    width = len(written)
    rows = draw(st.lists(st.lists(cell, min_size=width - 1, max_size=width + draw(st.integers(0, 1))), max_size=3))
    title = draw(st.lists(st.lists(ANY_TEXT, max_size=2), max_size=1)) if draw(st.integers(0, 3)) == 0 else []
    return [*title, written, *rows]


def as_csv(grid: list[list[str]], encoding: str, separator: str) -> bytes:
    """Return the table as a text file."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, escapechar="\\", quoting=csv.QUOTE_MINIMAL)
    writer.writerows([[cell.replace("\0", "") for cell in row] for row in grid])
    return out.getvalue().encode(encoding, "replace")


def as_workbook(grid: list[list[str]], merged: bool) -> bytes:
    """Return the table as a workbook, with numbers where a cell is one, and perhaps a merged cell."""
    book = Workbook()
    sheet = book.active
    for row in grid:
        plain = [NO_XML.sub("", one)[:30000] for one in row]
        sheet.append([float(one) if one.replace(".", "", 1).isdecimal() and len(one) < 15 else one for one in plain])
    if merged and len(grid) > 1:
        sheet.merge_cells(start_row=1, start_column=1, end_row=2, end_column=1)
    out = io.BytesIO()
    book.save(out)
    return _at_no_time(out.getvalue())


def _at_no_time(workbook: bytes) -> bytes:
    """Return a workbook without the time at which it was made, so that a case can be repeated."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(workbook)) as made, ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for part in made.infolist():
            content = re.sub(rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-11-24T00:00:00Z", made.read(part))
            packed.writestr(ZipInfo(part.filename, (2026, 11, 24, 0, 0, 0)), content, ZIP_DEFLATED)
    return out.getvalue()


@st.composite
def files(draw: st.DrawFn, headings: Sequence[str]) -> bytes:
    """Draw a file: a table as text or as a workbook, or one that was damaged on its way, or any bytes."""
    grid = draw(grids(headings))
    if draw(st.integers(0, 3)):
        content = as_csv(grid, draw(st.sampled_from(ENCODINGS)), draw(st.sampled_from(",,;\t")))
    else:
        content = as_workbook(grid, draw(st.booleans()))
    harm = draw(st.sampled_from((*["none"] * 9, "cut", "bytes", "any")))
    if harm == "cut":
        return content[: draw(st.integers(0, len(content)))]
    if harm == "bytes" and content:
        at = draw(st.integers(0, len(content) - 1))
        return content[:at] + draw(st.binary(max_size=20)) + content[at + draw(st.integers(0, 20)) :]
    return draw(st.binary(max_size=300)) if harm == "any" else content


def rolled_back(act: Callable[[Session, Any], object], content: object) -> None:
    """Do something with the sample network, and undo it; it may be refused."""
    with Session(database(), expire_on_commit=False) as session:
        try:
            act(session, content)
            session.flush()
        except DomainError as error:
            told(error)
        finally:
            session.rollback()


def _damaged(content: bytes) -> None:
    """Read a file as each reader of tables does, and as one that a firm attaches."""
    for read in (
        lambda: [*read_list(content).rows],
        lambda: read_register_list(REGISTERS["centres"], content),
        lambda: read_places(content),
        lambda: check_file("a.xlsx", content),
        lambda: check_file("a.docx", content),
    ):
        try:
            read()
        except DomainError as error:
            told(error)


def _tell(plan: Any) -> None:
    """Write the plan's report in every language, and check that each remark names its column."""
    import_report(plan, Language("en" if len(plan.rows) % 2 else "zh_CN"))
    for row in plan.rows:
        for remark in row.remarks:
            told(InvalidInput(remark.column, remark.message, **remark.params))


def _stations(session: Session, content: bytes) -> None:
    sheet = read_list(content)
    plan = plan_import(session, PROVINCE, sheet, ImportOptions("a.csv"), now=NOW)
    _tell(plan)
    if plan.to_apply(doubtful=True):
        apply_import(session, PROVINCE, plan, doubtful=True, now=NOW)


def _register(register: Register[Any], session: Session, content: bytes) -> None:
    sheet = read_register_list(register, content)
    plan = plan_list(session, PROVINCE, register, sheet, ListOptions("a.csv"), now=NOW)
    if plan.to_apply(doubtful=True):
        apply_list(session, PROVINCE, register, plan, doubtful=True, now=NOW)


def _figures(session: Session, content: bytes) -> None:
    rows = read_figure(content, "家")
    import_figure(session, PROVINCE, rows, code="F-1", name="企业", unit="家", year=2025, source="测试", now=NOW)


def _places(session: Session, content: bytes) -> None:
    import_places(session, PROVINCE, read_places(content), source="测试", crs="wgs84", now=NOW)


def _mapping(session: Session, content: bytes) -> None:
    read_word_mapping(content, "words.csv", STATION_WORDS, Terms.load(session))


_ACTS: dict[str, tuple[tuple[str, ...], Callable[[Session, bytes], None]]] = {
    "list of stations": (STATION_HEADINGS, _stations),
    **{
        f"list of {name}": (REGISTER_HEADINGS[name], partial(_register, register))
        for name, register in REGISTERS.items()
    },
    "list of figures": (("区县", "数值", "县（市、区）", "企业数（家）", "单位"), _figures),
    "list of places": (("名称", "经度", "纬度", "成本", "坐标系"), _places),
    "mapping file": (("种类", "名单用语", "对应"), _mapping),
}
LISTS = [
    Target("damaged files", files(("名称", "经度", "纬度")), _damaged, short=40),
    *(Target(name, files(headings), partial(rolled_back, act), short=25) for name, (headings, act) in _ACTS.items()),
]
