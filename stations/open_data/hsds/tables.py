"""The tables of HSDS 3.1 that the directory fills, with the fields that it has, as the specification names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

VERSION = "3.1"
PROFILE = "https://docs.openreferral.org/en/3.1/hsds/"
Record = dict[str, Any]


@dataclass(frozen=True)
class HsdsTable:
    """A table. ``path``: its CSV file. ``fields``: name → type of a data package; “!” after it: required.

    ``refers``: field → table whose ``id`` it holds.
    """

    path: str
    fields: Mapping[str, str]
    refers: Mapping[str, str]


TABLES: Mapping[str, HsdsTable] = {
    "organization": HsdsTable(
        "organizations.csv",
        {"id": "string!", "name": "string!", "alternate_name": "string", "description": "string!"},
        {},
    ),
    "service": HsdsTable(
        "services.csv",
        {
            "id": "string!",
            "organization_id": "string!",
            "name": "string!",
            "alternate_name": "string",
            "description": "string",
            "url": "string",
            "status": "string!",
            "application_process": "string",
            "fees_description": "string",
            "last_modified": "datetime",
        },
        {"organization_id": "organization"},
    ),
    "location": HsdsTable(
        "locations.csv",
        {
            "id": "string!",
            "location_type": "string!",
            "organization_id": "string",
            "name": "string",
            "alternate_name": "string",
            "description": "string",
            "latitude": "number",
            "longitude": "number",
            "external_identifier": "string",
            "external_identifier_type": "string",
        },
        {"organization_id": "organization"},
    ),
    "service_at_location": HsdsTable(
        "service_at_location.csv",
        {"id": "string!", "service_id": "string!", "location_id": "string!", "description": "string"},
        {"service_id": "service", "location_id": "location"},
    ),
    "address": HsdsTable(
        "addresses.csv",
        {
            "id": "string!",
            "location_id": "string",
            "address_1": "string!",
            "city": "string!",
            "region": "string",
            "state_province": "string!",
            "postal_code": "string",
            "country": "string!",
            "address_type": "string!",
        },
        {"location_id": "location"},
    ),
    "phone": HsdsTable(
        "phones.csv",
        {"id": "string!", "location_id": "string", "number": "string!", "type": "string"},
        {"location_id": "location"},
    ),
    "schedule": HsdsTable(
        "schedules.csv",
        {
            "id": "string!",
            "location_id": "string",
            "freq": "string",
            "interval": "number",
            "wkst": "string",
            "byday": "string",
            "opens_at": "string",
            "closes_at": "string",
            "description": "string",
        },
        {"location_id": "location"},
    ),
    "language": HsdsTable(
        "languages.csv",
        {"id": "string!", "location_id": "string", "name": "string", "code": "string", "note": "string"},
        {"location_id": "location"},
    ),
    "taxonomy": HsdsTable(
        "taxonomies.csv",
        {"id": "string!", "name": "string!", "description": "string!", "uri": "string", "version": "string"},
        {},
    ),
    "taxonomy_term": HsdsTable(
        "taxonomy_terms.csv",
        {
            "id": "string!",
            "code": "string",
            "name": "string!",
            "description": "string!",
            "parent_id": "string",
            "taxonomy": "string",
            "taxonomy_id": "string",
            "language": "string",
        },
        {"parent_id": "taxonomy_term", "taxonomy_id": "taxonomy"},
    ),
    "attribute": HsdsTable(
        "attributes.csv",
        {
            "id": "string!",
            "link_id": "string!",
            "taxonomy_term_id": "string!",
            "link_type": "string",
            "link_entity": "string!",
            "value": "string",
            "label": "string",
        },
        {"taxonomy_term_id": "taxonomy_term"},
    ),
}
