"""The interfaces alone, over real HTTP, on a database of either kind: in a thread of the test's process."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import uvicorn
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware

from portal import storage
from portal.api import routes
from portal.body_limit import BodyLimit
from tests.conftest import KINDS, Made


@dataclass
class Interface:
    """A server of the interfaces, and the engine of its database."""

    url: str
    engine: Engine

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        return requests.request(method, f"{self.url}{path}", timeout=60, **options)


@pytest.fixture(scope="module", params=KINDS)
def interface(request: pytest.FixtureRequest, made: Made) -> Iterator[Interface]:
    """The interfaces on a database with the reference data, which the tests of a module share."""
    databases = made.of_kind(request.param)
    url = databases.new(like=made.loaded(databases, "reference"))
    kept = (storage.domain_settings, storage.engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        patch.setenv("SAMPLE", "1")
        for one in kept:
            one.cache_clear()
        app = Starlette(routes=routes.routes, middleware=[Middleware(BodyLimit)])
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
            serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            serving.start()
            while not server.started:
                time.sleep(0.01)
            yield Interface(f"http://127.0.0.1:{listening.getsockname()[1]}", storage.engine())
            server.should_exit = True
            serving.join()
        storage.engine().dispose()
        for one in kept:
            one.cache_clear()
    databases.drop(url)
