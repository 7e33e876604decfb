"""Invented stations for the sample network: about 120 in some 85 counties, with dated histories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.counties import locate
from stations.catalogue.chain import list_chains
from stations.catalogue.service import ELEMENTS, Service, list_groups
from stations.language import day_in_china
from stations.partial_date import PartialDate
from stations.places.counties import County, list_counties
from stations.province import sample_facts
from stations.registry.station import Station, StationService, StationStatus, Status

SOURCE = "示例数据（虚构） / sample data (invented)"
RECORDED_BY = "sample network"

# The name of stations in cities without a published brand.
DEFAULT_BRAND = "质量小站"

# Numbers of counties without any station and with a planned one only; all others have an opened one.
NEVER, PLANNED_ONLY = 6, 5
SECOND_STATIONS = 32
SHARE_FULL = 0.72  # share of stations that offer all four elements
WITHOUT_PLACE = 6
MISPLACED = 2

# How many of 84 first stations open in each year: a slow start, many after the policy, the last few late.
OPENINGS = {2021: 9, 2022: 19, 2023: 25, 2024: 17, 2025: 11, 2026: 3}
SITES = (
    ("高新区", "Hi-tech Zone"),
    ("经济开发区", "Economic Development Zone"),
    ("智能制造产业园", "Smart Manufacturing Park"),
    ("新材料产业园", "New Materials Park"),
    ("食品产业园", "Food Industry Park"),
    ("装备制造产业园", "Equipment Park"),
    ("生物医药产业园", "Biomedical Park"),
    ("纺织服装产业园", "Textile Park"),
)
HOURS = (
    "Mo-Fr 09:00-17:00",
    "Mo-Fr 08:30-11:30,13:30-17:30; PH off",
    "Mo-Fr 09:00-12:00,13:00-17:30",
    "Mo-Sa 09:00-17:00; PH off",
)
# Closures to come: two counties are about to lose their only station, so many days after loading.
ENDINGS = (
    (Status.SUSPENDED, 26, "示例：租约到期，场所搬迁"),
    (Status.CLOSED, 68, "示例：已公告停止服务"),
)
SUSPENDED_REASON = "示例：场所搬迁，暂停服务"
CLOSED_REASON = "示例：并入同区另一站点"


def add_sample_stations(session: Session, chance: Random, now: datetime) -> list[Station]:
    """Add the stations. Return them sorted by code."""
    counties = list_counties(session)
    chains = list_chains(session)
    catalogue = {group.code: group.services for group in list_groups(session)}
    shuffled = chance.sample(counties, len(counties))
    # The county of the sample stewards always gets its station early.
    home = sample_facts().county.adcode
    shuffled.sort(key=lambda county: county.adcode != home)
    opened = shuffled[: len(shuffled) - NEVER - PLANNED_ONLY]
    planned = shuffled[len(opened) : len(opened) + PLANNED_ONLY]
    years = _opening_years(len(opened))
    plan = [(county, _first_history(chance, year)) for county, year in zip(opened, years, strict=True)]
    plan += [(county, _later_history(chance, place)) for place, county in enumerate(opened[:SECOND_STATIONS])]
    plan += [(county, [(Status.PLANNED, f"2026-{6 + place:02d}", "")]) for place, county in enumerate(planned)]
    stations = []
    sites: dict[str, Station] = {}
    for number, (county, history) in enumerate(plan, start=1):
        station = _station(chance, county, number, sites, now)
        sites.setdefault(station.name, station)
        station.history = [
            _status(position, status, dated, reason, now) for position, (status, dated, reason) in enumerate(history)
        ]
        station.offers = _offers(chance, catalogue)
        station.chains = chance.sample(chains, min(len(chains), chance.randint(1, 3)))
        stations.append(station)
    for station in chance.sample(stations[60:], WITHOUT_PLACE):
        station.lon = station.lat = station.located_adcode = None
    for station in chance.sample([one for one in stations[:60] if one.county_adcode != home], MISPLACED):
        _place_next_door(station, counties)
    announce_endings(session, stations, now)
    session.add_all(stations)
    session.flush()
    return stations


def announce_endings(session: Session, stations: Sequence[Station], now: datetime) -> None:
    """Add the closures to come to the histories of stations that are alone in their county, in place of those that
    were announced at an earlier loading.
    """
    announced = {reason for _, _, reason in ENDINGS}
    for station in stations:
        for entry in [one for one in station.history if one.reason in announced and one.source == SOURCE]:
            station.history.remove(entry)
    today = day_in_china(now)
    for station, (status, days, reason) in zip(_the_only_ones(session, stations), ENDINGS, strict=False):
        dated = (today + timedelta(days=days)).isoformat()
        station.history.append(_status(len(station.history), status, dated, reason, now))


def _opening_years(counties: int) -> list[int]:
    """Return the year in which each of ``counties`` counties gets its first station, in the proportions of
    ``OPENINGS``.
    """
    years = [year for year, count in OPENINGS.items() for _ in range(count)]
    return [years[place * len(years) // counties] for place in range(counties)]


def _the_only_ones(session: Session, stations: Sequence[Station]) -> list[Station]:
    """Return the active stations that are alone in their county, documented ones included, sorted by code."""
    counts = Counter(station.county_adcode for station in stations)
    counts.update(session.scalars(select(Station.county_adcode).where(Station.sample.is_(False))))
    return [
        station
        for station in stations
        if counts[station.county_adcode] == 1
        and station.county_adcode != sample_facts().county.adcode
        and station.history[-1].status is Status.ACTIVE
    ]


def _day(chance: Random, year: int) -> date:
    return date(year, 1, 5) + timedelta(days=chance.randrange(350 if year < 2026 else 290))


def _vague(chance: Random, day: date) -> str:
    """Return a date with the precision of a typical source: mostly the day, sometimes the month or the year only."""
    parts = chance.choices((3, 2, 1), weights=(6, 3, 1 if day.year < 2026 else 0))[0]
    return "-".join(day.isoformat().split("-")[:parts])


def _first_history(chance: Random, year: int) -> list[tuple[Status, str, str]]:
    opened = _day(chance, year)
    history = [(Status.ACTIVE, _vague(chance, opened), "")]
    if chance.random() < 0.5:
        history.insert(0, (Status.PLANNED, (opened - timedelta(days=chance.randint(400, 500))).isoformat(), ""))
    if year < 2025 and chance.random() < 0.08:
        stopped = date(opened.year + 1, 3, 1) + timedelta(days=chance.randrange(200))
        history.append((Status.SUSPENDED, stopped.isoformat(), SUSPENDED_REASON))
        if chance.random() < 0.7:
            again = stopped + timedelta(days=chance.randint(60, 200))
            history.append((Status.ACTIVE, again.isoformat(), "示例：搬迁完成，恢复服务"))
    return history


def _later_history(chance: Random, place: int) -> list[tuple[Status, str, str]]:
    opened = _day(chance, chance.randint(2023, 2025))
    history = [(Status.ACTIVE, _vague(chance, opened), "")]
    if place % 8 == 7:
        history.append((Status.CLOSED, f"2026-0{1 + place % 7}", CLOSED_REASON))
    if place % 8 == 3:
        history = [(Status.PLANNED, "2026-09", "")]
    return history


def _status(position: int, status: Status, dated: str, reason: str, now: datetime) -> StationStatus:
    return StationStatus(
        position=position,
        status=status,
        dated=PartialDate.parse(dated),
        reason=reason or None,
        source=SOURCE,
        recorded_by=RECORDED_BY,
        recorded_at=now,
    )


def _station(chance: Random, county: County, number: int, sites: Mapping[str, Station], now: datetime) -> Station:
    """Return a station on a site of the county. ``sites``: the stations before it, by name."""
    facts = sample_facts()
    brand = facts.brands.get(county.city_adcode, DEFAULT_BRAND)
    site, site_en = chance.choice(SITES)
    name, name_en = f"示例·{county.name}{site}{brand}", f"Sample: {county.name_en} {site_en} Quality Station"
    first = sites.get(name)
    if first is not None:
        name, name_en = f"示例·{county.name}{site}第二{brand}", f"{name_en} No. 2"
    station = Station(
        code=f"SAMPLE-S-{number:03d}",
        name=name,
        name_en=name_en,
        brand=brand,
        host=f"示例·{county.name}检验检测中心",
        address=f"示例地址：{county.name}{site}创新路 {chance.randint(1, 199)} 号",
        city_adcode=county.city_adcode,
        county_adcode=county.adcode,
        hours=chance.choice(HOURS),
        phone=f"{facts.telephone[county.city_adcode]}-5550 {chance.randint(0, 9999):04d}",
        contact_name=f"示例{number:03d}",
        contact_phone=f"{facts.telephone[county.city_adcode]}-5551 {number:04d}",
        source=SOURCE,
        sample=True,
        created_at=now,
        updated_at=now,
    )
    station.place_at(*place_in(chance, county))
    if first is not None:
        station.phone = first.phone  # which the search for doubles asks about
    return station


def place_in(chance: Random, county: County) -> tuple[float, float]:
    """Return a place (lon, lat) inside the county, near its inner point."""
    for spread in (0.12, 0.06, 0.03, 0.015, 0.008):
        for _ in range(6):
            lon = round(county.lon + chance.uniform(-spread, spread), 5)
            lat = round(county.lat + chance.uniform(-spread, spread), 5)
            found = locate(lon, lat)
            if found and found.adcode == county.adcode:
                return lon, lat
    return county.lon, county.lat


def _place_next_door(station: Station, counties: Sequence[County]) -> None:
    """Move a station that has a place into the nearest other county, as a wrong entry would."""
    if station.lon is None or station.lat is None:
        return
    lon, lat = station.lon, station.lat
    others = [county for county in counties if county.adcode != station.county_adcode]
    near = min(others, key=lambda county: (county.lon - lon) ** 2 + (county.lat - lat) ** 2)
    station.place_at(near.lon, near.lat)


def _offers(chance: Random, catalogue: dict[str, list[Service]]) -> list[StationService]:
    elements = list(ELEMENTS)
    if chance.random() > SHARE_FULL:
        elements = chance.sample(elements, chance.randint(1, 3))
    others = [group for group in catalogue if group not in ELEMENTS]
    codes = [
        service.code
        for group in (*elements, *chance.sample(others, chance.randint(0, len(others))))
        for service in chance.sample(catalogue[group], chance.randint(1, len(catalogue[group])))
    ]
    offers = [StationService(service_code=code) for code in codes]
    if len(offers) > 3 and chance.random() < 0.2:
        offers[-1].since = date(2024, 1, 1) + timedelta(days=chance.randrange(500))
    return offers


def county_of(station: Station) -> County:
    """Return the county of a sample station.

    Raises:
        ValueError: the station has none.
    """
    if station.county is None:
        raise ValueError(f"{station.code} lies in no county")
    return station.county


def offered_codes(station: Station, day: date) -> list[str]:
    """Return the codes of the services that a sample station offers on a day."""
    return [offer.service_code for offer in station.offers if offer.holds_on(day)]


def status_of(station: Station, day: date) -> Status | None:
    """Return the status of a sample station on a day, by its history."""
    held = [entry for entry in station.history if (entry.known_from or date.min) <= day]
    return held[-1].status if held else None
