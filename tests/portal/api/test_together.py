"""Short work done together: each request gets its own answer or its own error, and nobody's waits for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from starlette.responses import Response

from portal.api.together import MOST, Together


def answering(number: int) -> Callable[[], Response]:
    return lambda: Response(str(number))


def failing(number: int) -> Callable[[], Response]:
    def fail() -> Response:
        raise ValueError(str(number))

    return fail


def test_each_gets_its_own_answer_or_error() -> None:
    async def ask() -> list[Response | BaseException]:
        together = Together()
        works = [failing(one) if one % 3 == 0 else answering(one) for one in range(3 * MOST)]
        return await asyncio.gather(*map(together.answer, works), return_exceptions=True)

    for number, outcome in enumerate(asyncio.run(ask())):
        if number % 3 == 0:
            assert isinstance(outcome, ValueError)
            assert str(outcome) == str(number)
        else:
            assert isinstance(outcome, Response)
            assert outcome.body == str(number).encode()


def test_who_goes_away_takes_nobody_along() -> None:
    async def ask() -> bytes:
        together, hold, running = Together(), threading.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def slow() -> Response:
            loop.call_soon_threadsafe(running.set)
            hold.wait(10)
            return Response("slow")

        first = asyncio.create_task(together.answer(slow))
        await running.wait()
        gone, stays = (asyncio.create_task(together.answer(answering(one))) for one in (1, 2))
        await asyncio.sleep(0)
        gone.cancel()
        first.cancel()
        hold.set()
        with pytest.raises(asyncio.CancelledError):
            await gone
        return bytes((await stays).body)

    assert asyncio.run(ask()) == b"2"


def test_the_loop_goes_on_meanwhile_and_what_waits_shares_a_turn() -> None:
    async def ask() -> tuple[int, int]:
        together, threads, ticks = Together(), [], 0
        release = threading.Event()

        def work(wait: bool) -> Response:
            threads.append(threading.get_ident())
            if wait:
                release.wait(10)
            return Response("")

        first = asyncio.create_task(together.answer(lambda: work(True)))
        others = [asyncio.create_task(together.answer(lambda: work(False))) for _ in range(MOST)]
        for _ in range(5):
            await asyncio.sleep(0)
            ticks += 1
        release.set()
        await asyncio.gather(first, *others)
        return ticks, len({one for one in threads if one == threading.get_ident()})

    assert asyncio.run(ask()) == (5, 0)
