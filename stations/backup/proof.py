"""What a database holds, table by table: numbers of rows and hashes over all of them.

Values are read as the driver gives them, so that a restored database is compared value by value, whatever version of
this program made it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, inspect
from sqlalchemy.types import String

_ROWS_AT_A_TIME = 500
_UTC = ZoneInfo("UTC")
"""As the driver names it, so that backups made by servers in UTC before stay provable."""


@dataclass(frozen=True)
class TableProof:
    """The content of a table. ``sha256``: over its rows in the order of the primary key, in hexadecimal."""

    rows: int
    sha256: str


def prove_tables(connection: Connection) -> dict[str, TableProof]:
    """Return the proof of every table by name, all from the snapshot of the connection's transaction."""
    inspector = inspect(connection)
    return {
        name: _prove(
            connection, name, inspector.get_columns(name), inspector.get_pk_constraint(name)["constrained_columns"]
        )
        for name in sorted(inspector.get_table_names())
    }


def differing(kept: Mapping[str, TableProof], found: Mapping[str, TableProof]) -> list[str]:
    """Return the tables whose content differs, or that only one of both has, sorted."""
    return sorted(name for name in {*kept, *found} if kept.get(name) != found.get(name))


def _prove(connection: Connection, table: str, columns: Sequence[Any], key: Sequence[str]) -> TableProof:
    quote = connection.dialect.identifier_preparer.quote
    # Texts are ordered by their bytes, since the collations of two servers may differ.
    by_bytes = ' COLLATE "C"' if connection.dialect.name == "postgresql" else ""
    kinds = {column["name"]: column["type"] for column in columns}
    order = ", ".join(
        f"{quote(name)}{by_bytes if isinstance(kinds[name], String) else ''}" for name in key or list(kinds)
    )
    query = f"SELECT {', '.join(map(quote, kinds))} FROM {quote(table)} ORDER BY {order}"
    found = connection.execution_options(stream_results=True, yield_per=_ROWS_AT_A_TIME).exec_driver_sql(query)
    digest, count = hashlib.sha256(), 0
    for row in found:
        for value in row:
            told = _as_bytes(value)
            digest.update(f"{type(value).__name__} {len(told)} ".encode())
            digest.update(told)
        count += 1
    return TableProof(count, digest.hexdigest())


def _as_bytes(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(_UTC)  # PostgreSQL tells instants in the time zone of the server or of the session
    return repr(value).encode("utf-8", "replace")
