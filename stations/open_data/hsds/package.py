"""The directory as a tabular data package: a zip file of CSV files and their description (``datapackage.json``)."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from stations.open_data.hsds.directory import Directory
from stations.open_data.hsds.tables import PROFILE, TABLES, VERSION, HsdsTable
from stations.open_data.terms import Terms

_BEGINNING_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def as_package(directory: Directory, terms: Terms) -> bytes:
    """Return the bytes of the zip file; the same directory gives the same bytes."""
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as package:
        for name, text in (
            ("datapackage.json", json.dumps(_description(directory, terms), ensure_ascii=False, indent=1)),
            *((table.path, _csv(table, directory.tables[key])) for key, table in TABLES.items()),
        ):
            entry = ZipInfo(name, _BEGINNING_OF_ZIP)
            entry.compress_type = ZIP_DEFLATED
            package.writestr(entry, text)
    return content.getvalue()


def _csv(table: HsdsTable, rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(table.fields), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _description(directory: Directory, terms: Terms) -> dict[str, Any]:
    licence = terms.licence
    return {
        "name": "human_services_data",
        "title": "Human Services Data Specification",
        "description": f"Quality infrastructure service stations on {directory.as_of.isoformat()}",
        "version": VERSION,
        "created": directory.as_of.isoformat(),
        "homepage": terms.address,
        "profile": "tabular-data-package",
        "hsds_profile": PROFILE,
        **({"licenses": [{"path": licence.url, "title": licence.name.en}]} if licence else {}),
        "resources": [_resource(name, table) for name, table in TABLES.items()],
    }


def _resource(name: str, table: HsdsTable) -> dict[str, Any]:
    return {
        "name": name,
        "path": table.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "profile": "tabular-data-resource",
        "schema": {
            "fields": [
                {
                    "name": field,
                    "type": kind.rstrip("!"),
                    "constraints": {"required": kind.endswith("!"), **({"unique": True} if field == "id" else {})},
                }
                for field, kind in table.fields.items()
            ],
            "primaryKey": "id",
            "foreignKeys": [
                {"fields": field, "reference": {"resource": "" if other == name else other, "fields": "id"}}
                for field, other in table.refers.items()
            ],
        },
    }
