"""The formats of a data set: GeoJSON, CSV with its description, Excel, GeoPackage and GeoParquet.

A list is texts joined by “;” but in GeoJSON, where it is an array. GeoJSON is in WGS-84 as RFC 7946 has it; a
GeoPackage and a GeoParquet say which coordinate reference system they have: WGS-84 (EPSG:4326) or CGCS2000 (EPSG:4490).
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import shapely

from stations.language import N_, Language
from stations.open_data.dataset import DataSet, Extract, Kind
from stations.open_data.terms import Terms, in_every_language
from stations.tables.table import SavedTable, csv_file
from stations.tables.workbooks import MIME, as_workbook

SYSTEMS: Mapping[str, str] = {"wgs84": "EPSG:4326", "cgcs2000": "EPSG:4490"}
"""The coordinate reference systems that a file may have."""
WGS84 = "wgs84"
DECIMALS = 6
"""Decimals of a degree: about a tenth of a metre."""


@dataclass(frozen=True)
class Format:
    """A format. ``suffix``: of the file; ``make``: the bytes of an extract, with the terms, in one of ``SYSTEMS``.

    ``says_system``: whether the file can be in another system than WGS-84. ``needs_place``: whether it is for
    records with a place only.
    """

    suffix: str
    label: str
    media_type: str
    make: Callable[[Extract, Terms, str], bytes]
    says_system: bool = False
    needs_place: bool = False

    def fits(self, dataset: DataSet[Any]) -> bool:
        """Whether a data set is offered in this format."""
        return dataset.shape is not None or not self.needs_place


def notes_on(found: Extract, terms: Terms) -> Iterator[str]:
    """Yield what is to be known of an extract, one line each, in every language."""
    for language in in_every_language():
        yield from notes_in(found, terms, language)


def notes_in(found: Extract, terms: Terms, language: Language) -> Iterator[str]:
    """Yield the same in one language."""
    say, dataset = language.translate, found.dataset
    yield f"{say(dataset.title)}: {say(dataset.description)}"
    yield say(N_("As of {date}"), date=language.format_date(found.as_of))
    if found.sample_count:
        yield say(N_("{count} of the records are invented samples: “sample” is true"), count=found.sample_count)
    elif found.samples and "sample_counted" not in found.names and "sample_stations" not in found.names:
        yield say(N_("None of the records is an invented sample"))
    elif found.samples:
        yield say(N_("Figures may count invented samples; fields named “sample_…” say how many"))
    else:
        yield say(N_("Invented samples are left out"))
    if terms.publisher.zh:
        yield say(N_("Published by {name}"), name=terms.publisher)
    yield say(N_("Licence: {licence}"), licence=terms.licence_in(language))
    if dataset.origin:
        yield say(dataset.origin)
    yield say(N_("Where it is from: {address}"), address=terms.address)


def as_geojson(found: Extract, terms: Terms, _system: str) -> bytes:
    """Return a FeatureCollection (RFC 7946), in WGS-84; terms and date are members of it."""
    features = [
        {
            "type": "Feature",
            "id": row[0],
            "geometry": None if place is None else orjson.Fragment(_geojson(place)),
            "properties": dict(zip(found.names, row, strict=True)),
        }
        for row, place in zip(found.rows, found.geometries, strict=True)
    ]
    collection = {
        "type": "FeatureCollection",
        "name": found.dataset.name,
        "as_of": found.as_of,
        "samples": found.sample_count,
        "licence": terms.licence and terms.licence.url,
        "source": terms.address,
        "notes": list(notes_on(found, terms)),
        "features": features,
    }
    return orjson.dumps(collection)


def _geojson(place: shapely.Geometry) -> str:
    def rounded(points: Any) -> Any:
        return points.round(DECIMALS)

    return str(shapely.to_geojson(shapely.transform(place, rounded)))


def _flat(found: Extract) -> list[list[Any]]:
    lists = [field.kind is Kind.LIST for field in found.fields]
    return [
        [";".join(map(str, value or ())) if joined else value for value, joined in zip(row, lists, strict=True)]
        for row in found.rows
    ]


def _table(found: Extract, terms: Terms) -> SavedTable:
    notes = [*notes_on(found, terms), *(line for language in in_every_language() for line in meanings(found, language))]
    return SavedTable(found.dataset.name, found.names, _flat(found), notes)


def meanings(found: Extract, language: Language) -> Iterator[str]:
    """Yield what each field holds, as “name: meaning”."""
    for field in found.fields:
        yield f"{field.name}: {language.translate(field.meaning)}"


def as_csv(found: Extract, terms: Terms, _system: str) -> bytes:
    """Return CSV in UTF-8 with a byte order mark; booleans are ``true`` and ``false``, days ISO 8601."""
    words = {True: "true", False: "false"}
    table = _table(found, terms)
    rows = [[words[cell] if isinstance(cell, bool) else cell for cell in row] for row in table.rows]
    return csv_file(SavedTable(table.title, table.headings, rows))


def as_xlsx(found: Extract, terms: Terms, _system: str) -> bytes:
    """Return an Excel workbook, with the terms and the meaning of the fields on a sheet of their own."""
    return as_workbook(_table(found, terms), Language())


def as_csv_description(found: Extract, terms: Terms, _system: str) -> bytes:
    """Return the description of the CSV file (W3C, CSV on the Web): its fields, types, date and licence."""
    titles = {language.tag: language.translate for language in in_every_language()}
    description = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": f"{found.dataset.name}.csv",
        "dialect": {"encoding": "utf-8", "header": True},
        "dc:title": [{"@value": say(found.dataset.title), "@language": tag} for tag, say in titles.items()],
        "dc:date": {"@value": found.as_of.isoformat(), "@type": "xsd:date"},
        "dc:source": {"@id": terms.address},
        **({"dc:license": {"@id": terms.licence.url}} if terms.licence else {}),
        "rdfs:comment": [note for note in notes_on(found, terms)],
        "tableSchema": {
            "columns": [
                {
                    "name": field.name,
                    "titles": field.name,
                    "dc:description": [{"@value": say(field.meaning), "@language": tag} for tag, say in titles.items()],
                    "datatype": "string" if field.kind is Kind.LIST else field.kind.value,
                    **({"separator": ";"} if field.kind is Kind.LIST else {}),
                }
                for field in found.fields
            ],
        },
    }
    return json.dumps(description, ensure_ascii=False, indent=1).encode()


_COLUMN_TYPES = {
    Kind.TEXT: "str",
    Kind.LIST: "str",
    Kind.INTEGER: "Int64",
    Kind.NUMBER: "float64",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "object",
}


def _frame(found: Extract, system: str) -> Any:
    """Return the records as a data frame, with places in a system if the data set has any."""
    import geopandas
    import pandas

    rows = _flat(found)
    columns: dict[str, Any] = {}
    for place, field in enumerate(found.fields):
        values = [row[place] for row in rows]
        if field.kind is Kind.NUMBER:
            values = [math.nan if value is None else value for value in values]
        columns[field.name] = pandas.Series(values, dtype=_COLUMN_TYPES[field.kind])
    if found.dataset.shape is None:
        return pandas.DataFrame(columns)
    # Both systems describe the same degrees here: they differ by centimetres, less than any of the records is exact.
    return geopandas.GeoDataFrame(columns, geometry=list(found.geometries), crs=SYSTEMS[system])


def as_geopackage(found: Extract, terms: Terms, system: str) -> bytes:
    """Return a GeoPackage (OGC 12-128) with one layer, or one table of attributes, named as the data set."""
    import geopandas
    import pyogrio

    frame = _frame(found, system)
    for field in found.fields:
        if field.kind is Kind.DATE:  # GDAL takes days as text or as timestamps only
            frame[field.name] = [value and value.isoformat() for value in frame[field.name]]
    notes = "\n".join(notes_on(found, terms))
    placed = isinstance(frame, geopandas.GeoDataFrame)
    with TemporaryDirectory(prefix="portal-") as folder:
        path = Path(folder) / f"{found.dataset.name}.gpkg"
        pyogrio.write_dataframe(
            frame,
            path,
            layer=found.dataset.name,
            driver="GPKG",
            geometry_type=found.dataset.shape.value if found.dataset.shape else None,
            layer_options={"IDENTIFIER": found.dataset.name, "DESCRIPTION": notes},
            layer_metadata={"LICENCE": terms.licence.url if terms.licence else "", "AS_OF": found.as_of.isoformat()},
            **({} if placed else {"append": False}),
        )
        return path.read_bytes()


def as_parquet(found: Extract, terms: Terms, system: str) -> bytes:
    """Return a GeoParquet 1.1 file, or a plain Parquet file where the records have no place; terms are in its metadata.
    """
    import geopandas
    from pyarrow import parquet

    frame, written = _frame(found, system), io.BytesIO()
    if isinstance(frame, geopandas.GeoDataFrame):
        frame.to_parquet(written, index=False, schema_version="1.1.0", write_covering_bbox=True)
    else:
        frame.to_parquet(written, index=False)
    table = parquet.read_table(written)
    told = {
        b"as_of": found.as_of.isoformat().encode(),
        b"licence": (terms.licence.url if terms.licence else "").encode(),
        b"source": terms.address.encode(),
        b"notes": "\n".join(notes_on(found, terms)).encode(),
    }
    content = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), **told}), content)
    return content.getvalue()


FORMATS: Mapping[str, Format] = {
    one.suffix: one
    for one in (
        Format("geojson", "GeoJSON", "application/geo+json", as_geojson, needs_place=True),
        Format("csv", "CSV", "text/csv; charset=utf-8", as_csv),
        Format("xlsx", "Excel", MIME, as_xlsx),
        Format("gpkg", "GeoPackage", "application/geopackage+sqlite3", as_geopackage, says_system=True),
        Format("parquet", "GeoParquet", "application/vnd.apache.parquet", as_parquet, says_system=True),
        Format("csv-metadata.json", "CSVW", "application/csvm+json", as_csv_description),
    )
}
"""The formats, by the suffix of the file."""


def offered(dataset: DataSet[Any]) -> list[Format]:
    """Return the formats of a data set that people are offered; the description of the CSV belongs to that."""
    return [one for one in FORMATS.values() if one.fits(dataset) and one.make is not as_csv_description]
