"""The input of a command, and its output."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.answers.presentation import Presentation
from stations.clock import Clock
from stations.database import reading, transaction
from stations.language import Language, day_in_china

if TYPE_CHECKING:
    from stations.jobs.job import Turn


@dataclass(frozen=True)
class Call:
    """One call of a command.

    ``database``: its tables are known as far as the modules that the command imports know them, which is enough to
    read. ``samples``: whether sample records are included. ``now``: the time of the call;
    ``clock``: for commands that continue to run; ``clock_set_to``: what it is set to by hand, if it is.
    """

    database: Engine
    samples: bool
    clock: Clock
    now: datetime
    language: Language
    map_review_number: str = ""
    clock_set_to: datetime | None = None

    @property
    def today(self) -> date:
        """The date in China."""
        return day_in_china(self.now)

    @property
    def engine(self) -> Engine:
        """The database, for whoever may write: every table is known, and whoever notes what is written, as the log."""
        from stations.loading import schema  # noqa: F401 - imported for what it registers; it takes half a second

        return self.database

    def reading(self) -> AbstractContextManager[Session]:
        """Open a session that only reads."""
        return reading(self.database)

    def transaction(self) -> AbstractContextManager[Session]:
        """Open a session whose changes are committed if no error occurs."""
        return transaction(self.engine)

    def turn(self, on: date, now: datetime | None = None) -> Turn:
        """Return a run of a recurring job for the day ``on``."""
        from stations.jobs.job import Turn

        return Turn(self.engine, now or self.now, on, self.clock, self.samples)


@dataclass(frozen=True)
class Output:
    """An answer and its presentation. ``exit_code``: 1 if a check found a fault."""

    presentation: Presentation[Any, Any]
    answer: Any
    exit_code: int = 0
