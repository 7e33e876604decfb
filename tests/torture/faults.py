"""The faults that are done to databases while eight clients file, each in a short and in a long form.

The clients' servers are processes that file through the domain; ``portal_faults`` does the same to the portal itself.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import sqlalchemy as sa

from stations.database import open_engine, transaction
from tests.torture.load import Heard, Load, load
from tests.torture.postgresql import DurablePostgreSql
from tests.torture.proof import Proof, prove

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Place:
    """Where a fault is done. ``url``: a database with the reference data; ``server``: of a PostgreSQL one."""

    url: str
    server: DurablePostgreSql | None = None

    @property
    def kind(self) -> str:
        return "sqlite" if self.server is None else "postgresql"

    @property
    def file(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))


@dataclass
class Outcome:
    """What was done, what was told meanwhile, and what was found. ``recovery``: the seconds after which the clients'
    requests were taken again, each time."""

    fault: str
    database: str
    times: int
    recovery: list[float]
    told: dict[str, int]
    proof: Proof
    seconds: float = field(default=0)


Act = Callable[[Load, Place, int], list[float]]


def servers_killed(work: Load, place: Place, times: int) -> list[float]:
    """Kill one server after the other, wherever each stands."""
    recovery = []
    for _ in range(times):
        known = set(work.heard.by)
        work.pause(0.3)
        work.kill_one()
        recovery.append(work.new_server_goes_on(known))
    return recovery


def database_killed(work: Load, place: Place, times: int) -> list[float]:
    """Kill every process of PostgreSQL, and start it again."""
    assert place.server is not None
    recovery = []
    for _ in range(times):
        work.pause(1)
        place.server.kill()
        recovery.append(_after(place.server.start, work))
    return recovery


def database_stopped(work: Load, place: Place, times: int) -> list[float]:
    """Stop PostgreSQL as an administrator does, and start it again."""
    assert place.server is not None
    recovery = []
    for _ in range(times):
        work.pause(1)
        place.server.stop()
        work.wait_until(lambda heard: heard.faults["OUT_OF_REACH"] > 0)
        recovery.append(_after(place.server.start, work))
    return recovery


def disk_full(work: Load, place: Place, times: int) -> list[float]:
    """Let no file of the database grow any more, as on a full disk, until that was told; then give room."""
    recovery = []
    for _ in range(times):
        before = work.heard.faults["FULL"]
        for server in work.servers():
            server.rlimit(psutil.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        work.wait_until(lambda heard, before=before: heard.faults["FULL"] > before)

        def give_room() -> None:
            for server in work.servers():
                server.rlimit(psutil.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

        recovery.append(_after(give_room, work))
    return recovery


def real_disk_full(work: Load, place: Place, times: int) -> list[float]:
    """Fill the small disk that the database is on, until that was told; then free it."""
    folder = place.file.parent if place.server is None else place.server.folder
    ballast = folder / "ballast"
    recovery = []
    for _ in range(times):
        before = sum(work.heard.faults.values())
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        work.wait_until(lambda heard, before=before: sum(heard.faults.values()) > before)

        def free() -> None:
            ballast.unlink()
            if place.server is not None:
                place.server.start()  # where the log of changes found no room, it ends

        recovery.append(_after(free, work))
    return recovery


def read_only(work: Load, place: Place, times: int) -> list[float]:
    """Let PostgreSQL take no changes for a while, as a standby does."""
    assert place.server is not None
    recovery = []
    for _ in range(times):
        before = work.heard.faults["READ_ONLY"]
        place.server.takes_changes(False)
        work.wait_until(lambda heard, before=before: heard.faults["READ_ONLY"] > before)
        recovery.append(_after(lambda: place.server.takes_changes(True), work))
    return recovery


def locked(work: Load, place: Place, times: int, seconds: float = 60) -> list[float]:
    """Let another program write for a minute without an end."""
    recovery = []
    for _ in range(times):
        with other_writer(place):
            time.sleep(seconds)
        recovery.append(_after(lambda: None, work))
    return recovery


def locked_shortly(work: Load, place: Place, times: int) -> list[float]:
    """The same for a second: nobody is told anything."""
    return locked(work, place, times, 1)


@contextmanager
def other_writer(place: Place) -> Iterator[None]:
    if place.server is None:
        other = sqlite3.connect(place.file, isolation_level=None, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.close()
        return
    engine = open_engine(place.url)
    with transaction(engine) as session:
        session.execute(sa.text("LOCK TABLE service_request IN ACCESS EXCLUSIVE MODE"))
        yield
    engine.dispose()


def _after(end: Callable[[], object], work: Load) -> float:
    """End a fault, and return the seconds from then on until requests are taken again."""
    began = time.monotonic()
    end()
    work.goes_on()
    return time.monotonic() - began


@dataclass(frozen=True)
class Fault:
    """``small_disk``: it needs a disk of its own, which only root can make. ``jumps``: the servers' clocks differ."""

    name: str
    act: Act
    kinds: tuple[str, ...]
    short: int
    long: int
    jumps: bool = False
    small_disk: bool = False


BOTH, SQLITE, POSTGRESQL = ("sqlite", "postgresql"), ("sqlite",), ("postgresql",)
FAULTS = (
    Fault("servers killed (SIGKILL)", servers_killed, BOTH, short=3, long=44),
    Fault("servers killed, clocks up to two days back", servers_killed, BOTH, short=0, long=12, jumps=True),
    Fault("PostgreSQL killed (SIGKILL, all processes)", database_killed, POSTGRESQL, short=1, long=6),
    Fault("PostgreSQL stopped and started", database_stopped, POSTGRESQL, short=1, long=3),
    Fault("no file may grow (RLIMIT_FSIZE)", disk_full, SQLITE, short=1, long=4),
    Fault("disk full", real_disk_full, BOTH, short=0, long=2, small_disk=True),
    Fault("takes no changes", read_only, POSTGRESQL, short=1, long=4),
    Fault("locked for a second", locked_shortly, BOTH, short=0, long=3),
    Fault("locked for a minute", locked, BOTH, short=0, long=1),
)


def do(fault: Fault, place: Place, seed: str, times: int) -> Outcome:
    """Do a fault so many times while eight clients file, and prove what is left."""
    began, heard = time.monotonic(), Heard()
    with load(place.url, seed, heard, jumps=fault.jumps) as work:
        recovery = fault.act(work, place, times)
    told = dict(heard.faults)
    return Outcome(fault.name, place.kind, times, recovery, told, prove(place.url, heard), time.monotonic() - began)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a disk of that size until the block ends. Only root can."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as end:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True)
        end.callback(subprocess.run, ["umount", "-l", folder], check=False)
        yield folder


def can_mount() -> bool:
    """Whether this process may make a disk."""
    return os.geteuid() == 0
