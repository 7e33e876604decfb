"""Upgrade a database to this version's schema, and check that it is up to date."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from stations.errors import NotReady
from stations.language import N_
from stations.places.province_on_file import check_province

SCRIPTS = Path(__file__).resolve().parents[1] / "migrations"


def alembic_config(engine: Engine) -> Config:
    """Return alembic's configuration for the migrations of this program on a database."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine) -> None:
    """Run every migration that the database lacks."""
    command.upgrade(alembic_config(engine), "head")


@cache
def wanted_revision() -> str:
    """Return the revision of this version's schema: that of the newest migration."""
    return ",".join(sorted(ScriptDirectory(str(SCRIPTS)).get_heads()))


def revision_of(connection: Connection) -> str:
    """Return the revision of a database's schema; "" of an empty one."""
    return ",".join(sorted(MigrationContext.configure(connection).get_current_heads()))


def check_ready(engine: Engine) -> None:
    """Check that the database has the schema of this version.

    Raises:
        NotReady: the database is empty, its schema is another version's, or it contains another province.
    """
    with engine.connect() as connection:
        found = revision_of(connection)
    if found != wanted_revision():
        raise NotReady(N_("The database is not set up for this version; run: python -m stations setup"))
    check_province(engine)
