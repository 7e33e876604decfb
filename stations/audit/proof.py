"""Verification of the audit log: read the stored rows and follow the chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, String, cast, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from stations.audit.chain import START, Head, StoredEntry, Verdict, check_chain, stored_instant
from stations.audit.log import AuditEntry, AuditHead

_ROWS_AT_A_TIME = 2000
_TEXTS = (
    AuditEntry.at,
    AuditEntry.actor,
    AuditEntry.action,
    AuditEntry.subject_kind,
    AuditEntry.subject,
    AuditEntry.detail,
    AuditEntry.previous_hash,
    AuditEntry.hash,
)


def audit_head(session: Session) -> Head:
    """Return the end of the log according to the database, to be noted elsewhere."""
    row = session.execute(select(AuditHead.position, AuditHead.hash)).one_or_none()
    return Head(row.position, row.hash) if row else Head(0, START)


def verify_audit(
    session: Session,
    kept: Head | None = None,
    *,
    since: Head | None = None,
    tell: Callable[[int, int], object] = lambda _checked, _all: None,
) -> Verdict:
    """Read the log in batches and follow its chain; see ``check_chain``.

    ``since``: check only from the entry that this head names. ``tell``: called from time to time with the last
    entry read and the total.
    """
    head = audit_head(session)
    return check_chain(_reporting_progress(_stored(session, since), head.position, tell), head, kept, since=since)


def _reporting_progress(
    entries: Iterator[StoredEntry], last: int, tell: Callable[[int, int], object]
) -> Iterator[StoredEntry]:
    for entry in entries:
        if entry.content[0] % _ROWS_AT_A_TIME == 0:
            tell(entry.content[0], last)
        yield entry


def _stored(session: Session, since: Head | None) -> Iterator[StoredEntry]:
    lies_as_bytes = session.get_bind().dialect.name == "sqlite"
    columns = [_raw(column, lies_as_bytes) for column in _TEXTS]
    rows = session.execute(
        select(AuditEntry.id, *columns)
        .where(AuditEntry.id >= (since.position if since else 0))
        .order_by(AuditEntry.id)
        .execution_options(yield_per=_ROWS_AT_A_TIME)
    )
    for position, *values in rows:
        *content, previous_hash, own_hash = map(_text, values)
        yield StoredEntry((position, *content), previous_hash, own_hash)


def _raw(column: InstrumentedAttribute[Any], as_bytes: bool) -> ColumnElement[Any]:
    """Return the column without our column types. SQLite stores any bytes, even bytes that are not valid text."""
    return cast(column, LargeBinary) if as_bytes else type_coerce(column, String)


def _text(value: bytes | str | datetime | None) -> str:
    if isinstance(value, datetime):
        return stored_instant(value)
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
