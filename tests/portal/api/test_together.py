"""Short work done together: each request gets its own answer or its own error, and nobody's waits for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from portal.api import together
from portal.api.together import MOST, Together

Outcome = TypeVar("Outcome")


def in_a_loop(asked: Coroutine[object, object, Outcome]) -> Outcome:
    """Run in a thread of its own: the browser's tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, asked).result()


def answering(number: int) -> Callable[[], Response]:
    return lambda: Response(str(number))


def failing(number: int) -> Callable[[], Response]:
    def fail() -> Response:
        raise ValueError(str(number))

    return fail


def test_each_gets_its_own_answer_or_error() -> None:
    async def ask() -> list[Response | BaseException]:
        shared = Together()
        works = [failing(one) if one % 3 == 0 else answering(one) for one in range(3 * MOST)]
        return await asyncio.gather(*map(shared.answer, works), return_exceptions=True)

    for number, outcome in enumerate(in_a_loop(ask())):
        if number % 3 == 0:
            assert isinstance(outcome, ValueError)
            assert str(outcome) == str(number)
        else:
            assert isinstance(outcome, Response)
            assert outcome.body == str(number).encode()


def test_who_goes_away_takes_nobody_along() -> None:
    async def ask() -> bytes:
        shared, hold, running = Together(), threading.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def slow() -> Response:
            loop.call_soon_threadsafe(running.set)
            hold.wait(10)
            return Response("slow")

        first = asyncio.create_task(shared.answer(slow))
        await running.wait()
        gone, stays = (asyncio.create_task(shared.answer(answering(one))) for one in (1, 2))
        await asyncio.sleep(0)
        gone.cancel()
        first.cancel()
        hold.set()
        with pytest.raises(asyncio.CancelledError):
            await gone
        return bytes((await stays).body)

    assert in_a_loop(ask()) == b"2"


def test_the_loop_goes_on_meanwhile_and_what_waits_shares_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[int] = []

    async def counted(do: Callable[..., list[Response]], works: list[Callable[[], Response]]) -> list[Response]:
        turns.append(len(works))
        return await run_in_threadpool(do, works)

    monkeypatch.setattr(together, "run_in_threadpool", counted)

    async def ask() -> None:
        shared, release = Together(), threading.Event()

        def wait() -> Response:
            assert release.wait(10)
            return Response("")

        first = asyncio.create_task(shared.answer(wait))
        await asyncio.sleep(0.01)
        others = [asyncio.create_task(shared.answer(answering(one))) for one in range(MOST + 1)]
        await asyncio.sleep(0.01)  # which it could not if the loop waited for the first
        release.set()
        await asyncio.gather(first, *others)

    in_a_loop(ask())
    assert turns == [1, MOST, 1]


def test_where_no_thread_can_be_had_everybody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_: object) -> None:
        raise RuntimeError("cannot schedule new futures after shutdown")

    async def ask() -> tuple[list[Response | BaseException], Response]:
        shared = Together()
        with monkeypatch.context() as patched:
            patched.setattr(together, "run_in_threadpool", refused)
            failed = await asyncio.gather(*(shared.answer(answering(one)) for one in (1, 2)), return_exceptions=True)
        return failed, await shared.answer(answering(3))

    failed, later = in_a_loop(ask())
    assert all(isinstance(one, RuntimeError) for one in failed)
    assert later.body == b"3"
