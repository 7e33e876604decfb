"""A million requests as a database: those of the sample network again and again, on other days and other stations.

Every copy keeps the course of its request, what was moved, delivered, said and rated, so what is counted of many
is counted of requests as people file them. Copies of requests that are still open are made for the last month only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Engine,
    Interval,
    String,
    Table,
    cast,
    false,
    func,
    insert,
    literal,
    null,
    select,
    text,
)
from sqlalchemy.orm import Session

from stations.database import UtcDateTime, table_of, transaction
from stations.registry.station import Station
from stations.requests.rating import Rating, RatingGrade
from stations.requests.service_request import RequestEvent, RequestItem, RequestMessage, ServiceRequest
from stations.requests.states import OPEN

DAYS = 730
OPEN_DAYS = 30
"""Only copies that are moved by less may be open still."""
_OTHER_STATIONS, _OTHER_BLOCKS = 7_919, 104_729
"""Primes, so that the requests of a station are spread over many."""


def make_national_requests(engine: Engine, wanted: int) -> int:
    """Copy the requests of the sample network until there are ``wanted``; return how many there are.

    Needs a database with the sample network and with stations of ``tests.benchmarks.national_network``.
    """
    with transaction(engine) as session:
        table = table_of(ServiceRequest)
        made, block = session.scalar(select(func.count()).select_from(table)) or 0, 0
        tables = map(table_of, (ServiceRequest, RequestItem, RequestEvent, RequestMessage, Rating, RatingGrade))
        strides = {one: (session.scalar(select(func.max(one.c.id))) or 0) + 1 for one in tables}
        first, last = session.execute(
            select(func.min(Station.id), func.max(Station.id)).where(Station.code.startswith("N-"))
        ).one()
        ended = select(table.c.id).where(table.c.id < strides[table], table.c.state.not_in(OPEN))
        every = select(table.c.id).where(table.c.id < strides[table])
        while made < wanted:
            block += 1
            back = block * 7 % DAYS
            taken = every if back < OPEN_DAYS else ended
            for one in strides:
                own = one.c.id if one is table else _of_request(one)
                copied = {
                    column.name: _copied(session, column, one, strides, block, back, first, last - first + 1)
                    for column in one.columns
                }
                chosen = select(*copied.values()).where(one.c.id < strides[one], own.in_(taken))
                session.execute(insert(one).from_select(list(copied), chosen))
            made += session.scalar(select(func.count()).select_from(taken.subquery())) or 0
        if engine.dialect.name == "postgresql":
            for one in strides:
                sequence = func.pg_get_serial_sequence(one.name, "id")
                session.execute(select(func.setval(sequence, select(func.max(one.c.id)).scalar_subquery())))
    if engine.dialect.name == "postgresql":  # as its autovacuum does; nobody analyses a SQLite file
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    return made


def _of_request(table: Table) -> ColumnElement[Any]:
    """Return the request that a row belongs to."""
    if "request_id" in table.c:
        return table.c.request_id
    rating = table_of(Rating)
    return select(rating.c.request_id).where(rating.c.id == table.c.rating_id).scalar_subquery()


def _copied(
    session: Session,
    column: Column[Any],
    table: Table,
    strides: Mapping[Table, int],
    block: int,
    back: int,
    first: int,
    stations: int,
) -> ColumnElement[Any]:
    """Return the value of a column in the copy of a row."""
    fixed: dict[str, ColumnElement[Any]] = {
        "number": "N" + cast(table.c.id + block * strides[table], String),
        "draft_key": "national" + cast(table.c.id + block * strides[table], String),
        "notice_proof": null(),
        "split_from_id": null(),
        "sample": false(),
    }
    if table.name == "service_request" and column.name in fixed:
        return fixed[column.name].label(column.name)
    for key in column.foreign_keys:
        if (stride := strides.get(key.column.table)) is not None:
            return (column + block * stride).label(column.name)
        if key.column.table is table_of(Station):
            spread = (column * _OTHER_STATIONS + block * _OTHER_BLOCKS) % stations
            return (literal(first) + spread).label(column.name)
    if column.primary_key:
        return (column + block * strides[table]).label(column.name)
    if isinstance(column.type, Date):
        return _days_before(session, column, back, "%Y-%m-%d").label(column.name)
    if isinstance(column.type, UtcDateTime):
        return _days_before(session, column, back, "%Y-%m-%d %H:%M:%f000").label(column.name)
    return column.label(column.name)


def _days_before(session: Session, column: Column[Any], days: int, written: str) -> ColumnElement[Any]:
    if session.get_bind().dialect.name == "postgresql":
        return column - cast(literal(f"{days} days"), Interval) if "H" in written else column - literal(days)
    return func.strftime(literal(written), column, literal(f"-{days} days"))
