"""A list that was sent to the wrong place: which kind it looks like, and which columns of the asked kind it lacks."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from stations.database import reading
from stations.errors import InvalidInput
from stations.imports import importing
from stations.imports.station_words import STATION_WORDS
from stations.language import Language
from stations.lists.kind_of_list import WrongKind, explained, kind_of_sheet
from stations.lists.list_plan import plan_list, read_list
from stations.lists.registers import REGISTERS
from stations.tables.heading_rows import MissingHeading
from stations.tables.sheet import Sheet
from tests.conftest import NOW
from tests.stations.imports.import_files.make import text
from tests.stations.registry_factories import PROVINCE

pytestmark = pytest.mark.one_database
HERE = Path(__file__).parent
CHINESE = Language("zh_CN")
LISTS: dict[str, bytes] = {
    "stations": text(
        [("站点名称", "县区", "详细地址", "开放时间", "服务项目"), ("某质量小站", "昆山市", "路1号", "9-17", "校准")]
    ),
    "centres": (HERE / "office_centres.csv").read_bytes(),
    "pilots": text([("试点项目名称", "类型", "所在地", "立项时间"), ("某稻虾试点", "农业", "昆山市", "2021")]),
    "institutions": text(
        [("机构名称", "统一社会信用代码", "CMA证书编号", "检测参数", "有效期至"), ("苏州检测院", "", "", "铅", "2027")]
    ),
    "accounts": text([("姓名", "账号", "角色", "地区"), ("王", "wang", "县级管理员", "昆山市")]),
}


def read_as(kind: str, content: bytes) -> Sheet:
    if kind in REGISTERS:
        return read_list(REGISTERS[kind], content)
    try:
        return importing.read_list(content)
    except MissingHeading as missing:
        raise explained(kind, missing) from None


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_of_its_kind_is_taken_for_it(kind: str) -> None:
    assert kind_of_sheet(kind, read_as(kind, LISTS[kind])) is None


@pytest.mark.parametrize(("kind", "asked"), [(kind, asked) for kind in LISTS for asked in LISTS if asked != kind])
def test_a_list_of_another_kind_is_recognized(kind: str, asked: str) -> None:
    try:
        other = kind_of_sheet(asked, read_as(asked, LISTS[kind]))
    except WrongKind as wrong:
        other = wrong.other
        told = CHINESE.translate(wrong.message, **wrong.params)
        assert told.startswith(("这份表像是", "从名称看")) and "名单没有“" not in told  # no advice for another list
    assert other is not None and (other.kind, other.asked) == (kind, asked)
    assert other.headings and other.missing


def test_rows_of_a_list_that_looks_like_another_kind_are_doubtful(reference_engine: Engine) -> None:
    rows = [
        ("项目名称", "类别", "县区", "立项日期", "承担单位"),
        ("国家稻虾标准化示范区", "质检中心", "昆山市", "2021", "某社"),
    ]
    centres = REGISTERS["centres"]
    with reading(reference_engine) as session:
        (row,) = plan_list(session, PROVINCE, centres, read_list(centres, text(rows)), now=NOW).rows
    assert row.outcome == "doubtful"
    assert "这份名单像是试点名单" in "".join(one.told(CHINESE) for one in row.remarks)


def test_no_list_of_stations_is_taken_for_another_kind() -> None:
    folder = HERE.parent / "imports"
    read = 0
    for path in [*(folder / "import_files").iterdir(), *(folder / "office_lists").iterdir()]:
        try:
            sheet = importing.read_list(path.read_bytes())
        except (InvalidInput, IsADirectoryError):
            continue
        read += 1
        assert kind_of_sheet(STATION_WORDS.list_kind, sheet) is None, path.name
    assert read > 50
