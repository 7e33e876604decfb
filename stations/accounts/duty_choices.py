"""The duties that an administrator can give: roles, and areas for each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.province import province_in_use
from stations.accounts.accounts import area_of
from stations.duty.roles import ADMINISTERS, AREA_OF_ROLE, Action, Actor, Area, AreaKind, Role
from stations.language import Bilingual
from stations.places.counties import City, County, list_cities, list_counties
from stations.registry.station import Station

STATIONS_AT_MOST = 500
_NAMED = {AreaKind.CITY: City.adcode, AreaKind.COUNTY: County.adcode, AreaKind.STATION: Station.code}


@dataclass(frozen=True)
class AreaChoice:
    """An area with its code and names. The names of the province are left empty."""

    kind: AreaKind
    code: str
    name: str = ""
    name_en: str = ""
    sample: bool = False


def roles_to_give(actor: Actor) -> list[Role]:
    """Return the roles that the actor may give anywhere, in the order of ``Role``."""
    given = {role for duty in actor.duties_for(Action.EDIT_ACCOUNTS) for role in ADMINISTERS[duty.role]}
    return [role for role in Role if role in given]


def areas_to_give(
    session: Session, actor: Actor, role: Role, *, county_adcode: str | None = None, samples: bool = True
) -> list[AreaChoice]:
    """Return the areas over which the actor may give the role, wide ones first, each kind sorted by code.

    Stations are listed only for the county ``county_adcode``, at most ``STATIONS_AT_MOST``.
    """
    kinds = AREA_OF_ROLE[role]
    found: list[AreaChoice] = []
    if AreaKind.PROVINCE in kinds:
        found.append(AreaChoice(AreaKind.PROVINCE, province_in_use().adcode))
    if AreaKind.CITY in kinds:
        found += [AreaChoice(AreaKind.CITY, city.adcode, city.name, city.name_en) for city in list_cities(session)]
    if AreaKind.COUNTY in kinds:
        found += [_county_choice(county) for county in list_counties(session)]
    if AreaKind.STATION in kinds and county_adcode:
        stations = select(Station).where(Station.county_adcode == county_adcode)
        if not samples:
            stations = stations.where(Station.sample.is_(False))
        found += [
            AreaChoice(AreaKind.STATION, station.code, station.name, station.name_en or "", station.sample)
            for station in session.scalars(stations.order_by(Station.code).limit(STATIONS_AT_MOST))
        ]
    return [choice for choice in found if actor.may_administer(role, _area(session, choice))]


def counties_of_duty(session: Session, actor: Actor) -> list[AreaChoice]:
    """Return the counties in which the actor may give duties over stations, sorted by adcode."""
    return [
        _county_choice(county)
        for county in list_counties(session)
        if actor.may_administer(Role.STATION, Area(province_in_use().adcode, county.city_adcode, county.adcode))
    ]


def name_of_area(session: Session, kind: AreaKind, code: str) -> Bilingual | None:
    """Return the name of the city, county or station of a duty; None for the province, and for one that is gone."""
    if kind not in _NAMED:
        return None
    column = _NAMED[kind]
    area = session.scalar(select(column.class_).where(column == code))
    return Bilingual(area.name, area.name_en or "") if area else None


def _county_choice(county: County) -> AreaChoice:
    return AreaChoice(AreaKind.COUNTY, county.adcode, county.name, county.name_en)


def _area(session: Session, choice: AreaChoice) -> Area:
    return area_of(session, choice.kind, choice.code)
