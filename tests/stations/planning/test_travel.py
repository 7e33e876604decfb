"""Ways by road and by imported tables, through siting and the commands, against cases worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from geo.distance import great_circle_m
from geo.gazetteer import get_town
from geo.siting import Outcome, SitingModel
from stations.answers.reach import reach_notes
from stations.audit.log import AuditEntry
from stations.audit_search.words import detail_in_words
from stations.database import reading, transaction
from stations.duty.roles import Actor, AreaKind, Role
from stations.errors import InvalidForm, InvalidInput, NotAllowed, NotFound
from stations.language import Language
from stations.places.counties import County, list_counties
from stations.planning import road_travel
from stations.planning.demand import Weighting
from stations.planning.distance_table import DistanceTable, import_distances, list_tables, missing_pairs, read_distances
from stations.planning.nearest_by_road import by_road
from stations.planning.population_layer import import_population
from stations.planning.reach import reach_on
from stations.planning.road_data import build_roads, road_facts, use_network
from stations.planning.road_import import import_roads
from stations.planning.siting_answer_data import answer_data, answer_of
from stations.planning.siting_question import SitingQuestion
from stations.planning.station_siting import site_stations
from stations.planning.travel import list_measures, travel_of
from stations.planning.travel_measure import GapReason, TravelUnit
from stations.registry import by_time
from stations.registry.nearest_stations import Search, candidates, station_facts
from stations.registry.station import Station
from tests.conftest import NOW, TODAY
from tests.geo.roads.drawn_extract import DrawnExtract
from tests.stations.commands.test_command_line import run
from tests.stations.request_factories import actor_with

PLANNER = actor_with(Role.PLANNER, AreaKind.PROVINCE, "320000")
TABLE = {"code": "drive-2025", "name": "行车时间", "year": 2025, "source": "测试", "now": NOW}
ROUTE = ("320102", "320104", "320105", "320106")  # in Nanjing, near each other


@pytest.fixture
def roads_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ROADS_FOLDER", str(tmp_path / "roads"))
    return tmp_path / "roads"


def drawn_route(engine: Engine, file: Path) -> list[County]:
    """Write an extract with one road from county to county of ``ROUTE``, at 72 km/h."""
    with reading(engine) as session:
        counties = [session.get_one(County, adcode) for adcode in ROUTE]
        nodes = {name: (one.lon, one.lat) for name, one in zip("ABCD", counties, strict=True)}
    DrawnExtract(nodes, [("ABCD", {"highway": "primary", "maxspeed": "90"})]).write(file)
    return counties


def along(counties: list[County]) -> list[float]:
    """Return the seconds along the route from its beginning to each county."""
    metres = [great_circle_m(a.lon, a.lat, b.lon, b.lat) for a, b in zip(counties, counties[1:], strict=False)]
    return [0.0, *np.cumsum(metres) / 20.0]


def degrees(counties: list[County]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([one.lon for one in counties]), np.array([one.lat for one in counties])


@pytest.mark.one_database
def test_siting_by_road_serves_by_the_times_worked_out_by_hand(
    reference_engine: Engine, roads_folder: Path, tmp_path: Path
) -> None:
    counties = drawn_route(reference_engine, tmp_path / "route.osm.pbf")
    use_network(build_roads(tmp_path / "route.osm.pbf"), NOW)
    at = along(counties)
    every = {one.adcode for one in counties}
    with Session(reference_engine) as session:
        beyond = tuple(one.adcode for one in list_counties(session) if one.adcode not in every)
        middle = at[3] / 2 / 60
        question = SitingQuestion(
            SitingModel.MCLP, p=1, weighting=Weighting.EQUAL, travel="roads", within_minutes=middle, forbid=beyond
        )
        answer = site_stations(session, question, as_of=TODAY, samples=False)
    served = {here: sum(abs(at[here] - there) <= middle * 60 + 1 for there in at) for here in range(4)}
    assert answer.outcome is Outcome.OPTIMAL
    assert answer.unit is TravelUnit.SECONDS
    assert answer.objective == max(served.values())
    site = ROUTE.index(answer.added[0])
    assert {ROUTE[place]: pytest.approx(abs(at[site] - second), abs=1) for place, second in enumerate(at)}.items() <= (
        answer.nearest.items()
    )
    assert {one.reason for one in answer.gaps} <= {GapReason.BEYOND, GapReason.FAR}
    assert len({one.id for one in answer.gaps} | every) == 95 - (len(answer.nearest) - len(every))
    assert answer.after is not None
    assert answer.after.unreached == pytest.approx(1 - len(answer.nearest) / 95)
    assert answer_of(json.loads(json.dumps(answer_data(answer)))) == replace(
        answer, **{name: getattr(answer_of(answer_data(answer)), name) for name in ("nearest", "before", "after")}
    )


@pytest.mark.one_database
def test_a_large_matrix_is_computed_in_its_own_process_once(
    reference_engine: Engine, roads_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counties = drawn_route(reference_engine, tmp_path / "route.osm.pbf")
    use_network(build_roads(tmp_path / "route.osm.pbf"), NOW)
    told: list[float] = []
    with Session(reference_engine) as session:
        travel = travel_of(session, "roads", report=told.append)
        lons, lats = degrees(counties * 2)
        times = travel.matrix(lons, lats, lons, lats)
        single = [travel.matrix(lons[:1], lats[:1], lons, lats)[0]]
    at = np.array(along(counties) * 2)
    np.testing.assert_allclose(times, np.abs(at[:, None] - at[None]), atol=0.5)
    np.testing.assert_allclose(single, times[:1], atol=0.01)
    assert told[-1] == 1.0
    monkeypatch.setattr(road_travel.subprocess, "Popen", None)  # from now on no process can begin
    with Session(reference_engine) as session:
        np.testing.assert_array_equal(travel_of(session, "roads").matrix(lons, lats, lons, lats), times)


@pytest.mark.one_database
def test_who_leaves_ends_the_process_that_measures(
    reference_engine: Engine, roads_folder: Path, tmp_path: Path
) -> None:
    counties = drawn_route(reference_engine, tmp_path / "route.osm.pbf")
    use_network(build_roads(tmp_path / "route.osm.pbf"), NOW)

    class LeftError(Exception):
        pass

    def leave(_share: float) -> None:
        raise LeftError

    with Session(reference_engine) as session:
        lons, lats = degrees(counties * 2)
        with pytest.raises(LeftError):
            travel_of(session, "roads", report=leave).matrix(lons, lats, lons, lats)


@pytest.mark.one_database
def test_roads_are_imported_by_a_command_and_replaced(
    reference_engine: Engine, roads_folder: Path, tmp_path: Path
) -> None:
    with Session(reference_engine) as session:
        assert [one.code for one in list_measures(session, samples=False)] == ["straight"]
        with pytest.raises(NotFound, match="No roads are imported"):
            travel_of(session, "roads")
    drawn_route(reference_engine, tmp_path / "route.osm.pbf")
    url = reference_engine.url.render_as_string(hide_password=False)
    done = run(url, "import", "roads", str(tmp_path / "route.osm.pbf"), "--format", "json")
    assert "reading the roads…" in done.stderr
    facts = json.loads(done.stdout)
    assert (facts["file"], facts["as_of"], facts["junctions"]) == ("route.osm.pbf", "2026-10-31T20:21:02+00:00", 2)
    before = road_facts()
    DrawnExtract({"A": (118.0, 32.0), "B": (118.1, 32.0)}, [("AB", {"highway": "primary"})]).write(
        tmp_path / "other.osm.pbf"
    )
    use_network(build_roads(tmp_path / "other.osm.pbf"), NOW)
    after = road_facts()
    assert before is not None
    assert after is not None
    assert (before.file, after.file) == ("route.osm.pbf", "other.osm.pbf")
    assert sorted(one.name for one in roads_folder.iterdir()) == sorted([after.mark, "current.json"])
    (tmp_path / "no.osm.pbf").write_text("no extract")
    with pytest.raises(InvalidInput, match="no.osm.pbf can't be read as an OpenStreetMap extract"):
        build_roads(tmp_path / "no.osm.pbf")
    assert road_facts() == after


@pytest.mark.one_database
@pytest.mark.usefixtures("roads_folder")
def test_what_ways_are_measured_by_is_logged_when_it_comes_and_goes(
    reference_engine: Engine, tmp_path: Path
) -> None:
    url = reference_engine.url.render_as_string(hide_password=False)

    def by_command(*words: str) -> dict[str, Any]:
        done = run(url, *words, "--format", "json")
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    drawn_route(reference_engine, tmp_path / "route.osm.pbf")
    by_command("import", "roads", str(tmp_path / "route.osm.pbf"))
    bring(reference_engine, "起点,终点,分钟\n玄武区,秦淮区,12\n", file="客运.xlsx")
    with transaction(reference_engine) as session:
        cells = {"here": 5.0}
        import_population(session, PLANNER, cells, name="W", year=2020, source="s", file="w.tif", now=NOW)
        with pytest.raises(NotAllowed, match="sample records only"):
            import_roads(session, replace(PLANNER, sample=True), road_facts(), now=NOW)
    assert by_command("remove-data", "distances", "DRIVE-2025") == {"removed": "DRIVE-2025"}
    assert by_command("remove-data", "population") == {"removed": "population"}
    assert by_command("remove-data", "roads") == {"removed": "roads"}
    assert road_facts() is None
    with reading(reference_engine) as session:
        assert [one.code for one in list_measures(session, samples=True)] == ["straight"]
        entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))[-6:]
        told = [detail_in_words(Language("en"), one.detail) for one in entries]
    assert [(one.action, one.subject) for one in entries] == [
        ("import_roads", "roads"),
        ("import_distances", "DRIVE-2025"),
        ("import_population", "POPULATION"),
        ("remove_distances", "DRIVE-2025"),
        ("remove_population", "POPULATION"),
        ("remove_roads", "roads"),
    ]
    assert "file: route.osm.pbf; junctions: 2" in told[0]
    assert "file: 客运.xlsx" in told[1] and "pairs of places: 1" in told[1]
    assert "cells: 1; file: w.tif" in told[2] and "total: 5" in told[2]
    assert {one.actor for one in entries} == {"command line", PLANNER.username}
    for wrong in (("roads",), ("distances", "DRIVE-2025"), ("distances",), ("roads", "A")):
        done = run(url, "remove-data", *wrong)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr


def bring(engine: Engine, text: str, actor: Actor | None = PLANNER, **changes: Any) -> DistanceTable:
    with transaction(engine) as session:
        rows = read_distances(text.encode("utf-8-sig"))
        return import_distances(session, actor, rows, **{**TABLE, **changes})


def test_a_table_gives_its_minutes_and_tells_what_is_missing(reference_engine: Engine) -> None:
    table = bring(
        reference_engine,
        "起点,终点,分钟\n玄武区,秦淮区,12\n秦淮区,320102,15分钟\n320102,建邺区,20\n"
        "玄武区,\"118.70, 31.90\",–\n玄武区,玄武区梅园新村街道,3\n",
    )
    assert (table.unit, table.pairs, missing_pairs(table)) == (TravelUnit.SECONDS, 4, 2)
    with Session(reference_engine) as session:
        counties = [session.get_one(County, adcode) for adcode in ("320102", "320104", "320105", "320106")]
        travel = travel_of(session, "DRIVE-2025")
        found = travel.matrix(*degrees(counties), *degrees(counties))
        inf = np.inf
        expected = [[0, 720, 1200, inf], [900, 0, inf, inf], [inf, inf, 0, inf], [inf, inf, inf, inf]]
        np.testing.assert_array_equal(found, expected)
        assert travel.gaps(*degrees(counties)) == {3: GapReason.NOT_LISTED}
        assert [one.code for one in list_measures(session, samples=False)] == ["straight", "DRIVE-2025"]
    again = bring(reference_engine, "from,to,km\n玄武区,秦淮区,8.5\n", name="路程")
    assert (again.version, again.unit, again.pairs) == (2, TravelUnit.METRES, 1)
    with Session(reference_engine) as session:
        [only] = list_tables(session, samples=False)
        assert only.name == "路程"
        assert travel_of(session, "DRIVE-2025").matrix(*degrees(counties[:1]), *degrees(counties[1:2])) == [[8500]]


@pytest.mark.one_database
def test_siting_by_a_table(reference_engine: Engine) -> None:
    minutes = {("320102", "320104"): 10, ("320104", "320102"): 10, ("320104", "320105"): 25, ("320105", "320104"): 25}
    minutes |= {("320102", "320105"): 40, ("320105", "320102"): 40}
    text = "起点,终点,分钟\n" + "".join(f"{a},{b},{value}\n" for (a, b), value in minutes.items())
    bring(reference_engine, text)
    known = ["320102", "320104", "320105"]
    with Session(reference_engine) as session:
        others = tuple(one.adcode for one in list_counties(session) if one.adcode not in known)
        question = SitingQuestion(SitingModel.MCLP, p=1, travel="DRIVE-2025", within_minutes=25, forbid=others)
        answer = site_stations(session, question, as_of=TODAY, samples=False)
        two = site_stations(session, replace(question, within_minutes=24), as_of=TODAY, samples=False)
    assert answer.added == ("320104",)
    assert answer.nearest == {"320102": 600.0, "320104": 0.0, "320105": 1500.0}
    assert (answer.objective, two.objective) == (3, 2)
    assert len(answer.gaps) == 92
    assert answer.pairs_without_way == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("起点,终点,分钟\n玄武区,火星,12\n", [("row 2", "“火星” is not known")]),
        ("起点,终点,分钟\n,玄武区,12\n", [("row 2", "is empty; name a place")]),
        ("起点,终点,分钟\n玄武区,秦淮区,一刻\n", [("row 2", "“一刻” is not a number of 0 or more")]),
        ("起点,终点,分钟\n玄武区,秦淮区,-3\n", [("row 2", "“-3” is not a number of 0 or more")]),
        ("起点,终点,分钟\n玄武区,秦淮区,\n", [("row 2", "The value is empty")]),
        ("起点,终点,分钟\n玄武区,秦淮区,1\n320102,秦淮区,2\n", [("row 3", "stands in row 2 already")]),
        ("起点,终点,分钟\n鼓楼区,秦淮区,1\n", [("row 2", "several counties")]),
        ("起点,终点,分钟\n玄武区,\"200, 100\",1\n", [("row 2", "out of range")]),
        ("起点,终点,分钟\n玄武区,秦淮区,–\n", [("file", "No pair of places of the file has a value")]),
    ],
)
@pytest.mark.one_database
def test_a_bad_row_is_named_and_nothing_is_imported(
    reference_engine: Engine, text: str, told: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidForm) as problem:
        bring(reference_engine, text)
    assert [one.field for one in problem.value.problems] == [field for field, _said in told]
    for one, (_field, said) in zip(problem.value.problems, told, strict=True):
        assert said in str(one)
    with Session(reference_engine) as session:
        assert not list_tables(session, samples=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("起点,终点,备注\n玄武区,秦淮区,1\n", "needs one column"),
        ("起点,终点,分钟,公里\n玄武区,秦淮区,1,2\n", "minutes and kilometres"),
    ],
)
def test_a_table_says_what_it_measures(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_distances(text.encode())


@pytest.mark.one_database
def test_only_planners_and_the_province_import_a_table(reference_engine: Engine) -> None:
    with pytest.raises(NotAllowed):
        bring(reference_engine, "起点,终点,分钟\n玄武区,秦淮区,1\n", actor_with(Role.COUNTY, AreaKind.COUNTY, "320583"))


@pytest.mark.one_database
def test_a_table_of_coordinates_and_towns_by_command(reference_engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("起点,终点,公里\n\"118.79,32.06\",320102002,12.5 km\n", encoding="utf-8")
    asked = ("--code", "KM-2025", "--name", "n", "--year", "2025", "--source", "s", "--format", "json")
    url = reference_engine.url.render_as_string(hide_password=False)
    told = json.loads(run(url, "import", "distances", str(file), *asked).stdout)
    assert (told["unit"], told["places"], told["missing_pairs"]) == ("km", 2, 0)
    point = get_town("320102002").point
    assert point is not None
    with Session(reference_engine) as session:
        travel = travel_of(session, "KM-2025")
        found = travel.matrix(np.array([118.79]), np.array([32.06]), *np.array([point]).T)
    assert found.tolist() == [[12500.0]]
    measures = json.loads(run(url, "measures", "--format", "json").stdout)
    assert [one["code"] for one in measures] == ["straight", "KM-2025"]


def an_active_station(session: Session) -> Station:
    placed = candidates(session, TODAY, samples=False)
    code = str(placed.columns.stations.code[placed.rows[0]])
    return session.scalars(select(Station).where(Station.code == code)).one()


@pytest.mark.one_database
def test_a_station_is_where_it_is_now(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = an_active_station(session)
        station.lon, station.lat = 120.9, 31.3
        code = station.code
    bring(reference_engine, f"起点,终点,公里\n玄武区,{code},12.5\n")
    with transaction(reference_engine) as session:
        session.scalars(select(Station).where(Station.code == code)).one().lon = 120.95
    with Session(reference_engine) as session:
        county = session.get_one(County, "320102")
        travel = travel_of(session, "DRIVE-2025")
        found = travel.matrix(*degrees([county]), np.array([120.9, 120.95]), np.array([31.3, 31.3]))
    assert found.tolist() == [[np.inf, 12500.0]]


@pytest.mark.one_database
def test_the_nearest_by_road_come_in_the_order_of_their_minutes(
    sample_engine: Engine, roads_folder: Path, tmp_path: Path
) -> None:
    url = sample_engine.url.render_as_string(hide_password=False)
    asked = ("nearest", "118.79", "32.05", "--k", "3", "--format", "json")
    [_first, second, _third] = json.loads(run(url, *asked).stdout)
    asked = (*asked, "--by-road")
    assert "No roads are imported" in run(url, *asked).stderr
    ends = {"A": (118.79, 32.05), "B": (second["lon"], second["lat"])}
    DrawnExtract(ends, [("AB", {"highway": "primary"})]).write(tmp_path / "route.osm.pbf")
    use_network(build_roads(tmp_path / "route.osm.pbf"), NOW)
    found = json.loads(run(url, *asked).stdout)
    seconds = [np.inf if one["seconds"] is None else one["seconds"] for one in found]
    assert len(found) == 3
    assert seconds == sorted(seconds)
    assert np.isfinite(seconds[0])
    place = np.array([118.79]), np.array([32.05])
    with Session(sample_engine) as session:
        there = np.array([found[0]["lon"]]), np.array([found[0]["lat"]])
        assert travel_of(session, "roads").matrix(*place, *there)[0, 0] == pytest.approx(seconds[0], abs=0.1)
    far = json.loads(run(url, "nearest", "121.5", "32.5", "--k", "2", "--by-road", "--format", "json").stdout)
    assert [one["seconds"] for one in far] == [None, None]


@pytest.mark.one_database
@pytest.mark.usefixtures("roads_folder")
def test_the_soonest_by_road_are_found_however_far_they_are(
    sample_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over roads drawn by chance between all stations, against the times to every one of them."""
    chance = np.random.default_rng(7)
    with reading(sample_engine) as session:
        every = candidates(session, TODAY, samples=True)
        nodes = {chr(0x4E00 + row): place for row, place in enumerate(zip(every.lons, every.lats, strict=True))}
        names = list(nodes)
        ways = [
            (a + b, {"highway": "primary", "maxspeed": str(speed)})
            for a, b, speed in zip(
                names, chance.permutation(names), chance.choice([8, 30, 90, 170], len(names)), strict=True
            )
            if a != b
        ]
        ways.append(("".join(names), {"highway": "primary", "maxspeed": "10"}))
        DrawnExtract(nodes, ways).write(tmp_path / "chance.osm.pbf")
        use_network(build_roads(tmp_path / "chance.osm.pbf"), NOW)
        monkeypatch.setattr(by_time, "MEASURED_FIRST", 3)
        widened = 0
        for row in chance.choice(len(names), 8, replace=False):
            lon, lat = float(every.lons[row]) + 0.004, float(every.lats[row])
            measured = by_road(lon, lat)
            assert measured is not None
            times = np.sort(measured.seconds(every.lons, every.lats))
            for k in (1, 3, 10):
                search = Search(lon, lat, TODAY, True, station_facts, by_time=measured)
                found = search.nearest(session, (), k)
                assert [one.seconds for one in found] == pytest.approx(times[:k].tolist())
                nearest = {one.station.code for one in search.by_distance.nearest(session, (), max(k, 3))}
                widened += not {one.station.code for one in found} <= nearest
        assert widened > 5  # else the first ones measured were right anyway


@pytest.mark.one_database
def test_reach_by_a_table_and_by_road_against_hand_made_times(
    reference_engine: Engine, roads_folder: Path, tmp_path: Path
) -> None:
    counties = drawn_route(reference_engine, tmp_path / "route.osm.pbf")
    use_network(build_roads(tmp_path / "route.osm.pbf"), NOW)
    with transaction(reference_engine) as session:
        station = an_active_station(session)
        station.lon, station.lat = counties[0].lon, counties[0].lat  # the only one on the road is at its beginning
        code = station.code
    bring(reference_engine, f"起点,终点,分钟\n玄武区,{code},4\n秦淮区,{code},16\n建邺区,{code},31\n")
    at = along(counties)
    with Session(reference_engine) as session:
        told = reach_on(session, TODAY, samples=False, weighting="equal", travel="DRIVE-2025", catchment_minutes=20)
        way = {one.county.adcode: one.station.way for one in told.counties if one.station is not None}
        assert way == {"320102": 0.0, "320104": 960.0, "320105": 1860.0}
        assert told.province.within == {15: pytest.approx(1 / 95), 30: pytest.approx(2 / 95), 60: pytest.approx(3 / 95)}
        # Averages are of the three that have a way; for the 92 others there is none.
        assert (told.unit, len(told.gaps), told.province.average) == (TravelUnit.SECONDS, 92, (0 + 960 + 1860) / 3)
        assert told.province.unreached == pytest.approx(92 / 95)
        assert "96.8% of the demand has no way" in " ".join(reach_notes(told, Language("en")))
        told = reach_on(session, TODAY, samples=False, weighting="equal", travel="roads")
        way = {one.county.adcode: one.station.way for one in told.counties if one.station is not None}
        straight = reach_on(session, TODAY, samples=False, weighting="equal")
    assert all(way[one.adcode] <= second + 1 for one, second in zip(counties, at, strict=True))
    assert way["320102"] == pytest.approx(0, abs=1)
    assert straight.unit is TravelUnit.METRES
    assert straight.gaps == ()
