"""``python -m tests.benchmarks.visitors``: fifty people who click, and what visitors leave in memory.

Clients speak Streamlit's protocol over websockets. The peer is an empty page of Streamlit's under the same load. A
click is a run of the page; all click as soon as their last click is answered, which is as hard as it gets.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path
from time import perf_counter

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from stations.database import open_engine
from stations.loading.setup import set_up
from tests.benchmarks.measured import Measured, keep
from tests.benchmarks.page_server import EMPTY, Pages, served
from tests.conftest import NOW

VISITORS, CLICKS, TWICE, HEALTHY_S = 50, 3, 2.0, 0.1
IDLE, VISITS = 60, 300
CLICKED = ("home", "find")
VISITED = ("home", "find", "track", "services", "coverage", "coverage_history", "centres", "targets", "chains", "reach")
LOADED_S = 15
"""Seconds after its start in which the portal has loaded what pages need."""
SETTLED_S = 35
"""Seconds after which what visitors left has been collected."""
SHORT = 200
"""Bytes; the message that a run has ended is shorter."""


async def click(socket: ClientConnection, page: str) -> float:
    """Ask for a run of a page, and return the seconds until it is drawn."""
    ask = BackMsg()
    ask.rerun_script.page_name = "" if page == "home" else page
    began = perf_counter()
    await socket.send(ask.SerializeToString())
    while True:
        received = await socket.recv()
        if len(received) < SHORT:
            told = ForwardMsg()
            told.ParseFromString(received)  # type: ignore[arg-type]
            if told.HasField("script_finished"):
                return perf_counter() - began


def opened(pages: Pages) -> connect:
    """Return the websocket of one visitor."""
    address = f"ws://127.0.0.1:{pages.port}/_stcore/stream"
    return connect(address, subprotocols=["streamlit"], max_size=None, open_timeout=120)  # type: ignore[list-item]


async def crowd(pages: Pages, page: str) -> tuple[list[float], list[float]]:
    """Let all visitors click at once; return the sorted seconds of clicks, and of answers about health."""
    clicks: list[float] = []
    health: list[float] = []
    arrived, gone = 0, asyncio.Event()

    def ask_health() -> float:
        began = perf_counter()
        requests.get(f"http://127.0.0.1:{pages.port}{pages.health}", timeout=60)
        return perf_counter() - began

    async def watch() -> None:
        while not gone.is_set():
            health.append(await asyncio.to_thread(ask_health))
            await asyncio.sleep(0.1)

    async def visit() -> None:
        nonlocal arrived
        async with opened(pages) as socket:
            await click(socket, page)
            arrived += 1
            while arrived < VISITORS:
                await asyncio.sleep(0.05)
            clicks.extend([await click(socket, page) for _ in range(CLICKS)])

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(visit() for _ in range(VISITORS)))
    gone.set()
    await watching
    return sorted(clicks), sorted(health)


def late(seconds: list[float]) -> float:
    """Return the 95th percentile."""
    return seconds[int(len(seconds) * 0.95)]


async def idle(pages: Pages, page: str) -> float:
    """Return the megabytes that each visitor takes who has opened a page and does nothing; of a server that is new."""
    for _ in range(5):
        async with opened(pages) as first:
            await click(first, page)
    before = pages.megabytes()
    sockets = [await opened(pages) for _ in range(IDLE)]
    for socket in sockets:
        await click(socket, page)
    taken = pages.megabytes() - before
    for socket in sockets:
        await socket.close()
    return taken / IDLE


async def visits(pages: Pages, number: int) -> None:
    """Open a page after the other, each as a new visitor, and close it."""
    for count in range(number):
        async with opened(pages) as socket:
            await click(socket, VISITED[count % len(VISITED)])


def growth(pages: Pages) -> float:
    """Return by how many megabytes the server grows in so many visits, all closed, after as many before."""
    asyncio.run(visits(pages, VISITS // 3))
    time.sleep(SETTLED_S)
    before = pages.megabytes()
    asyncio.run(visits(pages, VISITS))
    time.sleep(SETTLED_S)
    return pages.megabytes() - before


def measure(folder: Path) -> list[Measured]:
    """Measure the portal with the sample network beside the empty page."""
    file, script = folder / "portal.sqlite3", folder / "empty.py"
    script.write_text(EMPTY, encoding="utf-8")
    engine = open_engine(f"sqlite:///{file}")
    set_up(engine, samples=True, now=NOW)
    engine.dispose()
    with served({}, script) as empty:
        peer_idle = asyncio.run(idle(empty, ""))
        clicks, _health = asyncio.run(crowd(empty, ""))
        peer = late(clicks)
    measured = []
    with served({"DATABASE_URL": f"sqlite:///{file}", "SAMPLE": "1"}) as portal:
        time.sleep(LOADED_S)
        ours = asyncio.run(idle(portal, "home"))
        measured.append(Measured("megabytes of an idle visitor", "an empty page", ours, peer_idle, 1.5))
        for page in CLICKED:
            clicks, health = asyncio.run(crowd(portal, page))
            case = f"a click on {page}, {VISITORS} people clicking, 95th percentile"
            measured.append(Measured(case, "an empty page", late(clicks), peer, TWICE))
            case = f"`/health` meanwhile ({page}), 95th percentile"
            measured.append(Measured(case, "", late(health), None, HEALTHY_S))
        case = f"megabytes that {VISITS} visits of {len(VISITED)} pages leave"
        measured.append(Measured(case, "", growth(portal), None, 50))
    return measured


def main() -> bool:
    """Measure, and return whether all reaches are met."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        return keep(measure(Path(folder)))


if __name__ == "__main__":
    sys.exit(not main())
