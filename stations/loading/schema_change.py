"""Taking the schema of a database up or back, tried first in a transaction that is rolled back.

A trial runs the very migrations on the very data, so what it finds lost is what would be lost: rows, columns, and
values that become others. Nobody can write to the database meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.types import String

from stations.errors import Conflict, InvalidInput, NotReady
from stations.language import N_, LabelledEnum, ListedAsWritten
from stations.loading.migration import alembic_config
from stations.loading.schema_revision import KEPT_IN, SCRIPTS, revision_of, wanted_revision
from stations.places.province_on_file import check_province

_ROWS_AT_A_TIME = 500


class LossKind(LabelledEnum):
    """What is lost."""

    TABLE = "table", N_("the table, with its rows")
    ROWS = "rows", N_("rows")
    COLUMN = "column", N_("the column, with its values")
    VALUES = "values", N_("values, which become others")


@dataclass(frozen=True)
class Loss:
    """What a change of the schema takes away. ``count``: rows, or filled values of a column; 0 for an empty one."""

    table: str
    column: str
    kind: LossKind
    count: int


@dataclass(frozen=True)
class Step:
    """A migration: its revision, and its first line."""

    revision: str
    title: str


@dataclass(frozen=True)
class SchemaChange:
    """A change of the schema. ``steps``: in the order in which they run. ``done``: False of a trial."""

    before: str
    after: str
    steps: tuple[Step, ...]
    losses: tuple[Loss, ...]
    done: bool


@dataclass(frozen=True)
class _Content:
    """The content of a table: its rows, and of each column the filled values and a hash over all."""

    rows: int
    columns: Mapping[str, tuple[int, str]]


def upgrade_schema(engine: Engine, *, trial: bool) -> SchemaChange:
    """Run every migration that the database lacks.

    Raises:
        NotReady: the database is of a later version, or of another province.
    """
    check_province(engine)
    before, head = _revision(engine), wanted_revision()
    if before and before not in _revisions():
        raise NotReady(N_("The database is of a later version ({revision}) than this program"), revision=before)
    steps = [step for step in _steps() if before == "" or _revisions().index(step.revision) > _position(before)]
    if not steps:
        return SchemaChange(before, head, (), (), done=not trial)
    losses = _try(engine, up=True, target=head)
    if not trial:
        command.upgrade(alembic_config(engine), head)
    return SchemaChange(before, head, tuple(steps), losses, done=not trial)


def downgrade_schema(engine: Engine, target: str, *, trial: bool) -> SchemaChange:
    """Take the schema back to an earlier revision, for an earlier version of the program.

    Raises:
        InvalidInput: there is no such revision.
        Conflict: the database stands there already, or before.
        NotReady: the database has no schema of this program, or a later one.
    """
    before = _revision(engine)
    if before not in _revisions():
        raise NotReady(N_("The database is not set up for this version; run: python -m stations setup"))
    if target not in _revisions():
        known = ListedAsWritten(_revisions())
        raise InvalidInput("to", N_("“{value}” is no revision; use one of: {known}"), value=target, known=known)
    steps = [step for step in _steps() if _position(target) < _position(step.revision) <= _position(before)]
    if not steps:
        raise Conflict(N_("The schema is {before} already, which is not after {target}"), before=before, target=target)
    losses = _try(engine, up=False, target=target)
    if not trial:
        command.downgrade(alembic_config(engine), target)
    return SchemaChange(before, target, tuple(reversed(steps)), losses, done=not trial)


@cache
def _steps() -> tuple[Step, ...]:
    """Return every migration, first to last. Alembic compiles each file anew whenever it is asked for them."""
    found = [
        Step(script.revision, script.doc.partition("\n")[0])
        for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()
    ]
    return tuple(found[::-1])


def _revisions() -> list[str]:
    return [step.revision for step in _steps()]


def _position(revision: str) -> int:
    return _revisions().index(revision)


def _revision(engine: Engine) -> str:
    with engine.connect() as connection:
        return revision_of(connection)


def _try(engine: Engine, *, up: bool, target: str) -> tuple[Loss, ...]:
    """Run the migrations, look at what is there then, and roll everything back."""
    contents: list[dict[str, _Content]] = []
    config = alembic_config(engine)
    config.attributes["trial"] = lambda connection: contents.append(_contents(connection))
    (command.upgrade if up else command.downgrade)(config, target)
    before, after = contents
    return tuple(_losses(before, after))


def _losses(before: Mapping[str, _Content], after: Mapping[str, _Content]) -> Iterator[Loss]:
    for table, had in before.items():
        has = after.get(table)
        if has is None:
            yield Loss(table, "", LossKind.TABLE, had.rows)
            continue
        if has.rows < had.rows:
            yield Loss(table, "", LossKind.ROWS, had.rows - has.rows)
        for column, (filled, digest) in had.columns.items():
            if column not in has.columns:
                yield Loss(table, column, LossKind.COLUMN, filled)
            elif has.rows == had.rows and has.columns[column][1] != digest:
                yield Loss(table, column, LossKind.VALUES, filled)


def _contents(connection: Connection) -> dict[str, _Content]:
    inspector = inspect(connection)
    return {name: _content(connection, name) for name in sorted(inspector.get_table_names()) if name != KEPT_IN}


def _content(connection: Connection, table: str) -> _Content:
    inspector, quote = inspect(connection), connection.dialect.identifier_preparer.quote
    kinds = {column["name"]: column["type"] for column in inspector.get_columns(table)}
    by_bytes = ' COLLATE "C"' if connection.dialect.name == "postgresql" else ""
    key = inspector.get_pk_constraint(table)["constrained_columns"] or list(kinds)
    order = ", ".join(f"{quote(name)}{by_bytes if isinstance(kinds[name], String) else ''}" for name in key)
    query = f"SELECT {', '.join(map(quote, kinds))} FROM {quote(table)} ORDER BY {order}"
    rows, filled, digests = 0, dict.fromkeys(kinds, 0), {name: hashlib.sha256() for name in kinds}
    for row in connection.exec_driver_sql(query, execution_options={"yield_per": _ROWS_AT_A_TIME}):
        rows += 1
        for name, value in zip(kinds, row, strict=True):
            filled[name] += value is not None
            digests[name].update(bytes(value) if isinstance(value, bytes | memoryview) else repr(value).encode())
            digests[name].update(b"\0")
    return _Content(rows, {name: (filled[name], digests[name].hexdigest()) for name in kinds})
