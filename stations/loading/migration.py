"""Upgrade a database to this version's schema."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from stations.loading.schema_revision import SCRIPTS


def alembic_config(engine: Engine) -> Config:
    """Return alembic's configuration for the migrations of this program on a database."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine) -> None:
    """Run every migration that the database lacks."""
    command.upgrade(alembic_config(engine), "head")
