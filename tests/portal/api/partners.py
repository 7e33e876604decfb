"""Keys for the tests of interfaces: made directly in the database of a server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from stations.database import open_engine, transaction
from stations.partners.key_administration import KeyForm, make_key
from tests.conftest import NOW, TODAY
from tests.portal.conftest import Server
from tests.stations.registry_factories import PROVINCE

EVERYTHING = ("registers:read", "stations:write", "requests:read", "requests:handle", "requests:file", "personal:read")


def key_for(server: Server, *scopes: str, **options: Any) -> dict[str, str]:
    """Return the headers of a program that asks a server with a new key. Options as of ``new_key``."""
    engine = open_engine(server.environment["DATABASE_URL"])
    headers = new_key(engine, *scopes, **options)
    engine.dispose()
    return headers


def new_key(
    engine: Engine, *scopes: str, area: str = "320000", sample: bool = True, **changes: Any
) -> dict[str, str]:
    """Return the headers of a program that asks with a new key. ``changes``: of its form."""
    wanted: Sequence[str] = scopes or EVERYTHING
    form = KeyForm("sample-city", "样例市平台", "样例市局", area, wanted, TODAY + timedelta(days=30), sample=sample)
    with transaction(engine) as session:
        _key, shown = make_key(session, PROVINCE, KeyForm(**{**vars(form), **changes}), now=NOW)
    return {"Authorization": f"Bearer {shown}", "Accept-Language": "en"}
