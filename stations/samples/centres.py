"""Invented centres and pilots for the sample network, at every stage of construction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar

from sqlalchemy.orm import Session

from stations.catalogue.chain import list_chains
from stations.partial_date import PartialDate
from stations.places.counties import County, list_counties
from stations.province import province_name
from stations.registry.centre import Centre, CentreKind, CentreLevel, CentreStage, Stage
from stations.samples.stations import RECORDED_BY, SOURCE, place_in
from stations.targets.pilot import Pilot, PilotKind, PilotStage

Entry = TypeVar("Entry", CentreStage, PilotStage)
Story = list[tuple[Stage, str | None, str | None]]
"""Stages in order, each with the date it was reached and the date of its source."""

FIELDS = (
    ("特种纤维", "specialty fibres"),
    ("船舶动力", "marine power"),
    ("动力电池", "traction batteries"),
    ("光伏组件", "photovoltaic modules"),
    ("工程机械", "construction machinery"),
    ("高性能膜材料", "high-performance membranes"),
    ("智能电表", "smart meters"),
    ("医用敷料", "medical dressings"),
    ("化纤面料", "synthetic fabrics"),
    ("石墨烯", "graphene"),
    ("轴承", "bearings"),
    ("阀门", "valves"),
    ("起重设备", "lifting equipment"),
    ("食品接触材料", "food-contact materials"),
    ("节水器具", "water-saving fittings"),
    ("电线电缆", "wires and cables"),
    ("新型建材", "new building materials"),
    ("传感器", "sensors"),
    ("减速器", "gear reducers"),
    ("木制品", "wood products"),
    ("不锈钢制品", "stainless steel products"),
)

NAMES = {
    (CentreLevel.NATIONAL, CentreKind.QUALITY_INSPECTION): (
        "示例·国家{}质量检验检测中心",
        "Sample: National Quality Inspection Centre for {}",
    ),
    (CentreLevel.PROVINCIAL, CentreKind.QUALITY_INSPECTION): (
        "示例·{province}{}产品质量检验中心",
        "Sample: {province} Quality Inspection Centre for {}",
    ),
    (CentreLevel.NATIONAL, CentreKind.INDUSTRIAL_METROLOGY): (
        "示例·国家{}产业计量测试中心",
        "Sample: National Industrial Metrology Testing Centre for {}",
    ),
    (CentreLevel.PROVINCIAL, CentreKind.INDUSTRIAL_METROLOGY): (
        "示例·{province}{}产业计量测试中心",
        "Sample: {province} Industrial Metrology Testing Centre for {}",
    ),
    (CentreLevel.PROVINCIAL, CentreKind.METROLOGY): (
        "示例·{province}{}计量中心",
        "Sample: {province} Metrology Centre for {}",
    ),
}

# How many centres follow each story.
CENTRE_STORIES = {
    "accepted in the period": 20,
    "being built": 6,
    "approved": 4,
    "accepted, not dated": 3,
    "accepted before": 3,
    "accepted after": 2,
    "withdrawn": 1,
    "planned": 2,
}
PILOT_STORIES = {
    PilotKind.AGRICULTURAL: {"accepted in the period": 7, "being built": 3, "accepted, not dated": 1, "planned": 1},
    PilotKind.SOCIAL: {"accepted in the period": 13, "being built": 4, "accepted before": 2, "withdrawn": 1},
}
PILOT_NAMES = {
    PilotKind.AGRICULTURAL: ("示例·{}农业标准化示范区", "Sample: {} agricultural standardization demonstration"),
    PilotKind.SOCIAL: ("示例·{}公共服务综合标准化试点", "Sample: {} public-service standardization pilot"),
}


def add_sample_centres(session: Session, chance: Random, now: datetime) -> None:
    """Add about 40 centres; some with coordinates, some with only a county, a few with only a city."""
    counties, chains = list_counties(session), list_chains(session)
    names = chance.sample([(look, field) for look in NAMES for field in FIELDS], sum(CENTRE_STORIES.values()))
    for number, ((look, field), told) in enumerate(zip(names, _repeated(CENTRE_STORIES), strict=True), start=1):
        county = chance.choice(counties)
        lon, lat = place_in(chance, county)
        exact = chance.choices(("place", "county", "city"), weights=(7, 2, 1))[0]
        name, name_en = (
            text.format(word, province=whose)
            for text, word, whose in zip(NAMES[look], field, province_name(), strict=True)
        )
        session.add(
            Centre(
                code=f"SAMPLE-C-{number:03d}",
                name=name,
                name_en=name_en,
                level=look[0],
                kind=look[1],
                host=f"示例·{county.city.name}质量技术机构",
                address=f"示例地址：{county.name}检测路 {number} 号" if exact == "place" else None,
                lon=lon if exact == "place" else None,
                lat=lat if exact == "place" else None,
                city_adcode=county.city_adcode,
                county_adcode=None if exact == "city" else county.adcode,
                source=SOURCE,
                sample=True,
                created_at=now,
                updated_at=now,
                history=_history(CentreStage, _story(chance, told), now),
                chains=chance.sample(chains, min(len(chains), chance.randint(0, 2))),
            )
        )
    session.flush()


def add_sample_pilots(session: Session, chance: Random, now: datetime) -> None:
    """Add about 30 pilots of both kinds."""
    counties = list_counties(session)
    number = 0
    for kind, stories in PILOT_STORIES.items():
        for told in _repeated(stories):
            number += 1
            county: County = chance.choice(counties)
            name, name_en = PILOT_NAMES[kind]
            session.add(
                Pilot(
                    code=f"SAMPLE-P-{number:03d}",
                    name=name.format(county.name),
                    name_en=name_en.format(county.name_en),
                    kind=kind,
                    host=f"示例·{county.name}依托单位",
                    city_adcode=county.city_adcode,
                    county_adcode=county.adcode,
                    source=SOURCE,
                    sample=True,
                    created_at=now,
                    updated_at=now,
                    history=_history(PilotStage, _story(chance, told), now),
                )
            )
    session.flush()


def _repeated(stories: dict[str, int]) -> Iterator[str]:
    for told, count in stories.items():
        yield from [told] * count


def _story(chance: Random, told: str) -> Story:
    approved = date(chance.randint(2021, 2023), 1, 10) + timedelta(days=chance.randrange(300))
    accepted = approved + timedelta(days=chance.randint(380, 740))
    as_of = f"{chance.randint(2023, 2025)}-{chance.randint(1, 12):02d}"
    stories: dict[str, Story] = {
        "accepted in the period": [
            (Stage.APPROVED, _at(chance, approved), None),
            (Stage.ACCEPTED, _at(chance, min(accepted, date(2025, 12, 20))), None),
        ],
        "being built": [
            (Stage.APPROVED, _at(chance, approved + timedelta(days=500)), None),
            (Stage.UNDER_CONSTRUCTION, None, "2026-05"),
        ],
        "approved": [(Stage.APPROVED, _at(chance, approved + timedelta(days=700)), None)],
        "accepted, not dated": [(Stage.ACCEPTED, None, as_of)],
        "accepted before": [(Stage.ACCEPTED, f"{chance.randint(2016, 2020)}", None)],
        "accepted after": [
            (Stage.APPROVED, _at(chance, approved), None),
            (Stage.ACCEPTED, f"2026-{chance.randint(2, 9):02d}", None),
        ],
        "withdrawn": [
            (Stage.APPROVED, _at(chance, approved), None),
            (Stage.WITHDRAWN, f"{approved.year + 2}", None),
        ],
        "planned": [(Stage.PLANNED, None, as_of)],
    }
    return stories[told]


def _at(chance: Random, day: date) -> str:
    """Return the day with the precision of a typical source: day, month or year."""
    parts = chance.choices((3, 2, 1), weights=(5, 3, 2))[0]
    return "-".join(day.isoformat().split("-")[:parts])


def _history(kind: type[Entry], story: Sequence[tuple[Stage, str | None, str | None]], now: datetime) -> list[Entry]:
    return [
        kind(
            position=position,
            stage=stage,
            dated=PartialDate.parse(dated) if dated else None,
            as_of=PartialDate.parse(as_of) if as_of else None,
            source=SOURCE,
            recorded_by=RECORDED_BY,
            recorded_at=now,
        )
        for position, (stage, dated, as_of) in enumerate(story)
    ]
