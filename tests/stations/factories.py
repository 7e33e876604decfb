"""Create records in a test's database."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from sqlalchemy.orm import Session

from stations.partial_date import PartialDate
from stations.places.counties import get_county
from stations.registry.centre import Centre, CentreKind, CentreLevel, CentreStage, Stage
from stations.registry.station import Station, StationService, StationStatus, Status
from tests.conftest import NOW

_numbers = count(1)
FOUR_ELEMENTS = ("metrology", "standards", "testing", "certification")


def add_station(
    session: Session,
    adcode: str | None,
    statuses: Sequence[tuple[Status, str]] = ((Status.ACTIVE, "2022-01-01"),),
    *,
    services: Sequence[str] = FOUR_ELEMENTS,
    sample: bool = False,
    place: tuple[float, float] | None = None,
    city_adcode: str | None = None,
) -> Station:
    """Add a station in a county with its statuses and their dates."""
    station = Station(
        code=f"T-{next(_numbers):05d}",
        name="测试站",
        address="测试路 1 号",
        city_adcode=city_adcode or get_county(session, adcode).city_adcode,
        county_adcode=adcode,
        source="test",
        sample=sample,
        created_at=NOW,
        updated_at=NOW,
        history=[
            StationStatus(
                position=position, status=status, dated=PartialDate.parse(day), recorded_by="test", recorded_at=NOW
            )
            for position, (status, day) in enumerate(statuses)
        ],
        offers=[StationService(service_code=code) for code in services],
    )
    if place:
        station.place_at(*place)
    session.add(station)
    session.flush()
    return station


def add_centre(
    session: Session,
    stages: Sequence[tuple[Stage, str | None, str | None]],
    *,
    level: CentreLevel = CentreLevel.NATIONAL,
    kind: CentreKind = CentreKind.QUALITY_INSPECTION,
    sample: bool = False,
) -> Centre:
    """Add a centre with its stages: (stage, dated, as of)."""
    centre = Centre(
        code=f"T-{next(_numbers):05d}",
        name="测试中心",
        level=level,
        kind=kind,
        city_adcode="320100",
        source="test",
        sample=sample,
        created_at=NOW,
        updated_at=NOW,
        history=centre_history(stages),
    )
    session.add(centre)
    session.flush()
    return centre


def centre_history(stages: Sequence[tuple[Stage, str | None, str | None]]) -> list[CentreStage]:
    """Return a history of stages: (stage, dated, as of)."""
    return [
        CentreStage(
            position=position,
            stage=stage,
            dated=PartialDate.parse(dated) if dated else None,
            as_of=PartialDate.parse(as_of) if as_of else None,
            recorded_by="test",
            recorded_at=NOW,
        )
        for position, (stage, dated, as_of) in enumerate(stages)
    ]
