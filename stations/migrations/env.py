"""Alembic's entry: runs the migrations on the engine that ``stations.migration`` hands over."""

from alembic import context
from sqlalchemy.engine import Connection

from stations.schema import metadata


def run(connection: Connection) -> None:
    """Bring the schema of ``connection`` to the version asked for."""
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


engine = context.config.attributes["engine"].execution_options(writes=True)
with engine.begin() as connection:
    run(connection)
