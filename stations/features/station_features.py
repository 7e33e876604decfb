"""The service stations as features, each in its state on the day. Who is in charge of a station is not in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stations.features.collection import Collection, Question
from stations.features.places import point
from stations.features.properties import Kind, Property, choices_of
from stations.language import N_
from stations.registry.station import Station, StationStatus, Status, list_stations


@dataclass(frozen=True)
class StationOnDay:
    """A station, its status on a day, and the first day for which anything is known of it."""

    station: Station
    status: Status | None
    since: date | None
    as_of: date

    @property
    def services(self) -> list[str]:
        return [offer.service_code for offer in self.station.offers if offer.holds_on(self.as_of)]


def _read(session: Session, question: Question) -> Iterable[StationOnDay]:
    first = select(StationStatus.station_id, func.min(StationStatus.known_from)).group_by(StationStatus.station_id)
    since = {station: day for station, day in session.execute(first)}
    for one in list_stations(session, question.as_of, samples=question.samples):
        yield StationOnDay(one.station, one.status, since.get(one.station.id), question.as_of)


STATIONS = Collection[StationOnDay](
    id="stations",
    title=N_("Service stations"),
    description=N_(
        "The service stations of the registry with their status and services on each day. A station whose source does "
        "not tell its coordinates has no geometry."
    ),
    geometry="Point",
    dated=True,
    read=_read,
    key=lambda one: one.station.code,
    place=lambda one: point(one.station.lon, one.station.lat),
    since=lambda one: one.since,
    properties=(
        Property("code", Kind.TEXT, N_("Record code"), lambda one: one.station.code),
        Property("name", Kind.TEXT, N_("Name in Chinese"), lambda one: one.station.name),
        Property("name_en", Kind.TEXT, N_("Name in English"), lambda one: one.station.name_en),
        Property("brand", Kind.TEXT, N_("Brand"), lambda one: one.station.brand),
        Property("host", Kind.TEXT, N_("Host institution"), lambda one: one.station.host),
        Property("status", Kind.TEXT, N_("Status"), lambda one: one.status and one.status.value, choices_of(Status)),
        Property("city_adcode", Kind.TEXT, N_("Adcode of the city"), lambda one: one.station.city_adcode),
        Property("city", Kind.TEXT, N_("City in Chinese"), lambda one: one.station.city.name),
        Property("city_en", Kind.TEXT, N_("City in English"), lambda one: one.station.city.name_en),
        Property("county_adcode", Kind.TEXT, N_("Adcode of the county"), lambda one: one.station.county_adcode),
        Property(
            "county", Kind.TEXT, N_("County in Chinese"), lambda one: one.station.county and one.station.county.name
        ),
        Property(
            "county_en",
            Kind.TEXT,
            N_("County in English"),
            lambda one: one.station.county and one.station.county.name_en,
        ),
        Property("address", Kind.TEXT, N_("Address"), lambda one: one.station.address),
        Property("phone", Kind.TEXT, N_("Telephone"), lambda one: one.station.phone),
        Property("hours", Kind.TEXT, N_("Opening hours as in OpenStreetMap"), lambda one: one.station.hours),
        Property("services", Kind.TEXTS, N_("Codes of the services"), lambda one: one.services),
        Property(
            "misplaced", Kind.FLAG, N_("Coordinates outside its county"), lambda one: bool(one.station.misplaced)
        ),
        Property("source", Kind.TEXT, N_("Source"), lambda one: one.station.source),
        Property("sample", Kind.FLAG, N_("Invented sample record"), lambda one: one.station.sample),
        Property("as_of", Kind.DAY, N_("As of"), lambda one: one.as_of),
    ),
)
