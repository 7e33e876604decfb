from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo import province
from geo.province import known_provinces, province_in_use, province_of, read_province
from geo.zones import zones
from stations.catalogue.service import ELEMENTS, Service, list_groups
from stations.data_load import DataLoad
from stations.database import reading, transaction
from stations.errors import InvalidInput
from stations.keeping.double_merging import HistoryChoice, merge_records
from stations.keeping.editing import edit_record
from stations.keeping.station_form import station_form_of
from stations.loading.reference_data import DATA, load_reference_data
from stations.places.census import zones_across_counties
from stations.places.counties import County, list_cities, list_counties
from stations.registry.centre import Centre, Stage, list_centres
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of_station
from stations.registry.station import Station, Status, list_stations
from stations.targets.target import Target
from tests.conftest import NOW, TODAY
from tests.stations.registry_factories import PROVINCE


def test_every_county_has_its_residents(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        counties, cities = list_counties(session), list_cities(session)
    assert (len(counties), len(cities)) == (95, 13)
    kinds = [county.kind for county in counties]
    assert [kinds.count(kind) for kind in ("district", "county_level_city", "county")] == [55, 21, 19]
    assert sum(city.population for city in cities) == 84_748_016
    assert all(county.population and county.population_source for county in counties)


def test_residents_of_a_zone_are_counted_to_its_one_county_or_to_none(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        residents = {county.adcode: county.population for county in list_counties(session)}
        noted = {county.adcode: county.population_note or "" for county in list_counties(session)}
        cities = {city.adcode: city.population for city in list_cities(session)}
    assert residents["320613"] == 1_183_740 + 332_273  # 崇川区 with the zone of Nantong
    assert "332,273" in noted["320613"]
    assert residents["320623"] == 880_006  # 如东县
    across = zones_across_counties()
    assert {zone.name.zh for zone in across} == {
        "徐州经济技术开发区",
        "苏州工业园区",
        "扬州经济技术开发区",
        "泰州医药高新技术产业开发区",
    }
    for adcode, people in cities.items():
        inside = sum(count for county, count in residents.items() if county[:4] == adcode[:4])
        assert people - inside == sum(zone.residents for zone in across if zone.counties[0][:4] == adcode[:4])


def test_the_catalogue_has_the_four_elements_and_both_languages(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        groups = list_groups(session)
    assert tuple(group.code for group in groups if group.element) == ELEMENTS
    assert 30 <= sum(len(group.services) for group in groups) <= 50
    assert all(group.services for group in groups)


def test_documented_records_keep_their_sources_and_no_more_precision_than_these(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        centres = list_centres(session, samples=True)
        stations = [one.station for one in list_stations(session, TODAY, samples=True)]
        history = [entry for station in stations for entry in session.merge(station).history]
    assert (len(centres), len(stations)) == (63, 7)
    assert all(record.source and not record.sample for record in (*centres, *stations))
    assert all(record.lon is None for record in (*centres, *stations))
    assert [str(entry.dated) if entry.dated else None for entry in history] == [
        *("2021", "2022-06", None, None, None, "2017", "2017"),
    ]
    assert all(entry.status is Status.ACTIVE for entry in history)
    graphene = next(centre for centre in centres if "石墨烯" in centre.name)
    assert [(entry.stage, str(entry.dated)) for entry in graphene.history] == [
        (Stage.APPROVED, "2016"),
        (Stage.ACCEPTED, "2018-02"),
    ]


def test_the_sources_page_names_every_data_file() -> None:
    for folder in (DATA, *(read_province(adcode).folder for adcode in known_provinces())):
        told = (folder / "SOURCES.md").read_text(encoding="utf-8")
        assert [path.name for path in folder.glob("*.csv") if f"`{path.name}`" not in told] == []


def test_a_second_load_does_nothing_and_keeps_what_people_changed(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = session.scalars(sa.select(Station).where(Station.code == "S-3201-003")).one()
        form = replace(station_form_of(state_of_station(station)), phone="025-5555 0000")
        edit_record(session, PROVINCE, RecordKind.STATION, station.code, form, version=1, now=NOW)
        session.get(Target, "qi_centres").required = 50
    with transaction(reference_engine) as session:
        assert load_reference_data(session, NOW) is False
        session.get(DataLoad, "reference").fingerprint = "an older release's"
    with transaction(reference_engine) as session:
        assert load_reference_data(session, NOW) is True
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(Station.phone).where(Station.code == "S-3201-003")) == "025-5555 0000"
        assert session.get(Target, "qi_centres").required == 50
        assert session.scalar(sa.select(sa.func.count()).select_from(Centre)) == 63
        assert session.scalar(sa.select(sa.func.count()).select_from(Service)) == 56
        assert session.get(County, "320102").population == 537_825


def test_a_record_that_nobody_changed_is_brought_up_to_date(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        session.get(DataLoad, "reference").fingerprint = "an older release's"
        centre = session.scalars(sa.select(Centre).where(Centre.code == "C-018")).one()
        centre.source = "what an older release knew"
        centre.history[-1].stage = Stage.UNDER_CONSTRUCTION
    with transaction(reference_engine) as session:
        assert load_reference_data(session, NOW + timedelta(days=1)) is True
    with reading(reference_engine) as session:
        centre = session.scalars(sa.select(Centre).where(Centre.code == "C-018")).one()
        assert [entry.stage for entry in centre.history] == [Stage.APPROVED, Stage.ACCEPTED]
        assert "2012-07-13" in centre.source
        assert centre.updated_at == NOW + timedelta(days=1)


def test_a_record_that_was_merged_away_does_not_come_back(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        session.get(DataLoad, "reference").fingerprint = "an older release's"
        keep, other = "S-3206-001", "S-3206-002"
        how = {"versions": (1, 1), "history": HistoryChoice.SURVIVOR, "reason": "同一处", "now": NOW}
        merge_records(session, PROVINCE, RecordKind.STATION, keep, other, **how)
    with transaction(reference_engine) as session:
        load_reference_data(session, NOW)
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(Station.id).where(Station.code == "S-3206-002")) is None


@pytest.mark.parametrize(
    "name, column, value, told",
    [
        ("centres.csv", "city", "上海市", "city: no city 上海市"),
        ("centres.csv", "status", "finished", "finished"),
        ("stations.csv", "county", "昆山市", "county: no county 昆山市 in 南通市"),
        ("targets.csv", "period_end", "2025-02-30", "day"),
        ("stations.csv", "opened", "last year", "last year"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_loaded(
    empty_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, column: str, value: str, told: str
) -> None:
    for path in province_in_use().folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[-1][column] = value
    with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    monkeypatch.setattr(province, "_chosen", [province_of(tmp_path)])
    with pytest.raises(InvalidInput) as caught, transaction(empty_engine) as session:
        load_reference_data(session, NOW)
    assert f"{name}, row {len(rows) + 1}" in str(caught.value)
    assert told in str(caught.value)
    with Session(empty_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(County)) == 0


def test_the_zones_of_the_census_are_zones_that_addresses_name() -> None:
    known = {zone.name: set(zone.adcodes) for zone in zones()}
    with (province_in_use().folder / "census_zones.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert known[row["name"]] <= set(row["counties"].split(";")), row["name"]
