"""The database that this process serves from."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Engine

from geo.province import use_province
from stations.database import open_engine
from stations.loading import schema  # noqa: F401 - every table is known before the first question is asked
from stations.settings import Settings, read_settings


@cache
def domain_settings() -> Settings:
    """The domain's settings of this process; with them its province is chosen."""
    settings = read_settings()
    use_province(settings.province)
    return settings


@cache
def engine() -> Engine:
    """The one engine of this process; sessions come from ``stations.database``."""
    return open_engine(domain_settings().database_url)
