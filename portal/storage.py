"""The database of this process."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Engine

from geo.province import use_province
from stations.database import open_engine
from stations.loading import schema  # noqa: F401 - every table is known before the first question is asked
from stations.server_changeover import PATIENCE
from stations.settings import Settings, read_settings


@cache
def domain_settings() -> Settings:
    """Return the domain's settings of this process; the first call also selects the province."""
    settings = read_settings()
    use_province(settings.province)
    return settings


@cache
def engine() -> Engine:
    """Return the single engine of this process; sessions come from ``stations.database``."""
    return open_engine(domain_settings().database_url, patience=PATIENCE)
