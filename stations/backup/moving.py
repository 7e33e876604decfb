"""Moving everything to another database, of either kind, with proof: from one SQLite file to PostgreSQL, say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Connection, Engine, Table, inspect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from stations.audit.chain import Verdict
from stations.audit.proof import audit_head, verify_audit
from stations.backup.proof import TableProof, differing
from stations.errors import Conflict
from stations.language import N_
from stations.loading.migration import upgrade
from stations.loading.schema import metadata
from stations.loading.schema_revision import KEPT_IN

_AT_A_TIME = 500
_MODULUS = 1 << 256
_FILLED_BY_SETUP = ("county", "audit_entry")
"""Tables that hold rows in every database that was set up, and none in a bare schema."""


@dataclass(frozen=True)
class Moved:
    """The result. ``tables``: name → number of rows. ``differing``: tables that did not arrive as they were."""

    tables: dict[str, int]
    differing: list[str]
    audit: Verdict

    @property
    def whole(self) -> bool:
        """Whether everything arrived as it was. Otherwise nothing was moved."""
        return not self.differing and self.audit.fault is None

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(self.tables.values())


def move_to(source: Engine, target: Engine) -> Moved:
    """Copy everything into another database, which must be empty, and compare both table by table, row by row.

    Nobody can write to the source meanwhile. The copy is committed only if it is whole; the source stays as it was.

    Raises:
        Conflict: the target is not empty.
    """
    _check_empty(target)
    upgrade(target)
    with _held(source) as here, target.connect() as there, there.begin() as arriving:
        before = {table.name: _prove(here, table) for table in metadata.sorted_tables}
        for table in reversed(metadata.sorted_tables):
            if _holds_rows(there, table):  # written by a migration
                there.execute(sa.delete(table))
        for table in metadata.sorted_tables:
            _copy(here, there, table)
        after = {table.name: _prove(there, table) for table in metadata.sorted_tables}
        audit = verify_audit(Session(there), audit_head(Session(here)))
        moved = Moved({name: proof.rows for name, proof in before.items()}, differing(before, after), audit)
        if moved.whole:
            _count_on(there)
        else:
            arriving.rollback()
    return moved


def _check_empty(target: Engine) -> None:
    """Check that a database was never set up; a bare schema is left by an attempt that was broken off."""
    known = {table.name: table for table in metadata.sorted_tables}
    with target.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {KEPT_IN}
        filled = [known[name] for name in _FILLED_BY_SETUP if name in names]
        if not names <= set(known) or any(_holds_rows(connection, table) for table in filled):
            raise Conflict(N_("The database to move to is not empty; name a new one"))


def _holds_rows(connection: Connection, table: Table) -> bool:
    return connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None


@contextmanager
def _held(source: Engine) -> Iterator[Connection]:
    """Connect to a database to which nobody else writes until the block ends."""
    if source.dialect.name == "sqlite":
        with source.execution_options(writes=True).connect() as connection:
            yield connection
        return
    with source.execution_options(isolation_level="REPEATABLE READ").connect() as connection:
        quote = connection.dialect.identifier_preparer.quote
        names = ", ".join(quote(table.name) for table in metadata.sorted_tables)
        connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE MODE")
        yield connection


def _copy(here: Connection, there: Connection, table: Table) -> None:
    # In the order of the keys, a row comes after the one of the same table that it refers to.
    rows = here.execution_options(stream_results=True, yield_per=_AT_A_TIME).execute(
        sa.select(table).order_by(*table.primary_key)
    )
    for some in rows.mappings().partitions():
        there.execute(sa.insert(table), [dict(row) for row in some])


def _prove(connection: Connection, table: Table) -> TableProof:
    """Return the number of rows and the sum of their hashes (SHA-256), which no order of rows changes.

    Values are taken as the columns' types read them, since two kinds of database store the same value in two ways.
    """
    total, count, columns = 0, 0, list(table.columns)
    rows = connection.execution_options(stream_results=True, yield_per=_AT_A_TIME).execute(sa.select(table))
    for row in rows:
        told = "\0".join(map(_told, row, columns)).encode("utf-8", "surrogatepass")
        total = (total + int.from_bytes(hashlib.sha256(told).digest())) % _MODULUS
        count += 1
    return TableProof(count, f"{total:064x}")


def _told(value: Any, column: Column[Any]) -> str:
    if isinstance(column.type, TypeDecorator):  # a type of ours: as it is stored, before the driver's own form
        value = column.type.process_bind_param(value, DefaultDialect())
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return repr(bytes(value) if isinstance(value, memoryview) else value)


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL number new rows from where the copied ones end; SQLite does of itself."""
    if connection.dialect.name != "postgresql":
        return
    quote = connection.dialect.identifier_preparer.quote
    for table in metadata.sorted_tables:
        for column in table.primary_key:
            asked = sa.func.pg_get_serial_sequence(quote(table.name), column.name)
            sequence = connection.execute(sa.select(asked)).scalar_one()
            highest = connection.execute(sa.select(sa.func.max(column))).scalar_one() if sequence else None
            if highest is not None:
                connection.execute(sa.select(sa.func.setval(sequence, highest)))
