"""The set of awkward files made by ``import_files/make.py``, with the expected result of each row.

``row:outcome(columns with remarks)``; ``!`` and a part of the message if the file can't be read at all.
"""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from stations.database import reading
from stations.errors import InvalidInput
from stations.imports.columns import COLUMNS
from stations.imports.importing import plan_import, read_list
from stations.imports.plan import ImportOptions, ImportPlan
from stations.language import Language
from stations.registry.station import Status
from tests.conftest import NOW
from tests.stations.imports.import_files.make import FILES, FOLDER
from tests.stations.registry_factories import PROVINCE

NEW = "2:new 3:new 4:new"
EXPECTED: dict[str, str] = {
    "alike.csv": "2:new 3:doubtful(name)",
    "apostrophes.csv": "2:new",
    "blank_rows.xlsx": "2:new 5:new 7:new",
    "chains.csv": "2:new 3:new 4:doubtful(chains)",
    "county_ambiguous.csv": "2:wrong(county)",
    "county_from_address.csv": "2:doubtful(county)",
    "county_unknown.csv": "2:wrong(county)",
    "county_unread_placed.csv": "2:doubtful(county) 3:doubtful(county)",
    "county_words.csv": NEW,
    "cover_sheet.xlsx": NEW,
    "date_cells.xlsx": NEW,
    "dates.xlsx": NEW,
    "dates_more.xlsx": NEW,
    "dates_wrong.csv": "2:doubtful(opened) 3:doubtful(opened) 4:doubtful(opened)",
    "degrees_minutes.xlsx": NEW,
    "english.csv": "2:new",
    "error_cells.xlsx": "2:doubtful(phone) 3:new",
    "far_cell.xlsx": NEW,
    "filled_in_by.csv": NEW,
    "formula_texts.csv": "2:doubtful(name) 3:doubtful(address)",
    "formulas.xlsx": "2:wrong(name) 3:doubtful(address)",
    "full_width.csv": "2:new",
    "gb18030_rare.csv": "2:new 3:new",
    "gbk.csv": NEW,
    "guessed_bd09.csv": "2:doubtful(lon)",
    "half_a_place.csv": "2:doubtful(lat) 3:new 4:new",
    "heading_aliases.xlsx": NEW,
    "headings_repeated.csv": "2:new 4:new",
    "hidden_sheet.xlsx": NEW,
    "hours.csv": "2:new 3:new 4:doubtful(hours)",
    "merged_city.xlsx": NEW,
    "metres.csv": "2:doubtful(lon) 3:new 4:new",
    "office_layout.xlsx": "4:new 5:new 6:new",
    "office_layout_gbk.csv": "4:new 5:new 6:new",
    "office_pages.csv": "4:new 5:new 8:new",
    "old_excel.xls": NEW,
    "old_line_ends.csv": NEW,
    "one_cell.xlsx": NEW,
    "outside_jiangsu.csv": "2:doubtful(lon) 3:new 4:new",
    "phone_wrong.csv": "2:doubtful(phone) 3:new",
    "phones.xlsx": NEW,
    "plain.xlsx": NEW,
    "semicolons.csv": NEW,
    "serial_numbers.csv": NEW,
    "services.csv": NEW,
    "services_wrong.csv": "2:doubtful(services) 3:doubtful(services) 4:doubtful(services)",
    "stated_gcj02.csv": NEW,
    "statuses.csv": "2:new 3:doubtful(reason)(since) 4:doubtful(since)",
    "swapped.csv": "2:new(lon) 3:new(lon) 4:new(lon)",
    "title_rows.xlsx": "5:new 6:new 7:new",
    "totals.csv": NEW,
    "twice.csv": "2:new 3:new 4:wrong(name)",
    "two_heading_rows.xlsx": "3:new 4:new 5:new",
    "utf16.txt": NEW,
    "utf8.csv": NEW,
    "utf8_mark.csv": NEW,
    "wgs84.csv": NEW,
    "wrong_county.csv": "2:doubtful(lon) 3:doubtful(name) 4:new",
}
UNREADABLE: dict[str, str] = {
    "bomb.xlsx": "larger than 300 MB",
    "cut_off.xlsx": "can't be read",
    "empty.csv": "empty",
    "headings_in_three_rows.csv": "“经度” stands over “度”, “分”",
    "headings_parted.csv": "“坐标” stands over “度”, “分”, “秒”",
    "no_names.csv": "The list has no column “Name”",
    "only_headings.csv": "no rows below its headings",
    "picture.xlsx": "neither a CSV file",
    "web_page.xls": "web page",
}


def planned(engine: Engine, name: str) -> ImportPlan:
    sheet = read_list((FOLDER / name).read_bytes())
    with reading(engine) as session:
        return plan_import(session, PROVINCE, sheet, ImportOptions(name), now=NOW)


def test_every_file_is_told_of_and_made_as_the_script_says() -> None:
    there = {path.name for path in FOLDER.iterdir() if path.suffix not in (".py", "")}
    assert there == set(EXPECTED) | set(UNREADABLE) == set(FILES) | {"old_excel.xls"}
    assert len(there) >= 40
    for name, made in FILES.items():
        if not name.endswith(".xlsx"):  # workbooks contain the time of their creation
            assert (FOLDER / name).read_bytes() == made(), name


@pytest.mark.parametrize("name", EXPECTED)
def test_what_becomes_of_the_rows(sample_engine: Engine, name: str) -> None:
    told = [
        f"{row.number}:{row.outcome}" + "".join(sorted({f"({remark.column})" for remark in row.remarks}))
        for row in planned(sample_engine, name).rows
    ]
    assert " ".join(told) == EXPECTED[name]


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cant_be_read_says_why(name: str) -> None:
    with pytest.raises(InvalidInput) as told:
        read_list((FOLDER / name).read_bytes())
    assert UNREADABLE[name] in str(told.value)


def test_what_was_read_is_right(sample_engine: Engine) -> None:
    def after(name: str) -> list[dict]:
        return [row.after for row in planned(sample_engine, name).rows]

    assert [str(state.history[0].dated) for state in after("dates.xlsx")] == ["2024-03-05", "2024-03", "2024-03-05"]
    assert [str(state.history[0].dated) for state in after("dates_more.xlsx")] == [
        "2024-03-05",
        "2024-03-05",
        "2024-03-05",
    ]
    assert [state.phone for state in after("phones.xlsx")] == ["051255500001", "(0512)52800002转801", "13800001111"]
    assert [state.county_adcode for state in after("merged_city.xlsx")] == ["320106", "320102", "320302"]
    offered = after("services.csv")[1].services
    assert [offer.service_code for offer in offered] == ["certification.other_management_systems"]
    assert after("hours.csv")[0].hours == "Mo-Fr 09:00-12:00,13:30-17:00"
    assert after("apostrophes.csv")[0].address == "-1号门"
    for name in ("office_layout.xlsx", "office_layout_gbk.csv", "office_pages.csv"):
        assert [state.county_adcode for state in after(name)] == ["320583", "320581", "320585"], name
    places = [state.place for state in after("wgs84.csv")]
    for name in (
        "swapped.csv",
        "stated_gcj02.csv",
        "two_heading_rows.xlsx",
        "office_layout.xlsx",
        "office_layout_gbk.csv",
    ):
        for found, wanted in zip((state.place for state in after(name)), places, strict=True):
            assert found == pytest.approx(wanted, abs=2e-6), name
    for name in ("degrees_minutes.xlsx", "one_cell.xlsx"):
        for found, wanted in zip((state.place for state in after(name)), places, strict=True):
            assert found == pytest.approx(wanted, abs=2e-4), name


def remarks(engine: Engine, name: str, language: str = "zh_CN") -> list[str]:
    return [remark.told(Language(language)) for row in planned(engine, name).rows for remark in row.remarks]


def test_a_county_that_is_not_understood_is_told_once_with_where_the_coordinates_lie(sample_engine: Engine) -> None:
    assert remarks(sample_engine, "county_unread_placed.csv") == [
        "所填“无此县”不能确定是哪个县（市、区）；已按坐标取为京口区，请核对",
        "所填“鼓楼区”不能确定是哪个县（市、区）；已按坐标取为京口区，请核对",
    ]


def test_formulas_are_doubted_as_texts_and_named_where_they_have_no_result(sample_engine: Engine) -> None:
    assert set(remarks(sample_engine, "formula_texts.csv")) == {"看似公式，请改填文字内容"}
    assert set(remarks(sample_engine, "formulas.xlsx")) == {"单元格为公式且无计算结果，请填写其数值或文字"}


def test_the_system_that_coordinates_were_taken_for_is_told(sample_engine: Engine) -> None:
    systems = {name: planned(sample_engine, name).crs for name in ("wgs84.csv", "stated_gcj02.csv", "plain.xlsx")}
    assert systems == {"wgs84.csv": "wgs84", "stated_gcj02.csv": "", "plain.xlsx": ""}


def test_a_status_that_is_not_known_is_answered_in_the_words_of_the_portal() -> None:
    column = next(column for column in COLUMNS if column.name == "status")
    with pytest.raises(InvalidInput) as told:
        column.read("status", "未知")
    assert (
        Language("zh_CN")
        .translate(told.value.message, **told.value.params)
        .endswith("规划中、运行中、暂停服务、已关闭")
    )
    named = Language("en").translate(told.value.message, **told.value.params)
    assert named.endswith("Planned station, Active, Suspended, Closed for good")
    for words in (named, "规划中, 运行中, 暂停服务, 已关闭"):
        assert [column.read("status", word).status for word in words.rpartition(": ")[2].split(", ")] == list(Status)
