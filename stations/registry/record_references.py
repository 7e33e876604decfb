"""The references to a record: every row of every table with a foreign key to it, found from the schema.

Tables added later are found too, so that merging two records never leaves a reference behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint, delete, exists, func, select, update
from sqlalchemy.orm import Session

from stations.catalogue.chain import centre_chain, station_chain
from stations.database import Base, count_changed
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import SHAPES, Record, kind_of
from stations.registry.station import StationService, StationUnread

_OWN_PARTS: dict[RecordKind, frozenset[str]] = {
    RecordKind.STATION: frozenset(
        {
            SHAPES[RecordKind.STATION].entry.__tablename__,
            StationService.__tablename__,
            StationUnread.__tablename__,
            station_chain.name,
        }
    ),
    RecordKind.CENTRE: frozenset({SHAPES[RecordKind.CENTRE].entry.__tablename__, centre_chain.name}),
}
"""Tables with the record's own state, which are merged field by field."""


def count_references(session: Session, record: Record) -> dict[str, int]:
    """Return the number of rows in each table that refer to a record, leaving out tables without any."""
    counts = {
        column.table.name: session.scalar(
            select(func.count()).select_from(column.table).where(column == getattr(record, target))
        )
        for column, target in _references(kind_of(record))
    }
    return {table: count for table, count in counts.items() if count}


def repoint(session: Session, old: Record, new: Record) -> dict[str, int]:
    """Make everything that refers to ``old`` refer to ``new``. Return the number of changed rows in each table.

    A row that would then violate a unique constraint (such as a firm that follows both records) is deleted; if its
    reference may be empty, it is set to NULL instead.
    """
    moved = {}
    for column, target in _references(kind_of(old)):
        table, was, becomes = column.table, getattr(old, target), getattr(new, target)
        for others in _unique_with(table, column):
            twin = table.alias()
            same = [twin.c[other.name].is_not_distinct_from(other) for other in others]
            twice = (column == was) & exists().where(twin.c[column.name] == becomes, *same)
            way_out = update(table).values({column: None}) if column.nullable else delete(table)
            session.execute(way_out.where(twice))
        moved[table.name] = count_changed(session, update(table).where(column == was).values({column: becomes}))
    return {table: count for table, count in moved.items() if count}


def _references(kind: RecordKind) -> Iterator[tuple[Column[Any], str]]:
    """Return the columns that refer to a kind's table, each with the name of the referenced column."""
    target = SHAPES[kind].model.__table__
    for table in Base.metadata.sorted_tables:
        if table.name in _OWN_PARTS[kind]:
            continue
        for column in table.columns:
            for key in column.foreign_keys:
                if key.column.table is target:
                    yield column, key.column.name


def _unique_with(table: Table, column: Column[Any]) -> Iterator[list[Column[Any]]]:
    """Return, for each unique set of columns that contains ``column``, the other columns."""
    sets = [list(table.primary_key.columns)]
    sets += [list(constraint.columns) for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    sets += [list(index.columns) for index in table.indexes if index.unique]
    for columns in sets:
        if column in columns:
            yield [other for other in columns if other is not column]
