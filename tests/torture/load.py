"""Eight clients filing requests without pause, and what was acknowledged to them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = 8
PATIENCE = 300
"""Seconds within which anything must go on again, on a machine that others keep busy."""


@dataclass
class Heard:
    """What the clients were told.

    ``acknowledged``: product → number. ``changed``: products that were acknowledged under two numbers. ``faults``: how
    often each fault was told instead. ``by``: the processes that have acknowledged something.
    """

    acknowledged: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    by: set[int] = field(default_factory=set)
    answers: int = 0

    def hear(self, line: str) -> None:
        """Take a line of the nursery."""
        word, pid, product, told = line.split()
        if word == "failed":
            self.faults[told] += 1
            return
        if self.acknowledged.setdefault(product, told) != told:
            self.changed.append(product)
        self.by.add(int(pid))
        self.answers += 1


class Load:
    """Clients at work on one database, each in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], heard: Heard, dice: random.Random) -> None:
        self.heard = heard
        self._process = process
        self._dice = dice

    def servers(self) -> list[psutil.Process]:
        """Return the processes that are filing."""
        return psutil.Process(self._process.pid).children()

    def kill_one(self) -> None:
        """Kill one of them, wherever it stands."""
        if servers := self.servers():
            victim = self._dice.choice(servers)
            with suppress(psutil.NoSuchProcess):
                victim.kill()

    def pause(self, longest: float) -> None:
        """Let them work for a time that the seed says."""
        time.sleep(self._dice.uniform(0, longest))

    def wait_until(self, what: Callable[[Heard], bool]) -> float:
        """Wait until something was heard, and return after how many seconds.

        Raises:
            TimeoutError: it was not.
        """
        began = time.monotonic()
        while not what(self.heard):
            if self._process.poll() is not None or time.monotonic() > began + PATIENCE:
                raise TimeoutError(f"the clients were not heard to go on: {self.heard.faults}")
            time.sleep(0.005)
        return time.monotonic() - began

    def goes_on(self, requests: int = CLIENTS) -> float:
        """Wait for some more acknowledgements. Return the seconds until the first."""
        before = self.heard.answers
        first = self.wait_until(lambda heard: heard.answers > before)
        self.wait_until(lambda heard: heard.answers >= before + requests)
        return first

    def new_server_goes_on(self, known: set[int]) -> float:
        """Wait until a process that is not ``known`` has acknowledged something. Return after how many seconds."""
        return self.wait_until(lambda heard: bool(heard.by - known))


@contextmanager
def load(url: str, seed: str, heard: Heard | None = None, *, jumps: bool = False) -> Iterator[Load]:
    """Let eight clients file until the block ends."""
    heard = heard or Heard()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.torture.nursery", url, str(CLIENTS), seed],
        cwd=ROOT,
        # One thread each: a process with several is not safely forked.
        env={**os.environ, "JUMPS": "1" if jumps else "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None

    def listen(lines: Iterator[str]) -> None:
        for line in lines:
            heard.hear(line)

    ear = threading.Thread(target=listen, args=(process.stdout,))
    ear.start()
    try:
        work = Load(process, heard, random.Random(seed))
        work.goes_on()
        yield work
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)
        ear.join(30)
