"""The revision of the data for requests that are answered from what is kept."""

from __future__ import annotations

import asyncio

from starlette.concurrency import run_in_threadpool

from portal.storage import engine
from stations.revision import revision_now


class FreshRevision:
    """Asks the database once for all requests that wait meanwhile.

    A request never gets a number that was asked for before it came, so whatever was committed before is seen. The
    event loop never waits for the database. Used from one event loop.
    """

    def __init__(self) -> None:
        self._running: asyncio.Task[int] | None = None
        self._following: asyncio.Task[int] | None = None

    async def get(self) -> int:
        """Return the revision as it is after this call began.

        Raises:
            Exception: of the database, where it can't be asked.
        """
        if self._following is None:
            self._following = asyncio.create_task(self._ask(self._running))
        return await asyncio.shield(self._following)

    async def _ask(self, before: asyncio.Task[int] | None) -> int:
        if before is not None:
            await asyncio.wait([before])
        self._running, self._following = self._following, None
        return await run_in_threadpool(revision_now, engine())


fresh_revision = FreshRevision()
