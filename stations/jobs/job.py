"""What a recurring job is: its name, how often it runs, the setting that switches it off, and what to run."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import Engine

from stations.clock import Clock
from stations.settings import read_switch

Done = TypeVar("Done")


@dataclass(frozen=True)
class Turn:
    """What a job works with at one turn.

    ``now``: the instant at which the turn begins; ``on``: the day that is worked for, in China's time.
    ``clock``: the instant it is, for work that takes long enough to need a later one. ``samples``: whether
    sample records are taken in. ``stop``: once set, a job that works in batches begins no further one.
    """

    engine: Engine
    now: datetime
    on: date
    clock: Clock
    samples: bool
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Switch:
    """The setting that leaves a job to its command: an environment variable that is 1 (the default) or 0.

    ``wrong``: the message for any other value, which may hold ``{value}``.
    """

    name: str
    wrong: str

    def is_on(self, environment: Mapping[str, str] = os.environ) -> bool:
        """Whether a serving process does the job.

        Raises:
            InvalidInput: the setting is neither on nor off.
        """
        return read_switch(environment, self.name, self.wrong)


@dataclass(frozen=True)
class Job(Generic[Done]):
    """A job. ``run`` does one turn and returns what it did; any number of servers may run it at once, and a
    second run of the same turn must do nothing again.

    ``every``: how long to wait between two turns. ``daily``: whether one turn that succeeds is enough for
    a day; the job then only looks, each time, whether a new day has begun in China.
    """

    name: str
    every: timedelta
    switch: Switch
    run: Callable[[Turn], Done]
    daily: bool = False
