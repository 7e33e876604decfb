"""The directory as HSDS's JSON: records with what belongs to them inside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from stations.open_data.hsds.directory import Directory
from stations.open_data.hsds.tables import Record

_OF_LOCATION: Mapping[str, str] = {
    "address": "addresses",
    "phone": "phones",
    "schedule": "schedules",
    "language": "languages",
}
"""Table → field of a location that holds its rows."""


class Nested:
    """The directory by identifier, from which nested records are put together."""

    def __init__(self, directory: Directory) -> None:
        self.tables: Mapping[str, Mapping[str, Record]] = {
            name: {row["id"]: row for row in rows} for name, rows in directory.tables.items()
        }
        self._of_location: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
        for table, field in _OF_LOCATION.items():
            for row in directory.tables[table]:
                self._of_location[row["location_id"]][field].append(_without(row, "location_id"))
        self._attributes: dict[str, list[Record]] = defaultdict(list)
        for row in directory.tables["attribute"]:
            self._attributes[row["link_id"]].append(row)
        self._at: dict[str, list[Record]] = defaultdict(list)
        for row in directory.tables["service_at_location"]:
            self._at[row["service_id"]].append(row)
        self._services: dict[str, list[Record]] = defaultdict(list)
        for row in directory.tables["service"]:
            self._services[row["organization_id"]].append(row)
        self._locations: dict[str, list[Record]] = defaultdict(list)
        for row in directory.tables["location"]:
            self._locations[row["organization_id"]].append(row)

    def terms_of(self, link: str) -> set[str]:
        """Return the identifiers of the taxonomy terms of a record."""
        return {row["taxonomy_term_id"] for row in self._attributes[link]}

    def attributes(self, link: str) -> list[Record]:
        """Return the attributes of a record, each with its term."""
        terms = self.tables["taxonomy_term"]
        return [{**row, "taxonomy_term": terms[row["taxonomy_term_id"]]} for row in self._attributes[link]]

    def _with_attributes(self, record: Record) -> Record:
        found = self.attributes(record["id"])
        return {**record, "attributes": found} if found else dict(record)

    def location(self, row: Record) -> Record:
        """Return a location with its addresses, telephones, schedules and languages."""
        return {**self._with_attributes(row), **self._of_location[row["id"]]}

    def organization(self, row: Record) -> Record:
        """Return an organization with its locations."""
        places = [self.location(one) for one in self._locations[row["id"]]]
        return {**self._with_attributes(row), "locations": places}

    def organization_with_services(self, row: Record) -> Record:
        """Return the same with its services, as in the list of services."""
        return {**self.organization(row), "services": [self.service_in_list(one) for one in self._services[row["id"]]]}

    def service(self, row: Record) -> Record:
        """Return a service with its organization and with the locations where it is offered."""
        at = [_without(self.service_at_location(one), "service_id") for one in self._at[row["id"]]]
        organization = self.tables["organization"][row["organization_id"]]
        return {**self._with_attributes(row), "organization": organization, "service_at_locations": at}

    def service_in_list(self, row: Record) -> Record:
        """Return a service with its organization only."""
        return {**row, "organization": self.tables["organization"][row["organization_id"]]}

    def service_at_location(self, row: Record) -> Record:
        """Return a service at a location, with the location."""
        return {**row, "location": self.location(self.tables["location"][row["location_id"]])}

    def taxonomy_term(self, row: Record) -> Record:
        """Return a term with its taxonomy."""
        return {**row, "taxonomy_detail": self.tables["taxonomy"][row["taxonomy_id"]]}


def _without(record: Record, name: str) -> Record:
    return {key: value for key, value in record.items() if key != name}
