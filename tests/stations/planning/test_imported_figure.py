"""Imported figures and places: read as offices send them, reported row by row, stored whole or not at all."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.answers.imports import LIST_IMPORT, ListImport
from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.duty.roles import Actor, AreaKind, Role
from stations.errors import InvalidForm, InvalidInput, NotAllowed, NotFound
from stations.language import Language
from stations.planning.candidate_place import import_places, list_candidate_places, read_places
from stations.planning.demand import county_demand
from stations.planning.imported_figure import figure_values, import_figure, list_figures, read_figure
from tests.conftest import NOW
from tests.stations.request_factories import actor_with

PLANNER = actor_with(Role.PLANNER, AreaKind.PROVINCE, "320000")
FIGURE = {"code": "firms-2025", "name": "规上企业", "unit": "家", "year": 2025, "source": "测试公报", "now": NOW}
GOOD = "区县,数值\n昆山市,120\n320106,\"1,005\"\n南京市江宁区,７\n\n"


def bring(engine: Engine, content: str | bytes, actor: Actor | None = PLANNER, **changes: object) -> None:
    content = content.encode("utf-8-sig") if isinstance(content, str) else content
    with transaction(engine) as session:
        told: dict[str, Any] = {**FIGURE, **changes}
        import_figure(session, actor, read_figure(content, told["unit"]), **told)


def test_names_adcodes_and_full_width_digits_are_understood(reference_engine: Engine) -> None:
    bring(reference_engine, GOOD)
    with reading(reference_engine) as session:
        values = figure_values(session, "FIRMS-2025", samples=False)
        assert values == {"320583": 120, "320106": 1005, "320115": 7}
        demand = {one.county.adcode: one.weight for one in county_demand(session, "FIRMS-2025")}
        assert (len(demand), sum(demand.values())) == (95, 1132)
        assert session.scalar(select(AuditEntry.detail).where(AuditEntry.action == "import_figure"))["counties"] == 3


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_csv_in_both_usual_encodings(reference_engine: Engine, encoding: str) -> None:
    bring(reference_engine, GOOD.encode(encoding))


def test_an_excel_workbook(reference_engine: Engine) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (["行政区划代码", "数值", "备注"], [320583, 12.5, "=1+1"], ["昆山", None, None], [None, None, None]):
        book.active.append(row)
    book.save(out)
    with pytest.raises(InvalidForm) as problem:
        bring(reference_engine, out.getvalue())
    assert [one.field for one in problem.value.problems] == ["row 3"]
    book.active.delete_rows(3)
    out = io.BytesIO()
    book.save(out)
    bring(reference_engine, out.getvalue())
    with reading(reference_engine) as session:
        assert figure_values(session, "FIRMS-2025", samples=False) == {"320583": 12.5}


def test_a_value_that_is_not_known_is_left_out(reference_engine: Engine) -> None:
    bring(reference_engine, "县(市、区),数值\n昆山市,120\n启东市,-\n海安市,…\n如皋市,–\n宜兴市,nan\n苏州高新区,1 234\n")
    with reading(reference_engine) as session:
        assert figure_values(session, "FIRMS-2025", samples=False) == {"320583": 120, "320505": 1234}
    with pytest.raises(InvalidForm, match="No county of the file has a value"):
        bring(reference_engine, "县(市、区),数值\n启东市,-\n")


def test_a_second_import_replaces_the_first(reference_engine: Engine) -> None:
    bring(reference_engine, GOOD)
    bring(reference_engine, "adcode,value\n320583,1\n", name="别名")
    with reading(reference_engine) as session:
        [figure] = list_figures(session, samples=False)
        assert (figure.name, figure.version, len(figure.values)) == ("别名", 2, 1)


def test_every_wrong_row_and_field_is_named_and_nothing_kept(reference_engine: Engine) -> None:
    bad = "区县,数值\n鼓楼区,1\n昆山市,x\n太仓市,-1\n没有市,1\n常熟市,1\n常熟市,2\n"
    with pytest.raises(InvalidForm) as problem:
        bring(reference_engine, bad, code="9", unit=" ", year=1800, source="")
    fields = [one.field for one in problem.value.problems]
    assert fields == ["unit", "source", "code", "year", "row 2", "row 3", "row 4", "row 5", "row 7"]
    assert "several counties" in str(problem.value.problems[4])
    with reading(reference_engine) as session:
        assert list_figures(session, samples=True) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\xff", "neither"),
        (b"PK\x03\x04nonsense", "can't be read"),
        ("城市,数值\n苏州,1\n".encode(), "no column “County”"),
        (b"x" * 5_000_001, "larger"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(reference_engine: Engine, content: bytes, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        bring(reference_engine, content)


@pytest.mark.parametrize(
    "actor",
    [None, actor_with(Role.COUNTY, AreaKind.COUNTY, "320583"), actor_with(Role.PLANNER, AreaKind.CITY, "320500")],
)
def test_who_may_not_import_is_refused(reference_engine: Engine, actor: Actor | None) -> None:
    with pytest.raises(NotAllowed):
        bring(reference_engine, GOOD, actor)
    with pytest.raises(NotAllowed), transaction(reference_engine) as session:
        import_places(session, actor, [], source="x", crs="wgs84", now=NOW)


def test_an_invented_figure_is_seen_only_with_samples(reference_engine: Engine) -> None:
    bring(reference_engine, GOOD, Actor("s", "示例", True, PLANNER.duties))
    with reading(reference_engine) as session:
        assert [one.sample for one in list_figures(session, samples=True)] == [True]
        with pytest.raises(NotFound):
            figure_values(session, "FIRMS-2025", samples=False)
        with pytest.raises(InvalidInput, match="FIRMS-2025"):
            county_demand(session, "FIRMS-2025")
    with pytest.raises(InvalidForm, match="taken"):
        bring(reference_engine, GOOD)


def places(session: Session, text: str, crs: str = "wgs84", *, replace: bool = False) -> list[str]:
    rows = read_places(text.encode())
    done = import_places(session, PLANNER, rows, source="测试", crs=crs, now=NOW, replace=replace)
    return [one.code for one in done]


def test_places_are_put_into_the_county_they_lie_in(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        assert places(session, "名称,经度,纬度,成本\n甲园,120.98,31.39,80\n乙园,118.79,32.05,\n") == [
            "PLACE-0001",
            "PLACE-0002",
        ]
        assert [(one.county_adcode, one.cost) for one in list_candidate_places(session, samples=False)] == [
            ("320583", 80),
            ("320102", None),
        ]
        assert places(session, "name,lon,lat\n丙园,120.98,31.39\n", replace=True) == ["PLACE-0001"]
        assert len(list_candidate_places(session, samples=False)) == 1


@pytest.mark.parametrize(
    "rows",
    [
        "名称,经度,纬度\n甲园,120.98,31.385\n",
        "名称,经度,纬度\n甲园,31.385,120.98\n",
        "名称,经度,纬度\n甲园,120°58′48″,31°23′6″\n",
        "名称,经度,纬度\n甲园,东经120度58分48秒,北纬31度23分6秒\n",
        "名称,坐标\n甲园,\"120.98,31.385\"\n",
        "名称,经纬度\n甲园,北纬31°23′6″ 东经120°58′48″\n",
    ],
)
def test_coordinates_of_places_are_read_as_everywhere(reference_engine: Engine, rows: str) -> None:
    with transaction(reference_engine) as session:
        places(session, rows)
        (place,) = list_candidate_places(session, samples=False)
        assert (round(place.lon, 6), round(place.lat, 6), place.county_adcode) == (120.98, 31.385, "320583")


def test_a_list_of_places_needs_coordinates_and_names_no_place_twice(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        with pytest.raises(InvalidInput, match="no column “Longitude”"):
            places(session, "名称,纬度\n甲园,31.385\n")
        with pytest.raises(InvalidForm, match="stands in row 2 already"):
            places(session, "名称,经度,纬度\n甲园,120.98,31.385\n甲园,120.98,31.385\n")


def test_wrong_places_are_told_by_row(reference_engine: Engine) -> None:
    rows = (",120.98,31.39,", "上海,121.47,31.23,", "乙,x,31,", "丙,120.98,131,", "丁,120.98,31.39,-1")
    with reading(reference_engine) as session, pytest.raises(InvalidForm) as problem:
        places(session, "\n".join(("名称,经度,纬度,成本", *rows)))
    assert [one.field for one in problem.value.problems] == [f"row {number}" for number in range(2, 7)]


def test_a_table_of_statistics(reference_engine: Engine) -> None:
    rows = "全省,9万\n苏州市,1880\n 昆山市,880家\n太仓市,1.02万\n常熟市,\"1,020 家\"\n江苏省合计,3\n"
    text = "序号,地区,规上工业企业数（家）\n" + "".join(f"{at},{row}\n" for at, row in enumerate(rows.splitlines(), 1))
    with transaction(reference_engine) as session:
        done = import_figure(session, PLANNER, read_figure(text.encode(), "家"), **FIGURE)
    assert done.passed_over == ("全省", "苏州市", "江苏省合计")
    with reading(reference_engine) as session:
        values = figure_values(session, "FIRMS-2025", samples=False)
    assert values == {"320583": 880, "320585": 10200, "320581": 1020}
    told = LIST_IMPORT.notes(ListImport({"passed_over": list(done.passed_over)}, 3, True), Language("zh_CN"))
    assert "苏州市" in told[0]


@pytest.mark.parametrize(
    ("cell", "unit", "value"),
    [
        ("1.5亿", "元", 1.5e8),
        ("1.2万元", "万元", 1.2),
        ("3 亿元", "元", 3e8),
        ("1.2万", "万元", None),
        ("9个", "家", None),
    ],
)
def test_amounts_with_units(reference_engine: Engine, cell: str, unit: str, value: float | None) -> None:
    text = f"区县,数值\n昆山市,{cell}\n"
    if value is None:
        with pytest.raises(InvalidForm, match=cell):
            bring(reference_engine, text, unit=unit)
        return
    bring(reference_engine, text, unit=unit)
    with reading(reference_engine) as session:
        assert figure_values(session, "FIRMS-2025", samples=False) == {"320583": value}


@pytest.mark.parametrize("cell", ["约900", "900余", "近900家", "900左右"])
def test_what_is_only_about_right_is_refused(reference_engine: Engine, cell: str) -> None:
    with pytest.raises(InvalidForm, match="only about right"):
        bring(reference_engine, f"区县,数值\n昆山市,{cell}\n")


def test_of_two_columns_of_numbers_none_is_taken(reference_engine: Engine) -> None:
    with pytest.raises(InvalidInput, match="no column “Value”"):
        bring(reference_engine, "区县,企业数,产值\n昆山市,1,2\n")


@pytest.mark.parametrize(
    ("rows", "parted"),
    [
        ("县区,数值,备注\n昆山市,980,\n太仓市,1,200\n", "“1,200”"),
        ("县区,数值,备注\n太仓市,12,345\n", "“12,345”"),
        ("县区;数值;备注\n太仓市;1;200\n", "“1,200”"),
        ("县区,数值,面积\n昆山市,1,200\n太仓市,2,31\n", None),  # the other column holds numbers
        ("县区,数值,备注\n太仓市,1,200米内\n", None),
        ('县区,数值,备注\n太仓市,"1,200",\n', None),
    ],
)
def test_a_number_parted_at_its_comma_is_told_though_the_row_is_no_longer(
    reference_engine: Engine, rows: str, parted: str | None
) -> None:
    if parted is None:
        bring(reference_engine, rows)  # imports it
        return
    with pytest.raises(InvalidForm) as told:
        bring(reference_engine, rows)
    (problem,) = told.value.problems
    assert problem.field.startswith("row ") and parted in str(problem)


@pytest.mark.parametrize(
    ("heading", "unit", "right"),
    [
        ("常住人口（人）", "人", True),
        ("常住人口（万人）", "人", False),
        ("常住人口/万人", "人", False),
        ("产值（亿元）", "万元", False),
        ("产值（单位：亿元）", "亿元", True),
        ("企业数（家）", "个", True),  # another word, not another size
        ("数值", "人", True),
    ],
)
def test_the_unit_of_the_heading_is_the_one_given(
    reference_engine: Engine, heading: str, unit: str, right: bool
) -> None:
    rows = f"县区,{heading}\n昆山市,209\n"
    if right:
        bring(reference_engine, rows, unit=unit)
        return
    with pytest.raises(InvalidInput, match="correct one of the two"):
        bring(reference_engine, rows, unit=unit)
