"""The score of a station's record: its parts make 100, and each counts by itself."""

from __future__ import annotations

from stations.registry.record_score import PARTS, score_of
from stations.registry.station import Station, StationService


def whole() -> Station:
    return Station(
        code="S-1", name="甲", name_en="A", address="路 1 号", lon=120.9, lat=31.3, city_adcode="320500",
        county_adcode="320583", located_adcode="320583", hours="Mo-Fr 09:00-17:00", phone="0512-55500001", host="所",
        source="x", offers=[StationService(service_code="metrology.calibration")], chains=[],
    )  # fmt: skip


def test_the_parts_make_a_hundred() -> None:
    assert sum(part.points for part in PARTS) == 100
    assert len({part.name for part in PARTS}) == len(PARTS)


def test_what_is_missing_is_named_and_costs_its_points() -> None:
    station = whole()
    assert [part.name for part in score_of(station).missing] == ["chains"]
    assert score_of(station).points == 95
    station.located_adcode = "320102"  # the place lies elsewhere
    station.hours = None
    station.offers = [StationService(service_code="metrology")]
    assert {part.name for part in score_of(station).missing} == {"chains", "place", "hours", "services"}
    assert score_of(station).points == 50
    assert score_of(Station(address="", offers=[], chains=[])).points == 0
