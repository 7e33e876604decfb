"""Short work of several requests done in one turn of another thread, so that handing it over costs once for all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

MOST = 8
"""Of one turn: the first of them waits for the last."""

Work = Callable[[], Response]


class Together:
    """Does what waits, in order, one turn after another. Used from one event loop, which never waits for the work."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Work, asyncio.Future[Response]]] = []
        self._turns: asyncio.Task[None] | None = None

    async def answer(self, work: Work) -> Response:
        """Return what ``work`` returns, or raise what it raises."""
        asked: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, asked))
        if self._turns is None:
            self._turns = asyncio.create_task(self._take_turns())
        return await asked

    async def _take_turns(self) -> None:
        try:
            while self._waiting:
                turn, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                try:
                    done = await run_in_threadpool(_outcomes, [work for work, _ in turn])
                except RuntimeError as error:  # no thread can be had: the server stops
                    done = [error] * len(turn)
                for (_, asked), outcome in zip(turn, done, strict=True):
                    if asked.cancelled():
                        continue
                    if isinstance(outcome, Response):
                        asked.set_result(outcome)
                    else:
                        asked.set_exception(outcome)
        finally:
            self._turns = None


def _outcomes(works: Sequence[Work]) -> Sequence[Response | Exception]:
    return [_outcome(work) for work in works]


def _outcome(work: Work) -> Response | Exception:
    try:
        return work()
    except Exception as error:  # which its own request raises
        return error
