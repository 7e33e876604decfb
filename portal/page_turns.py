"""Runs of pages take turns: a few work at a time, the others wait in the order in which they were asked for.

Python runs one thread at a time whatever their number. Fifty runs at once end all at the end, each having waited for
all the others at every step; and so does whatever else the process answers, such as ``/health``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from time import monotonic

AT_ONCE = 2
"""More than one: while one waits for the database, another works."""
LONG_S = 1.0
"""A run that has taken so long, in seconds, keeps nobody waiting any more: it may wait for a computation itself."""


class Turns:
    """The turns of a process."""

    def __init__(self, at_once: int = AT_ONCE, long_s: float = LONG_S) -> None:
        self._at_once, self._long_s = at_once, long_s
        self._changed = Condition()
        self._began: dict[object, float] = {}

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until it is this thread's turn, which ends with the block."""
        me = object()
        with self._changed:
            while (wait := self._wait()) > 0:
                self._changed.wait(wait)
            self._began[me] = monotonic()
        try:
            yield
        finally:
            with self._changed:
                del self._began[me]
                self._changed.notify()

    def _wait(self) -> float:
        """Return for how many seconds nobody's turn ends by itself; 0 if there is a turn to be had."""
        now = monotonic()
        counted = [began for began in self._began.values() if now - began < self._long_s]
        return 0.0 if len(counted) < self._at_once else min(counted) + self._long_s - now


turns = Turns()
