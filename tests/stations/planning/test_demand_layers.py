"""Demand in layers: each sums to the county's own, says where it is from, and is told what is lost."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from rasterio.transform import from_origin
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.geocoding import GeocodedPlace
from geo.hexagon_grid import hexagon_grid
from stations.database import reading, transaction
from stations.duty.roles import Actor, AreaKind, Role
from stations.errors import DomainError, InvalidForm, InvalidInput, NotAllowed, NotFound
from stations.language import Language
from stations.places.counties import list_counties
from stations.planning.candidate_place import import_places, list_candidate_places, read_places, remove_place
from stations.planning.demand import DemandLayer, demand_of, layers_on_file
from stations.planning.demand_notes import demand_notes
from stations.planning.demand_point import (
    LocatedBy,
    import_demand_points,
    list_demand_points,
    read_demand_points,
    remove_demand_point,
)
from stations.planning.population_layer import (
    compared_with_census,
    import_population,
    population_layer,
    read_population,
)
from tests.conftest import NOW
from tests.geo.test_population_raster import write
from tests.stations.request_factories import actor_with

PLANNER = actor_with(Role.PLANNER, AreaKind.PROVINCE, "320000")
ENGLISH = Language("en")
FIRMS = """名称,地址,经纬度,产值
甲厂,昆山市玉山镇前进路1号,,120
乙厂,,"120.98,31.39",30
丙厂,某某大厦,,50
丁厂,南京市玄武区,,
戊厂,,"116.4,39.9",7
"""


def by_county(engine: Engine, layer: str, weighting: str = "population") -> dict[str, float]:
    with reading(engine) as session:
        found: dict[str, float] = defaultdict(float)
        for one in demand_of(session, layer, weighting, samples=False).places:
            found[one.county or ""] += one.weight
    return found


def bring_raster(session: Session, people: dict[str, float], actor: Actor | None = PLANNER, **changes: object) -> None:
    told = {"name": "WorldPop", "year": 2020, "source": "worldpop.org", "now": NOW, **changes}
    import_population(session, actor, people, **told)  # type: ignore[arg-type]


def bring_firms(session: Session, content: str, **changes: object) -> list[str]:
    rows = read_demand_points(content.encode(), crs="wgs84")
    done = import_demand_points(session, PLANNER, rows, source="测试名录", now=NOW, **changes)  # type: ignore[arg-type]
    return [one.code for one in done.points]


@pytest.mark.one_database
@pytest.mark.parametrize("layer", [DemandLayer.COUNTIES, DemandLayer.TOWNS, DemandLayer.GRID, DemandLayer.RASTER])
def test_the_people_of_every_county_are_its_census(reference_engine: Engine, layer: DemandLayer) -> None:
    with transaction(reference_engine) as session:
        census = {one.adcode: one.population for one in list_counties(session)}
        uneven = np.random.default_rng(3).random(len(hexagon_grid()))
        bring_raster(session, dict(zip(hexagon_grid().ids, 40_000 * uneven, strict=True)))
    assert by_county(reference_engine, layer) == census
    with reading(reference_engine) as session:
        demand = demand_of(session, layer, "population", samples=False)
        assert all(one.weight.is_integer() for one in demand.places)
        assert demand.weight == sum(census.values())
        assert demand is demand_of(session, layer, "population", samples=False)  # made once


@pytest.mark.one_database
@pytest.mark.parametrize("layer", [DemandLayer.TOWNS, DemandLayer.GRID])
def test_other_figures_are_spread_like_people(reference_engine: Engine, layer: DemandLayer) -> None:
    assert by_county(reference_engine, layer, "equal") == pytest.approx(
        dict.fromkeys(by_county(reference_engine, "counties"), 1.0)
    )
    with reading(reference_engine) as session:
        people = demand_of(session, layer, "population", samples=False)
        alike = {one.id: one.weight for one in demand_of(session, layer, "equal", samples=False).places}
        census = {one.adcode: one.population for one in list_counties(session)}
    for one in people.places:
        assert alike[one.id] * census[one.county] == pytest.approx(one.weight, abs=1)


@pytest.mark.one_database
def test_each_layer_tells_its_source_and_how_much_is_estimated(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        bring_raster(session, dict.fromkeys(hexagon_grid().ids, 15_000.0))
        bring_firms(session, FIRMS)
        told = {
            layer: " ".join(demand_notes(demand_of(session, layer, "population", samples=False), ENGLISH))
            for layer in layers_on_file(session, samples=False)
        }
    assert list(told) == list(DemandLayer)
    assert "Estimated: 0.0% of the demand" in told[DemandLayer.COUNTIES]
    assert "Estimated: 100.0% of the demand is put to its place inside the county by rule" in told[DemandLayer.TOWNS]
    assert "GeoNames" in told[DemandLayer.TOWNS]
    assert "5,6" in told[DemandLayer.GRID]
    assert "worldpop.org" in told[DemandLayer.RASTER]
    assert "of the census’s people in the province" in told[DemandLayer.RASTER]
    assert "2 imported places, with 57 of demand, are not located" in told[DemandLayer.PLACES]
    assert "测试名录" in told[DemandLayer.PLACES]


@pytest.mark.one_database
@pytest.mark.parametrize(("layer", "told"), [("raster", "import population"), ("places", "import"), ("gold", "known")])
def test_a_layer_with_nothing_on_file_says_how_to_bring_it(reference_engine: Engine, layer: str, told: str) -> None:
    with reading(reference_engine) as session:
        assert DemandLayer.RASTER not in layers_on_file(session, samples=False)
        with pytest.raises(InvalidInput, match=told) as problem:
            demand_of(session, layer, "population", samples=False)
        assert problem.value.field == "demand"


def test_a_raster_says_where_in_a_county_its_people_are(reference_engine: Engine) -> None:
    grid = hexagon_grid()
    here, there = grid.by_county["320583"][[3, 4]]
    with transaction(reference_engine) as session:
        bring_raster(session, {grid.ids[here]: 300_000.0, grid.ids[there]: 100_000.0})
        demand = demand_of(session, "raster", "population", samples=False)
        places = {one.id: one for one in demand.places if one.county == "320583"}
        assert places.keys() == {grid.ids[here], grid.ids[there]}
        assert places[grid.ids[here]].weight == pytest.approx(3 * places[grid.ids[there]].weight, abs=4)
        # Counties in which the raster has nobody are spread by rule, and counted as estimated.
        assert not any(one.estimated for one in places.values())
        assert 0.9 < demand.estimated_share < 1
        compared = compared_with_census(session, samples=False)
        rows = {one.county.adcode: one for one in compared.counties}
        assert (rows["320583"].people, rows["320585"].people) == (400_000, None)
        assert rows["320583"].ratio == pytest.approx(400_000 / rows["320583"].census)


def test_a_raster_is_replaced_by_choice(reference_engine: Engine) -> None:
    people = dict.fromkeys(hexagon_grid().ids[:10], 5.0)
    with transaction(reference_engine) as session:
        bring_raster(session, people)
    with transaction(reference_engine) as session, pytest.raises(InvalidForm) as problem:
        bring_raster(session, people, name="GHS-POP")
    assert [one.field for one in problem.value.problems] == ["replace"]
    with transaction(reference_engine) as session:
        bring_raster(session, people, name="GHS-POP", replace=True)
        layer = population_layer(session, samples=False)
        assert (layer.name, layer.version) == ("GHS-POP", 2)
    with transaction(reference_engine) as session, pytest.raises(NotAllowed):
        bring_raster(session, people, actor_with(Role.COUNTY, AreaKind.COUNTY, "320583"))


@pytest.mark.one_database
def test_a_raster_file_is_summed_to_the_hexagons(tmp_path: Path) -> None:
    cells = np.full((700, 800), 2.0, dtype="float32")
    path = write(tmp_path / "people.tif", cells, transform=from_origin(115.5, 36.0, 0.01, 0.01))
    people = read_population(path)
    assert len(people) == len(hexagon_grid())
    with pytest.raises(InvalidInput, match=r"nothing\.tif") as problem:
        read_population(tmp_path / "nothing.tif")
    assert problem.value.field == "file"


def test_firms_are_demand_at_their_coordinates_or_addresses(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        assert bring_firms(session, FIRMS) == [f"DEMAND-0000{number}" for number in range(1, 6)]
        points = {one.name: one for one in list_demand_points(session, samples=False)}
        assert {name: one.location_basis for name, one in points.items()} == {
            "甲厂": LocatedBy.TOWN,
            "乙厂": LocatedBy.COORDINATES,
            "丙厂": LocatedBy.NOTHING,
            "丁厂": LocatedBy.COUNTY,
            "戊厂": LocatedBy.NOTHING,
        }
        demand = demand_of(session, "places", "population", samples=False)
        assert {one.name: (one.weight, one.county) for one in demand.places} == {
            "甲厂": (120, "320583"),
            "乙厂": (30, "320583"),
            "丁厂": (1, "320102"),
        }
        assert demand.not_located == (2, 57)
        assert demand.estimated_share == pytest.approx(121 / 151)
        assert {one.weight for one in demand_of(session, "places", "equal", samples=False).places} == {1}


def test_a_list_is_added_to_or_replaces_and_points_are_removed_singly(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        bring_firms(session, FIRMS)
        bring_firms(session, "名称,经度,纬度,数量\n己厂,120.5,31.3,4\n")
        assert len(list_demand_points(session, samples=False)) == 6
        bring_firms(session, FIRMS.replace(",120\n", ",130\n"))  # the same places again: their amounts are renewed
        points = list_demand_points(session, samples=False)
        assert (len(points), points[0].amount, points[0].version) == (6, 130, 2)
        remove_demand_point(session, PLANNER, "DEMAND-00002", now=NOW)
        assert "乙厂" not in {one.name for one in list_demand_points(session, samples=False)}
        for remove in (remove_demand_point, remove_place):
            with pytest.raises(NotFound, match="DEMAND-00002"):
                remove(session, PLANNER, "DEMAND-00002", now=NOW)
            with pytest.raises(NotAllowed):
                remove(session, None, "DEMAND-00001", now=NOW)
        assert bring_firms(session, "名称,经度,纬度\n己厂,120.5,31.3\n", replace=True) == ["DEMAND-00001"]
        assert len(list_demand_points(session, samples=False)) == 1


def test_candidate_places_likewise(reference_engine: Engine) -> None:
    def bring(text: str, **changes: bool) -> list[str]:
        rows = read_places(text.encode())
        done = import_places(session, PLANNER, rows, source="测试", crs="wgs84", now=NOW, **changes)
        return [one.code for one in done]

    with transaction(reference_engine) as session:
        assert bring("名称,经度,纬度\n甲园,120.98,31.39\n乙园,118.79,32.05\n") == ["PLACE-0001", "PLACE-0002"]
        assert bring("名称,经度,纬度,成本\n甲园,120.98,31.39,90\n丙园,120.5,31.3,\n") == ["PLACE-0001", "PLACE-0003"]
        assert [(one.name, one.cost) for one in list_candidate_places(session, samples=False)] == [
            ("甲园", 90), ("乙园", None), ("丙园", None)
        ]  # fmt: skip
        remove_place(session, PLANNER, "PLACE-0002", now=NOW)
        assert [one.name for one in list_candidate_places(session, samples=False)] == ["甲园", "丙园"]
        assert bring("名称,经度,纬度\n丁园,120.5,31.3\n", replace=True) == ["PLACE-0001"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("名称,数量\n甲,1\n", "column"),
        ("名称,地址,数量\n甲,昆山市,很多\n", "row 2"),
        ("名称,经度,纬度\n甲,东,31\n", "row 2"),
        ("名称,地址\n,昆山市\n", "row 2"),
        ("名称,地址\n甲,昆山市\n甲,昆山市\n", "row 3"),
        ("名称,地址\n", "no rows"),
    ],
)
def test_a_list_with_a_wrong_row_is_told_by_row(content: str, told: str) -> None:
    with pytest.raises(DomainError) as problem:
        read_demand_points(content.encode(), crs="wgs84")
    words = [f"{one.field} {ENGLISH.translate(one.message, **one.params)}" for one in getattr(
        problem.value, "problems", [problem.value])]  # fmt: skip
    assert any(told in one for one in words), words


class OneStreet:
    """A geocoder that knows one street."""

    def find(self, text: str) -> GeocodedPlace | None:
        return GeocodedPlace(120.95, 31.38, "门牌号") if "前进" in text else None


@pytest.mark.one_database
def test_a_geocoder_places_an_address_where_there_is_one() -> None:
    content = "名称,地址\n甲,昆山市前进中路1号\n乙,昆山市某路\n".encode()
    found = read_demand_points(content, crs="wgs84", geocoder=OneStreet())  # type: ignore[arg-type]
    assert [one.location_basis for one in found] == [LocatedBy.GEOCODER, LocatedBy.COUNTY]
    assert found[0].point == (120.95, 31.38, "320583")
