"""The clock of this installation: the only module that reads the machine's time.

All other code receives the time as an argument. ``CLOCK=2026-11-24T10:00+08:00`` sets the clock of a process: it
starts there and runs on. This lets a training or demonstration installation, and the tests, run on a chosen day.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from stations.errors import InvalidInput
from stations.language import N_

Clock = Callable[[], datetime]
"""Returns the current time, with its time zone."""


@dataclass(frozen=True)
class InstallationClock:
    """A clock: the machine's, or one that was set to ``set_to`` when this object was made and has run since."""

    set_to: datetime | None = None
    _started: float = field(default_factory=time.monotonic, repr=False, compare=False)

    def now(self) -> datetime:
        """Return the current time in UTC."""
        if self.set_to is None:
            return datetime.now(UTC)
        return self.set_to.astimezone(UTC) + timedelta(seconds=time.monotonic() - self._started)


def machine_seconds() -> float:
    """Return the machine's time in seconds since 1970, whatever ``CLOCK`` says, for libraries that measure by it."""
    return time.time()


def read_clock(environment: Mapping[str, str] = os.environ) -> InstallationClock:
    """Read ``CLOCK`` (ISO 8601 with an offset; default: the machine's time) and start the clock.

    Raises:
        InvalidInput: ``CLOCK`` is not a date and time with an offset from UTC.
    """
    value = environment.get("CLOCK", "").strip()
    if not value:
        return InstallationClock()
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise InvalidInput(
            "CLOCK",
            N_("CLOCK is “{value}”; set it to a date and a time with its offset, like {example}"),
            value=value,
            example="2026-11-24T10:00+08:00",
        )
    return InstallationClock(instant)


@cache
def installation_clock() -> InstallationClock:
    """Return the clock of this process; the first call starts it.

    Raises:
        InvalidInput: ``CLOCK`` is invalid.
    """
    return read_clock()


def now() -> datetime:
    """Return the current time in UTC by the clock of this process.

    Raises:
        InvalidInput: ``CLOCK`` is invalid.
    """
    return installation_clock().now()
