"""The definition of a recurring job: its name, its interval, the setting that switches it off, and its function."""

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
    """The input of one run of a job.

    ``now``: the time at which the run begins. ``on``: the day to work for, in China's time. ``clock``: for long
    work that needs a later time. ``samples``: whether sample records are included. ``stop``: once set, a job that
    works in batches starts no further batch.
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
    """The setting that disables a job in the serving process: an environment variable, 1 (the default) or 0.

    With 0, only the command does the work. ``wrong``: the message for any other value, may contain ``{value}``.
    """

    name: str
    wrong: str

    def is_on(self, environment: Mapping[str, str] = os.environ) -> bool:
        """Whether the serving process runs the job.

        Raises:
            InvalidInput: the setting is neither on nor off.
        """
        return read_switch(environment, self.name, self.wrong)


@dataclass(frozen=True)
class Job(Generic[Done]):
    """A job. ``run`` does one run and returns its result; any number of servers may call it at once, and a second call
    for the same turn must have no further effect.

    ``every``: the wait between two runs. ``daily``: one successful run a day is enough; in between, the job only
    checks whether a new day has begun in China. ``label``: its name for people; without one they read ``name``.
    """

    name: str
    every: timedelta
    switch: Switch
    run: Callable[[Turn], Done]
    daily: bool = False
    label: str = ""
