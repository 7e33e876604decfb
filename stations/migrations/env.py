"""Alembic's entry: runs the migrations on the engine that ``stations.migration`` hands over.

A trial (``stations.loading.schema_change``) looks at the tables before and after, and everything is rolled back.
"""

from alembic import context
from sqlalchemy.engine import Connection, Transaction

from stations.loading.schema import metadata


def run(connection: Connection, transaction: Transaction) -> None:
    """Bring the schema of ``connection`` to the version asked for, or only try it."""
    look = context.config.attributes.get("trial")
    if look:
        look(connection)
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    if look:
        look(connection)
        transaction.rollback()


def run_on_sqlite(connection: Connection) -> None:
    """The same with foreign keys off: SQLite changes a table by making it anew, and dropping the old one
    would take along every row that hangs on it. What is left must hang together all the same.

    Raises:
        RuntimeError: a row points to one that is not there; nothing is changed then.
    """
    raw = connection.connection.dbapi_connection
    if raw is None:
        raise RuntimeError("the connection is closed")
    raw.execute("PRAGMA foreign_keys = OFF")  # means nothing once a transaction has begun
    try:
        with connection.begin() as transaction:
            run(connection, transaction)
            broken = transaction.is_active and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migrated database has rows that point nowhere: {broken[:5]}")
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


engine = context.config.attributes["engine"].execution_options(writes=True)
with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        run_on_sqlite(connection)
    else:
        with connection.begin() as transaction:
            run(connection, transaction)
