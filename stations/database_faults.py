"""What is wrong with the database when it fails, in a sentence for visitors and one for whoever runs the portal.

SQLite says it by its result codes (https://sqlite.org/rescode.html), PostgreSQL by its SQLSTATE
(https://www.postgresql.org/docs/current/errcodes-appendix.html).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from enum import Enum
from types import MappingProxyType

from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError

from stations.language import N_

_NOT_SAVED = N_("At the moment nothing can be saved. What is there can still be read.")


class DatabaseFault(Enum):
    """A fault of the database itself: no defect of the program, and no wrong input.

    ``told``: for a visitor. ``to_operator``: for whoever runs the portal; it takes ``{reason}``, the database's words.
    """

    READ_ONLY = _NOT_SAVED, N_("The database takes no changes: {reason}")
    FULL = _NOT_SAVED, N_("The disk of the database is full or fails; nothing was changed: {reason}")
    BUSY = (
        N_("Others are using the database at the moment; nothing was saved. Please try again in a minute."),
        N_("Nothing was changed, because another program keeps the database busy; try again later: {reason}"),
    )
    DAMAGED = (
        N_("The data can't be read at the moment. Whoever runs this portal must repair it first."),
        N_("The database is damaged; keep a copy of it as it is, and restore the newest backup: {reason}"),
    )
    OUT_OF_REACH = (
        N_("The database can't be reached at the moment. Please try again in a minute."),
        N_("The database is out of reach: {reason}"),
    )

    def __init__(self, told: str, to_operator: str) -> None:
        self.told = told
        self.to_operator = to_operator

    def __new__(cls, told: str, to_operator: str) -> DatabaseFault:
        """Return a member of its own, also where two are told alike."""
        member = object.__new__(cls)
        member._value_ = to_operator
        return member


def fault_of(error: BaseException) -> DatabaseFault | None:
    """Return which fault of the database made an error, or one that it was raised from; None if none did."""
    return next((fault for one in _causes(error) if (fault := _fault(one))), None)


def can_still_be_read(error: BaseException) -> bool:
    """Whether a write failed where reading goes on: the database takes no changes, is full, or busy with others."""
    return fault_of(error) in {DatabaseFault.READ_ONLY, DatabaseFault.FULL, DatabaseFault.BUSY}


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _fault(error: BaseException) -> DatabaseFault | None:
    if isinstance(error, TimeoutError):  # no connection became free
        return DatabaseFault.BUSY
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        code: int | None = getattr(error.orig, "sqlite_errorcode", None)
        if code is None:  # the driver itself: a text in the file that is no text
            return DatabaseFault.DAMAGED if isinstance(error.orig, sqlite3.OperationalError) else None
        return _BY_EXTENDED_CODE.get(code) or _BY_CODE.get(code & 0xFF)
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state:
        return _BY_STATE.get(state) or _BY_CLASS.get(state[:2])
    away = error.connection_invalidated or isinstance(error, OperationalError)
    return DatabaseFault.OUT_OF_REACH if away else None


_BY_EXTENDED_CODE: Mapping[int, DatabaseFault] = MappingProxyType(
    dict.fromkeys(
        (
            sqlite3.SQLITE_IOERR_WRITE,
            sqlite3.SQLITE_IOERR_FSYNC,
            sqlite3.SQLITE_IOERR_DIR_FSYNC,
            sqlite3.SQLITE_IOERR_TRUNCATE,
            sqlite3.SQLITE_IOERR_SHMSIZE,
        ),
        DatabaseFault.FULL,
    )
)
_BY_CODE: Mapping[int, DatabaseFault] = MappingProxyType(
    {
        sqlite3.SQLITE_READONLY: DatabaseFault.READ_ONLY,
        sqlite3.SQLITE_FULL: DatabaseFault.FULL,
        sqlite3.SQLITE_BUSY: DatabaseFault.BUSY,
        sqlite3.SQLITE_LOCKED: DatabaseFault.BUSY,
        sqlite3.SQLITE_PROTOCOL: DatabaseFault.BUSY,
        sqlite3.SQLITE_CORRUPT: DatabaseFault.DAMAGED,
        sqlite3.SQLITE_NOTADB: DatabaseFault.DAMAGED,
        sqlite3.SQLITE_CANTOPEN: DatabaseFault.OUT_OF_REACH,
        sqlite3.SQLITE_IOERR: DatabaseFault.OUT_OF_REACH,
        sqlite3.SQLITE_PERM: DatabaseFault.OUT_OF_REACH,
    }
)
_BY_STATE: Mapping[str, DatabaseFault] = MappingProxyType(
    {
        "25006": DatabaseFault.READ_ONLY,  # read_only_sql_transaction
        "53100": DatabaseFault.FULL,  # disk_full
        "40001": DatabaseFault.BUSY,  # serialization_failure
        "40P01": DatabaseFault.BUSY,  # deadlock_detected
        "55P03": DatabaseFault.BUSY,  # lock_not_available
        "57014": DatabaseFault.BUSY,  # query_canceled, by a time limit
        "58P01": DatabaseFault.DAMAGED,  # undefined_file
        "XX001": DatabaseFault.DAMAGED,  # data_corrupted
        "XX002": DatabaseFault.DAMAGED,  # index_corrupted
    }
)
_BY_CLASS: Mapping[str, DatabaseFault] = MappingProxyType(
    {
        "08": DatabaseFault.OUT_OF_REACH,  # connection exceptions
        "28": DatabaseFault.OUT_OF_REACH,  # invalid authorization
        "3D": DatabaseFault.OUT_OF_REACH,  # there is no such database
        "53": DatabaseFault.BUSY,  # insufficient resources
        "57": DatabaseFault.OUT_OF_REACH,  # operator intervention: shutting down, starting
        "58": DatabaseFault.FULL,  # system errors: input and output
    }
)
