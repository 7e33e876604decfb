"""How a car drives on a way, by its tags."""

from __future__ import annotations

import pytest

from geo.roads.car_rules import Drive, blocks_cars, drive_on


@pytest.mark.parametrize(
    ("tags", "drive"),
    [
        ({"highway": "primary"}, Drive(65, 65)),
        ({"highway": "primary", "maxspeed": "100"}, Drive(80, 80)),
        ({"highway": "primary", "maxspeed": "50 mph"}, Drive(64.37376, 64.37376)),
        ({"highway": "primary", "maxspeed": "80;60"}, Drive(64, 64)),
        ({"highway": "primary", "maxspeed": "none"}, Drive(65, 65)),
        ({"highway": "primary", "maxspeed": "CN:urban"}, Drive(65, 65)),
        ({"highway": "primary", "maxspeed": "0"}, Drive(65, 65)),
        ({"highway": "primary", "maxspeed:backward": "50"}, Drive(65, 40)),
        ({"highway": "primary", "oneway": "yes"}, Drive(65, 0)),
        ({"highway": "primary", "oneway": "-1"}, Drive(0, 65)),
        ({"highway": "residential", "junction": "roundabout"}, Drive(25, 0)),
        ({"highway": "motorway"}, Drive(90, 0)),
        ({"highway": "motorway", "oneway": "no"}, Drive(90, 90)),
        ({"highway": "service", "access": "destination"}, Drive(15, 15)),
        ({"highway": "service", "access": "no", "motor_vehicle": "yes"}, Drive(15, 15)),
        ({"route": "ferry", "duration": "0:25"}, Drive(5, 5, 1500)),
        ({"route": "ferry", "duration": "25"}, Drive(5, 5, 1500)),
        ({"route": "ferry", "duration": "about an hour"}, Drive(5, 5)),
        ({"highway": "footway"}, None),
        ({"highway": "primary", "access": "private"}, None),
        ({"highway": "primary", "motor_vehicle": "no"}, None),
        ({"highway": "service", "area": "yes"}, None),
        ({"route": "ferry", "motor_vehicle": "no"}, None),
        ({"route": "bus"}, None),
        ({}, None),
    ],
)
def test_a_way_is_driven_by_its_tags(tags: dict[str, str], drive: Drive | None) -> None:
    found = drive_on(tags)
    assert found == (drive and Drive(pytest.approx(drive.forward), pytest.approx(drive.backward), drive.seconds))


@pytest.mark.parametrize(
    ("tags", "blocks"),
    [
        ({"barrier": "bollard"}, True),
        ({"barrier": "gate"}, False),
        ({"barrier": "gate", "access": "private"}, True),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, False),
        ({"barrier": "toll_booth"}, False),
        ({"highway": "traffic_signals"}, False),
    ],
)
def test_a_barrier_stops_a_car_unless_it_opens(tags: dict[str, str], blocks: bool) -> None:
    assert blocks_cars(tags) is blocks
