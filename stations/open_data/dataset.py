"""What a data set for the public is: its fields, each declared once for every format, and how its records are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Generic

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from stations.answers.columns import Column, Row
from stations.features.collection import Collection
from stations.features.properties import Kind as PropertyKind
from stations.language import N_, Bilingual


class Kind(StrEnum):
    """The type of a field's values, as XML Schema, CSVW and schema.org name it. A list is texts joined by “;”."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    LIST = "list"


class Shape(StrEnum):
    """The geometry of the records of a data set."""

    POINT = "Point"
    AREA = "MultiPolygon"


@dataclass(frozen=True)
class Field(Generic[Row]):
    """A field. ``name``: in every format, for good. ``meaning``: a msgid. ``value``: of a record; None if not known."""

    name: str
    kind: Kind
    meaning: str
    value: Callable[[Row], Any]


_KINDS: Mapping[PropertyKind, Kind] = {
    PropertyKind.TEXT: Kind.TEXT,
    PropertyKind.WHOLE: Kind.INTEGER,
    PropertyKind.NUMBER: Kind.NUMBER,
    PropertyKind.FLAG: Kind.BOOLEAN,
    PropertyKind.DAY: Kind.DATE,
    PropertyKind.TEXTS: Kind.LIST,
}
_AS_THEY_ARE: Mapping[str, str] = {}


@dataclass(frozen=True)
class DataSet(Generic[Row]):
    """A data set for the public.

    ``name``: in its address. ``title``, ``description``, ``keywords``: msgids. ``find``: the records on a day, with
    or without samples, sorted by their code. ``fields``: among them ``source`` and, where samples occur, ``sample``.
    ``shape``, ``geometry``: where a record lies, in WGS-84 degrees; None where the records have no place.
    ``origin``: a msgid of where the records come from, besides what each names as its source.
    """

    name: str
    title: str
    description: str
    keywords: tuple[str, ...]
    find: Callable[[Session, date, bool], Sequence[Row]]
    fields: tuple[Field[Row], ...]
    shape: Shape | None = None
    geometry: Callable[[Row], BaseGeometry | None] = lambda _row: None
    origin: str = ""

    def every_field(self, as_of: date) -> tuple[Field[Row], ...]:
        """Return the fields, with the day of the extract if it is not one of them."""
        if any(field.name == "as_of" for field in self.fields):
            return self.fields
        return (*self.fields, Field("as_of", Kind.DATE, N_("As of"), lambda _row: as_of))


@dataclass(frozen=True)
class Extract:
    """The records of a data set on a day: ``rows`` have a value for each field, ``geometries`` a place for each row."""

    dataset: DataSet[Any]
    as_of: date
    samples: bool
    fields: tuple[Field[Any], ...]
    rows: tuple[tuple[Any, ...], ...]
    geometries: tuple[BaseGeometry | None, ...]

    @property
    def names(self) -> list[str]:
        """The names of the fields."""
        return [field.name for field in self.fields]

    @property
    def sample_count(self) -> int:
        """The number of records that are samples."""
        return sum(bool(row[self.names.index("sample")]) for row in self.rows) if "sample" in self.names else 0


def extract(session: Session, dataset: DataSet[Row], as_of: date, *, samples: bool) -> Extract:
    """Return the records of a data set on a day. ``samples``: whether invented records are among them.

    Each record tells the day in the field ``as_of``.
    """
    found = dataset.find(session, as_of, samples)
    fields = dataset.every_field(as_of)
    return Extract(
        dataset,
        as_of,
        samples,
        fields,
        tuple(tuple(field.value(one) for field in fields) for one in found),
        tuple(dataset.geometry(one) for one in found),
    )


def of_column(column: Column[Row], kind: Kind, meaning: str = "", name: str = "") -> Field[Row]:
    """Return the field of a column that pages and commands have already; its label is the meaning."""
    told = meaning or (column.label if isinstance(column.label, str) else "")
    return Field(name or column.key, kind, told, lambda row: _plain(kind, column, row))


def _plain(kind: Kind, column: Column[Row], row: Row) -> Any:
    value = column.value(row)
    return value if kind is Kind.DATE else column.data(value)


def of_properties(collection: Collection[Row], which: str, named: Mapping[str, str] = _AS_THEY_ARE) -> list[Field[Row]]:
    """Return the fields of properties that the features of a collection have already.

    ``which``: the name of one, or of the first and the last with ``…`` between. ``named``: property → its name here.
    """
    names = [one.name for one in collection.properties]
    first, _, last = (part.strip() for part in which.partition("…"))
    chosen = collection.properties[names.index(first) : names.index(last or first) + 1]
    return [Field(named.get(one.name, one.name), _KINDS[one.kind], one.title, one.value) for one in chosen]


def names_of(column: Column[Row], name: str = "") -> tuple[Field[Row], Field[Row]]:
    """Return the Chinese and the English name of a column whose value is a ``Bilingual``."""

    def pick(part: str) -> Callable[[Row], Any]:
        def value(row: Row) -> Any:
            named = column.value(row)
            return getattr(named, part) if isinstance(named, Bilingual) else None

        return value

    key = name or column.key
    label = column.label if isinstance(column.label, str) else N_("Name")
    return Field(f"{key}_zh", Kind.TEXT, label, pick("zh")), Field(f"{key}_en", Kind.TEXT, label, pick("en"))
