"""Routing of the sample network's requests by the real rules, with data in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice
from math import nan

from sqlalchemy.orm import Session

from geo.distance import great_circle_m
from stations.accounts.accounts import User
from stations.catalogue.service import Service, get_services
from stations.places.counties import County, point_of
from stations.registry.institutions import institutions_behind_each
from stations.registry.nearest_stations import missing_services
from stations.registry.station import Station, Status
from stations.requests.answering_office import office_for
from stations.requests.routing import Need, Plan, plan_item, rank_by
from stations.requests.routing_record import Chooser, record_routing
from stations.requests.routing_rules import NOBODY, list_routing_rules
from stations.requests.service_request import ServiceRequest
from stations.requests.states import OPEN
from stations.samples.stations import county_of, status_of

COMPARED = 4  # nearby stations for each request; more would only take time


class SampleRouting:
    """Assigns steward and institutions to each request, in the order of filing, and records the reasons."""

    def __init__(self, session: Session, stations: Sequence[Station], stewards: Mapping[str, User]) -> None:
        self._session = session
        self._stations = stations
        self._stewards = stewards
        self._rules = list_routing_rules(session)
        self._behind = institutions_behind_each(session, stations, date.max, samples=True)
        self._codes = {one.id: {offer.service_code for offer in one.offers} for one in stations}
        self._open: Counter[int] = Counter()
        self._services: dict[str, Service] = {}
        self._by_distance: dict[str, list[Station]] = {}

    def route(self, request: ServiceRequest, day: date, *, handed_over: bool) -> None:
        """Route a request to its station, compared with nearby ones that offer the same services."""
        station = request.station
        services = self._get([item.service_code for item in request.items])
        county = county_of(station)
        need = Need(services, county.lon, county.lat)
        able = (one for one in self._near(county) if self._could_answer(one, services, day))
        ranked = rank_by(
            self._rules,
            list({one.id: one for one in (station, *islice(able, COMPARED))}.values()),
            need,
            as_of=day,
            loads={one.id: self._open[one.id] if one.code in self._stewards else NOBODY for one in self._stations},
            behind=self._behind,
        )
        steward = self._stewards.get(station.code)
        plan = Plan(
            next(one for one in ranked if one.station is station),
            tuple(plan_item(service, station, None, self._behind, day) for service in services),
            steward,
            self._open[station.id] if steward else 0,
            None if steward else office_for(self._session, station),
        )
        chooser = Chooser.STATION if handed_over else None
        record_routing(request, plan, ranked, day, chooser)

    def note(self, request: ServiceRequest) -> None:
        """Count a request towards its station's load if it is still open at the end of its story."""
        self._open[request.station.id] += request.state in OPEN

    def _get(self, codes: Sequence[str]) -> tuple[Service, ...]:
        unknown = [code for code in codes if code not in self._services]
        if unknown:
            self._services |= {service.code: service for service in get_services(self._session, unknown)}
        return tuple(self._services[code] for code in codes)

    def _near(self, county: County) -> list[Station]:
        """Return all stations, the nearest to a county first."""
        if county.adcode not in self._by_distance:
            points = [point_of(one.lon, one.lat, one.county) or (nan, nan) for one in self._stations]
            metres = great_circle_m(county.lon, county.lat, [lon for lon, _ in points], [lat for _, lat in points])
            self._by_distance[county.adcode] = [self._stations[place] for place in metres.argsort(kind="stable")]
        return self._by_distance[county.adcode]

    def _could_answer(self, station: Station, services: Sequence[Service], day: date) -> bool:
        codes = self._codes[station.id]
        if any(service.code not in codes and service.group_code not in codes for service in services):
            return False  # it never offers them; what is asked below takes longer
        return status_of(station, day) is Status.ACTIVE and not missing_services(station, services, day)
