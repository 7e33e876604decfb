"""The database behind the tests of entrances."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from stations.database import open_engine
from tests.conftest import Made


@pytest.fixture(scope="module")
def shared_engine(made: Made) -> Iterator[Engine]:
    """Return a database with the reference data, shared by the tests of one file. Its kind has no part in them."""
    databases = made.of_kind("sqlite")
    engine = open_engine(databases.new(like=made.loaded(databases, "reference")))
    yield engine
    engine.dispose()
