"""One station is one station: by name and county wherever the county is from, at a second import, over several rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from stations.database import reading
from stations.imports.importing import plan_import, read_list
from stations.imports.plan import ImportOptions, ImportPlan
from stations.language import Language
from stations.registry.record_state import Offer
from tests.conftest import NOW
from tests.stations.imports.import_files.make import CHANGSHU, HEAD, KUNSHAN, book
from tests.stations.imports.test_station_import import applied, outcomes, planned
from tests.stations.registry_factories import PROVINCE

LISTS = Path(__file__).parent / "office_lists"
PLACED = ("站点名称", "详细地址", "经度", "纬度", "坐标系")


def planned_file(engine: Engine, name: str) -> ImportPlan:
    sheet = read_list((LISTS / name).read_bytes())
    with reading(engine) as session:
        return plan_import(session, PROVINCE, sheet, ImportOptions(name), now=NOW)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("same_name_coordinates_only.csv", ["new", "new"]),
        ("reimport_coordinates.csv", ["new"]),
        ("shared_hotline.csv", ["new"] * 5),
        ("merged_services.xlsx", ["new", "joined", "joined", "new", "joined"]),
        ("address_contradicts.csv", ["doubtful"] * 3 + ["new"]),
        ("service_windows.csv", ["doubtful"] * 6),
        ("fullname_columns.csv", ["new", "new"]),
        ("headings_real.csv", ["new"]),
    ],
)
def test_a_list_imported_twice_is_unchanged(reference_engine: Engine, name: str, first: list[str]) -> None:
    plan = planned_file(reference_engine, name)
    assert outcomes(plan) == first
    applied(reference_engine, plan, doubtful=True)
    again = planned_file(reference_engine, name)
    assert set(outcomes(again)) <= {"unchanged", "joined"}


@pytest.mark.one_database
def test_a_county_from_the_address_is_part_of_the_name(reference_engine: Engine) -> None:
    rows = [("名称", "地址"), ("质量小站", "江苏省昆山市玉山镇路1号"), ("质量小站", "常熟市虞山街道路2号")]
    plan = planned(reference_engine, rows)
    assert [row.after.county_adcode for row in plan.rows] == ["320583", "320581"]
    applied(reference_engine, plan, doubtful=True)
    assert outcomes(planned(reference_engine, rows)) == ["unchanged", "unchanged"]


@pytest.mark.one_database
def test_several_of_one_name_in_a_county_are_told_apart_by_address_or_place(reference_engine: Engine) -> None:
    rows = [
        (*PLACED[:2], "县(市、区)", *PLACED[2:]),
        ("质量小站", "玉山镇路1号", "昆山市", 120.98, 31.385, "WGS84"),
        ("质量小站", "花桥镇路2号", "昆山市", 121.1, 31.3, "WGS84"),
    ]
    plan = planned(reference_engine, rows)
    assert outcomes(plan) == ["new", "doubtful"]
    applied(reference_engine, plan, doubtful=True)
    assert outcomes(planned(reference_engine, rows)) == ["unchanged", "unchanged"]
    by_address = [("站点名称", "县(市、区)", "详细地址", "联系电话")]
    by_address += [("质量小站", "昆山市", "花桥镇 路2号", "0512-55500002")]
    assert [(row.code, row.outcome) for row in planned(reference_engine, by_address).rows] == [
        ("S-3205-002", "changed")
    ]
    third = planned(reference_engine, [*by_address[:1], ("质量小站", "昆山市", "周市镇路3号", "")]).rows[0]
    assert (third.new, third.outcome) == (True, "doubtful")


@pytest.mark.one_database
def test_a_second_site_of_a_registered_name_is_another_station(reference_engine: Engine) -> None:
    applied(reference_engine, planned(reference_engine, [HEAD, KUNSHAN]))
    plan = planned(reference_engine, [HEAD, (*KUNSHAN[:2], "另一路9号", ""), KUNSHAN])
    assert outcomes(plan) == ["doubtful", "unchanged"] and plan.rows[0].new


@pytest.mark.one_database
def test_a_row_that_says_it_all_again_is_wrong(reference_engine: Engine) -> None:
    assert outcomes(planned(reference_engine, [HEAD, KUNSHAN, CHANGSHU, KUNSHAN])) == ["new", "new", "wrong"]


@pytest.mark.one_database
@pytest.mark.parametrize("merge", [("A2:A3", "B2:B3", "C2:C3", "D2:D3"), ()])
def test_services_over_several_rows_are_gathered(reference_engine: Engine, merge: tuple[str, ...]) -> None:
    head = (*HEAD, "服务项目")
    blank = (None, None, None, None)
    content = book([head, (*KUNSHAN, "校准"), (*blank, "标准查新"), (*CHANGSHU, "校准")], merge=merge)
    with reading(reference_engine) as session:
        plan = plan_import(session, PROVINCE, read_list(content), ImportOptions(), now=NOW)
    assert outcomes(plan) == ["new", "joined", "new"]
    assert plan.rows[0].after.services == (Offer("metrology.calibration"), Offer("standards.lookup"))
    assert "2" in plan.rows[1].remarks[0].told(Language("en"))


@pytest.mark.one_database
def test_an_address_that_contradicts_the_county_names_both(reference_engine: Engine) -> None:
    told = [
        [remark.told(Language("zh_CN")) for remark in row.remarks]
        for row in planned_file(reference_engine, "address_contradicts.csv").rows
    ]
    assert [len(one) for one in told] == [1, 1, 1, 0]
    for (message,), found in zip(told[:3], ("常熟市", "滨海县", "上海"), strict=True):
        assert found in message and "昆山市" in message


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("county", "address", "doubtful"),
    [
        ("昆山市", "苏州市昆山市玉山镇路1号", False),
        ("昆山市", "昆山玉山镇路1号", False),
        ("昆山市", "玉山镇常熟路1号", False),
        ("昆山市", "示例路1号", False),
        ("昆山市", "苏州市吴江区松陵镇路1号", True),
        ("昆山市", "南京市示例路1号", True),
        ("昆山市", "浙江省杭州市路1号", True),
        ("苏州市", "苏州市吴江区路1号", False),
        ("苏州市", "无锡市江阴市路1号", True),
    ],
)
def test_which_addresses_contradict(reference_engine: Engine, county: str, address: str, doubtful: bool) -> None:
    plan = planned(reference_engine, [HEAD, ("示例质量小站", county, address, "")])
    assert outcomes(plan) == ["doubtful" if doubtful else "new"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("county", "address", "place", "outcome", "adcode"),
    [
        ("鼓楼区", "江苏省南京市鼓楼区中山北路1号", ("", ""), "new", "320106"),
        ("鼓楼区", "示例路1号", ("", ""), "wrong", None),
        ("鼓楼区", "示例路1号", (118.7697, 32.0664), "new", "320106"),
        ("苏州工业园区", "示例路1号", (120.7196, 31.2990), "new", "320506"),
        ("苏州工业园区", "示例路1号", ("", ""), "doubtful", "320500"),
        ("南京江北新区", "浦口区浦滨路1号", ("", ""), "new", "320111"),
    ],
)
def test_which_of_several_counties_is_meant(
    reference_engine: Engine, county: str, address: str, place: tuple, outcome: str, adcode: str | None
) -> None:
    rows = [(*PLACED[:2], "县(市、区)", *PLACED[2:]), ("示例质量小站", address, county, *place, "WGS84")]
    plan = planned(reference_engine, rows)
    (row,) = plan.rows
    assert row.outcome == outcome
    assert (row.after and (row.after.county_adcode or row.after.city_adcode)) == adcode
    if outcome == "doubtful":
        assert dict(row.after.unread) == {"county": county}
        applied(reference_engine, plan, doubtful=True)
        assert outcomes(planned(reference_engine, rows)) == ["unchanged"]


@pytest.mark.one_database
def test_a_number_that_counts_the_rows_is_no_code(reference_engine: Engine) -> None:
    plan = planned(reference_engine, [("编号", *HEAD), (1, *KUNSHAN), (102, *CHANGSHU)])
    assert [(row.outcome, row.code) for row in plan.rows] == [("new", ""), ("new", "")]
