"""The directory of services as tables of HSDS.

A station is a location; who runs it is the organization; each service that it offers is a service of that organization
at that location, with the status of the station. The catalogue is a taxonomy. What is invented has the term “sample” of
a second taxonomy. Identifiers are made of the codes of the records, so they stay the same from one day to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from stations.catalogue.service import Service, list_entries
from stations.open_data.hsds.schedule import weekly
from stations.open_data.hsds.tables import TABLES, Record
from stations.province import province_name
from stations.registry.station import Station, StationToday, Status, list_stations

_NAMESPACE = uuid5(NAMESPACE_URL, "urn:quality-infrastructure-service-stations")
STATUS: Mapping[Status | None, str] = {
    Status.ACTIVE: "active",
    Status.SUSPENDED: "temporarily closed",
    Status.CLOSED: "defunct",
    Status.PLANNED: "inactive",
    None: "inactive",
}
"""Status of a station → that of its services. A planned station, or one of no known status, is not yet active."""
CATALOGUE, MARKS = "catalogue", "marks"
SAMPLE = "sample"


def identifier(*parts: str) -> str:
    """Return the UUID of what the parts name, the same on every server and day."""
    return str(uuid5(_NAMESPACE, "/".join(parts)))


@dataclass
class Directory:
    """The tables of the directory on a day: table → its rows, each without what is not known."""

    as_of: date
    tables: dict[str, list[Record]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def add(self, table: str, record: Record) -> str:
        """Add a row, without its empty fields. Return its identifier."""
        self.tables[table].append({name: value for name, value in record.items() if value is not None})
        return str(record["id"])


def directory_on(session: Session, as_of: date, *, samples: bool, address: str) -> Directory:
    """Return the directory on a day. ``samples``: whether with invented stations; ``address``: of this portal."""
    found = Directory(as_of)
    services = {one.code: one for one in list_entries(session)}
    _add_taxonomies(found, services.values(), address)
    organizations: set[str] = set()
    for one in list_stations(session, as_of, samples=samples):
        _add_station(found, one, services, organizations, address)
    return found


def _add_taxonomies(found: Directory, services: Iterable[Service], address: str) -> None:
    catalogue = found.add(
        "taxonomy",
        {
            "id": identifier("taxonomy", CATALOGUE),
            "name": "服务目录",
            "description": "Service catalogue: groups of quality-infrastructure services, and the services of each.",
            "uri": f"{address}/services",
        },
    )
    for service in services:
        found.add(
            "taxonomy_term",
            {
                "id": identifier("term", service.code),
                "code": service.code,
                "name": service.name_zh,
                "description": service.name_en,
                "parent_id": identifier("term", service.parent_code) if service.parent_code else None,
                "taxonomy": "服务目录",
                "taxonomy_id": catalogue,
                "language": "zh",
            },
        )
    marks = found.add(
        "taxonomy",
        {
            "id": identifier("taxonomy", MARKS),
            "name": "记录标记",
            "description": "Marks of records: what is invented so that the portal can be seen working.",
        },
    )
    found.add(
        "taxonomy_term",
        {
            "id": identifier("mark", SAMPLE),
            "code": SAMPLE,
            "name": "示例",
            "description": "An invented sample record; nothing of it is true.",
            "taxonomy": "记录标记",
            "taxonomy_id": marks,
            "language": "zh",
        },
    )


def _add_station(
    found: Directory,
    one: StationToday,
    services: Mapping[str, Service],
    organizations: set[str],
    address: str,
) -> None:
    station = one.station
    organization = identifier("organization", "sample" if station.sample else "", station.host or station.code)
    if organization not in organizations:
        organizations.add(organization)
        _add_organization(found, organization, station)
    location = _add_location(found, station, organization)
    for offer in station.offers:
        if not offer.holds_on(found.as_of):
            continue
        named = services[offer.service_code]
        service = found.add(
            "service",
            {
                "id": identifier("service", station.code, named.code),
                "organization_id": organization,
                "name": named.name_zh,
                "alternate_name": named.name_en,
                "description": "：".join(filter(None, (station.name, named.name_zh, named.performer_zh))),
                "url": f"{address}/station?code={station.code}",
                "status": STATUS[one.status],
                "application_process": named.bring_zh or None,
                "fees_description": named.fee_zh or None,
                "last_modified": station.updated_at.astimezone(UTC).isoformat(timespec="milliseconds"),
            },
        )
        found.add(
            "service_at_location",
            {
                "id": identifier("service_at_location", station.code, named.code),
                "service_id": service,
                "location_id": location,
            },
        )
        _add_attribute(found, service, "service", identifier("term", named.code), named.name_zh)
        if station.sample:
            _add_attribute(found, service, "service", identifier("mark", SAMPLE), "示例")


def _add_attribute(found: Directory, link: str, entity: str, term: str, label: str) -> None:
    found.add(
        "attribute",
        {
            "id": str(uuid5(UUID(link), term)),
            "link_id": link,
            "taxonomy_term_id": term,
            "link_type": "service_type",
            "link_entity": entity,
            "label": label,
        },
    )


def _add_organization(found: Directory, organization: str, station: Station) -> None:
    alone = station.host is None
    told = f"{station.name}（来源未说明承办单位）" if alone else f"质量基础设施服务站点承办单位：{station.host}"
    found.add(
        "organization",
        {
            "id": organization,
            "name": station.host or station.name,
            "alternate_name": station.name_en if alone else None,
            "description": told,
        },
    )
    if station.sample:
        _add_attribute(found, organization, "organization", identifier("mark", SAMPLE), "示例")


def _add_location(found: Directory, station: Station, organization: str) -> str:
    location = found.add(
        "location",
        {
            "id": identifier("location", station.code),
            "location_type": "physical",
            "organization_id": organization,
            "name": station.name,
            "alternate_name": station.name_en,
            "description": f"来源：{station.source}",
            "latitude": station.lat,
            "longitude": station.lon,
            "external_identifier": station.code,
            "external_identifier_type": "portal",
        },
    )
    found.add(
        "address",
        {
            "id": identifier("address", station.code),
            "location_id": location,
            "address_1": station.address,
            "city": station.city.name,
            "region": station.county.name if station.county else None,
            "state_province": province_name().zh,
            "postal_code": "",  # no source gives it, and the specification wants the field
            "country": "CN",
            "address_type": "physical",
        },
    )
    if station.phone:
        phone = {"id": identifier("phone", station.code), "location_id": location}
        found.add("phone", {**phone, "number": station.phone, "type": "voice"})
    for number, rule in enumerate(weekly(station.hours, found.as_of)):
        kept = {"id": identifier("schedule", station.code, str(number)), "location_id": location}
        found.add("schedule", {**kept, **rule})
    spoken = {"id": identifier("language", station.code), "location_id": location}
    found.add("language", {**spoken, "name": "Chinese", "code": "zh"})
    if station.sample:
        _add_attribute(found, location, "location", identifier("mark", SAMPLE), "示例")
    return location
